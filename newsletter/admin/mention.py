"""The words that people accept on subscribing, and the proofs of who left: versions are added, never changed."""

from django.contrib import admin

from annuaire.admin.communs import LectureSeule, PoleModelAdmin
from newsletter.actions import abonnements
from newsletter.models import Desabonnement, MentionConsentement


@admin.register(MentionConsentement)
class MentionConsentementAdmin(PoleModelAdmin, admin.ModelAdmin):
    """A new version is shown to the next subscribers; the others accepted theirs, which stays as proof."""

    list_display = ["version", "texte", "cree_le", "par"]
    list_select_related = ["par"]
    fields = ["texte"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changeform_initial_data(self, request):
        return {"texte": MentionConsentement.courante().texte}

    def save_model(self, request, obj, form, change):
        nouvelle = abonnements.nouvelle_mention(texte=form.cleaned_data["texte"], par=request.user)
        obj.pk, obj.version = nouvelle.pk, nouvelle.version


@admin.register(Desabonnement)
class DesabonnementAdmin(LectureSeule, PoleModelAdmin, admin.ModelAdmin):
    """Who left: no address, a hash that keeps imports out, and the proof that they had agreed."""

    list_display = ["__str__", "voie", "numero", "formulaire", "consenti_le", "confirme_le", "le"]
    list_filter = ["voie"]
    list_select_related = ["numero"]
    date_hierarchy = "le"
