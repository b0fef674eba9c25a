"""Asking for a part of a batch, deciding, changing its size."""

import uuid
from decimal import Decimal

from django import forms

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampEuros
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure


class DemandePartForm(Cle, Formulaire):
    """« 5, for our workshop ». First come: what to do when fewer are left."""

    SI_MOINS = [("attendre", "J'attends : ma demande passe en liste d'attente"), ("moins", "Je prends ce qui reste")]

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures."},
    )
    quantite = champs.ChampEntier(label="Quantité souhaitée", min_value=1)
    si_moins = forms.ChoiceField(
        label="S'il n'en reste pas assez", choices=SI_MOINS, initial="attendre", widget=forms.RadioSelect
    )
    message = champs.ChampTexte(
        label="Votre message",
        required=False,
        max_length=2000,
        lignes=3,
        help_text="À quoi cela vous servira, quand vous pouvez venir le chercher.",
    )
    cle = champ_cle()

    def __init__(self, *args, annonce, structures, **kwargs):
        super().__init__(*args, **kwargs)
        au_nom_de(self, structures)
        self.fields["cle"].initial = uuid.uuid4
        quantite = self.fields["quantite"]
        quantite.max_value = annonce.quantite
        quantite.initial = 1
        quantite.error_messages["required"] = "Dites combien vous en voudriez."
        if annonce.partage != annonce.Partage.PREMIER_ARRIVE:
            del self.fields["si_moins"]

    def valeurs(self) -> dict:
        """Arguments of actions.lots.demander_part."""
        valeurs = dict(self.cleaned_data)
        return valeurs | {"accepte_moins": valeurs.pop("si_moins", "") == "moins"}


class GestePartForm(Formulaire):
    """What is done with a part. `motif`: to refuse; `quantite`: to give less; `kilos`: what is reused."""

    GESTES = [(geste, geste) for geste in ("attribuer", "refuser", "remettre", "annuler", "prendre_le_reste")]

    geste = forms.ChoiceField(
        choices=GESTES, error_messages={"required": "Choisissez un des boutons.", "invalid_choice": "Geste inconnu."}
    )
    quantite = champs.ChampEntier(label="Quantité attribuée", min_value=1, required=False)
    motif = champs.ChampTexte(label="La raison", max_length=500, required=False, lignes=3)

    kilos = ChampEuros(label="Kilos", required=False, unite="kg", maximum=Decimal("99999.99"))

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") == "refuser" and not donnees.get("motif") and "motif" not in self.errors:
            self.add_error("motif", "Dites pourquoi : la raison est envoyée à la structure.")
        return donnees


class GesteLotForm(Formulaire):
    """The giver's acts on the whole batch."""

    GESTES = [(geste, geste) for geste in ("quantite", "refuser_les_autres")]

    geste = forms.ChoiceField(choices=GESTES, error_messages={"invalid_choice": "Geste inconnu."})
    quantite = champs.ChampEntier(label="Nouvelle quantité", min_value=1, max_value=100_000, required=False)
    motif = champs.ChampTexte(label="Le mot que chacun recevra", max_length=500, required=False, lignes=3)

    def clean(self):
        donnees = super().clean()
        geste = donnees.get("geste")
        if geste == "quantite" and not donnees.get("quantite") and "quantite" not in self.errors:
            self.add_error("quantite", "Écrivez la nouvelle quantité.")
        if geste == "refuser_les_autres" and not donnees.get("motif") and "motif" not in self.errors:
            self.add_error("motif", "Dites pourquoi : ce mot est envoyé à chacun.")
        return donnees
