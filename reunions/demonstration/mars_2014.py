"""The next meeting, 26 March 2014 at the social centre of Broût-Vernet: what the minutes of January announced.

Who came is not known: no attendance is invented for real structures.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from annuaire.models import Structure
from reunions.models import Reunion

from . import communs, janvier_2014

DEBUT = timezone.make_aware(datetime(2014, 3, 26, 18))
HOTE = "centre-social-brout-vernet"
ORDRE_DU_JOUR = [
    ("Accueil et présentation", "", None),
    ("La plateforme d'échanges solidaires (PES)", "Démonstration par celles et ceux qui la font vivre.", None),
    ("Retour sur les conclusions des réunions précédentes", "", None),
    ("Les axes prioritaires", "Préciser les attentes, écrire le plan d'actions.", None),
]


def charger() -> int:
    reunion = communs.reunion(
        "2014-03-26",
        titre="Réunion collective 3 : attentes et plan d'actions",
        objectif="Préciser les attentes sur les axes prioritaires et écrire le plan d'actions.",
        debut=DEBUT,
        fin=DEBUT + timedelta(hours=2),
        lieu="Centre social",
        commune=communs.commune("03043"),
        structure_hote=Structure.objects.filter(source=janvier_2014.LISTE, source_cle=HOTE).first(),
        precedente=Reunion.objects.filter(cle=communs.cle(janvier_2014.NOM)).first(),
        etat="tenue",
        annoncee_le=janvier_2014.DEBUT + timedelta(days=8),
        close_le=DEBUT + timedelta(hours=2),
    )
    if reunion is None:
        return 0
    communs.points(reunion, ORDRE_DU_JOUR)
    return 1
