"""Files of an announcement, for members."""

from django import forms

from annuaire.forms.formulaires import Formulaire
from pole_ess.socle.fichiers import lire
from ressources.models import FichierAnnonce


class FichierForm(Formulaire):
    genre = forms.ChoiceField(label="C'est", choices=FichierAnnonce.Genre.choices)
    fichier = forms.FileField(
        label="Document",
        help_text="PDF, ODT, DOCX ou image, 10 Mo au plus. Seules les personnes qui ont un compte le voient.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.odt,.docx,image/jpeg,image/png,image/webp"}),
        error_messages={"required": "Choisissez un document.", "max_length": "Ce nom de fichier est trop long."},
    )

    def clean_fichier(self):
        return lire(self.cleaned_data["fichier"])
