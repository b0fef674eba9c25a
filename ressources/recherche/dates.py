"""Free between two dates: on at least one day, which its periods hold and no booking or closure fills.

A need is wanted on its days; on the day it is urgent for, when it has no other. Without any day: always.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Exists, Func, OuterRef, Q, Subquery, Value
from django.db.models.fields import DateField
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from ressources.models import Calendrier, Fermeture, Periode, Reservation


class JourLibre(Func):
    """public.ressources_jour_libre(calendar, from, to): ressources/migrations/sql/jour_libre.sql."""

    function = "public.ressources_jour_libre"
    output_field = BooleanField()


def libres(annonces, du: date, au: date):
    """Those of the queryset that are free, or wanted, on at least one day from `du` to `au`, both included."""
    periodes = Periode.objects.filter(annonce=OuterRef("pk"))
    sans_periode = ~Exists(periodes) & (Q(sens="offre") | Q(urgente_pour=None) | Q(urgente_pour__range=(du, au)))
    plage = _plage(du, au)
    prises = Reservation.objects.bloquantes().filter(blocage__overlap=plage)
    fermetures = Fermeture.objects.filter(periode__overlap=plage).exclude(genre="avis")
    # The calendars that something touches, hashed once; only of those found is each day looked at. Said as one
    # « not exists », the database asks the calendar of every announcement around, tens of thousands of times.
    touches = Calendrier.objects.filter(
        Q(pk__in=prises.values("calendrier")) | Q(pk__in=fermetures.values("calendrier")), actif=True
    )
    jour_libre = JourLibre("pk", Value(du, DateField()), Value(au, DateField()))
    un_jour = Subquery(Calendrier.objects.filter(annonce=OuterRef("pk")).values_list(jour_libre)[:1])
    return annonces.filter(sans_periode | Exists(periodes.filter(debut__lte=au, fin__gte=du))).filter(
        ~Q(pk__in=touches.values("annonce")) | Q(un_jour)
    )


def _plage(du: date, au: date) -> TimestamptzRange:
    """From midnight to midnight in Europe/Paris: 23 or 25 hours on the days when the clocks change."""
    paris = timezone.get_default_timezone()
    debut, fin = (datetime.combine(jour, time.min, paris) for jour in (du, au + timedelta(days=1)))
    return TimestamptzRange(debut, fin)
