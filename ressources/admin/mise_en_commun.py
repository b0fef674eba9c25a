"""Shared purchases and posts: read by staff, who pilot on the front page and may abandon here, with a reason."""

from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifForm
from ressources.actions import mises_en_commun
from ressources.models import MiseEnCommun, Palier, PartEnCommun
from ressources.presentation_mises import etiquette, progression

from .communs import ActesDePage


class PalierInline(LectureSeule, admin.TabularInline):
    model = Palier
    fields = ["a_partir_de", "prix"]
    extra = 0


class PartEnCommunInline(LectureSeule, admin.TabularInline):
    model = PartEnCommun
    fields = [
        *["structure", "etat", "quantite", "tolerance", "commande", "recu", "montant", "part_frais", "regle_le"],
        "note",
    ]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("structure")


@admin.register(MiseEnCommun)
class MiseEnCommunAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["annonce", "genre", "ou_en_est", "avancement", "nb_parts", "cloture_le"]
    list_filter = ["genre", "etat"]
    search_fields = ["annonce__titre", "annonce__structure__nom", "competence"]
    ordering = ["-cree_le", "-pk"]
    fields = [
        *["annonce", "genre", "etat", "unite", "pas", "minimum", "conditionnement", "total", "frais", "cloture_le"],
        *["prolongations", "competence", "rayon", "des_le", "prix_unitaire", "quantite_commandee", "quantite_recue"],
        *["motif", "origine", "cree_le", "commandee_le", "recue_le", "close_le"],
    ]
    readonly_fields = ["total", "prolongations", "cree_le"]
    inlines = [PalierInline, PartEnCommunInline]

    def get_queryset(self, request):
        return super().get_queryset(request).pour_listes()

    @admin.display(description="où cela en est", ordering="etat")
    def ou_en_est(self, mise):
        return etiquette(mise)

    @admin.display(description="total", ordering="total")
    def avancement(self, mise):
        return progression(mise)

    @admin.display(description="structures", ordering="nb_parts")
    def nb_parts(self, mise):
        return mise.nb_parts

    def actes_de(self, mise) -> list:
        actes = [(reverse("ressources:mise_piloter", args=[mise.pk]), "Ouvrir sa page de pilotage", False)]
        if mise.etat in ("ouverte", "commandee"):
            actes.append((reverse("admin:ressources_miseencommun_abandonner", args=[mise.pk]), "Abandonner", True))
        return actes

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/abandonner/", vue(self.abandonner), name="ressources_miseencommun_abandonner"),
            *super().get_urls(),
        ]

    def abandonner(self, request, pk):
        exiger(self.peut_agir(request))
        mise = get_object_or_404(MiseEnCommun.objects.select_related("annonce"), pk=pk)

        def agir(donnees):
            mises_en_commun.abandonner(mise, par=request.user, motif=donnees["motif"])
            return f"« {mise} » est abandonné ; chaque structure reçoit la raison."

        return page_d_acte(
            self,
            request,
            objet=mise,
            titre=f"Abandonner « {mise} »",
            explication="Les structures qui prennent part reçoivent votre raison, et l'annonce quitte le portail.",
            bouton="Abandonner et prévenir chacune",
            form_class=MotifForm,
            agir=agir,
            retour=reverse("admin:ressources_miseencommun_change", args=[mise.pk]),
            danger=True,
        )
