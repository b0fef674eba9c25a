"""One line of the agenda, whatever it is: a meeting of the hub or an event of an actor."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from annuaire.geographie import distance_km
from reunions.models import Evenement, Reunion


@dataclass(frozen=True)
class Entree:
    """`distance`: km from the commune searched around, when both have a point."""

    objet: Reunion | Evenement
    distance: float | None = None

    @property
    def du_pole(self) -> bool:
        return isinstance(self.objet, Reunion)

    @property
    def cle(self) -> str:
        """« r12 », « e3 »: what a form remembers of it."""
        return f"{'r' if self.du_pole else 'e'}{self.objet.pk}"

    @property
    def annulee(self) -> bool:
        return self.objet.etat in (Reunion.Etat.ANNULEE, Evenement.Etat.ANNULE)

    @property
    def journee_entiere(self) -> bool:
        return not self.du_pole and self.objet.journee_entiere

    @property
    def structure(self):
        """Who gives it, or hosts it."""
        return self.objet.structure_hote if self.du_pole else self.objet.structure

    @property
    def parue_le(self):
        return self.objet.annoncee_le if self.du_pole else self.objet.publie_le

    def jours(self) -> tuple[date, date]:
        return jours_de(self.objet)


def jours_de(objet) -> tuple[date, date]:
    """First and last day, Europe/Paris. An end at midnight is the day before's."""
    debut = timezone.localtime(objet.debut)
    fin = timezone.localtime(objet.fin) - timedelta(microseconds=1) if objet.fin else debut
    return debut.date(), max(debut.date(), fin.date())


def entree(objet, autour=None) -> Entree:
    """`autour`: a commune with a point."""
    commune = objet.commune
    if autour is None or commune is None or commune.latitude is None or autour.latitude is None:
        return Entree(objet)
    return Entree(objet, distance_km(autour.latitude, autour.longitude, commune.latitude, commune.longitude))
