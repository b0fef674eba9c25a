"""Imports of announcements, for the staff."""

from django.contrib import admin

from annuaire.admin.imports_communs import ImportsAdmin
from ressources.actions.imports import depots
from ressources.forms.imports import ImportAnnoncesForm
from ressources.models import ImportAnnonces


@admin.register(ImportAnnonces)
class ImportAnnoncesAdmin(ImportsAdmin):
    depots = depots
    formulaire = ImportAnnoncesForm
    titre_depot = "Importer des annonces"
    quoi = "annonce,annonces"
    fait = "C'est fait : les annonces sont écrites, et chaque structure a reçu un message. Le rapport reste ici."
    gabarit_depot = "admin/ressources/importannonces/deposer.html"
    change_list_template = "admin/ressources/importannonces/liste.html"
