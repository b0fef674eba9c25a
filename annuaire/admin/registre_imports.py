"""Imports of public registers, for the staff: deposit, preview, apply once, report."""

from django.contrib import admin

from annuaire.actions.registres import depots
from annuaire.forms.registres import RegistreForm
from annuaire.models import ImportRegistre

from .imports_communs import ImportsAdmin


@admin.register(ImportRegistre)
class ImportRegistreAdmin(ImportsAdmin):
    depots = depots
    formulaire = RegistreForm
    titre_depot = "Importer un registre public"
    quoi = "structure enregistrée,structures enregistrées"
    fait = "C'est fait : les structures enregistrées sont à jour. Le rapport reste sur cette page."
    gabarit_depot = "admin/annuaire/importregistre/deposer.html"
    change_list_template = "admin/annuaire/importregistre/liste.html"
    list_display = ["nom", "source", "etat", "creees", "mises_a_jour", "rejetees", "depose_par", "cree_le"]
