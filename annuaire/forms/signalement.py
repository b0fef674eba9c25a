"""The two forms at the foot of a sheet: an error to report, data to remove."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import FormulairePublic
from annuaire.models import Signalement


class ErreurForm(FormulairePublic):
    """What is wrong on the sheet; who says so is optional."""

    genre = Signalement.Genre.ERREUR
    texte = champs.ChampTexte(
        label="Qu'est-ce qui est faux ou manque ?",
        max_length=2000,
        help_text="Par exemple : « Le téléphone a changé », « La structure n'existe plus depuis mars ».",
        lignes=6,
        error_messages={"required": "Dites ce qui est faux : l'équipe ne peut pas le deviner."},
    )
    nom = champs.ChampTexte(
        label="Votre nom", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    courriel = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        required=False,
        help_text="Si vous voulez savoir ce que l'équipe en a fait.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class RetraitForm(FormulairePublic):
    """A person who wants what concerns them to be removed."""

    genre = Signalement.Genre.RETRAIT
    nom = champs.ChampTexte(
        label="Votre nom",
        max_length=120,
        help_text="Tel qu'il est écrit sur la fiche, s'il y est.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Donnez votre nom : il sert à retrouver ce qui vous concerne."},
    )
    courriel = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        help_text="Elle sert à vous reconnaître et à vous répondre, à rien d'autre.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Donnez votre adresse e-mail : la réponse y arrivera.",
        },
    )
    texte = champs.ChampTexte(
        label="Ce que vous voulez faire retirer",
        max_length=2000,
        required=False,
        help_text="Votre nom, un téléphone, une photo… Sans précision, tout ce qui vous concerne.",
        lignes=4,
    )
