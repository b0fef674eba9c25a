"""Photos of an announcement: re-encoded, each with its description."""

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from pole_ess.socle.images import nettoyer_image

ALTERNATIVE = (
    "Dites ce qu'on y voit à quelqu'un qui ne la voit pas, sans « photo de ». "
    "Par exemple : vingt chaises pliantes en bois, empilées contre un mur."
)
VIGNETTE_COTE = 480


def en_deux_tailles(fichier) -> dict:
    """The photo and its card's picture, both fresh WebP files. Raises ValidationError."""
    photo = nettoyer_image(fichier)
    return {"fichier": photo, "vignette": nettoyer_image(photo, cote_max=VIGNETTE_COTE)}


class PhotoAnnonceForm(Formulaire):
    """A new photo; cleaned_data["fichier"] is what actions.photos.ajouter takes as `images`."""

    fichier = forms.FileField(
        label="Photo",
        help_text="JPEG, PNG ou WebP, 10 Mo au plus. Les indications cachées (lieu, appareil) sont effacées.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": "Choisissez une photo."},
    )
    alternative = champs.ChampTexte(label="Description de l'image", max_length=200, help_text=ALTERNATIVE)

    def clean_fichier(self):
        return en_deux_tailles(self.cleaned_data["fichier"])


class DescriptionPhotoForm(Formulaire):
    alternative = champs.ChampTexte(label="Description de l'image", max_length=200, help_text=ALTERNATIVE)


class AnnoncePhotoMixin:
    """The first photo in the announcement's own form: `photo` and `photo_alternative`, both or none."""

    def clean_photo(self):
        fichier = self.cleaned_data["photo"]
        return en_deux_tailles(fichier) if fichier else None

    def clean(self):
        donnees = super().clean()
        if donnees.get("photo") and not donnees.get("photo_alternative") and "photo_alternative" not in self.errors:
            self.add_error(
                "photo_alternative",
                ValidationError(
                    "Décrivez la photo en quelques mots, puis choisissez-la à nouveau.", code="alternative"
                ),
            )
            donnees.pop("photo")
        return donnees

    @property
    def premiere_photo(self) -> dict | None:
        """What actions.photos.ajouter takes, once the form was read; None without a photo."""
        images = self.cleaned_data.get("photo")
        alternative = self.cleaned_data.get("photo_alternative")
        return {"images": images, "alternative": alternative} if images and alternative else None
