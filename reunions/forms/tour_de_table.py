"""A turn of the round table: who speaks, and priorities, one per line."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from reunions.actions.tour_de_table import empreinte

from .lignes import ChampLignes

LIGNES = {"required": False, "lignes_max": 12, "longueur_max": 500}


class AvecVue(Formulaire):
    """A form that says which priorities it showed, so that two people who type at once are told of it."""

    vue = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("vue", empreinte(self.initial.get("priorites", [])))

    def revoir(self, textes) -> None:
        """The person has been told of `textes`: sent again, what they typed replaces them."""
        self.data = self.data.copy()
        self.data["vue"] = empreinte(textes)


class TourForm(AvecVue):
    libelle = champs.ChampTexte(
        label="Qui parle",
        max_length=200,
        error_messages={"required": "Dites qui parle."},
    )
    priorites = ChampLignes(label="Ses priorités à court terme, une par ligne", rangs=3, **LIGNES)


class PrioritesForm(AvecVue):
    """What a person types in their own turn."""

    priorites = ChampLignes(
        label="Vos priorités à court terme, une par ligne",
        rangs=5,
        help_text="Ce que votre structure veut faire bientôt : une, plusieurs, ou aucune. 12 lignes au plus.",
        **LIGNES,
    )


class AjoutTourForm(Formulaire):
    libelle = champs.ChampTexte(
        label="Ajouter quelqu'un",
        max_length=200,
        help_text="Une personne ou une structure qui n'est pas sur la feuille de présence.",
        error_messages={"required": "Dites qui parle."},
    )
