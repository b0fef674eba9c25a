"""What else happens the same day nearby: said to whoever prepares an event, never a refusal."""

from datetime import timedelta

from django.db.models import Q

from reunions.models import Evenement, Reunion

from .entrees import Entree, entree, jours_de
from .recherche import autour, minuit

KM = 20
MONTRES = 10


def du_meme_jour(*, debut, fin=None, commune, sauf=None) -> list[Entree]:
    """Published events and announced public meetings that share a day, within 20 km; `sauf`: the one being written.

    Nothing when the commune is not known or has no point. Two queries.
    """
    if commune is None or commune.latitude is None:
        return []
    premier, dernier = jours_de(Evenement(debut=debut, fin=fin))
    ouvre, ferme = minuit(premier), minuit(dernier + timedelta(days=1))
    touche = Q(debut__lt=ferme) & (Q(fin__gt=ouvre) | Q(debut__gte=ouvre))
    evenements = Evenement.objects.filter(touche, etat="publie", structure__etat="publiee")
    reunions = Reunion.objects.filter(touche, etat="annoncee", audience="publique")
    if isinstance(sauf, Evenement):
        evenements = evenements.exclude(pk=sauf.pk)
    elif sauf is not None:
        reunions = reunions.exclude(pk=sauf.pk)
    trouves = [
        *autour(evenements, commune, KM).select_related("structure", "commune").order_by("debut", "pk")[:MONTRES],
        *autour(reunions, commune, KM).select_related("structure_hote", "commune").order_by("debut", "pk")[:MONTRES],
    ]
    return sorted((entree(objet, commune) for objet in trouves), key=lambda e: (e.objet.debut, e.cle))[:MONTRES]
