"""Days and periods of bookings, in Europe/Paris; a month as weeks. Pure functions: no query, no clock but `le`."""

from .jours import FUSEAU, en_jours, jours, jours_de, minuit, plage
from .mois import Etat, Jour, Mois

__all__ = ["FUSEAU", "Etat", "Jour", "Mois", "en_jours", "jours", "jours_de", "minuit", "plage"]
