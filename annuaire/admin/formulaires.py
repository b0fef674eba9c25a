"""Forms of the admin's own pages."""

from django import forms
from django.utils import timezone

from annuaire.models import Echange


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Raison",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text="Envoyée telle quelle à l'auteur : écrivez-lui comme vous lui parleriez.",
    )


class MotifFacultatifForm(forms.Form):
    motif = forms.CharField(
        label="Raison (facultative)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text="Si vous l'écrivez, elle est envoyée telle quelle à la personne.",
    )


class SansMotifForm(forms.Form):
    """Only the button."""


class ReponseForm(forms.Form):
    reponse = forms.CharField(
        label="Réponse",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text="Envoyée à la personne si elle a laissé une adresse.",
    )


class ReponseRequiseForm(ReponseForm):
    reponse = forms.CharField(
        label="Pourquoi ce signalement reste sans suite",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text="Envoyée à la personne si elle a laissé une adresse.",
    )


class EffacementForm(ReponseForm):
    """A removal request: whom to erase from the sheet, and the answer."""

    nom = forms.CharField(label="Nom de la personne à retirer", required=False, max_length=120)
    courriel = forms.EmailField(label="Son adresse e-mail", required=False)

    field_order = ["nom", "courriel", "reponse"]

    def clean(self):
        donnees = super().clean()
        if not donnees.get("nom") and not donnees.get("courriel"):
            raise forms.ValidationError("Dites qui retirer : un nom, ou une adresse e-mail.")
        return donnees


class NonDoublonForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi ce sont deux structures",
        required=False,
        max_length=200,
        help_text="Pour les collègues. Par exemple : deux antennes, deux associations de la même personne.",
    )


class EchangeForm(forms.Form):
    """One exchange with a structure, written during or right after the call."""

    moyen = forms.ChoiceField(label="Comment", choices=Echange.Moyen.choices, initial=Echange.Moyen.APPEL)
    date = forms.DateField(
        label="Quand",
        initial=timezone.localdate,
        localize=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    interlocuteur = forms.CharField(label="Avec qui", required=False, max_length=120)
    note = forms.CharField(
        label="Ce qui s'est dit", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    confirme = forms.BooleanField(
        label="La fiche est exacte : elle est confirmée à cette date",
        required=False,
        help_text="La fiche dira « vérifiée par téléphone avec l'équipe ». Corrigez-la avant si quelque chose change.",
    )
    prochaine_date = forms.DateField(
        label="Rappeler le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Laissez vide s'il n'y a rien à rappeler.",
    )

    def clean_date(self):
        date = self.cleaned_data["date"]
        if date > timezone.localdate():
            raise forms.ValidationError("Cette date n'est pas encore passée.")
        if date.year < 2000:
            raise forms.ValidationError("Vérifiez l'année.")
        return date

    def clean(self):
        donnees = super().clean()
        if not donnees.get("note") and not donnees.get("confirme") and not donnees.get("prochaine_date"):
            raise forms.ValidationError("Écrivez ce qui s'est dit, une date de rappel, ou confirmez la fiche.")
        prochaine, date = donnees.get("prochaine_date"), donnees.get("date")
        if prochaine and date and not date <= prochaine <= date.replace(year=date.year + 5, day=min(date.day, 28)):
            self.add_error("prochaine_date", "Le rappel vient après l'échange, et dans les cinq ans.")
        return donnees
