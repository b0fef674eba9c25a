"""The look and manners of every form of the directory."""

from django import forms
from django.core.exceptions import ValidationError

MESSAGES = {
    "max_length": "Ce texte fait %(show_value)d caractères : %(limit_value)d au plus. Raccourcissez-le.",
    "null_characters_not_allowed": "Ce texte contient un caractère invisible qui ne s'enregistre pas : retapez-le.",
}
TIRETS = "---------"  # what Django shows, and a screen reader spells, for « nothing chosen »
ADRESSE_INCOMPLETE = "Cette adresse e-mail n'est pas complète. Exemple : prenom@example.org"


class Formulaire(forms.Form):
    """Label above, help before the field, errors tied to it: templates/annuaire/_champ.html draws each field.

    `fichiers_trop_lourds` (set by the upload handler on the request) turns a dropped file into its error.
    """

    def __init__(self, *args, fichiers_trop_lourds=(), **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fichiers_trop_lourds = set(fichiers_trop_lourds or ())
        for champ in self.fields.values():
            habiller(champ)

    def clean(self):
        for nom in self.fichiers_trop_lourds & set(self.fields):
            self._errors.pop(nom, None)
            self.add_error(nom, "Ce fichier est trop lourd : il n'a pas été gardé. Le reste de votre saisie l'est.")
        return super().clean()


def dire_en_clair(champ):
    """Our words for what Django says of text and of e-mail addresses (« adresse de courriel »)."""
    if isinstance(champ, forms.CharField):
        champ.error_messages |= MESSAGES
    if isinstance(champ, forms.EmailField):
        champ.error_messages.setdefault("invalid", ADRESSE_INCOMPLETE)


def habiller(champ):
    """The look of a field; a form that makes its fields as it opens calls it for them."""
    dire_en_clair(champ)
    if isinstance(champ, forms.ModelChoiceField) and champ.empty_label == TIRETS:
        champ.empty_label = "Choisissez"
    widget = champ.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        classe = "form-check-input"
    elif isinstance(widget, forms.Select):
        classe = "form-select"
    else:
        classe = "form-control"
    widget.attrs["class"] = f"{widget.attrs.get('class', '')} {classe}".strip()


class FormulairePublic(Formulaire):
    """A form open to visitors, with a trap for robots.

    The trap is a field that people do not see (templates/annuaire/_piege.html). A robot that fills it is
    refused; should a browser fill it by itself, its person reads why and nothing typed is lost.
    """

    piege = forms.CharField(
        label="Laissez cette case vide",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_piege(self):
        if self.cleaned_data["piege"]:
            raise ValidationError("Laissez cette case vide : elle sert à arrêter les robots.", code="piege")
        return ""

    def champs_montres(self):
        """The visible fields but the trap, which the template places apart."""
        return [champ for champ in self.visible_fields() if champ.name != "piege"]
