"""Where the files of meetings lie, for the daily sweep of those that nothing names."""

from annuaire.actions.images import Sorte, champ
from reunions.models import Document

SORTES = [Sorte("reunions/", champ(Document, "fichier"), stockage="prive")]
