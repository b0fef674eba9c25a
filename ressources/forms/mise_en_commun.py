"""Opening a shared purchase or post, and its settings."""

import uuid
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampEuros, ChampJour
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from pole_ess.socle.templatetags.francais import chiffre
from ressources.actions.mises_en_commun import JOURS_MAX
from ressources.forms.champs_annonce import ChampStructure
from ressources.permissions import structures_pour_publier

PALIERS = (1, 2, 3, 4)
TEMPS_PLEIN = Decimal("151.67")
"""Hours a month of a full-time post: 35 × 52 / 12 (Code du travail, L3121-27)."""
PAS = [
    ("1", "À l'unité : 1, 2, 3…"),
    ("0.5", "Par demie : 0,5, 1, 1,5…"),
    ("0.1", "Au dixième : 0,1, 0,2…"),
    ("0.01", "Au centième"),
]


class ChampQuantite(ChampEuros):
    """« 12 », « 2,5 », « 1 250 » -> Decimal; two decimals at most."""

    def __init__(self, **kwargs):
        super().__init__(unite="unités", **kwargs)


def chemin_local(texte: str) -> str:
    """A page of this portal (« /rencontres/4/resultats/ »), or nothing: no other host, no script."""
    morceaux = urlsplit(texte)
    if morceaux.scheme or morceaux.netloc or not texte.startswith("/") or texte.startswith(("//", "/\\")):
        return ""
    try:
        resolve(morceaux.path)
    except Resolver404:
        return ""
    return texte


class DepartForm(Formulaire):
    """What the address may bring: the need to start from, a title, the page that it comes from. All optional."""

    annonce = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    titre = champs.ChampTexte(required=False, max_length=120)
    origine = champs.ChampTexte(required=False, max_length=200)

    def clean_origine(self):
        try:
            return chemin_local(self.cleaned_data["origine"])
        except ValueError:  # « http://[::1 »
            return ""

    def lu(self) -> dict:
        """What is understood; the rest is left out without a word: nobody typed it."""
        self.full_clean()
        return getattr(self, "cleaned_data", {})


class ReglagesForm(Formulaire):
    """What both kinds share. `fixes`: structures take part, so that the unit does not change."""

    cloture_le = ChampJour(label="On peut rejoindre jusqu'au")

    def clean_cloture_le(self):
        jour = self.cleaned_data["cloture_le"]
        if jour is not None and jour < timezone.localdate():
            raise forms.ValidationError("Ce jour est déjà passé.", code="passe")
        if jour is not None and jour > timezone.localdate() + timedelta(days=JOURS_MAX):
            raise forms.ValidationError("Un an au plus : on pourra prolonger.", code="loin")
        return jour

    def _au_pas(self, pas, *noms) -> None:
        for nom in noms:
            valeur = self.cleaned_data.get(nom)
            if valeur and pas and valeur % pas:
                self.add_error(nom, f"Ce nombre se compte par {chiffre(pas)}.")


