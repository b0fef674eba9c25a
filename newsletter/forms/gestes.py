"""Acting from a letter: a message, a name."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire

TEXTE_MAX = 3000


class EcrireForm(Cle, Formulaire):
    """« Je peux aider », from somebody who answers for no structure."""

    nom = champs.ChampTexte(label="Votre nom", max_length=120, error_messages={"required": "Dites qui vous êtes."})
    texte = champs.ChampTexte(
        label="Votre message",
        lignes=5,
        max_length=TEXTE_MAX,
        help_text="Ce que vous pouvez faire, quand. La réponse viendra à votre adresse e-mail.",
        error_messages={"required": "Écrivez quelques mots."},
    )
    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


class VenirForm(Formulaire):
    """« Je viens », from somebody without an account."""

    nom = champs.ChampTexte(label="Votre nom", max_length=120, error_messages={"required": "Dites qui vient."})
    libelle = champs.ChampTexte(label="Structure", required=False, max_length=160)


class SansPrecisionForm(Formulaire):
    """A button."""


class MienneForm(forms.Form):
    """The buttons of « vos annonces »: what, about which; « pourvue » is asked for by GET, and confirmed."""

    geste = forms.ChoiceField(choices=[(nom, nom) for nom in ("pourvue", "valable", "exacte")])
    pk = forms.IntegerField(min_value=1, max_value=2**63 - 1)
