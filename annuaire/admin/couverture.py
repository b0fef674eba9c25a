"""Where the directory says little, for the staff: each line leads to what can be done about it."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from annuaire.couverture import compter
from annuaire.couverture.tableaux import TABLEAUX
from annuaire.exports import lignes_csv

from .communs import contexte_de_page, exiger
from .imports_communs import telecharger

COMMUNES = 40
"""Communes shown at first: the least covered."""


class PagesDeCouverture:
    """Two pages added to a ModelAdmin: « couverture/ » and « couverture/<table>.csv »."""

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("couverture/", vue(self.couverture), name="annuaire_couverture"),
            path("couverture/<slug:tableau>.csv", vue(self.couverture_csv), name="annuaire_couverture_csv"),
            *super().get_urls(),
        ]

    def couverture(self, request):
        exiger(self.has_view_permission(request))
        comptes = compter()
        toutes = "toutes" in request.GET
        contexte = contexte_de_page(
            self,
            request,
            "Couverture du territoire",
            couverture=comptes,
            communes=comptes.communes if toutes else comptes.communes[:COMMUNES],
            toutes=toutes or len(comptes.communes) <= COMMUNES,
        )
        return TemplateResponse(request, "admin/annuaire/couverture.html", contexte)

    def couverture_csv(self, request, tableau):
        """Every row of one table. 404 for a table that does not exist."""
        exiger(self.has_view_permission(request))
        if tableau not in TABLEAUX:
            raise Http404
        demande = TABLEAUX[tableau](compter())
        nom = f"couverture-{demande.cle}-{timezone.localdate():%Y%m%d}.csv"
        return telecharger(lignes_csv(list(demande.entetes), demande.pour_tableur()), "text/csv; charset=utf-8", nom)
