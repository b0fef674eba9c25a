"""What to count: a period, a nature, a commune."""

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from ressources.natures import PROFILS
from ressources.statistiques import annees, choisir
from ressources.statistiques.periode import DOUZE_MOIS


class ChiffresForm(Formulaire):
    """All optional: what is missing or wrong is as not asked, and said."""

    periode = forms.ChoiceField(label="Période", required=False)
    nature = forms.ChoiceField(
        label="Quoi",
        required=False,
        choices=[("", "Tout"), *[(nature.value, profil.pluriel) for nature, profil in PROFILS.items()]],
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    commune = champs.ChampCommune(label="Où", required=False, max_length=100)

    def __init__(self, *args, premiere=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.le = timezone.localdate()
        ans = [(str(annee), f"Année {annee}") for annee in annees(premiere, self.le)]
        self.fields["periode"].choices = [(DOUZE_MOIS, "Les 12 derniers mois"), *ans]
        self.fields["periode"].error_messages["invalid_choice"] = (
            "Cette période n'existe pas : voici les 12 derniers mois."
        )

    def choix(self) -> dict:
        """periode, nature, commune: what is counted."""
        lues = {}
        if self.is_bound:
            self.is_valid()
            lues = self.cleaned_data  # what was wrong is not in it
        return {
            "periode": choisir(lues.get("periode", ""), self.le),
            "nature": lues.get("nature", ""),
            "commune": lues.get("commune"),
        }

    @property
    def nature_en_clair(self) -> str:
        """« tout », or the nature that is counted."""
        nature = self.choix()["nature"]
        return PROFILS[nature].pluriel if nature else "tout"
