"""Parts of batches and artists' tours: read by staff, who act through the acts, with a reason that is mailed."""

from django import forms
from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifFacultatifForm, MotifForm, SansMotifForm
from ressources.actions import lots, tournees
from ressources.models import Etape, PartDeLot, Tournee

from .communs import ActesDePage


class AttribuerForm(forms.Form):
    quantite = forms.IntegerField(
        label="Quantité attribuée", min_value=1, required=False, help_text="Vide : tout ce qui est demandé."
    )


ACTES_DE_PART = {
    "attribuer": {
        "titre": "Attribuer la part de {nom}",
        "lien": "Attribuer",
        "explication": "{nom} en demande {quantite} ; il en reste {restant}. Un message le lui dit.",
        "bouton": "Attribuer la part",
        "form_class": AttribuerForm,
        "fait": "La part de {nom} est attribuée.",
    },
    "remettre": {
        "titre": "Part remise à {nom}",
        "lien": "Noter qu'elle est remise",
        "explication": "La structure est venue chercher sa part ({quantite}).",
        "bouton": "C'est remis",
        "form_class": SansMotifForm,
        "fait": "La part de {nom} est remise.",
    },
    "refuser": {
        "titre": "Refuser la part de {nom}",
        "lien": "Refuser ou reprendre",
        "explication": "{nom} reçoit votre raison. Si la part était attribuée, elle revient à la liste d'attente.",
        "bouton": "Refuser et envoyer la raison",
        "form_class": MotifForm,
        "danger": True,
        "fait": "La part de {nom} est refusée ; la raison part par e-mail.",
    },
    "annuler": {
        "titre": "Annuler la part de {nom}",
        "lien": "Annuler à sa demande",
        "explication": "À la demande de {nom} : la quantité revient à la liste d'attente, le donneur est averti.",
        "bouton": "Annuler la part",
        "form_class": MotifFacultatifForm,
        "danger": True,
        "fait": "La part de {nom} est annulée.",
    },
}
FAIRE = {
    "attribuer": lots.attribuer,
    "remettre": lots.remettre_part,
    "refuser": lots.refuser_part,
    "annuler": lots.annuler_part,
}


@admin.register(PartDeLot)
class PartDeLotAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["annonce", "structure", "quantite", "etat", "cree_le"]
    list_filter = ["etat", "annonce__partage"]
    list_select_related = ["annonce", "structure"]
    search_fields = ["annonce__titre", "structure__nom"]
    ordering = ["-cree_le", "-pk"]
    fields = [
        *["annonce", "structure", "par", "quantite", "etat", "message", "motif"],
        *["cree_le", "decidee_le", "remise_le"],
    ]

    def actes_de(self, part) -> list:
        return [
            (
                reverse("admin:ressources_partdelot_acte", args=[part.pk, acte]),
                ACTES_DE_PART[acte]["lien"],
                ACTES_DE_PART[acte].get("danger", False),
            )
            for acte in lots.actes_possibles(part, donneur=True, demandeur=True)
            if acte in ACTES_DE_PART
        ]

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="ressources_partdelot_acte"),
            *super().get_urls(),
        ]

    def acte(self, request, pk, acte):
        exiger(self.peut_agir(request) and acte in ACTES_DE_PART)
        part = get_object_or_404(PartDeLot.objects.select_related("annonce__structure", "structure"), pk=pk)
        page = dict(ACTES_DE_PART[acte])
        fait, _lien = page.pop("fait"), page.pop("lien")
        mots = {"nom": part.structure.nom, "quantite": part.quantite, "restant": part.annonce.restant}
        page |= {"titre": page["titre"].format(**mots), "explication": page["explication"].format(**mots)}

        def agir(donnees):
            FAIRE[acte](part, par=request.user, **donnees)
            return fait.format(**mots)

        retour = reverse("admin:ressources_partdelot_change", args=[part.pk])
        return page_d_acte(self, request, objet=part, agir=agir, retour=retour, **page)


class EtapeInline(LectureSeule, admin.TabularInline):
    model = Etape
    fields = ["structure", "etat", "jour", "jours_souhaites", "motif"]
    readonly_fields = ["jours_souhaites"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("structure").prefetch_related("jours")

    @admin.display(description="jours souhaités")
    def jours_souhaites(self, etape):
        return ", ".join(str(jour) for jour in etape.jours.all())


@admin.register(Tournee)
class TourneeAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["nom", "annonce", "debut", "fin", "etat", "nb_voeux", "nb_retenues"]
    list_filter = ["etat"]
    search_fields = ["nom", "annonce__titre", "annonce__structure__nom"]
    ordering = ["-debut", "-pk"]
    fields = ["annonce", "nom", "debut", "fin", "rayon", "etapes_min", "precisions", "etat", "cree_le"]
    inlines = [EtapeInline]

    def get_queryset(self, request):
        return super().get_queryset(request).pour_listes()

    @admin.display(description="souhaits", ordering="nb_voeux")
    def nb_voeux(self, tournee):
        return tournee.nb_voeux

    @admin.display(description="retenues", ordering="nb_retenues")
    def nb_retenues(self, tournee):
        return tournee.nb_retenues

    def actes_de(self, tournee) -> list:
        actes = [(tournee.get_absolute_url(), "Ouvrir sa page", False)]
        if tournee.est_vivante:
            actes.append((reverse("admin:ressources_tournee_annuler", args=[tournee.pk]), "Annuler la tournée", True))
        return actes

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/annuler/", vue(self.annuler), name="ressources_tournee_annuler"),
            *super().get_urls(),
        ]

    def annuler(self, request, pk):
        exiger(self.peut_agir(request))
        tournee = get_object_or_404(Tournee, pk=pk)

        def agir(donnees):
            tournees.annuler(tournee, par=request.user, motif=donnees["motif"])
            return f"La tournée « {tournee.nom} » est annulée ; chaque structure reçoit la raison."

        return page_d_acte(
            self,
            request,
            objet=tournee,
            titre=f"Annuler la tournée « {tournee.nom} »",
            explication="Les structures qui la souhaitaient, ou qui étaient retenues, reçoivent votre raison.",
            bouton="Annuler la tournée",
            form_class=MotifForm,
            agir=agir,
            retour=reverse("admin:ressources_tournee_change", args=[tournee.pk]),
            danger=True,
        )
