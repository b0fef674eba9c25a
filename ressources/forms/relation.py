"""Answering an announcement, writing, saying yes or no, and what it came to."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from ressources.actions.relations import TEXTE_MAX
from ressources.forms.bilan import FormulaireBilan
from ressources.models import MiseEnRelation
from ressources.relations_mots import RAISONS

MOTIF_MAX = 400


def champ_texte(label, *, requis="", lignes=5, aide="", maximum=TEXTE_MAX):
    return champs.ChampTexte(
        label=label,
        lignes=lignes,
        max_length=maximum,
        required=bool(requis),
        help_text=aide,
        error_messages={"required": requis} if requis else None,
    )


class AvecCle(Cle, Formulaire):
    """With the hidden key that makes a retried request write once."""

    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


class ReponseForm(AvecCle):
    """« Je suis intéressé », in the name of one of the person's structures."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )
    texte = champ_texte(
        "Votre message",
        requis="Écrivez quelques mots : qui vous êtes, ce qu'il vous faut, quand.",
        aide="Qui vous êtes, ce qu'il vous faut, quand. Votre adresse e-mail n'est pas montrée.",
    )

    origine = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, structures, origine="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["origine"].initial = origine if origine in MiseEnRelation.Origine.values else ""
        au_nom_de(self, structures)

    def clean_origine(self):
        """Where the person came from: a match, an alert; else the announcement itself."""
        origine = self.cleaned_data["origine"]
        return origine if origine in MiseEnRelation.Origine.values else MiseEnRelation.Origine.ANNONCE

    def valeurs(self) -> dict:
        """Arguments of actions.relations.repondre."""
        return {nom: self.cleaned_data[nom] for nom in ("structure", "texte", "cle", "origine")}


class MessageForm(AvecCle):
    texte = champ_texte("Votre message", requis="Écrivez votre message.", lignes=4)


class AccordForm(AvecCle):
    """« Oui, parlons-en », one click."""


class RefusForm(Formulaire):
    """A polite no: a ready sentence, or one's own."""

    raison = forms.ChoiceField(
        label="La raison",
        choices=RAISONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison.", "invalid_choice": "Choisissez une raison de la liste."},
    )
    precision = champ_texte("Un mot de plus", lignes=3, aide="Envoyé avec la raison.", maximum=MOTIF_MAX)

    def clean(self):
        donnees = super().clean()
        if donnees.get("raison") == "autre" and not donnees.get("precision") and "precision" not in self.errors:
            self.add_error("precision", "Écrivez votre raison : elle est envoyée à la structure.")
        return donnees

    def motif(self) -> str:
        phrase = "" if self.cleaned_data["raison"] == "autre" else dict(RAISONS)[self.cleaned_data["raison"]]
        return " ".join(filter(None, [phrase, self.cleaned_data["precision"]]))


class FinForm(Formulaire):
    precision = champ_texte("Un mot pour l'autre structure", lignes=3, maximum=MOTIF_MAX)

    def motif(self) -> str:
        return self.cleaned_data["precision"]


class ConclusionForm(FormulaireBilan):
    """What it was worth; the announcer may close the announcement at the same time."""

    pourvue = forms.BooleanField(
        label="Fermer aussi l'annonce : elle est pourvue",
        required=False,
        help_text="Celles et ceux qui attendaient encore une réponse seront prévenus.",
    )

    def __init__(self, *args, propose_pourvue, **kwargs):
        super().__init__(*args, **kwargs)
        if not propose_pourvue:
            del self.fields["pourvue"]


class CoordonneesForm(Formulaire):
    oui = forms.BooleanField(label="Montrer mes coordonnées", required=False)


class SignalementForm(Formulaire):
    texte = champ_texte("Que se passe-t-il ?", requis="Dites à l'équipe ce qui ne va pas.", maximum=2000)
    joindre = forms.BooleanField(
        label="Joindre les messages de cette conversation",
        required=False,
        help_text="L'équipe du pôle ne lit pas vos conversations. Elle ne lira celle-ci que si vous la joignez.",
    )


class ParLienForm(AvecCle, RefusForm):
    """The page of a mailed link, for a structure without an account: write, or say no."""

    texte = champ_texte("Votre message", requis="Écrivez votre message.", lignes=4)
    acte = forms.ChoiceField(choices=[("ecrire", ""), ("decliner", "")], widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        """Each button has its own field to fill."""
        super().__init__(*args, **kwargs)
        decline = self.data.get("acte") == "decliner"
        self.fields["texte"].required, self.fields["raison"].required = not decline, decline


class SuitesForm(FormulaireBilan):
    """« Qu'est-ce que ça a donné ? »"""

    suite = forms.ChoiceField(
        label="Qu'est-ce que ça a donné ?",
        choices=[
            ("fait", "C'est fait : l'échange a eu lieu"),
            ("encore", "C'est encore en cours"),
            ("non", "Cela ne s'est pas fait"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une des réponses."},
    )
    field_order = ["suite", "heures", "euros", "kilos"]
