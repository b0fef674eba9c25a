"""Coefficients of estimates, edited by staff; the bilans of all structures of a year, and their file."""

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import path, reverse

from annuaire.admin.communs import PoleModelAdmin, contexte_de_page, exiger
from annuaire.admin.imports_communs import telecharger
from annuaire.exports import lignes_csv
from annuaire.models import Structure
from ressources.bilans import bilans_de_tous
from ressources.bilans.fichiers import de_tous
from ressources.forms.bilans import AnneeForm
from ressources.models import CoefficientEstime
from ressources.statistiques.comptes import premiere_parution

STRUCTURES_PAR_PAGE = 30


class CoefficientForm(forms.ModelForm):
    """A comma in the value; an address without its scheme is https."""

    source_url = forms.URLField(
        label="Adresse de la source",
        assume_scheme="https",
        max_length=500,
        help_text="La page où chacun peut vérifier.",
    )

    class Meta:
        localized_fields = ["valeur"]


@admin.register(CoefficientEstime)
class CoefficientEstimeAdmin(PoleModelAdmin):
    form = CoefficientForm
    list_display = ["genre", "vise", "en_clair", "du", "au", "exemple"]
    list_display_links = ["genre", "vise"]
    list_filter = ["genre", "exemple"]
    list_select_related = ["categorie"]
    search_fields = ["source", "categorie__nom"]
    fields = ["genre", "categorie", "valeur", "du", "au", "source", "source_url", "exemple"]

    @admin.display(description="catégorie", ordering="categorie")
    def vise(self, coefficient):
        return coefficient.ce_qu_il_vise

    @admin.display(description="valeur", ordering="valeur")
    def en_clair(self, coefficient):
        return coefficient.en_clair


class PagesDeBilans:
    """Two pages added to a ModelAdmin: « structures/ » and « structures.csv », `?annee=`."""

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("structures/", vue(self.bilans), name="ressources_bilans"),
            path("structures.csv", vue(self.bilans_csv), name="ressources_bilans_csv"),
            *super().get_urls(),
        ]

    def bilans(self, request):
        exiger(self.has_view_permission(request))
        form, annee, bilans = _lire(request)
        structures = Structure.objects.filter(pk__in=bilans).order_by("tri", "pk")
        page = Paginator(structures, STRUCTURES_PAR_PAGE).get_page(request.GET.get("p"))
        contexte = contexte_de_page(
            self,
            request,
            f"Bilans {annee} des structures",
            form=form,
            annee=annee,
            page=page,
            tableau=de_tous(bilans, page),
            url_liste=reverse("admin:ressources_bilan_changelist"),
        )
        return TemplateResponse(request, "admin/ressources/bilans.html", contexte)

    def bilans_csv(self, request):
        exiger(self.has_view_permission(request))
        _, annee, bilans = _lire(request)
        structures = Structure.objects.filter(pk__in=bilans).order_by("tri", "pk")
        tableau = de_tous(bilans, structures.iterator(), pour_fichier=True)
        lignes = lignes_csv(list(tableau.entetes), tableau.pour_tableur())
        return telecharger(lignes, "text/csv; charset=utf-8", f"bilans-{annee}.csv")


def _lire(request):
    """The form, the year it asks, and the bilan of each structure that has one."""
    form = AnneeForm(request.GET if "annee" in request.GET else None, premiere=premiere_parution())
    annee = form.annee_choisie()
    return form, annee, bilans_de_tous(annee)
