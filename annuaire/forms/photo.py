from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from pole_ess.socle.images import nettoyer_image

ALTERNATIVE = "Ce qu'on y voit, pour qui ne la voit pas. Par exemple : trois personnes devant l'atelier de vélos."


class PhotoForm(Formulaire):
    """A new photo, re-encoded, with its description."""

    fichier = forms.FileField(
        label="Photo",
        help_text="JPEG, PNG ou WebP, 10 Mo au plus. Les indications cachées (lieu, appareil) sont effacées.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": "Choisissez une photo."},
    )
    alternative = champs.ChampTexte(label="Description de l'image", max_length=200, help_text=ALTERNATIVE)

    def clean_fichier(self):
        return nettoyer_image(self.cleaned_data["fichier"])


class DescriptionForm(Formulaire):
    alternative = champs.ChampTexte(label="Description de l'image", max_length=200, help_text=ALTERNATIVE)
