"""Documents of a meeting."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from pole_ess.socle.fichiers import lire
from reunions.models import Document


class DocumentForm(Formulaire):
    titre = champs.ChampTexte(
        label="Titre", required=False, max_length=160, help_text="Par exemple : présentation du diagnostic."
    )
    audience = forms.ChoiceField(
        label="Visible par",
        choices=[(code, nom.capitalize()) for code, nom in Document.Audience.choices],
        initial="membres",
    )
    fichier = forms.FileField(
        label="Document",
        help_text="PDF, ODT, DOCX ou image, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.odt,.docx,image/jpeg,image/png,image/webp"}),
        error_messages={"required": "Choisissez un document.", "max_length": "Ce nom de fichier est trop long."},
    )

    def clean_fichier(self):
        return lire(self.cleaned_data["fichier"])
