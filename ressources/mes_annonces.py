"""The announcements of one's structures, by what they ask of their référents."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from ressources.models import Annonce

BIENTOT = timedelta(days=14)
PAR_GROUPE = 100


@dataclass(frozen=True)
class Groupe:
    nom: str
    titre: str
    aide: str
    annonces: list
    total: int


GROUPES = [
    ("a_corriger", "À corriger", "L'équipe du pôle vous dit ce qui manque : corrigez, puis renvoyez."),
    ("brouillon", "Brouillons", "Vous seuls les voyez. Complétez-les, puis publiez-les."),
    ("expiree", "Expirées", "On ne peut plus y répondre. Prolongez-les si elles tiennent toujours."),
    ("bientot", "Expirent bientôt", "Elles quittent la recherche à cette date si vous ne les prolongez pas."),
    ("a_valider", "En attente de relecture", "L'équipe du pôle les relit avant de les publier. Rien à faire."),
    ("publiee", "En ligne", "Rien à faire : les réponses vous arrivent par e-mail et sur le site."),
    ("close", "Terminées", "Pourvues, retirées ou refusées. Elles servent de modèle : dupliquez-les."),
]


def _groupe_de(annonce) -> str:
    if annonce.etat != Annonce.Etat.PUBLIEE:
        return annonce.etat if annonce.etat in ("a_corriger", "brouillon", "a_valider") else "close"
    if annonce.est_expiree:
        return "expiree"
    return "bientot" if annonce.expire_le <= timezone.localdate() + BIENTOT else "publiee"


def mes_groupes(utilisateur) -> list[Groupe]:
    """The groups that hold something, the most pressing first; two queries, at most PAR_GROUPE rows shown of each."""
    siennes = Annonce.objects.miennes(utilisateur).select_related("structure", "commune").prefetch_related("photos")
    ranges = {nom: [] for nom, _, _ in GROUPES}
    for annonce in siennes.defer("recherche", "recherche_vecteur").order_by("-modifie_le", "-pk")[:2000]:
        ranges[_groupe_de(annonce)].append(annonce)
    return [
        Groupe(nom, titre, aide, ranges[nom][:PAR_GROUPE], len(ranges[nom]))
        for nom, titre, aide in GROUPES
        if ranges[nom]
    ]
