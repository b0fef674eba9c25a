"""Writing, publishing and approving minutes."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from reunions.actions.comptes_rendus import peuvent_approuver
from reunions.models import Reunion

ABIME = "Ce formulaire était abîmé : rechargez la page."
VERSION = {"required": ABIME, "invalid": ABIME, "max_value": ABIME, "min_value": ABIME}
PLUS_GRAND = 2_000_000_000


def champ_numero():
    """The version that was read."""
    return forms.IntegerField(min_value=1, max_value=PLUS_GRAND, widget=forms.HiddenInput, error_messages=dict(VERSION))


class SectionForm(Formulaire):
    """The words of a section; `version` is the one that was read."""

    titre = champs.ChampTexte(
        label="Titre de la section", max_length=160, error_messages={"required": "Donnez un titre à cette section."}
    )
    texte = champs.ChampTexte(label="Texte", required=False, max_length=20000, lignes=10)
    version = champ_numero()


class AjoutSectionForm(Formulaire):
    titre = champs.ChampTexte(
        label="Ajouter une section",
        max_length=160,
        help_text="Son titre ; le texte vient ensuite.",
        error_messages={"required": "Donnez un titre à cette section."},
    )


class PublierForm(Formulaire):
    """`numero`: the version that the page announced, so that a retried request publishes once."""

    note = champs.ChampTexte(
        label="Ce qui change",
        required=False,
        max_length=300,
        help_text="Une phrase, montrée avec la version. Par exemple : une présence corrigée.",
    )
    numero = champ_numero()


class ApprouverForm(Formulaire):
    """At which meeting, and what was corrected there."""

    a = forms.ModelChoiceField(
        label="À quelle rencontre",
        queryset=Reunion.objects.none(),
        error_messages={
            "required": "Choisissez la rencontre où il a été approuvé.",
            "invalid_choice": "Choisissez une rencontre de la liste.",
        },
    )
    corrections = champs.ChampTexte(
        label="Corrections demandées",
        required=False,
        max_length=4000,
        lignes=4,
        help_text="Elles s'ajoutent en tête du compte rendu ; le texte publié ne change pas.",
    )

    def __init__(self, *args, reunion, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["a"].queryset = peuvent_approuver(reunion)
