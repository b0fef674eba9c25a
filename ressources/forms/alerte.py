"""The saved alert: its name, how often."""

from django import forms

from annuaire.forms.formulaires import Formulaire
from ressources.models import Alerte


class AlerteForm(Formulaire):
    nom = forms.CharField(label="Nom de l'alerte", max_length=120)
    frequence = forms.ChoiceField(
        label="M'écrire", choices=Alerte.Frequence.choices, help_text="Rien n'est envoyé quand il n'y a rien de neuf."
    )


class AlerteModifierForm(AlerteForm):
    active = forms.BooleanField(
        label="Alerte en marche",
        required=False,
        help_text="Décochez pour la mettre en pause. À la reprise, vous recevez ce qui est paru et encore ouvert.",
    )