class ReglagesAchatForm(ReglagesForm):
    """Unit, minimum, cases, price tiers, delivery, closing date of a purchase."""

    unite = champs.ChampTexte(
        label="Unité",
        max_length=40,
        help_text="Au singulier. Par exemple : sac, carton, ramette, kg, litre.",
        error_messages={"required": "Dites en quoi se compte la commande : sac, carton, kg…"},
    )
    pas = forms.TypedChoiceField(label="On en prend", choices=PAS, initial="1", coerce=Decimal)
    minimum = ChampQuantite(
        label="Quantité minimum pour commander",
        help_text="Ce que demande le fournisseur, ou ce qui rend le prix intéressant.",
        error_messages={"required": "Donnez la quantité à atteindre."},
    )
    conditionnement = ChampQuantite(
        label="Vendu par colis de",
        required=False,
        help_text="Si le fournisseur ne vend que des colis entiers : 10, par exemple. Vide sinon.",
    )
    frais = ChampEuros(
        label="Frais de livraison en tout (€)",
        required=False,
        help_text="Partagés selon ce que chacun reçoit. Vous pourrez les corriger à la commande et à la réception.",
    )

    def __init__(self, *args, fixes=False, **kwargs):
        super().__init__(*args, **kwargs)
        for rang in PALIERS:
            seuil = ChampQuantite(label=f"Palier {rang} : à partir de", required=False)
            prix = ChampEuros(label=f"Palier {rang} : prix de l'unité (€)", required=False)
            for nom, champ in ((f"seuil_{rang}", seuil), (f"prix_{rang}", prix)):
                champ.widget.attrs["class"] = "form-control"
                self.fields[nom] = champ
        if fixes:
            del self.fields["unite"], self.fields["pas"]

    def lignes_de_paliers(self):
        return [(self[f"seuil_{rang}"], self[f"prix_{rang}"]) for rang in PALIERS]

    def clean(self):
        donnees = super().clean()
        pas = donnees.get("pas") or Decimal(self.initial.get("pas") or 0)
        self._au_pas(pas, "minimum", "conditionnement")
        minimum, colis = donnees.get("minimum"), donnees.get("conditionnement")
        if minimum is not None and not minimum:
            self.add_error("minimum", "Donnez une quantité plus grande que zéro.")
        if colis is not None and not colis:
            donnees["conditionnement"] = colis = None
        if minimum and colis and minimum % colis:
            plus = minimum - minimum % colis + colis
            self.add_error("minimum", f"Par colis de {chiffre(colis)}, le minimum serait {chiffre(plus)}.")
        donnees["frais"] = donnees.get("frais") or Decimal(0)
        self._lire_paliers(donnees)
        return donnees

    def _lire_paliers(self, donnees) -> None:
        lus = {}
        for rang in PALIERS:
            seuil, prix = donnees.get(f"seuil_{rang}"), donnees.get(f"prix_{rang}")
            if (prix is None and seuil is None) or {f"seuil_{rang}", f"prix_{rang}"} & set(self.errors):
                continue
            if prix is None:
                self.add_error(f"prix_{rang}", "Donnez aussi le prix de ce palier, ou videz sa quantité.")
            elif (seuil or Decimal(0)) in lus:
                self.add_error(f"seuil_{rang}", "Deux paliers partent de la même quantité.")
            else:
                lus[seuil or Decimal(0)] = prix
        self.paliers = sorted(lus.items())

    @property
    def noms_des_reglages(self):
        noms = ("unite", "pas", "minimum", "conditionnement", "frais", "cloture_le")
        return [nom for nom in noms if nom in self.fields]

    def reglages(self) -> dict:
        """`valeurs` of actions.mises_en_commun."""
        return {nom: self.cleaned_data[nom] for nom in self.noms_des_reglages}

    @staticmethod
    def depart(mise) -> dict:
        """`initial` for a purchase that exists."""
        depart = {nom: getattr(mise, nom) for nom in ("minimum", "conditionnement", "frais", "cloture_le", "unite")}
        depart["pas"] = f"{mise.pas.normalize():f}"
        for rang, palier in zip(PALIERS, mise.paliers.all(), strict=False):
            depart |= {f"seuil_{rang}": palier.a_partir_de, f"prix_{rang}": palier.prix}
        return depart


