from django.contrib import admin

from annuaire.models import Activite, Competence, Label

from .communs import PoleModelAdmin


@admin.register(Activite)
class ActiviteAdmin(PoleModelAdmin):
    list_display = ["nom", "parent", "ordre", "en_avant"]
    list_filter = ["en_avant", ("parent", admin.RelatedOnlyFieldListFilter)]
    list_editable = ["ordre", "en_avant"]
    list_select_related = ["parent"]
    search_fields = ["nom"]
    prepopulated_fields = {"slug": ["nom"]}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs["queryset"] = Activite.objects.filter(parent=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Competence)
class CompetenceAdmin(PoleModelAdmin):
    search_fields = ["nom"]
    prepopulated_fields = {"slug": ["nom"]}


@admin.register(Label)
class LabelAdmin(PoleModelAdmin):
    list_display = ["nom", "description"]
    search_fields = ["nom"]
    prepopulated_fields = {"slug": ["nom"]}
