"""Urgent calls: read by staff, who close them through the same acts."""

from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin, exiger, page_d_acte
from annuaire.admin.formulaires import MotifFacultatifForm, SansMotifForm
from ressources.actions import urgences
from ressources.models import Urgence
from ressources.presentation_urgence import vagues

from .communs import ActesDePage

ACTES = {
    "pourvoir": {
        "titre": "« {titre} » est pourvue autrement",
        "lien": "Pourvue autrement",
        "explication": "Quelqu'un est trouvé par ailleurs : les personnes appelées sont prévenues, une fois.",
        "bouton": "C'est pourvu",
        "form_class": SansMotifForm,
        "fait": "« {titre} » est pourvue ; les appels s'arrêtent.",
    },
    "annuler": {
        "titre": "Annuler « {titre} »",
        "lien": "Annuler",
        "explication": "Les personnes appelées, et celles qui ont dit oui, sont prévenues.",
        "bouton": "Annuler l'appel",
        "form_class": MotifFacultatifForm,
        "danger": True,
        "fait": "« {titre} » est annulé.",
    },
}
FAIRE = {
    "pourvoir": lambda urgence, donnees: urgences.pourvoir_autrement(urgence),
    "annuler": lambda urgence, donnees: urgences.annuler(urgence, motif=donnees["motif"]),
}


@admin.register(Urgence)
class UrgenceAdmin(ActesDePage, LectureSeule, PoleModelAdmin):
    list_display = ["titre", "structure", "debut", "commune", "etat", "vague", "trouvees", "cree_le"]
    list_filter = ["etat", "vague", "nature"]
    list_select_related = ["structure", "commune"]
    search_fields = ["titre", "structure__nom", "savoir_faire"]
    ordering = ["-cree_le", "-pk"]
    fields = [
        *["structure", "par", "titre", "nature", "categorie", "savoir_faire", "description", "debut", "fin", "commune"],
        *["lieu", "contact", "telephone", "places", "confirmes", "delai", "etat", "autrement", "vague"],
        *["prochaine_vague_le", "appels", "cree_le", "close_le"],
    ]
    readonly_fields = ["appels"]

    @admin.display(description="trouvées", ordering="confirmes")
    def trouvees(self, urgence):
        return f"{urgence.confirmes} sur {urgence.places}"

    @admin.display(description="personnes appelées")
    def appels(self, urgence):
        """Numbers only, as for who asks."""
        lignes = [f"vague {v['nom']} : {v['appeles']}, dont {v['oui']} oui et {v['non']} non" for v in vagues(urgence)]
        return " ; ".join(lignes) or "personne"

    def actes_de(self, urgence) -> list:
        liens = [(urgence.get_absolute_url(), "Ouvrir sa page", False)]
        possibles = {"ouverte": ["pourvoir", "annuler"], "pourvue": ["annuler"]}.get(urgence.etat, [])
        for acte in possibles:
            url = reverse("admin:ressources_urgence_acte", args=[urgence.pk, acte])
            liens.append((url, ACTES[acte]["lien"], ACTES[acte].get("danger", False)))
        return liens

    def get_urls(self):
        vue = self.admin_site.admin_view
        return [
            path("<int:pk>/acte/<str:acte>/", vue(self.acte), name="ressources_urgence_acte"),
            *super().get_urls(),
        ]

    def acte(self, request, pk, acte):
        exiger(self.peut_agir(request) and acte in ACTES)
        urgence = get_object_or_404(Urgence.objects.select_related("structure", "commune"), pk=pk)
        page = dict(ACTES[acte])
        fait, _lien = page.pop("fait"), page.pop("lien")
        page["titre"] = page["titre"].format(titre=urgence.titre)

        def agir(donnees):
            FAIRE[acte](urgence, donnees)
            return fait.format(titre=urgence.titre)

        retour = reverse("admin:ressources_urgence_change", args=[urgence.pk])
        return page_d_acte(self, request, objet=urgence, agir=agir, retour=retour, **page)
