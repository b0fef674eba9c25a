"""Calendars and closures, read by staff: their référents set them on the portal."""

from django.contrib import admin

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from ressources.models import Calendrier, Fermeture


class FermetureInline(LectureSeule, admin.TabularInline):
    model = Fermeture
    fields = ["genre", "periode", "motif"]
    extra = 0


@admin.register(Calendrier)
class CalendrierAdmin(LectureSeule, PoleModelAdmin):
    """The secret of its feed is not shown."""

    list_display = ["annonce", "genre", "capacite", "pas", "actif"]
    list_filter = ["actif", "genre", "pas"]
    list_select_related = ["annonce"]
    search_fields = ["annonce__titre", "annonce__structure__nom"]
    fields = [
        *["annonce", "genre", "capacite", "pas", "battement_heures", "preavis_jours", "duree_max_jours"],
        *["horizon_jours", "consignes", "actif"],
    ]
    inlines = [FermetureInline]
