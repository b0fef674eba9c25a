"""What the staff types to make the list, and to check people in."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from reunions.models import Participation

from .reponse import AvecCle


class ListeForm(Formulaire):
    texte = champs.ChampTexte(
        label="Votre liste",
        lignes=8,
        max_length=60_000,
        help_text="Une personne par ligne : nom, adresse e-mail, puis au nom de qui elle vient. "
        "Exemple : Camille Durand, camille@example.org, Les Amis du pont. 500 lignes au plus.",
        error_messages={"required": "Collez au moins une ligne."},
    )


class PresenceForm(forms.Form):
    """One tap: the person, the state noted, and the one that the page showed."""

    pk = forms.IntegerField(min_value=1, max_value=2**62)
    presence = forms.ChoiceField(choices=Participation.Presence.choices)
    vue = forms.ChoiceField(choices=Participation.Presence.choices)


class AccueilForm(AvecCle):
    nom = champs.ChampTexte(label="Nom", max_length=120, error_messages={"required": "Écrivez son nom."})
    structure = champs.ChampTexte(
        label="Au nom de", required=False, max_length=200, help_text="Le nom de sa structure, si elle en a une."
    )