class ReglagesPosteForm(ReglagesForm):
    """Skill, hours to reach, radius, start of a shared post."""

    competence = champs.ChampTexte(
        label="Métier ou compétence",
        max_length=80,
        help_text="Par exemple : comptable, juriste, technicien son, chargé de communication.",
        error_messages={"required": "Dites de quel métier il s'agit."},
    )
    minimum = ChampQuantite(
        label="Heures par mois à réunir",
        initial=TEMPS_PLEIN,
        help_text="Un temps plein : 151,67. Un mi-temps : 75,83. Vous êtes prévenu dès que le total y est.",
        error_messages={"required": "Donnez le nombre d'heures qui font le poste."},
    )
    rayon = champs.ChampEntier(
        label="Autour de la commune, à moins de (km)", min_value=1, max_value=300, initial=20, required=False
    )
    des_le = ChampJour(label="À partir du", required=False)

    def __init__(self, *args, fixes=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cloture_le"].required = False
        self.fields["cloture_le"].help_text = "Vide : tant que l'annonce est en ligne."
        self.paliers = []

    def clean_minimum(self):
        if not self.cleaned_data["minimum"]:
            raise forms.ValidationError("Donnez un nombre d'heures plus grand que zéro.", code="zero")
        return self.cleaned_data["minimum"]

    noms_des_reglages = ("competence", "minimum", "rayon", "des_le", "cloture_le")

    def reglages(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in self.noms_des_reglages} | {"unite": "heure", "pas": self.PAS}

    PAS = Decimal("0.01")

    @classmethod
    def depart(cls, mise) -> dict:
        return {nom: getattr(mise, nom) for nom in cls.noms_des_reglages}


class OuvertureMixin(Cle):
    """The announcement that bears it, the pilot's own part. `portee`: the need of its own that bears it already."""

    def __init__(self, *args, utilisateur, portee=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4
        self.seule_structure = None
        if portee is not None:
            for nom in ("structure", "titre", "description", "commune", "budget"):
                self.fields.pop(nom, None)
            return
        self.fields["commune"].widget.attrs |= {"list": "liste-communes", "autocomplete": "off"}
        if utilisateur.is_staff:
            champ = ChampStructure(label="Au nom de", help_text="Tapez le début du nom d'une structure de l'annuaire.")
            champ.widget.attrs |= {"class": "form-control", "list": "liste-structures", "autocomplete": "off"}
            self.fields["structure"] = champ
        else:
            au_nom_de(self, structures_pour_publier(utilisateur).order_by("tri", "pk"))
        self.order_fields(self.ORDRE)

    def texte(self) -> dict:
        """Fields of the announcement to write; `commune` falls back on the structure's."""
        lu = self.cleaned_data
        texte = {"titre": lu["titre"], "description": lu["description"], "commune": lu["commune"]}
        if lu.get("budget") is not None:
            texte |= {"prix": lu["budget"], "prix_unite": "heure"}
        return texte

    def part(self):
        """(quantity, tolerance) of the pilot's own structure, or None."""
        quantite = self.cleaned_data.get("quantite")
        return (quantite, self.cleaned_data.get("tolerance") or Decimal(0)) if quantite else None

    def clean(self):
        donnees = super().clean()
        if donnees.get("tolerance") and not donnees.get("quantite") and "quantite" not in self.errors:
            self.add_error("quantite", "Donnez aussi la quantité que vous prenez.")
        self._au_pas(donnees.get("pas"), "quantite", "tolerance")
        return donnees


def _structure():
    return forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures."},
    )


class AchatForm(OuvertureMixin, ReglagesAchatForm):
    """A new purchase."""

    ORDRE = ["structure", "titre", "description", "commune"]

    structure = _structure()
    titre = champs.ChampTexte(
        label="Ce que vous voulez acheter ensemble",
        max_length=120,
        error_messages={"required": "Dites ce que vous voulez acheter."},
    )
    description = champs.ChampTexte(
        label="Précisions",
        max_length=4000,
        lignes=5,
        required=False,
        help_text="La qualité voulue, le fournisseur auquel vous pensez, où et quand retirer sa part.",
    )
    commune = champs.ChampCommune(
        label="Commune de retrait", max_length=120, required=False, help_text="Vide : celle de la structure."
    )
    quantite = ChampQuantite(label="Vous-même, vous en prendriez", required=False)
    tolerance = ChampQuantite(
        label="Et jusqu'à, en plus, pour finir un colis",
        required=False,
        help_text="Ce que vous acceptez de prendre en plus si cela complète un colis. Rien n'est pris au-delà.",
    )
    cle = champ_cle()


class PosteForm(OuvertureMixin, ReglagesPosteForm):
    """A new shared post."""

    ORDRE = ["structure", "titre", "competence", "description", "commune", "rayon", "minimum", "quantite", "budget"]

    structure = _structure()
    titre = champs.ChampTexte(
        label="Titre",
        max_length=120,
        help_text="Par exemple : un comptable à plusieurs, autour de Vichy.",
        error_messages={"required": "Donnez un titre à ce poste."},
    )
    description = champs.ChampTexte(
        label="Ce que la personne ferait",
        max_length=4000,
        lignes=5,
        required=False,
        help_text="Les tâches, les jours, ce que vous avez essayé déjà.",
    )
    commune = champs.ChampCommune(
        label="Commune", max_length=120, required=False, help_text="Vide : celle de la structure."
    )
    budget = ChampEuros(
        label="Budget par heure (€)", required=False, help_text="Salaire et charges : facultatif, il aide à décider."
    )
    quantite = ChampQuantite(
        label="Votre besoin, en heures par mois", required=False, help_text="Celui de votre structure."
    )
    cle = champ_cle()
