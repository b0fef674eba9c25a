import datetime

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire


class ContactForm(Formulaire):
    """A named person. Nothing of them is public without their dated word (RGPD)."""

    nom = champs.ChampTexte(label="Nom de la personne", max_length=120)
    fonction = champs.ChampTexte(
        label="Fonction", max_length=120, required=False, help_text="Par exemple : coordinatrice, trésorier."
    )
    telephone = champs.ChampTelephone(label="Téléphone", required=False)
    courriel = forms.EmailField(label="Adresse e-mail", required=False)
    nom_public = forms.BooleanField(label="Son nom et sa fonction sont publics", required=False)
    telephone_public = forms.BooleanField(label="Son téléphone est public", required=False)
    courriel_public = forms.BooleanField(label="Son adresse e-mail est publique", required=False)
    consentement_le = forms.DateField(
        label="Accord donné le",
        required=False,
        input_formats=["%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"],
        help_text="Par exemple : 26/03/2014. Demandé dès qu'une case « public » est cochée.",
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Écrivez une date comme 26/03/2014."},
    )
    consentement_source = champs.ChampTexte(
        label="Accord donné comment",
        max_length=200,
        required=False,
        help_text="Par exemple : de vive voix, par e-mail.",
    )

    def clean(self):
        donnees = super().clean()
        publics = [nom for nom in ("telephone", "courriel") if donnees.get(f"{nom}_public")]
        for nom in publics:
            if not donnees.get(nom) and nom not in self.errors:
                self.add_error(nom, "Écrivez la coordonnée à rendre publique, ou décochez la case.")
        if publics and not donnees.get("nom_public"):
            self.add_error("nom_public", "Une coordonnée publique va avec un nom public : cochez cette case aussi.")
        if publics or donnees.get("nom_public"):
            if not donnees.get("consentement_le") and "consentement_le" not in self.errors:
                self.add_error("consentement_le", "Écrivez quand la personne a donné son accord.")
            if not donnees.get("consentement_source"):
                self.add_error("consentement_source", "Écrivez comment la personne a donné son accord.")
        date = donnees.get("consentement_le")
        if date and not datetime.date(1990, 1, 1) <= date <= timezone.localdate():
            self.add_error("consentement_le", "Cette date n'est pas possible : elle est trop ancienne ou à venir.")
        return donnees
