"""The year of a bilan, which exchanges to list, whether its totals are shown to all."""

from django import forms
from django.utils import timezone

from annuaire.forms.formulaires import Formulaire
from ressources.statistiques import annees


class AnneeForm(Formulaire):
    """Staff: the year to show; what is wrong means the present one, and is said."""

    annee = forms.ChoiceField(label="Année", required=False)

    def __init__(self, *args, premiere=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.le = timezone.localdate()
        self.fields["annee"].choices = [(str(annee), str(annee)) for annee in annees(premiere, self.le)]
        self.fields["annee"].error_messages["invalid_choice"] = f"Cette année n'existe pas : voici {self.le.year}."

    def annee_choisie(self) -> int:
        lue = self.cleaned_data.get("annee") if self.is_bound and self.is_valid() else ""
        return int(lue or self.le.year)


class MontrerForm(Formulaire):
    oui = forms.BooleanField(
        label="Montrer nos totaux sur notre fiche publique",
        required=False,
        help_text="Ceux de la dernière année finie, chacun avec sa base. Jamais le détail, ni le nom d'une autre "
        "structure, ni un chiffre qui repose sur trop peu d'échanges.",
    )
