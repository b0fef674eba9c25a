"""Where the files of announcements and bookings lie, for the daily sweep of those that nothing names."""

from annuaire.actions.images import Sorte, champ
from ressources.models import FichierAnnonce, PhotoAnnonce, PhotoReservation

SORTES = [
    Sorte("annonces/", champ(PhotoAnnonce, "fichier")),
    Sorte("annonces/", champ(PhotoAnnonce, "vignette")),
    Sorte("annonces/", champ(FichierAnnonce, "fichier"), stockage="prive"),
    Sorte("reservations/", champ(PhotoReservation, "fichier"), stockage="prive"),
]
