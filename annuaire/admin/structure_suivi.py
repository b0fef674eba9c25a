"""Staff's follow-up: note an exchange, the list of those to call."""

import csv

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from annuaire.actions import echanges
from annuaire.filters import ATelephonerFilter
from annuaire.models import Echange, Structure

from . import formulaires
from .communs import contexte_de_page, exiger, page_d_acte

PAR_PAGE = 50


def neutraliser(valeur) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    texte = "" if valeur is None else str(valeur)
    return f"'{texte}" if texte[:1] in ("=", "+", "-", "@", "\t", "\r") else texte


class SuiviMixin:
    """URLs and pages of the follow-up; mixed into StructureAdmin."""

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/echange/", vue(self.noter_echange), name="annuaire_structure_echange"),
            path("a-telephoner/", vue(self.a_telephoner), name="annuaire_structure_a_telephoner"),
            path("a-telephoner.csv", vue(self.a_telephoner_csv), name="annuaire_structure_a_telephoner_csv"),
            *super().get_urls(),
        ]

    def noter_echange(self, request, pk):
        structure = self.structure_ou_404(request, pk)

        def agir(donnees):
            echange = echanges.noter(structure, par=request.user, **donnees)
            suite = " La fiche est confirmée." if echange.confirme else ""
            return f"L'échange avec « {structure.nom} » est noté.{suite}"

        au_telephone = request.GET.get("depuis") == "liste"
        return page_d_acte(
            self,
            request,
            objet=structure,
            titre=f"Noter un échange avec « {structure.nom} »",
            explication=f"Téléphone : {structure.telephone or 'aucun'}. E-mail : {structure.courriel or 'aucun'}.",
            bouton="Noter l'échange",
            form_class=formulaires.EchangeForm,
            agir=agir,
            retour=reverse("admin:annuaire_structure_a_telephoner") if au_telephone else self.url_de(structure),
        )

    def _a_telephoner(self, request) -> ATelephonerFilter:
        exiger(self.has_change_permission(request))
        dernier = Echange.objects.filter(structure=OuterRef("pk")).order_by("-date", "-pk")
        structures = (
            Structure.objects.a_telephoner(timezone.localdate())
            .select_related("commune")
            .defer("recherche", "recherche_trgm", "recherche_vecteur")
            .annotate(
                dernier_echange=Subquery(dernier.values("date")[:1]),
                rappel=Subquery(dernier.values("prochaine_date")[:1]),
            )
            .order_by("verifiee_le", "tri", "pk")
        )
        return ATelephonerFilter(request.GET, queryset=structures, request=request)

    def a_telephoner(self, request):
        filtre = self._a_telephoner(request)
        page = Paginator(filtre.qs, PAR_PAGE).get_page(request.GET.get("p", "1")[:6])
        return TemplateResponse(
            request,
            "admin/annuaire/structure/a_telephoner.html",
            contexte_de_page(self, request, "Fiches à téléphoner", page=page, filtre=filtre, chaine=filtre.chaine),
        )

    def a_telephoner_csv(self, request):
        """The same list for a spreadsheet or paper, formulas neutralised."""
        reponse = HttpResponse(content_type="text/csv; charset=utf-8")
        reponse["Content-Disposition"] = 'attachment; filename="a-telephoner.csv"'
        reponse.write("\ufeff")
        feuille = csv.writer(reponse, delimiter=";")
        feuille.writerow(
            ["Structure", "Commune", "Téléphone", "E-mail", "Confirmée le", "Relancée le", "Dernier échange"]
        )
        for structure in self._a_telephoner(request).qs:
            dates = [structure.verifiee_le, structure.relancee_le, structure.dernier_echange]
            feuille.writerow(
                [
                    neutraliser(structure.nom),
                    neutraliser(structure.commune.nom if structure.commune else ""),
                    neutraliser(structure.telephone),
                    neutraliser(structure.courriel),
                    *[f"{date:%d/%m/%Y}" if date else "" for date in dates],
                ]
            )
        return reponse
