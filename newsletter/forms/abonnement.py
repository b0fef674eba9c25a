"""Subscribing: what to read, how often, and the words that are agreed to."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire, FormulairePublic
from annuaire.models import Activite
from newsletter.models import Abonne, MentionConsentement
from ressources.natures import PROFILS, Nature

RAYONS = [10, 20, 30, 50, 100]
RAYON_PAR_DEFAUT = 30
ACTIVITES_MAX = 40


class InteretsMixin(forms.Form):
    """The choices of a subscriber; nothing ticked means everything. `interets()` feeds Interets.objects.pour."""

    natures = forms.MultipleChoiceField(
        label="Offres et besoins",
        required=False,
        choices=[(nature.value, PROFILS[nature].pluriel) for nature in Nature],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    activites = forms.ModelMultipleChoiceField(
        label="Activités",
        queryset=Activite.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Une activité choisie n'existe plus : vérifiez votre choix.",
            "invalid_pk_value": "Une activité choisie n'existe plus : vérifiez votre choix.",
        },
    )
    commune = champs.ChampCommune(
        label="Autour de",
        required=False,
        max_length=100,
        help_text="Une commune ou un code postal. Vide : tout le territoire.",
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
    )
    km = forms.TypedChoiceField(
        label="À moins de",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(km, f"{km} km") for km in RAYONS],
        initial=RAYON_PAR_DEFAUT,
        error_messages={"invalid_choice": "Choisissez une distance de la liste."},
    )
    frequence = forms.ChoiceField(
        label="Combien de fois",
        choices=[(valeur, nom.capitalize()) for valeur, nom in Abonne.Frequence.choices],
        initial=Abonne.Frequence.CHAQUE,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez combien de fois.",
            "invalid_choice": "Choisissez dans la liste.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activites"].queryset = Activite.objects.order_by("ordre", "nom", "pk")

    def clean_activites(self):
        choisies = list(self.cleaned_data["activites"])
        if len(choisies) > ACTIVITES_MAX:
            raise forms.ValidationError(
                f"{ACTIVITES_MAX} activités au plus. Pour tout recevoir, n'en cochez aucune.", code="trop"
            )
        return choisies

    def interets(self) -> dict:
        """The combination chosen, once valid."""
        lu = self.cleaned_data
        rayon = (lu.get("km") or RAYON_PAR_DEFAUT) if lu["commune"] else None
        return {"natures": lu["natures"], "activites": lu["activites"], "commune": lu["commune"], "rayon_km": rayon}

    def arbre(self) -> list:
        """The activities as templates/annuaire/_activites.html draws them: (main, ticked, [(activity, ticked)…])."""
        cochees = {str(pk) for pk in self["activites"].value() or []}
        enfants = {}
        for activite in self.fields["activites"].queryset:
            enfants.setdefault(activite.parent_id, []).append((activite, str(activite.pk) in cochees))
        return [(activite, coche, enfants.get(activite.pk, [])) for activite, coche in enfants.get(None, [])]

    def precise(self) -> bool:
        """Something was chosen or is wrong among the interests: the part of the page that holds them is open."""
        noms = ("natures", "activites", "commune")
        return any(self[nom].value() for nom in noms) or any(nom in self.errors for nom in (*noms, "km"))

    @staticmethod
    def initiales(abonne: Abonne | None) -> dict:
        """What this subscriber has chosen."""
        if abonne is None:
            return {}
        interets = abonne.interets
        return {
            "natures": interets.natures,
            "activites": [activite.pk for activite in interets.activites.all()],
            "commune": interets.commune,
            "km": interets.rayon_km or RAYON_PAR_DEFAUT,
            "frequence": abonne.frequence,
        }


class ConsentementMixin(forms.Form):
    """The words shown, agreed to by a tick. `version` is theirs: the proof must name the words that were read."""

    accord = forms.BooleanField(
        error_messages={"required": "Cochez cette case : sans votre accord, la lettre ne vous est pas envoyée."}
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mention = MentionConsentement.courante()
        self.fields["accord"].label = self.mention.texte
        self.fields["version"].initial = self.mention.version

    def clean(self):
        donnees = super().clean()
        if donnees.get("accord") and donnees.get("version") != self.mention.version:
            self.add_error(
                "accord", "Ces mots ont changé depuis l'ouverture de la page : relisez-les et cochez de nouveau."
            )
            self.data = self.data.copy()
            self.data["version"] = str(self.mention.version)
            self.data.pop("accord", None)
        return donnees


class AbonnementForm(Cle, InteretsMixin, ConsentementMixin, FormulairePublic):
    """The public form."""

    courriel = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        help_text="Nous y envoyons un lien : l'abonnement commence quand vous l'avez suivi.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Donnez l'adresse où recevoir la lettre."},
    )
    cle = champ_cle()

    field_order = ["courriel", "frequence", "natures", "activites", "commune", "km", "accord"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


class PreferencesForm(InteretsMixin, Formulaire):
    """What a subscriber changes: no consent to give again."""

    field_order = ["frequence", "natures", "activites", "commune", "km"]


class MonAbonnementForm(InteretsMixin, ConsentementMixin, Formulaire):
    """A member who is not subscribed: the address is known, the words must be agreed to."""

    field_order = ["frequence", "natures", "activites", "commune", "km", "accord"]
