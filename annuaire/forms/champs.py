"""Fields that strangers fill: one line stays one line, pasted text counts as the browser counts it."""

import re

from django import forms
from django.core.exceptions import ValidationError

CONTROLES = re.compile(r"[\x01-\x08\x0b-\x1f\x7f\u2028\u2029]")

MESSAGES = {
    "max_length": "Ce texte fait %(show_value)d caractères : %(limit_value)d au plus. Raccourcissez-le.",
    "null_characters_not_allowed": "Ce texte contient un caractère invisible qui ne s'enregistre pas : retapez-le.",
}


class LigneField(forms.CharField):
    """One line: line breaks, tabs and other control characters become spaces (no header injection in a mail)."""

    def to_python(self, value):
        texte = super().to_python(value)
        return " ".join(CONTROLES.sub(" ", texte).split())


class TexteField(forms.CharField):
    """Several lines, with « \\n » between them: browsers send two characters where `maxlength` counts one."""

    widget = forms.Textarea

    def to_python(self, value):
        texte = super().to_python(value)
        return CONTROLES.sub("", texte.replace("\r\n", "\n").replace("\r", "\n"))


class FormulairePublic(forms.Form):
    """A form open to visitors: plain widgets of the portal, and a trap for robots.

    The trap is a field that people do not see. A robot that fills it is refused; should a browser fill it by
    itself, its person reads why and nothing typed is lost.
    """

    use_required_attribute = False
    piege = forms.CharField(
        label="Laissez cette case vide",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.widget.attrs.setdefault("class", "form-control")
            if isinstance(champ, forms.CharField):
                champ.error_messages |= MESSAGES

    def clean_piege(self):
        if self.cleaned_data["piege"]:
            raise ValidationError("Laissez cette case vide : elle sert à arrêter les robots.", code="piege")
        return ""

    def champs_montres(self):
        """The visible fields but the trap, which the template places apart."""
        return [champ for champ in self.visible_fields() if champ.name != "piege"]
