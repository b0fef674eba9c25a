"""Giving a calendar file, then agreeing to what it would do."""

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms.cle import au_nom_de
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from reunions.imports.ics import OCTETS_MAX


class _PourStructure(Formulaire):
    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        au_nom_de(self, structures)


class FichierIcsForm(_PourStructure):
    fichier = forms.FileField(
        label="Fichier de calendrier (.ics)",
        help_text="Dans votre agenda, cherchez « exporter ». 300 Ko et 300 événements au plus.",
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        error_messages={"required": "Choisissez un fichier.", "max_length": "Ce nom de fichier est trop long."},
    )

    def clean_fichier(self):
        """Its text."""
        fichier = self.cleaned_data["fichier"]
        if fichier.size > OCTETS_MAX:
            raise ValidationError("Ce calendrier est trop lourd : 300 Ko au plus.", code="trop_lourd")
        octets = fichier.read()
        try:
            return octets.decode("utf-8-sig").replace("\x00", "")
        except UnicodeDecodeError:
            return octets.decode("latin-1").replace("\x00", "")


class ImporterIcsForm(_PourStructure):
    """What was previewed, sent back with the agreement; strip would eat what iCalendar folds with."""

    texte = forms.CharField(max_length=OCTETS_MAX, strip=False, widget=forms.HiddenInput)
