"""Accounts of hours: read by staff, who may only cancel what two sides do not agree about, and set the rules."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifForm
from ressources.actions import heures, heures_suivi
from ressources.models import CompteHeures, EcritureHeures, OperationHeures, ReglagesHeures

from .communs import ActesDePage

LIENS = [f"{cote}__{lien}" for cote in ("aidant", "aide") for lien in ("structure", "utilisateur")]
LIENS += [f"{cote}__absorbe_par__structure" for cote in ("aidant", "aide")]


class EcritureInline(LectureSeule, admin.TabularInline):
    model = EcritureHeures
    fields = ["compte", "montant", "passee_le"]
    extra = 0

    def get_queryset(self, request):
        liens = ("compte__structure", "compte__utilisateur", "compte__absorbe_par__structure")
        return super().get_queryset(request).select_related(*liens)


@admin.register(CompteHeures)
class CompteHeuresAdmin(LectureSeule, PoleModelAdmin):
    list_display = ["nom", "genre", "solde", "plancher", "ouvert_le", "ferme_le"]
    list_filter = ["genre", ("ferme_le", admin.EmptyFieldListFilter)]
    list_select_related = ["structure", "utilisateur", "absorbe_par__structure"]
    search_fields = ["structure__nom", "utilisateur__nom", "utilisateur__email"]
    ordering = ["pk"]
    fields = ["nom", "genre", "solde", "plancher", "trouvable", "absorbe_par", "ouvert_le", "ferme_le"]
    readonly_fields = fields

    @admin.display(description="titulaire")
    def nom(self, compte):
        return compte.nom


@admin.register(OperationHeures)
class OperationHeuresAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["pk", "aidant", "aide", "heures", "jour", "objet", "genre", "etat", "cree_le"]
    list_filter = ["etat", "genre"]
    list_select_related = LIENS
    search_fields = ["objet", "aidant__structure__nom", "aide__structure__nom"]
    date_hierarchy = "jour"
    ordering = ["-cree_le", "-pk"]
    inlines = [EcritureInline]
    fields = [
        *["aidant", "aide", "heures", "jour", "objet", "genre", "corrige", "etat", "propose_par_cote"],
        *["propose_par", "decide_par", "motif", "cree_le", "relancee_le", "decidee_le"],
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*LIENS)

    def actes_de(self, operation) -> list:
        if not operation.est_ouverte:
            return []
        return [(reverse("admin:ressources_operationheures_annuler", args=[operation.pk]), "Annuler", True)]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/annuler/", vue(self.annuler), name="ressources_operationheures_annuler"),
            *super().get_urls(),
        ]

    def annuler(self, request, pk):
        exiger(self.peut_agir(request))
        operation = get_object_or_404(OperationHeures.objects.pour_pages(), pk=pk)

        def agir(donnees):
            heures.annuler_par_l_equipe(operation, par=request.user, motif=donnees["motif"])
            return "L'opération est annulée ; les deux côtés reçoivent la raison."

        return page_d_acte(
            self,
            request,
            objet=operation,
            titre=f"Annuler l'opération n° {operation.pk}",
            explication="Rien n'est écrit sur les comptes. Les deux côtés reçoivent votre raison.",
            bouton="Annuler l'opération",
            form_class=MotifForm,
            agir=agir,
            retour=reverse("admin:ressources_operationheures_change", args=[operation.pk]),
            danger=True,
        )


@admin.register(ReglagesHeures)
class ReglagesHeuresAdmin(PoleModelAdmin):
    """One row: its list is its form. Saving gives the floor to the accounts that are above it."""

    fields = ["credit_depart", "plancher"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_object(self, request, object_id, from_field=None):
        """The defaults until they are first saved."""
        return ReglagesHeures.actuels() if object_id == "1" else None

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:ressources_reglagesheures_change", ReglagesHeures.actuels().pk)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        heures_suivi.appliquer_le_plancher()
