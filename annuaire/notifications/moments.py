"""When grouped mails leave: between 6 and 9 in the morning, Europe/Paris; the weekly ones on Monday."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from annuaire.models import Rythme

GROUPES = (Rythme.QUOTIDIEN, Rythme.HEBDOMADAIRE)
DEBUT, FIN = 6, 9
"""Hours of Europe/Paris."""


def a(jour: date, heure: int) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time(heure)))


def lundi_de(jour: date) -> date:
    return jour - timedelta(days=jour.weekday())


def prochain_jour(rythme, maintenant=None) -> date:
    """The next day on which a grouped mail of this rhythm leaves, sure to hold what is told now.

    From 6 o'clock on, today's may have left.
    """
    ici = timezone.localtime(maintenant)
    jour = ici.date() if ici.hour < DEBUT else ici.date() + timedelta(days=1)
    if rythme == Rythme.HEBDOMADAIRE and jour.weekday():
        jour = lundi_de(jour) + timedelta(days=7)
    return jour


def trop_tard(rythme, avant, maintenant=None) -> bool:
    """Whether the next grouped mail would come when the thing is over."""
    return avant is not None and a(prochain_jour(rythme, maintenant), FIN) > avant


def echeances(maintenant) -> list[tuple[Rythme, date, datetime]]:
    """(rhythm, day or Monday, limit) of what may leave now: notices written before the limit. Empty out of hours.

    A Monday without any worker is made up for on the next mornings, for what it should have held.
    """
    ici = timezone.localtime(maintenant)
    if not DEBUT <= ici.hour < FIN:
        return []
    lundi = lundi_de(ici.date())
    limite = maintenant if ici.date() == lundi else a(lundi, DEBUT)
    return [(Rythme.QUOTIDIEN, ici.date(), maintenant), (Rythme.HEBDOMADAIRE, lundi, limite)]
