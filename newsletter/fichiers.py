"""Where the pictures of the letter lie, for the daily sweep of those that nothing names."""

from annuaire.actions.images import Sorte, champ
from newsletter.models import Breve, ImageBloc

SORTES = [
    Sorte("breves/", champ(Breve, "photo")),
    Sorte("breves/", champ(Breve, "vignette")),
    Sorte("lettre/", champ(ImageBloc, "fichier")),
]
