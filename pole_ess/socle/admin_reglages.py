"""The hub's settings: what another territory changes, without touching code."""

import re

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import redirect

from .images import nettoyer_image
from .models import ReglagesPole

CODE_COMMUNE = re.compile(r"(\d\d|2[AB])\d{3}\Z")
LOGO_COTE = 480
"""Pixels a side at most: three times what the largest screen shows."""

PARTIES = [
    (None, {"fields": ["nom", "territoire_nom", "accroche"]}),
    ("Apparence", {"fields": ["logo", "couleur"]}),
    ("Joindre l'équipe", {"fields": ["courriel_equipe", "telephone_equipe", "adresse_postale"]}),
    ("Territoire", {"fields": ["territoire", "latitude_centre", "longitude_centre"]}),
    (
        "Durées habituelles",
        {"fields": ["jours_annonce", "mois_confirmation", "urgence_delai_minutes", "urgences_par_semaine"]},
    ),
    (
        "Mentions légales et données personnelles",
        {
            "fields": [
                *["editeur", "directeur_publication", "hebergeur", "delegue_donnees"],
                *["mentions_plus", "donnees_plus"],
            ],
            "description": "Les deux derniers textes s'ajoutent aux pages du portail. Une ligne vide sépare deux "
            "paragraphes ; « ## » devant une ligne en fait un titre ; un tiret, une liste.",
        },
    ),
]


class ReglagesPoleForm(forms.ModelForm):
    class Meta:
        model = ReglagesPole
        fields = [champ for _, partie in PARTIES for champ in partie["fields"]]
        widgets = {
            "couleur": forms.TextInput(attrs={"size": 9, "spellcheck": "false", "autocomplete": "off"}),
            "territoire": forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "territoire" in self.fields:  # who may only look has no field
            self.fields["territoire"].show_hidden_initial = False  # Django's way with `default=list`: 300 codes twice

    def clean_couleur(self):
        return self.cleaned_data["couleur"].lower()

    def clean_territoire(self):
        for code in (codes := self.cleaned_data["territoire"]):
            if not CODE_COMMUNE.match(code):
                raise ValidationError(f"« {code} » n'est pas un code de commune : cinq signes, comme 03310.")
        return codes

    def clean_logo(self):
        logo = self.cleaned_data.get("logo")
        return nettoyer_image(logo, cote_max=LOGO_COTE) if isinstance(logo, UploadedFile) else logo


@admin.register(ReglagesPole)
class ReglagesPoleAdmin(admin.ModelAdmin):
    """One row: its list is its form."""

    form = ReglagesPoleForm
    fieldsets = PARTIES

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_object(self, request, object_id, from_field=None):
        """The defaults until they are first saved."""
        return ReglagesPole.actuels() if object_id == "1" else None

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:socle_reglagespole_change", ReglagesPole.actuels().pk)
