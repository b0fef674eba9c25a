"""What the staff types to make the list, and to check people in."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.cle import CLE
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


class ReponseNoteeForm(Formulaire):
    """What somebody told the staff; `vue`: the answer that the page showed."""

    CHOIX = [("present", "Vient"), ("excuse", "S'excuse"), ("represente", "Se fait représenter")]

    reponse = forms.ChoiceField(
        label="Sa réponse",
        choices=CHOIX,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qui a été répondu.", "invalid_choice": "Choisissez une des réponses."},
    )
    represente_par = champs.ChampTexte(
        label="Qui représente cette personne ?",
        required=False,
        max_length=160,
        help_text="Son nom, si la personne se fait représenter.",
    )
    moyen = forms.ChoiceField(
        label="Comment l'avez-vous appris ?",
        choices=[(moyen, mots[:1].upper() + mots[1:]) for moyen, mots in Participation.Moyen.choices if moyen],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites comment vous l'avez appris.",
            "invalid_choice": "Choisissez dans la liste comment vous l'avez appris.",
        },
    )
    vue = forms.ChoiceField(
        choices=Participation.Reponse.choices,
        widget=forms.HiddenInput,
        error_messages={"required": CLE["required"], "invalid_choice": CLE["invalid"]},
    )

    def __init__(self, *args, participation, **kwargs):
        attente = participation.reponse == Participation.Reponse.ATTENTE
        initial = {
            "reponse": "present" if attente else participation.reponse,
            "represente_par": participation.represente_par,
            "moyen": participation.reponse_moyen or "telephone",
            "vue": participation.reponse,
        }
        super().__init__(*args, initial=initial, **kwargs)

    def revoir(self, reponse) -> None:
        """The person was told of another answer: sent again, theirs replaces it."""
        self.data = self.data.copy()
        self.data["vue"] = reponse


class AccueilForm(AvecCle):
    nom = champs.ChampTexte(label="Nom", max_length=120, error_messages={"required": "Écrivez son nom."})
    structure = champs.ChampTexte(
        label="Au nom de", required=False, max_length=200, help_text="Le nom de sa structure, si elle en a une."
    )
