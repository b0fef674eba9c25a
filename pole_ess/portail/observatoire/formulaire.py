"""Which year is shown."""

from django import forms

from annuaire.forms.formulaires import Formulaire

TOUTES = "toutes"


class AnneeForm(Formulaire):
    """What is missing or wrong means the present year, and is said."""

    annee = forms.ChoiceField(label="Année", required=False)

    def __init__(self, *args, annees, **kwargs):
        super().__init__(*args, **kwargs)
        self.annees = annees
        choix = [(str(annees[0]), f"{annees[0]} (en cours)"), *((str(annee), str(annee)) for annee in annees[1:])]
        self.fields["annee"].choices = [*choix, (TOUTES, "Toutes les années")]
        self.fields["annee"].error_messages["invalid_choice"] = (
            f"Il n'y a pas de chiffres pour cette année : voici {annees[0]}."
        )

    def choix(self) -> int | None:
        """The year; None for all of them."""
        lue = self.cleaned_data.get("annee", "") if self.is_bound and self.is_valid() else ""
        if lue == TOUTES:
            return None
        return int(lue) if lue else self.annees[0]
