"""The groups of answers: where each is searched, in what this person may see, and where the whole list is."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, QuerySet, Value
from django.urls import reverse

from annuaire.models import Structure
from annuaire.recherche import texte
from pole_ess.portail.models import EntreeRecherche
from ressources.models import Annonce
from ressources.recherche.resultat import ANNONCES

ENTREES = texte.Source("portail_entreerecherche", "s.publique", "portail_motportail")
SOURCES = (texte.STRUCTURES, ANNONCES, ENTREES)


@dataclass(frozen=True)
class Groupe:
    """`lignes(utilisateur)`: rows with `recherche_vecteur`, annotated with the kind of object (`sorte`), its key
    (`cle_trouvee`) and its `date`.

    `liste`: URL name and parameters of the app's own list, which takes `q` and finds the same rows.
    """

    cle: str
    nom: str
    un_seul: str
    source: texte.Source
    lignes: Callable[..., QuerySet]
    liste: tuple[str, dict] | None = None

    def adresse(self, demande) -> str:
        """Where all of them are."""
        if self.liste:
            nom, parametres = self.liste
            return f"{reverse(nom)}?{urlencode({'q': demande.q, **parametres})}"
        return f"{reverse('recherche')}{demande.url(dans=self.cle, page=1)}"


def _structures(_utilisateur):
    """As the directory: published ones, for everybody."""
    return Structure.objects.publiees().annotate(sorte=Value("structure"), cle_trouvee=F("pk"), date=F("publiee_le"))


def _annonces(sens):
    """As their list: what can be answered, for everybody."""

    def lignes(_utilisateur):
        annonces = Annonce.objects.a_saisir().filter(sens=sens)
        return annonces.annotate(sorte=Value("annonce"), cle_trouvee=F("pk"), date=F("publiee_le"))

    return lignes


def _entrees(*genres):
    def lignes(utilisateur):
        entrees = EntreeRecherche.objects.visibles_par(utilisateur, *genres)
        return entrees.annotate(sorte=F("genre"), cle_trouvee=F("objet"), date=F("quand"))

    return lignes


_LISTE_DES_ANNONCES = "ressources:annonce_liste"
GROUPES = {
    groupe.cle: groupe
    for groupe in (
        Groupe(
            "structures", "Structures", "structure", texte.STRUCTURES, _structures, ("annuaire:structure_liste", {})
        ),
        Groupe("offres", "Offres", "offre", ANNONCES, _annonces("offre"), (_LISTE_DES_ANNONCES, {"sens": "offre"})),
        Groupe(
            "besoins", "Besoins", "besoin", ANNONCES, _annonces("besoin"), (_LISTE_DES_ANNONCES, {"sens": "besoin"})
        ),
        Groupe(
            "rencontres",
            "Rencontres et événements",
            "rencontre ou événement",
            ENTREES,
            _entrees("rencontre", "evenement"),
        ),
        Groupe("comptes-rendus", "Comptes rendus", "compte rendu", ENTREES, _entrees("compte_rendu")),
        Groupe("actions", "Actions et projets", "action ou projet", ENTREES, _entrees("action", "projet")),
        Groupe("breves", "Brèves", "brève", ENTREES, _entrees("breve")),
        Groupe("lettres", "Lettres", "lettre", ENTREES, _entrees("lettre")),
    )
}
"""In the order of the page."""
