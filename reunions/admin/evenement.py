"""Events of the actors: staff publish, ask for a correction, refuse, cancel; each with a reason that is mailed."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.admin.communs import PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifForm, SansMotifForm
from reunions.actions import evenements
from reunions.models import Evenement

ACTES = {
    "publier": {
        "titre": "Publier « {nom} »",
        "lien": "Publier",
        "explication": "Il paraît dans l'agenda commun. Sa structure reçoit un message.",
        "bouton": "Publier l'événement",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est publié.",
    },
    "demander_correction": {
        "titre": "Demander une correction de « {nom} »",
        "lien": "Demander une correction",
        "explication": "Il retourne à sa structure avec votre raison ; elle le renvoie une fois corrigé.",
        "bouton": "Envoyer la demande",
        "form_class": MotifForm,
        "fait": "La demande de correction de « {nom} » est envoyée.",
    },
    "refuser": {
        "titre": "Refuser « {nom} »",
        "lien": "Refuser",
        "explication": "Il ne paraîtra pas. Sa structure reçoit votre raison.",
        "bouton": "Refuser et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "« {nom} » est refusé.",
    },
    "annuler": {
        "titre": "Annuler « {nom} »",
        "lien": "Annuler",
        "explication": "Il reste dans l'agenda, marqué « annulé ». Sa structure reçoit votre raison.",
        "bouton": "Annuler l'événement",
        "form_class": MotifForm,
        "danger": True,
        "fait": "« {nom} » est annulé.",
    },
    "archiver": {
        "titre": "Retirer « {nom} » de l'agenda",
        "lien": "Retirer de l'agenda",
        "explication": "Il disparaît de l'agenda ; vous pourrez le publier de nouveau.",
        "bouton": "Retirer de l'agenda",
        "form_class": SansMotifForm,
        "danger": True,
        "fait": "« {nom} » est retiré de l'agenda.",
    },
}


@admin.register(Evenement)
class EvenementAdmin(PoleModelAdmin, admin.ModelAdmin):
    """What waits first. Its words are edited on its own page, in the site."""

    list_display = ["titre", "structure", "genre", "debut", "commune", "etat", "soumis_le"]
    list_filter = ["etat", "genre"]
    list_select_related = ["structure", "commune"]
    search_fields = ["titre", "lieu", "structure__nom", "commune__nom"]
    date_hierarchy = "debut"
    ordering = ["-soumis_le", "-debut", "-pk"]
    change_form_template = "admin/actes_change_form.html"
    fields = [
        *[
            "structure",
            "genre",
            "titre",
            "description",
            "debut",
            "fin",
            "journee_entiere",
            "lieu",
            "adresse",
            "commune",
        ],
        *["accessible_pmr", "accessibilite", "tarif", "site", "etat", "motif", "soumis_le", "publie_le", "auteur"],
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        evenement = self.get_object(request, object_id) if object_id else None
        contexte = {"actes": self.actes_de(evenement) if evenement is not None else [], **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, contexte)

    def actes_de(self, evenement) -> list:
        """(URL, words, whether it takes something away) of what the state allows, and the page in the site."""
        possibles = [acte for acte in evenements.actes_possibles(evenement) if acte in ACTES]
        return [
            *[
                (
                    reverse("admin:reunions_evenement_acte", args=[evenement.pk, acte]),
                    ACTES[acte]["lien"],
                    ACTES[acte].get("danger", False),
                )
                for acte in possibles
            ],
            (evenement.get_absolute_url(), "Ouvrir sa page", False),
        ]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="reunions_evenement_acte"),
            *super().get_urls(),
        ]

    def acte(self, request, pk, acte):
        exiger(self.has_change_permission(request))
        evenement = get_object_or_404(Evenement.objects.select_related("structure"), pk=pk)
        if acte not in ACTES:
            raise Http404
        page = dict(ACTES[acte])
        fait, _lien = page.pop("fait"), page.pop("lien")
        page["titre"] = page["titre"].format(nom=evenement.titre)

        def agir(donnees):
            getattr(evenements, acte)(evenement, par=request.user, **donnees)
            return fait.format(nom=evenement.titre)

        retour = reverse("admin:reunions_evenement_change", args=[evenement.pk])
        return page_d_acte(self, request, objet=evenement, agir=agir, retour=retour, **page)
