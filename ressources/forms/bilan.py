"""What an exchange was worth: hours, euros, kilos, each optional, and with whom."""

from decimal import Decimal

from django import forms

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampEuros
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure


class FormulaireBilan(Formulaire):
    """Every field is optional. `structures`: those to choose « avec » from; None where the other side is known."""

    avec = forms.ModelChoiceField(
        label="Avec quelle structure",
        queryset=Structure.objects.none(),
        required=False,
        empty_label="Aucune de celles-ci",
        error_messages={"invalid_choice": "Choisissez une structure de la liste."},
    )
    avec_libre = champs.ChampTexte(
        label="Ou avec qui d'autre",
        required=False,
        max_length=160,
        help_text="Le nom d'une structure qui n'est pas dans la liste.",
    )
    heures = ChampEuros(
        label="Heures", required=False, unite="h", maximum=Decimal("99999.99"), help_text="Données ou prêtées. Ex. 3,5"
    )
    euros = ChampEuros(
        label="Euros", required=False, help_text="Évités ou payés, à votre estimation. Exemple : 1 250,50"
    )
    kilos = ChampEuros(
        label="Kilos", required=False, unite="kg", maximum=Decimal("999999.99"), help_text="De matériel réemployé."
    )

    def __init__(self, *args, structures=None, **kwargs):
        super().__init__(*args, **kwargs)
        if structures is None:
            del self.fields["avec"], self.fields["avec_libre"]
        else:
            self.fields["avec"].queryset = structures

    def clean(self):
        donnees = super().clean()
        if donnees.get("avec") and donnees.get("avec_libre"):
            self.add_error("avec_libre", "Choisissez une structure ou écrivez un nom, pas les deux.")
        return donnees

    def chiffres(self) -> dict:
        """heures, euros, kilos: arguments of actions.bilan.declarer."""
        return {nom: self.cleaned_data[nom] for nom in ("heures", "euros", "kilos")}

    def valeurs(self) -> dict:
        """All its arguments of actions.bilan.declarer."""
        return {nom: self.cleaned_data[nom] for nom in self.fields if nom in self.cleaned_data}
