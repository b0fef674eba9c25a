"""The key that makes a retried request act once, and the structure in whose name a person acts."""

import uuid

from django import forms

CLE = {
    "required": "Ce formulaire était incomplet : relisez-le et envoyez-le de nouveau.",
    "invalid": "Ce formulaire était abîmé : relisez-le et envoyez-le de nouveau.",
}


def champ_cle():
    """The hidden key that makes a retried request act once."""
    return forms.UUIDField(widget=forms.HiddenInput, error_messages=CLE)


def au_nom_de(form, structures) -> None:
    """The structure in whose name the person acts: nothing to choose when there is one."""
    champ = form.fields["structure"]
    champ.queryset = structures
    seule = list(structures[:2])
    form.seule_structure = seule[0] if len(seule) == 1 else None
    if form.seule_structure:
        champ.initial = form.seule_structure.pk
        champ.widget = forms.HiddenInput()


class Cle:
    """What forms that create share: a new key when the one sent has served or was damaged."""

    def renouveler_cle(self) -> None:
        self.data = self.data.copy()
        self.data["cle"] = str(uuid.uuid4())
