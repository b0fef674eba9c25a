"""Taking part, and what the pilot decides: a form an act, so that a mistake in one leaves the others as they are."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampEuros, ChampJour
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from pole_ess.socle.templatetags.francais import chiffre
from ressources.actions.mises_en_commun import JOURS_MAX
from ressources.forms.mise_en_commun import ChampQuantite


class QuantitesForm(Formulaire):
    """How much, and how much more to fill a case."""

    quantite = ChampQuantite(label="Quantité", error_messages={"required": "Dites combien vous en voulez."})
    tolerance = ChampQuantite(
        label="En plus, s'il le faut pour finir un colis",
        required=False,
        help_text="Au plus ce nombre, et seulement si cela complète un colis.",
    )
    note = champs.ChampTexte(
        label="Un mot pour la structure qui pilote",
        max_length=500,
        required=False,
        lignes=2,
        help_text="Elle seule le lit, avec l'équipe du pôle.",
    )

    def __init__(self, *args, mise, **kwargs):
        super().__init__(*args, **kwargs)
        self.mise = mise
        if not mise.est_achat:
            self.fields["quantite"].label = "Votre besoin, en heures par mois"
        if not mise.conditionnement:
            del self.fields["tolerance"]

    def clean_quantite(self):
        quantite = self.cleaned_data["quantite"]
        if not quantite:
            raise forms.ValidationError("Donnez une quantité plus grande que zéro.", code="zero")
        return self._au_pas(quantite)

    def clean_tolerance(self):
        return self._au_pas(self.cleaned_data["tolerance"] or Decimal(0))

    def _au_pas(self, valeur):
        if valeur % self.mise.pas:
            raise forms.ValidationError(f"Ce nombre se compte par {chiffre(self.mise.pas)}.", code="pas")
        return valeur

    def valeurs(self) -> dict:
        """Arguments of actions.mises_en_commun."""
        return {"tolerance": Decimal(0), **self.cleaned_data}


class RejoindreForm(Cle, QuantitesForm):
    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures, qui ne prend pas encore part."},
    )
    cle = champ_cle()
    field_order = ["structure", "quantite", "tolerance", "note"]

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        au_nom_de(self, structures)
        self.fields["cle"].initial = uuid.uuid4


class ChangerForm(QuantitesForm):
    """Of one part."""


class GestePartForm(Formulaire):
    """Which act, on which part."""

    GESTES = [(geste, geste) for geste in ("rejoindre", "changer", "quitter")]

    geste = forms.ChoiceField(
        choices=GESTES, error_messages={"required": "Choisissez un des boutons.", "invalid_choice": "Geste inconnu."}
    )
    part = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") in ("changer", "quitter") and donnees.get("part") is None:
            self.add_error(None, "Cette part n'existe plus : regardez la page mise à jour.")
        return donnees


# -- the pilot's


class GestePiloteForm(Formulaire):
    """Which act of the pilot's."""

    GESTES = [
        (geste, geste)
        for geste in ("commander", "recevoir", "regler", "solder", "prolonger", "minimum", "abandonner", "conclure")
    ]

    geste = forms.ChoiceField(choices=GESTES)


class CommandeForm(Formulaire):
    prix = ChampEuros(
        label="Prix de l'unité convenu (€)", error_messages={"required": "Donnez le prix convenu avec le fournisseur."}
    )
    frais = ChampEuros(label="Frais de livraison en tout (€)", required=False)
    vue = ChampQuantite(widget=forms.HiddenInput, error_messages={"required": "Relisez la page avant de commander."})

    def clean_frais(self):
        return self.cleaned_data["frais"] or Decimal(0)

    def montrer(self, quantite) -> None:
        """The total changed: the page shows the new one, and sending again orders that."""
        self.data = self.data.copy()
        self.data["vue"] = self.fields["vue"].prepare_value(quantite)


class ReceptionForm(Formulaire):
    recue = ChampQuantite(label="Quantité arrivée", error_messages={"required": "Dites combien il en est arrivé."})
    prix = ChampEuros(
        label="Prix de l'unité facturé (€)", error_messages={"required": "Donnez le prix de l'unité sur la facture."}
    )
    frais = ChampEuros(label="Frais de livraison facturés, en tout (€)", required=False)

    def clean_frais(self):
        return self.cleaned_data["frais"] or Decimal(0)


class ReglementForm(Formulaire):
    """« 12:oui »: the part 12 is paid."""

    reglement = forms.CharField(max_length=20)

    def clean_reglement(self):
        lu = re.fullmatch(r"([1-9]\d{0,8}):(oui|non)", self.cleaned_data["reglement"], re.ASCII)
        if lu is None:
            raise forms.ValidationError("Ce règlement n'est pas reconnu : regardez la liste.", code="inconnu")
        return int(lu[1]), lu[2] == "oui"


class ProlongerForm(Formulaire):
    cloture_le = ChampJour(
        label="Nouvelle date", error_messages={"required": "Choisissez jusqu'à quand on peut rejoindre."}
    )

    def clean_cloture_le(self):
        jour = self.cleaned_data["cloture_le"]
        if not timezone.localdate() <= jour <= timezone.localdate() + timedelta(days=JOURS_MAX):
            raise forms.ValidationError("Choisissez un jour à venir, dans l'année.", code="jour")
        return jour


class MinimumForm(Formulaire):
    minimum = ChampQuantite(label="Nouveau minimum", error_messages={"required": "Donnez le nouveau minimum."})


class AbandonForm(Formulaire):
    motif = champs.ChampTexte(
        label="La raison, envoyée à chaque structure",
        max_length=500,
        lignes=3,
        error_messages={"required": "Dites pourquoi : la raison est envoyée aux structures."},
    )


class ConclureForm(Formulaire):
    motif = champs.ChampTexte(
        label="Un mot pour les structures",
        required=False,
        max_length=500,
        lignes=3,
        help_text="Par exemple : le groupement d'employeurs vous écrit cette semaine.",
    )


class SolderForm(Formulaire):
    """Nothing to fill in."""


class RechercheForm(Formulaire):
    """The list around a commune, of one kind."""

    GENRES = [("", "Achats et postes"), ("achat", "Achats groupés"), ("poste", "Postes partagés")]
    KM = [("", "Toutes les distances"), *[(str(km), f"À moins de {km} km") for km in (20, 50, 100)]]

    genre = forms.ChoiceField(label="Quoi", choices=GENRES, required=False)
    commune = champs.ChampCommune(label="Autour de", required=False, max_length=100)
    km = forms.TypedChoiceField(label="Distance", choices=KM, required=False, coerce=int, empty_value=None)
