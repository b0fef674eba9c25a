"""Writing an issue: its words, its pictures, the essai, and when it leaves."""

import uuid
from datetime import datetime, time

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampHeure, ChampJour
from annuaire.forms.cle import champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.forms.photo import ALTERNATIVE, DescriptionForm
from annuaire.models import Utilisateur
from newsletter.models import Abonne
from newsletter.models.abonne import normaliser
from pole_ess.socle.images import nettoyer_image

ABIME = "Ce formulaire était abîmé : rechargez la page."
COTE_MAX = 1200
MISE_EN_FORME = (
    "**gras**, *italique*, « - » en début de ligne pour une liste, « ## » pour un sous-titre, "
    "[les mots du lien](https://l-adresse)."
)
FUSEAU = timezone.get_default_timezone()


def champ_vue():
    """The mark of the words that were read (actions.redaction.empreinte)."""
    return forms.RegexField(
        r"\A[0-9a-f]{16}\Z", widget=forms.HiddenInput, error_messages={"required": ABIME, "invalid": ABIME}
    )


class EnteteForm(Formulaire):
    sujet = champs.ChampTexte(
        label="Sujet",
        max_length=150,
        help_text="Ce que la messagerie montre d'abord : dites ce qu'on y trouve.",
        error_messages={"required": "Donnez un sujet à la lettre."},
    )
    preheader = champs.ChampTexte(
        label="Aperçu", required=False, max_length=150, help_text="La phrase que la messagerie montre après le sujet."
    )
    vue = champ_vue()


class BlocForm(Formulaire):
    titre = champs.ChampTexte(label="Titre du bloc", required=False, max_length=120)
    texte = champs.ChampTexte(
        label="Texte", required=False, max_length=10_000, lignes=8, help_text=f"Mise en forme : {MISE_EN_FORME}"
    )
    vue = champ_vue()


class MotForm(Formulaire):
    mot = champs.ChampTexte(label="Un mot de l'équipe, sous cet élément", required=False, max_length=300)


class ImageForm(Formulaire):
    """A picture for a mail: a JPEG, that every reader shows."""

    fichier = forms.FileField(
        label="Image",
        help_text="JPEG, PNG ou WebP, 10 Mo au plus. Une image qui n'est que du texte ne se lit pas : écrivez-le.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": "Choisissez une image."},
    )
    alternative = champs.ChampTexte(label="Description de l'image", max_length=200, help_text=ALTERNATIVE)

    def clean_fichier(self):
        return nettoyer_image(self.cleaned_data["fichier"], cote_max=COTE_MAX, pour_courriel=True)


class DescriptionImageForm(DescriptionForm):
    """The same words as for a photo of a sheet."""


class OrdreForm(forms.Form):
    """What dragging sends: the keys in their new order."""

    ordre = forms.RegexField(r"\A\d{1,15}(?:,\d{1,15}){0,399}\Z", max_length=7000)

    def cles(self) -> list[int]:
        return [int(cle) for cle in self.cleaned_data["ordre"].split(",")]


class ApercuForm(forms.Form):
    """How to look at it, and as whom. What is not understood shows the whole letter, wide."""

    VUES = {"large": "Ordinateur", "telephone": "Téléphone", "sombre": "Thème sombre", "texte": "Texte seul"}
    vue = forms.ChoiceField(choices=list(VUES.items()), required=False)
    comme = forms.CharField(required=False, max_length=254)

    def choix(self) -> tuple[str, Abonne | None, str]:
        """(view, subscriber, what is wrong with the address asked for)."""
        self.is_valid()
        vue = self.cleaned_data.get("vue") or "large"
        comme = normaliser(self.cleaned_data.get("comme", "").replace("\0", ""))
        if not comme:
            return vue, None, ""
        abonne = Abonne.objects.filter(courriel=comme).select_related("interets__commune").first()
        return vue, abonne, "" if abonne else "Cette adresse n'est pas abonnée : voici la lettre entière."


class EssaiForm(Formulaire):
    """To whom of the team; oneself at first."""

    a = forms.ModelChoiceField(
        label="Envoyer un essai à",
        queryset=Utilisateur.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Choisissez une personne de l'équipe.",
            "invalid_choice": "Choisissez une personne de l'équipe.",
        },
    )
    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["a"].queryset = Utilisateur.objects.filter(is_staff=True, is_active=True).order_by("nom", "pk")
        self.fields["a"].label_from_instance = lambda personne: f"{personne.nom} ({personne.email})"
        self.fields["cle"].initial = uuid.uuid4


class DepartForm(Formulaire):
    """When it leaves and how fast; `version`: what was re-read. « maintenant » asks for it, « partir » does it."""

    jour = ChampJour(label="Jour du départ", required=False, help_text="Inutile pour envoyer maintenant.")
    heure = ChampHeure(label="Heure du départ", required=False, help_text="Par exemple : 14 h 30. Vide : 9 h.")
    debit = forms.IntegerField(
        label="Messages par minute",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="Vide : aussi vite que le serveur d'envoi les prend. Utile quand l'hébergeur limite les envois.",
        error_messages={
            "invalid": "Écrivez un nombre de messages par minute.",
            "min_value": "Au moins un message par minute.",
            "max_value": "100 000 messages par minute au plus.",
        },
    )
    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), ABIME),
    )
    geste = forms.ChoiceField(
        choices=[(geste, geste) for geste in ("programmer", "maintenant", "partir")],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Ce bouton n'a pas été compris : recommencez."),
    )

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") == "programmer" and not {"jour", "heure"} & set(self.errors):
            self._lire_le_moment(donnees)
        return donnees

    def _lire_le_moment(self, donnees):
        if not donnees.get("jour"):
            self.add_error("jour", "Choisissez le jour, ou envoyez maintenant.")
            return
        le = datetime.combine(donnees["jour"], donnees.get("heure") or time(9), tzinfo=FUSEAU)
        if le <= timezone.now():
            self.add_error("jour", "Ce moment est passé : choisissez-en un à venir, ou envoyez maintenant.")
        donnees["le"] = le

    def valeurs(self) -> dict:
        """Arguments of actions.numeros.programmer."""
        lu = self.cleaned_data
        le = lu.get("le") if lu["geste"] == "programmer" else None
        return {"le": le, "debit": lu["debit"], "version": lu["version"]}
