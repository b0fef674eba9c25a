"""The acts on a sheet, each on a page of its own: publish, ask for a correction, refuse, archive."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from annuaire.actions import proposition, publication
from annuaire.models import Structure

from . import formulaires
from .communs import contexte_de_page, exiger, page_d_acte

PAGES = {
    "publier": {
        "titre": "Publier « {nom} »",
        "lien": "Publier",
        "explication": "La fiche sera visible de tous. Qui l'a proposée reçoit un message.",
        "bouton": "Publier la fiche",
        "form_class": formulaires.SansMotifForm,
        "fait": "« {nom} » est publiée.",
    },
    "demander_correction": {
        "titre": "Demander une correction de « {nom} »",
        "lien": "Demander une correction",
        "explication": "La fiche retourne à son auteur avec votre raison ; il la renvoie une fois corrigée.",
        "bouton": "Envoyer la demande",
        "form_class": formulaires.MotifForm,
        "fait": "La demande de correction de « {nom} » est envoyée.",
    },
    "refuser": {
        "titre": "Refuser « {nom} »",
        "lien": "Refuser",
        "explication": "La fiche ne sera pas publiée. Qui l'a proposée reçoit votre raison.",
        "bouton": "Refuser et envoyer la raison",
        "form_class": formulaires.MotifForm,
        "danger": True,
        "fait": "« {nom} » est refusée.",
    },
    "archiver": {
        "titre": "Archiver « {nom} »",
        "lien": "Archiver",
        "explication": "La fiche sort de l'annuaire et reste de côté : vous pourrez la publier de nouveau.",
        "bouton": "Archiver la fiche",
        "form_class": formulaires.MotifFacultatifForm,
        "danger": True,
        "fait": "« {nom} » est archivée.",
    },
    "resoumettre": {
        "titre": "Mettre « {nom} » à valider",
        "lien": "Mettre à valider",
        "explication": "L'auteur a corrigé autrement, ou n'a pas confirmé : la fiche revient parmi celles à valider.",
        "bouton": "Mettre à valider",
        "form_class": formulaires.SansMotifForm,
        "fait": "« {nom} » attend d'être validée.",
    },
}


class ActesMixin:
    """URLs and pages of the acts; mixed into StructureAdmin."""

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="annuaire_structure_acte"),
            path("<int:pk>/au-nom-de/", vue(self.au_nom_de), name="annuaire_structure_au_nom_de"),
            path("<int:pk>/bordereau/", vue(self.bordereau), name="annuaire_structure_bordereau"),
            *super().get_urls(),
        ]

    def structure_ou_404(self, request, pk, *, lecture=False) -> Structure:
        exiger(self.has_view_permission(request) if lecture else self.has_change_permission(request))
        return get_object_or_404(Structure.objects.select_related("commune"), pk=pk)

    def url_de(self, structure):
        return reverse("admin:annuaire_structure_change", args=[structure.pk])

    def actes_de(self, structure) -> list:
        """(URL, words, whether it takes something away) of the acts that the state allows."""
        return [
            (
                reverse("admin:annuaire_structure_acte", args=[structure.pk, acte]),
                PAGES[acte]["lien"],
                PAGES[acte].get("danger", False),
            )
            for acte in publication.actes_possibles(structure)
        ]

    def acte(self, request, pk, acte):
        structure = self.structure_ou_404(request, pk)
        if acte not in PAGES:
            raise Http404
        page = dict(PAGES[acte])
        fait, _lien = page.pop("fait"), page.pop("lien")
        page["titre"] = page["titre"].format(nom=structure.nom)

        def agir(donnees):
            getattr(publication, acte)(structure, par=request.user, **donnees)
            return fait.format(nom=structure.nom)

        return page_d_acte(self, request, objet=structure, agir=agir, retour=self.url_de(structure), **page)

    def au_nom_de(self, request, pk):
        """After writing for a structure: tell it by mail (POST), or print the slip."""
        structure = self.structure_ou_404(request, pk)
        if request.method == "POST":
            if proposition.prevenir_structure(structure):
                messages.success(request, f"Un message part à {structure.courriel}, avec un lien pour confirmer.")
                self.log_change(request, structure, "Fiche envoyée à la structure pour confirmation.")
            else:
                messages.error(request, "Cette structure n'a pas d'adresse e-mail : imprimez le bordereau.")
            return HttpResponseRedirect(self.url_de(structure))
        return TemplateResponse(
            request,
            "admin/annuaire/structure/au_nom_de.html",
            contexte_de_page(self, request, f"Prévenir « {structure.nom} »", fiche=structure),
        )

    def bordereau(self, request, pk):
        """The sheet on one printed page, with how to confirm or correct it without an account."""
        structure = self.structure_ou_404(request, pk, lecture=True)
        return TemplateResponse(
            request,
            "admin/annuaire/structure/bordereau.html",
            contexte_de_page(
                self,
                request,
                f"Bordereau de « {structure.nom} »",
                fiche=structure,
                activites=list(structure.activites.all()),
                le=timezone.localdate(),
                is_popup=True,
            ),
        )
