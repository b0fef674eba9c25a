from django.contrib import admin
from django.db.models import Q

from annuaire.doublons import sans_accent
from annuaire.models import Commune

from .communs import LectureSeule, PoleModelAdmin


@admin.register(Commune)
class CommuneAdmin(LectureSeule, PoleModelAdmin):
    """Facts that come from the public geo API (manage.py importer_communes): searched, never edited."""

    list_display = ["nom", "code", "cp", "population"]
    search_fields = ["nom"]
    search_help_text = "Nom, code postal ou code officiel."
    fields = ["nom", "code", "codes_postaux", "population", "epci", "latitude", "longitude"]

    @admin.display(description="codes postaux")
    def cp(self, commune):
        return ", ".join(commune.codes_postaux)

    def get_search_results(self, request, queryset, search_term):
        terme = search_term.replace("\x00", "").strip()[:80]
        if not terme:
            return queryset, False
        return queryset.filter(
            Q(tri__startswith=sans_accent(terme)) | Q(code=terme.upper()) | Q(codes_postaux__contains=[terme[:5]])
        ), False
