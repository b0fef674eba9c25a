"""Imports of structures by staff: deposited and previewed, then applied once; the report stays, the file does not."""

from annuaire.imports.depots import Depots
from annuaire.imports.moteur import importer
from annuaire.models import ImportStructures

depots = Depots(ImportStructures, importer, objet="structure")
