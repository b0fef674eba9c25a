"""The sheet of a mission to print, as data of templates/documents/feuille_benevoles.typ."""

from django.utils import timezone

from pole_ess.socle.templatetags.francais import jour
from ressources.templatetags.benevolat import heures, ou

LIGNES_LIBRES = 3
"""Empty lines after each shift, for whoever comes without having said so."""
ENTETES = ["Venu", "Nom", "Téléphone", "Heures", "Remarque"]
MENTION = (
    "Cochez qui vient, notez les heures, puis reportez-les sur le portail. Les téléphones ne servent qu'à cette "
    "mission : ne gardez pas cette feuille au-delà."
)


def donnees(mission, creneaux, *, pole: str) -> dict:
    """A table per shift: who is expected by name, then who waits in order. `creneaux`: with their people."""
    return {
        "titre": f"Bénévoles : {mission}",
        "auteur": pole,
        "pied": f"{str(mission)[:70]}, {pole}",
        "structure": " · ".join(filter(None, [mission.annonce.structure.nom, mission.evenement, mission.lieu])),
        "mention": MENTION,
        "entetes": ENTETES,
        "libres": LIGNES_LIBRES,
        "vide": "" if creneaux else "Aucun créneau à venir.",
        "creneaux": [_creneau(creneau) for creneau in creneaux],
    }


def _creneau(creneau) -> dict:
    quand = f"{jour(timezone.localtime(creneau.debut))}, {heures(creneau)}"
    return {
        "titre": f"{quand[:1].upper()}{quand[1:]}",
        "precision": " · ".join(
            filter(None, [creneau.intitule, ou(creneau), f"{creneau.places_prises} sur {creneau.places} places"])
        ),
        "lignes": [[inscription.nom, inscription.telephone, inscription.message] for inscription in creneau.attendus],
        "attente": [
            " · ".join(filter(None, [inscription.nom, inscription.telephone])) for inscription in creneau.attente
        ],
    }
