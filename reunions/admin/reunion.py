"""Meetings, for look-up: they are prepared and run on the site's own pages."""

from django.contrib import admin
from django.urls import reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from reunions.models import Reunion


@admin.register(Reunion)
class ReunionAdmin(LectureSeule, PoleModelAdmin, admin.ModelAdmin):
    list_display = ["titre", "genre", "debut", "commune", "structure_hote", "etat"]
    list_filter = ["etat", "genre", "audience"]
    list_select_related = ["commune", "structure_hote"]
    search_fields = ["titre", "lieu", "commune__nom", "structure_hote__nom"]
    date_hierarchy = "debut"
    ordering = ["-debut", "-pk"]
    change_form_template = "admin/actes_change_form.html"
    fields = [
        *["titre", "genre", "objectif", "debut", "fin", "lieu", "adresse", "commune", "structure_hote", "jauge"],
        *["audience", "etat", "motif", "annoncee_le", "close_le", "precedente", "projet"],
    ]
    readonly_fields = fields

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        reunion = self.get_object(request, object_id) if object_id else None
        actes = [(reverse("reunions:preparer", args=[reunion.pk]), "Préparer et animer", False)] if reunion else []
        return super().changeform_view(request, object_id, form_url, {"actes": actes, **(extra_context or {})})
