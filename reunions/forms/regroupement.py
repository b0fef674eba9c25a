"""Grouping the notes of one axis: what is ticked, and where it goes."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from reunions.models import Axe, Categorie, PostIt


class RangerForm(Formulaire):
    """Ticked notes towards a category, a new one, none, or another axis."""

    postits = forms.ModelMultipleChoiceField(
        label="Post-it",
        queryset=PostIt.objects.none(),
        error_messages={
            "required": "Cochez au moins un post-it.",
            "invalid_choice": "Un des post-it cochés n'est plus sur cet axe : relisez la page.",
            "invalid_pk_value": "Un des post-it cochés n'est plus sur cet axe : relisez la page.",
        },
    )
    vers = forms.ChoiceField(label="Les ranger dans", error_messages={"required": "Choisissez où les ranger."})
    nouvelle = champs.ChampTexte(label="Nom de la nouvelle catégorie", required=False, max_length=120)

    def __init__(self, *args, axe, categories, axes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["postits"].queryset = axe.postits.all()
        self.categories = {str(c.pk): c for c in categories}
        self.autres = {f"axe-{a.pk}": a for a in axes if a.pk != axe.pk}
        self.fields["vers"].choices = [
            ("", "Choisissez"),
            ("nouvelle", "une nouvelle catégorie (son nom ci-contre)"),
            *[(cle, c.nom) for cle, c in self.categories.items()],
            ("aucune", "aucune catégorie"),
            ("Un autre axe", [(cle, a.nom) for cle, a in self.autres.items()]),
        ]

    def clean(self):
        donnees = super().clean()
        if donnees.get("vers") == "nouvelle" and not donnees.get("nouvelle") and "nouvelle" not in self.errors:
            self.add_error("nouvelle", "Donnez un nom à la nouvelle catégorie.")
        return donnees


class CategorieForm(Formulaire):
    """Rename a category, merge it into another, or drop its label."""

    geste = forms.ChoiceField(choices=[(nom, nom) for nom in ("renommer", "fusionner", "supprimer")])
    categorie = forms.ModelChoiceField(queryset=Categorie.objects.none())
    nom = champs.ChampTexte(label="Nouveau nom", required=False, max_length=120)
    dans = forms.ModelChoiceField(label="Fusionner dans", queryset=Categorie.objects.none(), required=False)

    def __init__(self, *args, axe, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["categorie"].queryset = axe.categories.select_related("axe")
        self.fields["dans"].queryset = axe.categories.all()
        for champ in self.fields.values():
            champ.error_messages["invalid_choice"] = "Cette catégorie n'existe plus : relisez la page."

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") == "renommer" and not donnees.get("nom") and "nom" not in self.errors:
            self.add_error("nom", "Donnez un nom à cette catégorie.")
        if donnees.get("geste") == "fusionner" and not donnees.get("dans") and "dans" not in self.errors:
            self.add_error("dans", "Choisissez dans quelle catégorie.")
        return donnees


class PaireForm(forms.Form):
    """A near-duplicate accepted or refused."""

    geste = forms.ChoiceField(choices=[("grouper", "grouper"), ("separer", "separer")])
    a = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    b = forms.IntegerField(min_value=1, max_value=2**63 - 1)


def autres_axes(axe):
    """The axes of the same workshop, in order."""
    return list(Axe.objects.filter(atelier=axe.atelier_id))
