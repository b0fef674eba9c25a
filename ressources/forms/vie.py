"""Closing, prolonging, reporting an announcement."""

import uuid
from datetime import timedelta

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire, FormulairePublic
from pole_ess.socle.templatetags.francais import jour
from ressources.actions.publication import JOURS_MAX, jours_par_defaut
from ressources.forms.bilan import FormulaireBilan
from ressources.models import SignalementAnnonce

DUREES = {30: "Un mois", 90: "Trois mois", 180: "Six mois", JOURS_MAX: "Un an"}


class PourvueForm(FormulaireBilan):
    """With whom, what it was worth, whether the other discussions end too: all optional."""

    clore_discussions = forms.BooleanField(
        label="Mettre fin aux autres discussions en cours, avec un mot de remerciement",
        required=False,
        initial=True,
    )

    def __init__(self, *args, discussions, **kwargs):
        """`discussions`: names of the structures under discussion; none, nothing to ask."""
        super().__init__(*args, **kwargs)
        if "avec" in self.fields and not self.fields["avec"].queryset.exists():
            del self.fields["avec"]
            self.fields["avec_libre"].label, self.fields["avec_libre"].help_text = "Avec qui", "Le nom d'une structure."
        self.a_choisir = "avec" in self.fields
        if discussions:
            self.fields["clore_discussions"].help_text = f"Avec {', '.join(discussions)}."
        else:
            del self.fields["clore_discussions"]

    def valeurs(self) -> dict:
        """Arguments of actions.cloture.pourvoir."""
        return {nom: self.cleaned_data[nom] for nom in self.fields if nom in self.cleaned_data}


class ProlongerForm(Formulaire):
    """How long from today; only what comes after the last day it already has."""

    jours = forms.TypedChoiceField(
        label="Toujours valable pendant",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une durée.", "invalid_choice": "Choisissez une durée de la liste."},
    )

    def __init__(self, *args, annonce, **kwargs):
        super().__init__(*args, **kwargs)
        aujourdhui = timezone.localdate()
        fins = {jours: aujourdhui + timedelta(days=jours) for jours in DUREES}
        choix = [(n, f"{DUREES[n]}, jusqu'au {jour(fin)}") for n, fin in fins.items() if fin > annonce.expire_le]
        self.fields["jours"].choices = choix
        if choix:
            habituel = jours_par_defaut()
            self.fields["jours"].initial = next((n for n, _ in choix if n >= habituel), choix[-1][0])


class SignalementForm(Cle, FormulairePublic):
    """What is wrong with an announcement, said by anybody; a member is answered at their own address."""

    genre = forms.ChoiceField(
        label="Que se passe-t-il ?",
        choices=[
            ("deja_pourvue", "Elle n'est plus disponible"),
            ("trompeuse", "Elle est trompeuse ou fausse"),
            ("deplacee", "Elle est déplacée ou illégale"),
            ("autre", "Autre chose"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une raison.", "invalid_choice": "Choisissez une raison de la liste."},
    )
    texte = champs.ChampTexte(
        label="Précisez",
        max_length=2000,
        lignes=5,
        help_text="Ce qui est faux ou gênant, et comment vous le savez. Seule l'équipe du pôle le lit. "
        "Rien à écrire si elle n'est plus disponible.",
        error_messages={"required": "Dites ce qui ne va pas : l'équipe ne peut pas le deviner."},
    )
    courriel = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        required=False,
        help_text="Si vous voulez savoir ce qui en a été fait. La structure ne la voit pas.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    cle = champ_cle()

    def __init__(self, *args, connecte, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4
        self.fields["texte"].required = self.data.get("genre") != SignalementAnnonce.Genre.DEJA_POURVUE
        if connecte:
            del self.fields["courriel"]

    def valeurs(self) -> dict:
        """Arguments of actions.signalements.signaler."""
        return {nom: self.cleaned_data[nom] for nom in ("genre", "texte", "courriel", "cle") if nom in self.fields}
