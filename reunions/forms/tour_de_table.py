"""A turn of the round table: who speaks, and priorities, one per line."""

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire

from .lignes import ChampLignes


class TourForm(Formulaire):
    libelle = champs.ChampTexte(
        label="Qui parle",
        max_length=200,
        error_messages={"required": "Dites qui parle."},
    )
    priorites = ChampLignes(
        label="Ses priorités à court terme, une par ligne",
        required=False,
        lignes_max=12,
        longueur_max=500,
        rangs=3,
    )


class AjoutTourForm(Formulaire):
    libelle = champs.ChampTexte(
        label="Ajouter quelqu'un",
        max_length=200,
        help_text="Une personne ou une structure qui n'est pas sur la feuille de présence.",
        error_messages={"required": "Dites qui parle."},
    )
