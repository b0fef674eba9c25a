"""Issues, for look-up: they are written and sent on their own pages, which the list and each issue open."""

from django.contrib import admin
from django.urls import reverse

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from newsletter.models import Numero


@admin.register(Numero)
class NumeroAdmin(LectureSeule, PoleModelAdmin, admin.ModelAdmin):
    list_display = ["sujet_ou_date", "rang", "etat", "programme_le", "lance_le", "prevus", "termine_le"]
    list_filter = ["etat"]
    search_fields = ["sujet", "preheader"]
    date_hierarchy = "cree_le"
    ordering = ["-cree_le", "-pk"]
    change_form_template = "admin/actes_change_form.html"
    change_list_template = "admin/newsletter/numero/change_list.html"
    fields = [
        *["sujet", "preheader", "rang", "etat", "programme_le", "debit", "auteur", "lance_par", "lance_le", "prevus"],
        *["suspension", "panne", "termine_le", "annule_le", "cree_le"],
    ]
    readonly_fields = fields

    @admin.display(description="sujet", ordering="sujet")
    def sujet_ou_date(self, numero):
        return str(numero)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        numero = self.get_object(request, object_id) if object_id else None
        actes = [(reverse("newsletter:rediger", args=[numero.pk]), "Écrire et envoyer", False)] if numero else []
        return super().changeform_view(request, object_id, form_url, {"actes": actes, **(extra_context or {})})
