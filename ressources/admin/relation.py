"""Conversations by their states and dates, never their words (decision 0010); what exchanges were worth."""

from django.contrib import admin

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from ressources.models import Bilan, MiseEnRelation

from .bilans import PagesDeBilans
from .statistiques import PagesDeChiffres


@admin.register(MiseEnRelation)
class MiseEnRelationAdmin(LectureSeule, PoleModelAdmin):
    """Read only. Neither tokens (they let one write in a side's name) nor words nor the reason of a refusal."""

    list_display = ["pk", "annonce", "structure", "annonceur", "etat", "origine", "cree_le", "repondue_le", "close_le"]
    list_filter = ["etat", "origine", "annonce__nature", "annonce__sens"]
    list_select_related = ["annonce", "structure", "annonceur"]
    search_fields = ["annonce__titre", "structure__nom", "annonceur__nom"]
    date_hierarchy = "cree_le"
    fields = [
        *["annonce", "annonceur", "structure", "etat", "origine", "relances", "relancee_le"],
        *["cree_le", "vue_le", "repondue_le", "close_le", "anonymisee_le"],
    ]
    readonly_fields = fields


@admin.register(Bilan)
class BilanAdmin(PagesDeChiffres, PagesDeBilans, LectureSeule, PoleModelAdmin):
    list_display = ["declare_le", "annonce", "structure", "partenaire", "heures", "euros", "kilos"]
    list_filter = ["annonce__nature", "annonce__sens", "annonce__mode"]
    list_select_related = ["annonce", "structure", "avec"]
    search_fields = ["annonce__titre", "structure__nom", "avec__nom", "avec_libre"]
    date_hierarchy = "declare_le"
    fields = ["annonce", "structure", "partenaire", "heures", "euros", "kilos", "declare_le", "mise_en_relation"]
    readonly_fields = fields

    @admin.display(description="avec")
    def partenaire(self, bilan):
        return bilan.avec or bilan.avec_libre or "non dit"
