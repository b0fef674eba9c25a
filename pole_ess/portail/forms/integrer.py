"""What a list shown in another site's page is about."""

from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Activite
from annuaire.recherche.criteres import KM_CHOIX, KM_DEFAUT
from ressources.models import Annonce
from ressources.natures import PROFILS

LISTES = {
    "annuaire": ("Des structures", "Annuaire", {"q", "commune", "km", "activite"}),
    "carte": ("Une carte des structures", "Carte des structures", {"q", "commune", "km", "activite"}),
    "annonces": ("Des offres et des besoins", "Offres et besoins", {"q", "commune", "km", "sens", "nature"}),
    "agenda": ("L'agenda", "Agenda", {"q", "commune", "km"}),
}
"""What may be shown: its words, the title of its frame, the filters that it reads."""
HAUTEUR_DEFAUT, HAUTEUR_MIN, HAUTEUR_MAX = 600, 200, 3000


class IntegrerForm(Formulaire):
    """All optional: what is missing is as not asked, what is wrong is said and left out."""

    quoi = forms.ChoiceField(
        label="Que montrer ?", required=False, choices=[(cle, mots) for cle, (mots, _, _) in LISTES.items()]
    )
    q = champs.ChampTexte(label="Mots cherchés", required=False, max_length=200)
    commune = champs.ChampCommune(label="Autour de cette commune", required=False, max_length=100)
    km = forms.TypedChoiceField(
        label="À moins de",
        required=False,
        coerce=int,
        empty_value=KM_DEFAUT,
        choices=[(km, f"{km} km") for km in KM_CHOIX],
        initial=KM_DEFAUT,
    )
    activite = forms.ModelChoiceField(
        label="Activité, pour les structures",
        required=False,
        queryset=Activite.objects.none(),
        to_field_name="slug",
        empty_label="Toutes",
    )
    sens = forms.ChoiceField(
        label="Offres ou besoins",
        required=False,
        choices=[("", "Les deux"), *[(valeur, f"{nom}s") for valeur, nom in Annonce.Sens.choices]],
    )
    nature = forms.ChoiceField(
        label="Nature, pour les offres et besoins",
        required=False,
        choices=[("", "Toutes"), *[(nature.value, profil.pluriel) for nature, profil in PROFILS.items()]],
    )
    hauteur = forms.IntegerField(
        label="Hauteur, en pixels",
        required=False,
        min_value=HAUTEUR_MIN,
        max_value=HAUTEUR_MAX,
        initial=HAUTEUR_DEFAUT,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activite"].queryset = Activite.objects.order_by("ordre", "nom", "pk")
        self.lues = {}
        if self.is_bound:
            self.is_valid()
            self.lues = self.cleaned_data  # what was wrong is not in it

    @classmethod
    def lire(cls, parametres) -> "IntegrerForm":
        """From a QueryDict; a link that says only a part shows the usual choices for the rest."""
        if not parametres:
            return cls()
        donnees = parametres.copy()
        for nom, champ in cls.base_fields.items():
            if champ.initial is not None:
                donnees.setdefault(nom, champ.initial)
        return cls(donnees)

    @property
    def liste(self) -> str:
        return self.lues.get("quoi") or next(iter(LISTES))

    @property
    def pixels(self) -> int:
        return self.lues.get("hauteur") or HAUTEUR_DEFAUT

    @property
    def titre(self) -> str:
        return LISTES[self.liste][1]

    def adresse(self) -> str:
        """Path and query of the list: only the filters that it reads."""
        lues, permis = self.lues, LISTES[self.liste][2]
        paires = {"q": lues.get("q"), "sens": lues.get("sens"), "nature": lues.get("nature")}
        if commune := lues.get("commune"):
            paires |= {"commune": commune.code, "km": lues.get("km") or KM_DEFAUT}
        if activite := lues.get("activite"):
            paires["activite"] = activite.slug
        choisies = [(nom, valeur) for nom, valeur in paires.items() if valeur and nom in permis]
        return reverse(f"integre_{self.liste}") + (f"?{urlencode(choisies)}" if choisies else "")
