"""Unmet demand, row by row: read only. The page that groups it is on the portal."""

from django.contrib import admin

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from ressources.models import DemandeSansReponse


@admin.register(DemandeSansReponse)
class DemandeSansReponseAdmin(LectureSeule, PoleModelAdmin):
    list_display = ["titre", "structure", "genre", "nature", "commune", "le", "rangee_le"]
    list_filter = ["genre", "nature", ("rangee_le", admin.EmptyFieldListFilter)]
    list_select_related = ["structure", "commune"]
    search_fields = ["titre", "structure__nom"]
    date_hierarchy = "le"
    fields = [
        *["titre", "structure", "genre", "nature", "categorie", "commune", "le", "annonce", "reservation"],
        *["rangee_le", "rangee_par"],
    ]
    readonly_fields = fields
