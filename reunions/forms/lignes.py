"""Several short texts at once: one per line, as people paste them."""

import re

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms import champs

RANGS = [(str(rang), str(rang)) for rang in range(400)]
PUCE = re.compile(r"^\s*(?:[-–—•*·▪]|\d{1,3}[.)])(?:\s+|$)")


class ChampLignes(champs.ChampTexte):
    """A list of texts: bullets and numbers of a pasted list are dropped, repeats too whatever their case."""

    def __init__(self, *, lignes_max: int, longueur_max: int, rangs: int = 6, **kwargs):
        self.lignes_max, self.longueur_max = lignes_max, longueur_max
        super().__init__(lignes=rangs, max_length=(longueur_max + 8) * lignes_max, **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        textes = {}
        for ligne in super().clean(value).split("\n"):
            texte = " ".join(PUCE.sub("", ligne).split())
            if len(texte) > self.longueur_max:
                raise ValidationError(
                    f"« {texte[:40]}… » fait {len(texte)} caractères : {self.longueur_max} au plus par ligne.",
                    code="longue",
                )
            if texte:
                textes.setdefault(texte.casefold(), texte)
        if len(textes) > self.lignes_max:
            raise ValidationError(f"{len(textes)} lignes : {self.lignes_max} au plus en une fois.", code="trop")
        if self.required and not textes:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(textes.values())


class GesteForm(forms.Form):
    """The buttons of a list: which act, on which line, where the person saw it (-1: not said)."""

    geste = forms.ChoiceField()
    ligne = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    rang = forms.TypedChoiceField(choices=RANGS, required=False, coerce=int, empty_value=-1)

    def __init__(self, *args, gestes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["geste"].choices = [(geste, geste) for geste in gestes]
