"""Forms of the staff's own pages in the admin."""

import re
from pathlib import PurePath

from django import forms
from django.conf import settings
from django.utils import timezone


class SansChampForm(forms.Form):
    """Only the button."""


class DetailForm(forms.Form):
    detail = forms.CharField(
        label="Pourquoi",
        max_length=300,
        required=False,
        help_text="Pour les collègues. Par exemple : a écrit qu'elle reçoit tout en double.",
    )


class AjoutForm(forms.Form):
    courriel = forms.EmailField(label="Adresse e-mail", max_length=254)


class ImportAbonnesForm(forms.Form):
    """A list and the proof that its people agreed. `trop_lourd`: the upload was stopped while it streamed."""

    fichier = forms.FileField(
        label="Liste d'adresses",
        help_text="CSV ou Excel (.xlsx), une adresse par ligne, dans une colonne nommée « e-mail ».",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        max_length=200,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    preuve = forms.CharField(
        label="Preuve du consentement",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Où, comment et avec quels mots ces personnes ont dit oui, et où la preuve est gardée. Par exemple : "
        "feuille signée au forum de mars, case « je veux la lettre », classeur du bureau.",
        error_messages={"required": "Dites comment ces personnes ont dit oui : sans preuve, on ne leur écrit pas."},
    )
    consenti_le = forms.DateField(
        label="Elles ont dit oui au plus tard le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Donnez la date.", "invalid": "Écrivez la date comme 31/01/2026."},
    )

    def __init__(self, *args, trop_lourd: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if trop_lourd:
            mo = settings.FICHIER_MAX_OCTETS // (1024 * 1024)
            self.fields["fichier"].error_messages["required"] = f"Ce fichier est trop lourd : {mo} Mo au plus."

    def clean_fichier(self):
        """A name that is safe to show and to keep."""
        fichier = self.cleaned_data["fichier"]
        fichier.name = re.sub(r"[\x00-\x1f\x7f]", "", PurePath(fichier.name).name) or "liste"
        return fichier

    def clean_consenti_le(self):
        """Three years without a sign and people are asked again: an older list cannot be a proof."""
        date = self.cleaned_data["consenti_le"]
        if date > timezone.localdate():
            raise forms.ValidationError("Cette date n'est pas encore passée.")
        if (timezone.localdate() - date).days > 3 * 365:
            raise forms.ValidationError("Plus de trois ans : demandez de nouveau leur accord à ces personnes.")
        return date
