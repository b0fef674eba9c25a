"""Events of the actors: staff publish, ask for a correction, refuse, cancel; each with a reason that is mailed.

One that its structure changed in line is read again, field by field (decision 8).
"""

from django.contrib import admin, messages
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.http import urlencode

from annuaire.admin.communs import PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifForm, SansMotifForm
from annuaire.admin.suivi import mots_differents
from pole_ess.socle.templatetags.francais import depuis
from reunions.actions import TransitionInterdite, evenements, evenements_relecture
from reunions.models import Evenement

ACTES = {
    "relire": {
        "titre": "Marquer « {nom} » comme relu",
        "lien": "C'est relu",
        "explication": "L'événement reste dans l'agenda tel qu'il est. Personne n'est averti.",
        "bouton": "C'est relu",
        "form_class": SansMotifForm,
        "fait": "« {nom} » est relu.",
    },
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


class Travail(admin.SimpleListFilter):
    title = "ce qui attend"
    parameter_name = "travail"

    def lookups(self, request, model_admin):
        return [("a_valider", "à valider"), ("a_relire", "modifiés, à relire"), ("corrections", "correction demandée")]

    def queryset(self, request, queryset):
        conditions = {
            "a_valider": Q(etat=Evenement.Etat.A_VALIDER),
            "a_relire": Q(a_relire_depuis__isnull=False),
            "corrections": Q(etat=Evenement.Etat.A_CORRIGER),
        }
        condition = conditions.get(self.value())
        return queryset if condition is None else queryset.filter(condition)


@admin.register(Evenement)
class EvenementAdmin(PoleModelAdmin, admin.ModelAdmin):
    """What waits first, the oldest on top. Its words are edited on its own page, in the site."""

    list_display = ["titre", "attente", "structure", "genre", "debut", "etat"]
    list_filter = [Travail, "etat", "genre"]
    actions = ["relire_la_selection"]
    list_select_related = ["structure"]
    search_fields = ["titre", "lieu", "structure__nom", "commune__nom"]
    date_hierarchy = "debut"
    change_form_template = "admin/reunions/evenement/change_form.html"
    view_on_site = False  # the button « Ouvrir sa page » leads there
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

    def get_queryset(self, request):
        return super().get_queryset(request).avec_attente()

    def get_ordering(self, request):
        return [F("attend_depuis").asc(nulls_last=True), "-debut", "-pk"]

    @admin.display(description="attend depuis", ordering="attend_depuis")
    def attente(self, evenement):
        if not evenement.attend_depuis:
            return "–"
        quoi = "à valider" if evenement.etat == Evenement.Etat.A_VALIDER else "à relire"
        return f"{quoi}, {depuis(evenement.attend_depuis)}"

    @admin.action(description="Marquer les événements choisis comme relus", permissions=["change"])
    def relire_la_selection(self, request, queryset):
        relus = []
        for evenement in queryset.filter(a_relire_depuis__isnull=False).order_by("pk")[:200]:
            try:
                evenements_relecture.relire(evenement, vue=evenements_relecture.version_de(evenement))
            except TransitionInterdite as refus:
                messages.warning(request, str(refus))
            else:
                self.log_change(request, evenement, "Relu.")
                relus.append(str(evenement))
        mots = f"Relus : {', '.join(relus)}. Ils restent dans l'agenda." if relus else "Rien n'était à relire."
        messages.success(request, mots)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        evenement = self.get_object(request, object_id) if object_id else None
        contexte = {
            "actes": self.actes_de(evenement) if evenement is not None else [],
            "evenement": evenement,
            "changements": [
                (nom, *mots_differents(avant, apres))
                for nom, avant, apres in evenements_relecture.changements(evenement)
            ]
            if evenement is not None
            else [],
            **(extra_context or {}),
        }
        return super().changeform_view(request, object_id, form_url, contexte)

    def actes_de(self, evenement) -> list:
        """(URL, words, whether it takes something away) of what the state allows, and the page in the site."""
        possibles = [acte for acte in evenements.actes_possibles(evenement) if acte in ACTES]
        vue = urlencode({"vue": evenements_relecture.version_de(evenement)})
        relire = f"{reverse('admin:reunions_evenement_acte', args=[evenement.pk, 'relire'])}?{vue}"
        return [
            *([(relire, ACTES["relire"]["lien"], False)] if evenement.a_relire_depuis else []),
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
            if acte == "relire":
                evenements_relecture.relire(evenement, vue=request.GET.get("vue", ""))
            else:
                getattr(evenements, acte)(evenement, par=request.user, **donnees)
            return fait.format(nom=evenement.titre)

        retour = reverse("admin:reunions_evenement_change", args=[evenement.pk])
        return page_d_acte(self, request, objet=evenement, agir=agir, retour=retour, **page)
