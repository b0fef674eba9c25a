"""Accounts. Animateurs help people with theirs; who is staff, and who may do what, is the administrators' business."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group

from annuaire.models import Rattachement, Utilisateur

from .communs import LectureSeule, PoleModelAdmin


class UtilisateurCreationForm(BaseUserCreationForm):
    class Meta:
        model = Utilisateur
        fields = ["email"]
        field_classes = {}


class UtilisateurForm(forms.ModelForm):
    class Meta:
        model = Utilisateur
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which


class RattachementInline(LectureSeule, admin.TabularInline):
    model = Rattachement
    fk_name = "utilisateur"
    fields = ["structure", "role", "etat", "actif_depuis"]
    extra = 0


@admin.register(Utilisateur)
class UtilisateurAdmin(PoleModelAdmin, UserAdmin):
    list_display = ["email", "nom", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "nom"]
    ordering = ["email", "pk"]
    filter_horizontal = ["groups"]
    form = UtilisateurForm
    add_form = UtilisateurCreationForm
    inlines = [RattachementInline]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]
    ANIMATEUR = [(None, {"fields": ["email", "nom", "is_active", "date_joined", "last_login"]})]
    ADMINISTRATEUR = [
        (None, {"fields": ["email", "nom", "is_active", "date_joined", "last_login"]}),
        ("Équipe du pôle", {"fields": ["is_staff", "is_superuser", "groups"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        return self.ADMINISTRATEUR if request.user.is_superuser else self.ANIMATEUR

    def get_readonly_fields(self, request, obj=None):
        """The address changes through the account's own page, which proves that it is theirs."""
        toujours = ["date_joined", "last_login"]
        if request.user.is_superuser:
            return toujours
        return ["email", "is_staff", "is_superuser", "groups", "user_permissions", "password", *toujours]

    def has_change_permission(self, request, obj=None):
        """Animateurs may correct members; staff accounts, their own included, only administrators."""
        permis = super().has_change_permission(request, obj)
        if obj is not None and not request.user.is_superuser:
            return permis and not (obj.is_staff or obj.is_superuser)
        return permis

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        """Never here: erasing a person goes through annuaire.actions.effacement, which forgets them everywhere."""
        return False

    def user_change_password(self, request, id, form_url=""):
        from .communs import exiger

        exiger(request.user.is_superuser)
        return super().user_change_password(request, id, form_url)

    def get_inlines(self, request, obj):
        return [] if obj is None else self.inlines


admin.site.unregister(Group)


@admin.register(Group)
class GroupeAdmin(PoleModelAdmin):
    """Names only: the permissions of « Animateurs » are written in annuaire.droits."""

    fields = ["name"]
    search_fields = ["name"]

    def has_module_permission(self, request):
        return request.user.is_superuser

    has_view_permission = has_change_permission = has_add_permission = has_delete_permission = (
        lambda self, request, obj=None: request.user.is_superuser
    )
