"""Putting away a group of unmet demands."""

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms.formulaires import Formulaire


class RangerForm(Formulaire):
    cles = forms.CharField(max_length=5000, widget=forms.HiddenInput)

    def clean_cles(self) -> list[int]:
        mots = self.cleaned_data["cles"].split(",")
        if not all(mot.isascii() and mot.isdigit() and len(mot) < 16 for mot in mots):
            raise ValidationError("Ce groupe n'est pas reconnu : rechargez la page.")
        return [int(mot) for mot in mots]
