"""Missions, their shifts and volunteers: read by staff, who act on the mission's own pages."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from ressources.models import InscriptionBenevole, Mission, ProfilBenevole
from ressources.templatetags.benevolat import quand

from .communs import ActesDePage


@admin.register(Mission)
class MissionAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["annonce", "structure", "evenement", "prochain", "places_libres", "etat"]
    list_filter = ["etat"]
    search_fields = ["annonce__titre", "annonce__structure__nom", "evenement"]
    ordering = ["-cree_le", "-pk"]
    fields = [
        "annonce",
        "evenement",
        "lien",
        "lieu",
        "consignes",
        "competences",
        "creneaux",
        "etat",
        "motif",
        "cree_le",
    ]
    readonly_fields = ["creneaux"]

    def get_queryset(self, request):
        return super().get_queryset(request).pour_listes().order_by("-cree_le", "-pk")

    @admin.display(description="structure", ordering="annonce__structure__tri")
    def structure(self, mission):
        return mission.annonce.structure

    @admin.display(description="prochain créneau", ordering="prochain")
    def prochain(self, mission):
        return mission.prochain

    @admin.display(description="places libres", ordering="places_libres")
    def places_libres(self, mission):
        return mission.places_libres

    @admin.display(description="créneaux")
    def creneaux(self, mission):
        """Plain lines: a table of the admin has headers that a screen reader finds empty."""
        lignes = (
            (f"{quand(c)} {c.intitule}".strip(), c.places_prises, c.places, c.get_etat_display())
            for c in mission.creneaux.order_by("debut", "fin", "pk")
        )
        return format_html_join("", "<p>{} : {} sur {}, {}</p>", lignes) or "aucun"

    def actes_de(self, mission) -> list:
        actes = [
            (mission.get_absolute_url(), "Ouvrir sa page", False),
            (reverse("ressources:mission_organiser", args=[mission.pk]), "Organiser", False),
        ]
        if mission.est_ouverte:
            actes.append((reverse("ressources:mission_annuler", args=[mission.pk]), "Annuler la mission", True))
        return actes


@admin.register(InscriptionBenevole)
class InscriptionBenevoleAdmin(LectureSeule, PoleModelAdmin):
    list_display = ["nom", "creneau", "etat", "heures", "heures_benevole", "cree_le"]
    list_filter = ["etat"]
    list_select_related = ["creneau__mission__annonce"]
    search_fields = ["nom", "creneau__mission__annonce__titre", "creneau__mission__annonce__structure__nom"]
    ordering = ["-cree_le", "-pk"]
    fields = [
        *["creneau", "utilisateur", "nom", "telephone", "message", "etat", "motif", "annulee_par"],
        *[
            "heures",
            "heures_benevole",
            "mot_benevole",
            "notee_par",
            "notee_le",
            "confirmee_le",
            "annulee_le",
            "cree_le",
        ],
    ]


@admin.register(ProfilBenevole)
class ProfilBenevoleAdmin(LectureSeule, PoleModelAdmin):
    list_display = ["nom_montre", "commune", "rayon_km", "visible", "en_pause_jusqu_au"]
    list_filter = ["visible", "a_distance"]
    list_select_related = ["commune"]
    search_fields = ["nom_montre", "competences__nom", "commune__nom"]
    ordering = ["-modifie_le", "-pk"]
    fields = [
        *["utilisateur", "nom_montre", "competences", "demi_journees", "commune", "rayon_km", "a_distance"],
        *["presentation", "visible", "en_pause_jusqu_au", "cree_le", "modifie_le"],
    ]
