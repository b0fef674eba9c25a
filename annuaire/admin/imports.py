"""Imports and full export of structures, for the staff."""

from django.contrib import admin
from django.http import Http404
from django.urls import path
from django.utils import timezone

from annuaire import exports
from annuaire.actions.imports import depots
from annuaire.forms.imports import ImportForm
from annuaire.models import ImportStructures, Structure

from .communs import exiger
from .imports_communs import ImportsAdmin, telecharger


@admin.register(ImportStructures)
class ImportStructuresAdmin(ImportsAdmin):
    depots = depots
    formulaire = ImportForm
    titre_depot = "Importer des structures"
    quoi = "fiche,fiches"
    fait = "C'est fait : l'annuaire est à jour. Le rapport reste sur cette page."
    gabarit_depot = "admin/annuaire/importstructures/deposer.html"
    change_list_template = "admin/annuaire/importstructures/liste.html"

    def get_urls(self):
        vue = self.admin_site.admin_view(self.exporter)
        return [path("exporter.<str:format>", vue, name="annuaire_importstructures_exporter"), *super().get_urls()]

    def exporter(self, request, format):
        """Every sheet, private phones and e-mails included: for the staff, and never to be published."""
        exiger(self._equipe(request))
        if format not in exports.FORMATS:
            raise Http404
        octets = exports.octets(format, Structure.objects.order_by("tri", "pk"), complet=True)
        nom = f"annuaire-equipe-{timezone.localdate():%Y-%m-%d}.{format}"
        return telecharger(octets, exports.FORMATS[format].mime, nom)
