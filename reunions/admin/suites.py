"""Actions, projects and news, for look-up: they are changed on the site's own pages. A piece of news may be removed."""

from django.contrib import admin

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from reunions.models import Action, Nouvelle, Projet


class SurLeSite(LectureSeule, PoleModelAdmin, admin.ModelAdmin):
    """Read only, with the way to its page."""

    change_form_template = "admin/actes_change_form.html"
    view_on_site = False  # the button « Ouvrir sa page » leads there

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        objet = self.get_object(request, object_id) if object_id else None
        actes = [(objet.get_absolute_url(), "Ouvrir sa page", False)] if objet else []
        return super().changeform_view(request, object_id, form_url, {"actes": actes, **(extra_context or {})})


@admin.register(Action)
class ActionAdmin(SurLeSite):
    list_display = ["titre", "pilote", "echeance", "etat", "reunion", "projet", "publique"]
    list_filter = ["etat", "publique"]
    list_select_related = ["pilote", "reunion", "projet"]
    search_fields = ["titre", "pilote__nom", "projet__nom"]
    date_hierarchy = "echeance"
    ordering = ["echeance", "pk"]
    fields = [
        *["titre", "details", "pilote", "echeance", "etat", "close_le", "reunion", "categorie", "postit"],
        *["projet", "publique", "cree_le"],
    ]
    readonly_fields = fields


@admin.register(Projet)
class ProjetAdmin(SurLeSite):
    list_display = ["nom", "genre", "pilote", "etat"]
    list_filter = ["genre", "etat"]
    list_select_related = ["pilote"]
    search_fields = ["nom", "pilote__nom"]
    ordering = ["nom", "pk"]
    fields = ["nom", "genre", "description", "pilote", "etat", "cree_le"]
    readonly_fields = fields


@admin.register(Nouvelle)
class NouvelleAdmin(PoleModelAdmin, admin.ModelAdmin):
    """Written by structures, shown at once: a word that does not belong is removed here."""

    list_display = ["texte", "action", "projet", "structure", "cree_le"]
    list_select_related = ["action", "projet", "structure"]
    search_fields = ["texte", "action__titre", "projet__nom", "structure__nom"]
    date_hierarchy = "cree_le"
    ordering = ["-cree_le", "-pk"]
    fields = ["texte", "action", "projet", "structure", "par", "cree_le"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False
