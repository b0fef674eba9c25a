"""The form that writes to a structure."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import FormulairePublic


class EcrireForm(FormulairePublic):
    """A message to a structure. `cle` makes a retried request act once."""

    nom = champs.ChampTexte(
        label="Votre nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Dites qui vous êtes : votre nom ou celui de votre structure."},
    )
    courriel = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        help_text="La réponse vous arrivera à cette adresse. Exemple : prenom@example.org",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Donnez votre adresse e-mail : sans elle, personne ne peut vous répondre.",
        },
    )
    texte = champs.ChampTexte(
        label="Votre message",
        max_length=4000,
        help_text="Dites ce que vous cherchez ou proposez, et quand vous êtes joignable.",
        lignes=8,
        error_messages={"required": "Écrivez votre message."},
    )
    cle = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Ce formulaire était incomplet. Relisez votre message et envoyez-le de nouveau.",
            "invalid": "Ce formulaire était abîmé. Relisez votre message et envoyez-le de nouveau.",
        },
    )

    @classmethod
    def vierge(cls, utilisateur) -> "EcrireForm":
        """A new form with a new key, filled with what is known of the reader."""
        initial = {"cle": uuid.uuid4()}
        if utilisateur.is_authenticated:
            initial |= {"nom": utilisateur.nom, "courriel": utilisateur.email}
        return cls(initial=initial)

    def renouveler_cle(self) -> None:
        """Give the form that is shown again a new key: what it will send is another message."""
        self.data = self.data.copy()
        self.data["cle"] = str(uuid.uuid4())
