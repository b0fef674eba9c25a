"""Opening a tour, wishing one, deciding."""

import uuid

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampJour
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from pole_ess.socle.templatetags.francais import jour as en_clair


class TourneeForm(Cle, Formulaire):
    """Days, and what makes the trip worth it."""

    nom = champs.ChampTexte(
        label="Nom de la tournée",
        max_length=120,
        help_text="Par exemple : Contes d'hiver autour de Vichy.",
        error_messages={"required": "Donnez un nom à cette tournée."},
    )
    debut = ChampJour(label="Premier jour", error_messages={"required": "Donnez le premier jour."})
    fin = ChampJour(label="Dernier jour", error_messages={"required": "Donnez le dernier jour."})
    rayon = champs.ChampEntier(
        label="Distance entre deux étapes (km)",
        min_value=1,
        max_value=300,
        initial=30,
        help_text="Chaque étape est à cette distance, au plus, d'une autre. À vol d'oiseau.",
    )
    etapes_min = champs.ChampEntier(
        label="Étapes au moins",
        min_value=1,
        max_value=60,
        initial=2,
        help_text="En dessous, vous ne faites pas le déplacement.",
    )
    precisions = champs.ChampTexte(
        label="Précisions",
        required=False,
        max_length=2000,
        lignes=4,
        help_text="Le prix selon le nombre d'étapes, la salle qu'il faut, le repas, le logement.",
    )
    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and debut < timezone.localdate():
            self.add_error("debut", "Ce jour est déjà passé.")
        if debut and fin and fin < debut:
            self.add_error("fin", "Le dernier jour est avant le premier.")
        return donnees


class SouhaitForm(Formulaire):
    """The days that suit one structure."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures."},
    )
    jours = forms.TypedMultipleChoiceField(
        label="Les jours qui vous conviennent",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un jour.",
            "invalid_choice": "Un des jours cochés n'est plus ouvert : regardez la liste.",
        },
    )
    message = champs.ChampTexte(
        label="Votre message",
        required=False,
        max_length=2000,
        lignes=3,
        help_text="Le lieu, le public attendu, ce que vous pouvez offrir : salle, repas, logement.",
    )

    def __init__(self, *args, structures, jours, **kwargs):
        super().__init__(*args, **kwargs)
        au_nom_de(self, structures)
        champ = self.fields["jours"]
        par_code = {jour.isoformat(): jour for jour in jours}
        champ.choices = [(code, en_clair(jour)) for code, jour in par_code.items()]
        champ.coerce = par_code.__getitem__


class GesteTourneeForm(Formulaire):
    """The other acts: the buttons of the tour's page."""

    GESTES = [(geste, geste) for geste in ("souhaiter", "retirer", "retenir", "decliner", "annuler")]

    geste = forms.ChoiceField(
        choices=GESTES, error_messages={"required": "Choisissez un des boutons.", "invalid_choice": "Geste inconnu."}
    )
    etape = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    motif = champs.ChampTexte(label="La raison", max_length=500, required=False, lignes=3)

    def clean(self):
        donnees = super().clean()
        geste = donnees.get("geste")
        if geste in ("decliner", "annuler") and not donnees.get("motif") and "motif" not in self.errors:
            self.add_error("motif", "Dites pourquoi : la raison est envoyée aux structures.")
        if geste in ("retirer", "decliner") and donnees.get("etape") is None:
            self.add_error(None, "Cette étape n'existe plus : regardez la page mise à jour.")
        return donnees


class ChoixForm(Formulaire):
    """The stages retained: « 12:2027-03-05 », a box each."""

    choix = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une étape à retenir.",
            "invalid_choice": "Le plan a changé entre-temps : regardez-le et choisissez de nouveau.",
        },
    )

    def __init__(self, *args, possibles, **kwargs):
        """`possibles`: (stage, day) pairs that may be retained."""
        super().__init__(*args, **kwargs)
        self.par_code = {f"{etape.pk}:{jour.isoformat()}": (etape.pk, jour) for etape, jour in possibles}
        self.fields["choix"].choices = [(code, code) for code in self.par_code]

    def clean_choix(self):
        paires = [self.par_code[code] for code in self.cleaned_data["choix"]]
        if len({etape for etape, _ in paires}) < len(paires):
            raise forms.ValidationError("Un seul jour par structure.", code="deux_jours")
        if len({jour for _, jour in paires}) < len(paires):
            raise forms.ValidationError("Une seule étape par jour.", code="deux_etapes")
        return dict(paires)


class RechercheTourneeForm(Formulaire):
    """Tours around a commune."""

    KM = [("", "Toutes les distances"), *[(str(km), f"À moins de {km} km") for km in (20, 50, 100)]]

    commune = champs.ChampCommune(label="Autour de", required=False, max_length=100)
    km = forms.TypedChoiceField(label="Distance", choices=KM, required=False, coerce=int, empty_value=None)
