"""A short piece of news: a title, 600 characters, a photo with its description."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from newsletter.models import Breve
from newsletter.models.breve import TEXTE_MAX
from ressources.forms.annonce_photo import ALTERNATIVE, en_deux_tailles


class BreveForm(Cle, Formulaire):
    """`breve`: the one being changed; None for a new one, which asks for the structure and a key."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )
    titre = champs.ChampTexte(label="Titre", max_length=100, error_messages={"required": "Donnez un titre."})
    texte = champs.ChampTexte(
        label="Texte",
        max_length=TEXTE_MAX,
        lignes=7,
        help_text=f"{TEXTE_MAX} caractères au plus, espaces compris : quoi, quand, où, pour qui.",
        error_messages={"required": "Écrivez la nouvelle."},
    )
    lien = champs.ChampSite(label="Page pour en savoir plus", required=False)
    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP, 10 Mo au plus. Les indications cachées (lieu, appareil) sont effacées.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alternative = champs.ChampTexte(
        label="Description de la photo", required=False, max_length=200, help_text=ALTERNATIVE
    )
    retirer_photo = forms.BooleanField(label="Retirer la photo", required=False)
    cle = champ_cle()

    def __init__(self, *args, structures=None, breve: Breve | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.breve = breve
        self.fields["texte"].widget.attrs["data-compteur"] = "compte-texte"
        if breve is None:
            au_nom_de(self, structures)
            self.fields["cle"].initial = uuid.uuid4
            del self.fields["retirer_photo"]
        else:
            del self.fields["structure"], self.fields["cle"]
            if not breve.photo:
                del self.fields["retirer_photo"]

    def clean_photo(self):
        fichier = self.cleaned_data["photo"]
        return en_deux_tailles(fichier) if fichier else None

    def clean(self):
        lu = super().clean()
        garde = self.breve is not None and self.breve.photo and not lu.get("retirer_photo")
        if (lu.get("photo") or garde) and not lu.get("alternative") and "alternative" not in self.errors:
            encore = ", puis choisissez-la à nouveau" if lu.get("photo") else ""
            self.add_error("alternative", f"Décrivez la photo en quelques mots{encore}.")
        return lu

    def longueur(self) -> int:
        """Characters of the text as the server counts them: « \\n » between lines, as it is stored."""
        texte = self["texte"].value() or ""
        return len(texte.replace("\r\n", "\n").strip())

    def valeurs(self) -> dict:
        """The news' own fields, once valid: of the photo only what changes."""
        lu = self.cleaned_data
        valeurs = {nom: lu[nom] for nom in ("titre", "texte", "lien")}
        if lu.get("photo"):
            return valeurs | {
                "photo": lu["photo"]["fichier"],
                "vignette": lu["photo"]["vignette"],
                "alternative": lu["alternative"],
            }
        if lu.get("retirer_photo"):
            return valeurs | {"photo": "", "vignette": "", "alternative": ""}
        if self.breve is not None and self.breve.photo:
            return valeurs | {"alternative": lu["alternative"]}
        return valeurs

    @staticmethod
    def initiales(breve: Breve) -> dict:
        return {nom: getattr(breve, nom) for nom in ("titre", "texte", "lien", "alternative")}


class SansChampForm(Formulaire):
    """Only the button."""
