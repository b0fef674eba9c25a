"""Short news: staff publish, ask for a correction, refuse, take off; each with a reason that is mailed."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html

from annuaire.admin.communs import PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifFacultatifForm, MotifForm, SansMotifForm
from newsletter.actions import breves
from newsletter.models import Breve

from .abonne import SANS_ENREGISTRER

ACTES = {
    "relire": {
        "titre": "Marquer « {nom} » comme relue",
        "lien": "C'est relu",
        "explication": "La brève reste en ligne telle qu'elle est. Personne n'est averti.",
        "bouton": "C'est relu",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est relue.",
    },
    "publier": {
        "titre": "Publier « {nom} »",
        "lien": "Publier",
        "explication": "Elle paraît sur la page des brèves et sur la fiche de sa structure, qui reçoit un message.",
        "bouton": "Publier la brève",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est publiée.",
    },
    "demander_correction": {
        "titre": "Demander une correction de « {nom} »",
        "lien": "Demander une correction",
        "explication": "Elle retourne à sa structure avec votre raison ; elle la renvoie une fois corrigée.",
        "bouton": "Envoyer la demande",
        "form_class": MotifForm,
        "fait": "La demande de correction de « {nom} » est envoyée.",
    },
    "refuser": {
        "titre": "Refuser « {nom} »",
        "lien": "Refuser",
        "explication": "Elle ne paraîtra pas. Sa structure reçoit votre raison.",
        "bouton": "Refuser et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "« {nom} » est refusée.",
    },
    "remettre_en_validation": {
        "titre": "Remettre « {nom} » à valider",
        "lien": "Remettre à valider",
        "explication": "Elle quitte le portail tant que vous n'avez pas décidé. Sa structure reçoit votre raison.",
        "bouton": "Remettre à valider et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "« {nom} » attend d'être validée.",
    },
    "retirer": {
        "titre": "Retirer « {nom} »",
        "lien": "Retirer",
        "explication": "Elle quitte le portail, et la page en ligne des lettres qui la citaient. Sa structure est "
        "prévenue.",
        "bouton": "Retirer la brève",
        "form_class": MotifFacultatifForm,
        "danger": True,
        "fait": "« {nom} » est retirée.",
    },
    "archiver": {
        "titre": "Archiver « {nom} »",
        "lien": "Archiver",
        "explication": "Elle est mise de côté : seules sa structure et l'équipe la voient. Personne n'est averti.",
        "bouton": "Archiver la brève",
        "form_class": SansMotifForm,
        "danger": True,
        "fait": "« {nom} » est archivée.",
    },
}


class Travail(admin.SimpleListFilter):
    """What staff have to do."""

    title = "travail"
    parameter_name = "travail"

    def lookups(self, request, model_admin):
        return [("a_valider", "à valider"), ("a_relire", "modifiées en ligne, à relire")]

    def queryset(self, request, queryset):
        if self.value() == "a_valider":
            return queryset.filter(etat=Breve.Etat.A_VALIDER)
        return queryset.filter(a_relire_depuis__isnull=False) if self.value() == "a_relire" else queryset


@admin.register(Breve)
class BreveAdmin(PoleModelAdmin, admin.ModelAdmin):
    """What waits first. Its words are edited on its own page, in the site."""

    list_display = ["titre", "structure", "etat", "soumise_le", "publiee_le", "mots_de_vigilance"]
    list_filter = [Travail, "etat"]
    list_select_related = ["structure"]
    search_fields = ["titre", "texte", "structure__nom"]
    ordering = ["-soumise_le", "-publiee_le", "-pk"]
    change_form_template = "admin/actes_change_form.html"
    fields = [
        *["structure", "titre", "texte", "lien", "image", "mots_de_vigilance", "etat", "motif"],
        *["soumise_le", "a_relire_depuis", "publiee_le", "close_le", "auteur"],
    ]
    readonly_fields = fields

    @admin.display(description="mots de vigilance")
    def mots_de_vigilance(self, breve):
        return ", ".join(breve.vigilance) or "–"

    @admin.display(description="photo")
    def image(self, breve):
        """As readers see it, with the words for who does not."""
        if not breve.vignette:
            return "–"
        return format_html('<img src="{}" alt=""><br>{}', breve.vignette.url, breve.alternative)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        breve = self.get_object(request, object_id) if object_id else None
        contexte = {"actes": self.actes_de(breve) if breve is not None else [], **SANS_ENREGISTRER}
        return super().changeform_view(request, object_id, form_url, contexte | (extra_context or {}))

    def actes_de(self, breve) -> list:
        """(URL, words, whether it takes something away) of what the state allows, and the page in the site."""
        possibles = [acte for acte in breves.actes_possibles(breve) if acte in ACTES]
        if breve.a_relire_depuis is not None:
            possibles.insert(0, "relire")
        return [
            *[
                (
                    reverse("admin:newsletter_breve_acte", args=[breve.pk, acte]),
                    ACTES[acte]["lien"],
                    ACTES[acte].get("danger", False),
                )
                for acte in possibles
            ],
            (breve.get_absolute_url(), "Ouvrir sa page", False),
        ]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="newsletter_breve_acte"), *super().get_urls()]

    def acte(self, request, pk, acte):
        exiger(self.has_change_permission(request))
        breve = get_object_or_404(Breve.objects.select_related("structure"), pk=pk)
        if acte not in ACTES:
            raise Http404
        page = dict(ACTES[acte])
        fait, _lien = page.pop("fait"), page.pop("lien")
        page["titre"] = page["titre"].format(nom=breve.titre)

        def agir(donnees):
            getattr(breves, acte)(breve, par=request.user, **donnees)
            return fait.format(nom=breve.titre)

        retour = reverse("admin:newsletter_breve_change", args=[breve.pk])
        return page_d_acte(self, request, objet=breve, agir=agir, retour=retour, **page)
