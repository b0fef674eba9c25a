"""One answer as the page shows it, whatever it is: a title, a few facts, a line where the words were found."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from annuaire.models import Structure
from newsletter.models import Breve, Numero
from pole_ess.portail.models import EntreeRecherche
from pole_ess.socle.templatetags import francais
from ressources.models import Annonce
from reunions.models import Action, CompteRendu, Evenement, Projet, Reunion
from reunions.templatetags.rencontres import ou, quand

from .marques import Marqueur

COURTE = 60
"""A line of fewer letters that says no other word than the title and the facts is not worth showing."""
MARKDOWN = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)|[*_`#>]+")


@dataclass(frozen=True)
class Carte:
    """`faits` and `contexte` are HTML with the found words marked."""

    sorte: str
    url: str
    titre: SafeString
    faits: list[SafeString]
    contexte: SafeString
    exemple: bool = False


@dataclass
class Brute:
    """`lignes`: what its page says, in order of preference; `autres`: where else its words may have been found."""

    titre: str
    faits: list[str]
    lignes: list[str] = field(default_factory=list)
    autres: list[str] = field(default_factory=list)


def cartes(paires: list[tuple[str, int]], lexemes: list[str]) -> dict[tuple[str, int], Carte]:
    """(kind, key) -> card, of those that still exist: a query for each kind, one for the texts, one for the words."""
    objets, textes = _objets(paires), _textes(paires)
    brutes = {}
    for (sorte, cle), objet in objets.items():
        brute = _FICHES[sorte](objet)
        if (sorte, cle) in textes:
            brute.lignes = _lisible(sorte, textes[sorte, cle]).split("\n")
        brutes[sorte, cle] = brute
    tous = [texte for b in brutes.values() for texte in (b.titre, *b.faits, *b.lignes, *b.autres)]
    marqueur = Marqueur(tous, lexemes)
    return {
        (sorte, cle): Carte(
            sorte,
            objets[sorte, cle].get_absolute_url(),
            marqueur.marquer(brute.titre),
            [marqueur.marquer(fait) for fait in brute.faits if fait],
            marqueur.extrait(_ligne(brute, marqueur)),
            getattr(objets[sorte, cle], "est_demonstration", False),
        )
        for (sorte, cle), brute in brutes.items()
    }


def _objets(paires) -> dict[tuple[str, int], object]:
    cles = defaultdict(list)
    for sorte, cle in paires:
        cles[sorte].append(cle)
    return {
        (sorte, cle): objet for sorte, siennes in cles.items() for cle, objet in _LUS[sorte]().in_bulk(siennes).items()
    }


def _textes(paires) -> dict[tuple[str, int], str]:
    voulues = Q()
    for sorte, cle in paires:
        if sorte in EntreeRecherche.Genre.values:
            voulues |= Q(genre=sorte, objet=cle)
    if not voulues:
        return {}
    lues = EntreeRecherche.objects.filter(voulues).values_list("genre", "objet", "texte")
    return {(genre, objet): texte for genre, objet, texte in lues}


def _lisible(sorte: str, texte: str) -> str:
    """Without the signs of Markdown, where people write some."""
    return MARKDOWN.sub(r"\1", texte) if sorte in ("compte_rendu", "lettre") else texte


def _ligne(brute: Brute, marqueur: Marqueur) -> str:
    """The line with most of the found words; else, when the title or the facts have them, how its text begins."""
    deja = marqueur.compte(" ".join([brute.titre, *brute.faits]))
    lignes = [ligne for ligne in brute.lignes if len(ligne) > COURTE or marqueur.compte(ligne) - deja]
    meilleure = max(lignes, key=lambda ligne: len(marqueur.compte(ligne)), default="")
    if marqueur.compte(meilleure) or deja:
        return meilleure or next((ligne for ligne in brute.lignes if len(ligne) > COURTE), "")
    return next((ligne for ligne in brute.autres if marqueur.compte(ligne)), meilleure)


# -- what is read of each, and said of it

_LUS = {
    "structure": lambda: (
        Structure.objects.select_related("commune")
        .prefetch_related("activites", "competences")
        .defer("recherche_vecteur", "recherche_trgm")
    ),
    "annonce": lambda: Annonce.objects.select_related("structure", "commune", "categorie").defer("recherche_vecteur"),
    "rencontre": lambda: Reunion.objects.select_related("commune"),
    "evenement": lambda: Evenement.objects.select_related("commune", "structure"),
    "compte_rendu": lambda: CompteRendu.objects.select_related("reunion__commune"),
    "lettre": Numero.objects.all,
    "breve": lambda: Breve.objects.select_related("structure"),
    "action": lambda: Action.objects.select_related("pilote"),
    "projet": lambda: Projet.objects.select_related("pilote"),
}


def _structure(s: Structure) -> Brute:
    faits = [s.commune.nom if s.commune else "", s.get_forme_juridique_display()]
    titre = f"{s.nom} ({s.sigle})" if s.sigle else s.nom
    listes = [", ".join(une.nom for une in liste.all()) for liste in (s.activites, s.competences)]
    autres = [*listes, *s.recherche.split("\n")]
    return Brute(titre, faits, [s.presentation, s.missions, s.public_accueilli], autres)


def _annonce(a: Annonce) -> Brute:
    lieu = a.commune.nom if a.commune else ""
    faits = [a.get_nature_display().capitalize(), a.structure.nom, lieu, francais.depuis(a.publiee_le)]
    autres = [a.categorie.nom] if a.categorie else []
    return Brute(a.titre, faits, [a.description, a.equipements, a.contrepartie], autres)


def _rencontre(r: Reunion) -> Brute:
    return Brute(r.titre, ["Annulée" if r.etat == r.Etat.ANNULEE else "", quand(r), ou(r)])


def _evenement(e: Evenement) -> Brute:
    return Brute(e.titre, ["Annulé" if e.etat == e.Etat.ANNULE else "", quand(e), ou(e), e.structure.nom])


def _compte_rendu(m: CompteRendu) -> Brute:
    lieu = m.reunion.commune.nom if m.reunion.commune else ""
    return Brute(str(m), [francais.moment(m.reunion.debut), lieu])


def _lettre(n: Numero) -> Brute:
    return Brute(str(n), [f"Lettre n°\u00a0{n.rang}", francais.date_en_clair(timezone.localtime(n.lance_le))])


def _breve(b: Breve) -> Brute:
    return Brute(b.titre, [b.structure.nom, francais.depuis(b.publiee_le)])


def _action(a: Action) -> Brute:
    echeance = f"pour le {francais.date_en_clair(a.echeance)}" if a.echeance and a.est_ouverte else ""
    pilote = f"menée par {a.pilote.nom}" if a.pilote else ""
    return Brute(a.titre, [f"Action {a.get_etat_display()}", pilote, echeance])


def _projet(p: Projet) -> Brute:
    pilote = f"mené par {p.pilote.nom}" if p.pilote else ""
    return Brute(p.nom, [p.get_genre_display().capitalize(), p.get_etat_display(), pilote])


_FICHES = {
    "structure": _structure,
    "annonce": _annonce,
    "rencontre": _rencontre,
    "evenement": _evenement,
    "compte_rendu": _compte_rendu,
    "lettre": _lettre,
    "breve": _breve,
    "action": _action,
    "projet": _projet,
}
