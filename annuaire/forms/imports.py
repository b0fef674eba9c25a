"""The file that staff bring in."""

import re
from pathlib import PurePath

from django import forms
from django.conf import settings


class ImportForm(forms.Form):
    """A file and how to read it. `trop_lourd`: the upload was stopped while it streamed."""

    fichier = forms.FileField(
        label="Fichier de structures",
        help_text="CSV ou Excel (.xlsx), une structure par ligne, les noms des colonnes en première ligne.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        max_length=200,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    source = forms.CharField(
        label="Nom de la liste",
        max_length=40,
        help_text="Le même à chaque envoi de cette liste : c'est ainsi que le portail reconnaît les structures qu'il a "
        "déjà reçues d'elle. Par exemple « rna-allier ».",
    )
    publier = forms.BooleanField(label="Publier tout de suite les nouvelles fiches", required=False, initial=True)
    tout_ou_rien = forms.BooleanField(
        label="Tout ou rien : ne rien écrire si une seule ligne est rejetée", required=False
    )

    def __init__(self, *args, trop_lourd: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if trop_lourd:
            mo = settings.FICHIER_MAX_OCTETS // (1024 * 1024)
            self.fields["fichier"].error_messages["required"] = f"Ce fichier est trop lourd : {mo} Mo au plus."

    def clean_source(self):
        source = " ".join(self.cleaned_data["source"].split())
        if source in {"demonstration", "proposition"}:
            raise forms.ValidationError("Ce nom est réservé par le portail : choisissez-en un autre.")
        return source

    def clean_fichier(self):
        """A name that is safe to show and to keep."""
        fichier = self.cleaned_data["fichier"]
        fichier.name = re.sub(r"[\x00-\x1f\x7f]", "", PurePath(fichier.name).name) or "liste"
        return fichier
