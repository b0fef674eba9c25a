"""Asking for dates, and answering: one question per date."""

import uuid
from datetime import datetime

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampHeure, ChampJour
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire, FormulairePublic
from reunions.actions.sondages import DATES_MAX
from reunions.models import ChoixDate
from reunions.templatetags.rencontres import quand

FUSEAU = timezone.get_default_timezone()
MONTREES = 6


class SondageForm(Cle, Formulaire):
    """A title and up to DATES_MAX dates; empty lines are left out."""

    titre = champs.ChampTexte(
        label="Titre",
        max_length=160,
        help_text="Par exemple : Quelle date pour la visite du fournil ?",
        error_messages={"required": "Donnez un titre au sondage."},
    )
    precisions = champs.ChampTexte(
        label="Précisions", required=False, max_length=2000, lignes=3, help_text="Le lieu prévu, la durée, pour quoi."
    )
    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4
        donnees = self.data or {}
        self.nombre = DATES_MAX if any(donnees.get(f"jour_{n}") for n in range(MONTREES, DATES_MAX)) else MONTREES
        for rang in range(DATES_MAX):
            for nom, champ in (
                ("jour", ChampJour(label="Jour", required=False)),
                ("heure", ChampHeure(label="De", required=False)),
                ("fin", ChampHeure(label="À", required=False)),
            ):
                champ.widget.attrs["class"] = "form-control"
                self.fields[f"{nom}_{rang}"] = champ

    @property
    def lignes(self) -> list:
        """(rank, its three fields) of the dates, those shown at first and the others."""
        return [(n + 1, [self[f"{nom}_{n}"] for nom in ("jour", "heure", "fin")]) for n in range(DATES_MAX)]

    def clean(self):
        donnees = super().clean()
        dates = {}
        for rang in range(DATES_MAX):
            jour, heure, fin = (donnees.get(f"{nom}_{rang}") for nom in ("jour", "heure", "fin"))
            if any(f"{nom}_{rang}" in self.errors for nom in ("jour", "heure", "fin")):
                continue
            if not jour:
                if heure or fin:
                    self.add_error(f"jour_{rang}", "Donnez le jour.")
                continue
            if not heure:
                self.add_error(f"heure_{rang}", "Donnez l'heure.")
                continue
            debut = datetime.combine(jour, heure, FUSEAU)
            arret = datetime.combine(jour, fin, FUSEAU) if fin else None
            if debut < timezone.now():
                self.add_error(f"jour_{rang}", "Cette date est passée.")
            elif arret and arret <= debut:
                self.add_error(f"fin_{rang}", "La fin vient avant le début.")
            elif debut in dates:
                self.add_error(f"jour_{rang}", "Cette date est déjà proposée.")
            else:
                dates[debut] = arret
        donnees["dates"] = sorted(dates.items())
        if len(dates) < 2 and not any(nom.startswith(("jour", "heure", "fin")) for nom in self.errors):
            self.add_error(None, "Proposez au moins deux dates.")
        return donnees


class ReponseForm(Cle, FormulairePublic):
    """A name, and three choices for each date."""

    nom = champs.ChampTexte(
        label="Votre nom, ou celui de votre structure",
        max_length=120,
        help_text="Les personnes qui ont le lien du sondage le liront.",
        error_messages={"required": "Écrivez un nom, ou celui de votre structure."},
    )
    cle = champ_cle()

    def __init__(self, *args, dates, reponse=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.dates = dates
        self.fields["cle"].initial = uuid.uuid4
        deja = {choix.date_id: choix.valeur for choix in reponse.choix.all()} if reponse else {}
        if reponse:
            self.fields["nom"].initial = reponse.nom
            del self.fields["cle"]
        for date in dates:
            self.fields[f"date_{date.pk}"] = forms.ChoiceField(
                label=quand(date).capitalize(),
                choices=ChoixDate.Valeur.choices,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                initial=deja.get(date.pk),
                error_messages={
                    "required": "Dites oui, si besoin ou non.",
                    "invalid_choice": "Dites oui, si besoin ou non.",
                },
            )

    def questions(self) -> list:
        return [(date, self[f"date_{date.pk}"]) for date in self.dates]

    def choix(self) -> dict:
        return {date.pk: self.cleaned_data[f"date_{date.pk}"] for date in self.dates}


class GererForm(Formulaire):
    """Keep a date, or open the poll again."""

    GESTES = [("retenir", "retenir"), ("rouvrir", "rouvrir")]

    geste = forms.ChoiceField(
        choices=GESTES, error_messages={"required": "Choisissez un des boutons.", "invalid_choice": "Geste inconnu."}
    )
    date = forms.TypedChoiceField(
        label="La date retenue",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Cette date n'est pas du sondage : choisissez-en une autre."},
    )

    def __init__(self, *args, dates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].choices = [(date.pk, quand(date)) for date in dates]

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") == "retenir" and not donnees.get("date") and "date" not in self.errors:
            self.add_error("date", "Choisissez la date à retenir.")
        return donnees
