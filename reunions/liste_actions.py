"""The list of actions: what its address asks for, the lines that answer, and the same as a spreadsheet.

Reading never fails: what makes no sense is left out.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from annuaire.models import Structure
from annuaire.recherche.criteres import lire_page
from reunions.models import Action, Projet, Reunion

PAR_PAGE = 30
OUVERTES = "ouvertes"
ETATS = {OUVERTES: "À faire ou en cours", **{code: nom.capitalize() for code, nom in Action.Etat.choices}}
NUMEROS = ("structure", "reunion", "projet")


@dataclass(frozen=True)
class Criteres:
    """The state of the list; `url()` gives it back in one canonical form. Ids of 0: not asked."""

    etat: str = ""
    retard: bool = False
    miennes: bool = False
    structure: int = 0
    reunion: int = 0
    projet: int = 0
    page: int = 1

    @classmethod
    def lire(cls, parametres) -> "Criteres":
        """From a QueryDict."""
        etat = parametres.get("etat", "")
        return cls(
            etat=etat if etat in ETATS else "",
            retard=parametres.get("retard") == "1",
            miennes=parametres.get("miennes") == "1",
            page=lire_page(parametres.get("page", "")),
            **{nom: _numero(parametres.get(nom, "")) for nom in NUMEROS},
        )

    @property
    def a_des_filtres(self) -> bool:
        return replace(self, page=1) != Criteres()

    def chaine(self, **changements) -> str:
        voulus = replace(self, **changements)
        paires = [(nom, "1" if valeur is True else valeur) for nom, valeur in vars(voulus).items() if valeur]
        return urlencode([(nom, valeur) for nom, valeur in paires if (nom, valeur) != ("page", 1)])

    def url(self, **changements) -> str:
        return f"?{self.chaine(**changements)}"


def _numero(texte: str) -> int:
    return int(texte) if re.fullmatch(r"[0-9]{1,9}", texte, re.ASCII) else 0


class Liste:
    """The actions that a person may see, as `criteres` ask."""

    def __init__(self, criteres: Criteres, utilisateur):
        self.criteres, self.utilisateur = criteres, utilisateur
        self.visibles = Action.objects.visibles_par(utilisateur)

    @property
    def lignes(self):
        """In the order of what presses."""
        voulu, actions = self.criteres, self.visibles
        if voulu.etat == OUVERTES:
            actions = actions.ouvertes()
        elif voulu.etat:
            actions = actions.filter(etat=voulu.etat)
        if voulu.retard:
            actions = actions.en_retard()
        if voulu.miennes and self.utilisateur.is_authenticated:
            actions = actions.menees_par(self.utilisateur)
        if voulu.structure:
            actions = actions.de_structure(voulu.structure)
        if voulu.reunion:
            actions = actions.filter(
                reunion__in=Reunion.objects.visibles_par(self.utilisateur).filter(pk=voulu.reunion)
            )
        if voulu.projet:
            actions = actions.filter(projet=voulu.projet)
        return actions.pour_listes(self.utilisateur).par_urgence()

    def une_page(self) -> Page:
        """Four queries at most."""
        page = Paginator(self.lignes, PAR_PAGE).get_page(self.criteres.page)
        page.object_list = list(page.object_list)
        return page

    @cached_property
    def choix(self) -> dict[str, list[tuple[int, str]]]:
        """Options of the filters, of the actions that this person may see. Three queries."""
        siennes = self.visibles
        structures = Structure.objects.filter(
            Q(pk__in=siennes.values("pilote")) | Q(pk__in=siennes.values("structures"))
        )
        reunions = Reunion.objects.visibles_par(self.utilisateur).filter(pk__in=siennes.values("reunion"))
        projets = Projet.objects.filter(pk__in=siennes.values("projet"))
        return {
            "structures": list(structures.order_by("tri", "pk").values_list("pk", "nom")),
            "reunions": list(reunions.order_by("-debut", "-pk").values_list("pk", "titre")),
            "projets": list(projets.order_by("nom", "pk").values_list("pk", "nom")),
        }

    def actifs(self) -> list[tuple[str, str]]:
        """(words, link that removes it) of each filter in force."""
        voulu, vide = self.criteres, {"page": 1}
        puces = [(ETATS[voulu.etat], voulu.url(etat="", **vide))] if voulu.etat else []
        if voulu.retard:
            puces.append(("En retard", voulu.url(retard=False, **vide)))
        if voulu.miennes and self.utilisateur.is_authenticated:
            puces.append(("Pilotées par mes structures", voulu.url(miennes=False, **vide)))
        for nom, groupe in zip(NUMEROS, ("structures", "reunions", "projets"), strict=True):
            if pk := getattr(voulu, nom):
                mot = dict(self.choix[groupe]).get(pk, "Filtre inconnu")
                puces.append((mot, voulu.url(**{nom: 0}, **vide)))
        return puces


ENTETES = [
    *["Action", "Précisions", "État", "En retard", "Pour le", "Structure qui pilote", "Avec", "Décidée à"],
    *["Projet ou commission", "Visible de tous", "Notée le", "Close le"],
]


def _jour(jour) -> str:
    return f"{jour:%d/%m/%Y}" if jour else ""


def colonnes(action) -> list:
    """One line of the spreadsheet, in the order of ENTETES."""
    return [
        action.titre,
        action.details,
        action.get_etat_display(),
        "oui" if action.est_en_retard else "non",
        _jour(action.echeance),
        action.pilote.nom if action.pilote else "",
        ", ".join(structure.nom for structure in action.structures.all()),
        action.reunion.titre if action.reunion else "",
        action.projet.nom if action.projet else "",
        "oui" if action.publique else "non",
        _jour(timezone.localtime(action.cree_le)),
        _jour(action.close_le and timezone.localtime(action.close_le)),
    ]
