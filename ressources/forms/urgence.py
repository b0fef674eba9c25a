"""Calling for urgent help, answering, and who accepts to be called."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampHeure, ChampJour
from annuaire.forms.cle import au_nom_de
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure, Utilisateur
from ressources.forms.relation import AvecCle
from ressources.models import Categorie, PreferenceUrgences, ReglagesUrgences
from ressources.models.urgence import APPELS_MAX, PLACES_MAX, RAYON_MAX, delai_par_defaut
from ressources.natures import PROFILS, Nature

JOURS_AVANT = 7
DUREE_MAX = timedelta(days=31)
DELAIS = (10, 20, 30, 60, 120)
NATURES = [Nature.COMPETENCE, Nature.BENEVOLAT, Nature.ENTRAIDE, Nature.ARTISTE, Nature.FORMATION, Nature.MATERIEL,
           Nature.LOCAL]  # fmt: skip
"""In the order of the list: persons first."""


def champ_telephone(aide, *, requis=""):
    return champs.ChampTelephone(
        label="Votre téléphone",
        required=bool(requis),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=aide,
        error_messages={"required": requis} if requis else None,
    )


class UrgenceForm(AvecCle):
    """Who, what, when, where; the rest is optional. An end before the beginning is the next morning."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )
    titre = champs.ChampTexte(
        label="De quoi avez-vous besoin ?",
        max_length=120,
        help_text="Par exemple : Remplacement en cuisine demain 8 h.",
        error_messages={"required": "Dites en quelques mots ce qu'il vous faut."},
    )
    quoi = forms.ChoiceField(
        label="C'est plutôt",
        widget=forms.Select,
        error_messages={"required": "Choisissez dans la liste.", "invalid_choice": "Choisissez dans la liste."},
    )
    savoir_faire = champs.ChampTexte(
        label="Savoir-faire cherché",
        max_length=120,
        required=False,
        help_text="Le métier ou la compétence : cuisine, permis D, PSC1, animation. Vide : à la portée de tous.",
    )
    jour = ChampJour(label="Quel jour", error_messages={"required": "Donnez le jour."})
    de = ChampHeure(label="De", error_messages={"required": "Donnez l'heure du début."})
    a = ChampHeure(label="À", error_messages={"required": "Donnez l'heure de la fin."})
    jour_fin = ChampJour(label="Dernier jour, si cela dure plusieurs jours", required=False)
    commune = champs.ChampCommune(
        label="Commune",
        max_length=100,
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
        error_messages={"required": "Donnez la commune : les plus proches sont appelés d'abord."},
    )
    lieu = champs.ChampTexte(
        label="Adresse du rendez-vous",
        max_length=200,
        required=False,
        help_text="Montrée seulement à qui dit oui.",
    )
    places = champs.ChampEntier(label="Combien de personnes", min_value=1, max_value=PLACES_MAX, initial=1)
    contact = champs.ChampTexte(label="Sur place, demander", max_length=120, required=False)
    telephone = champ_telephone(
        "Montré seulement à qui dit oui, et à l'équipe du pôle si personne n'est trouvé.",
        requis="Donnez un téléphone : on vous appellera pour s'accorder.",
    )
    description = champs.ChampTexte(
        label="Précisions",
        required=False,
        max_length=2000,
        lignes=3,
        help_text="Ce qu'il y aura à faire, si c'est payé, le repas, le covoiturage. Sans nom de personne.",
    )
    delai = forms.TypedChoiceField(
        label="Sans réponse, appeler plus loin au bout de",
        coerce=int,
        error_messages={"invalid_choice": "Choisissez une durée de la liste.", "required": "Choisissez une durée."},
    )

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        au_nom_de(self, structures)
        self.fields["quoi"].choices = [("", "Choisissez"), *choix_de_nature()]
        durees = sorted({*DELAIS, delai_par_defaut()})
        self.fields["delai"].choices = [(n, f"{n} minutes" if n < 60 else f"{n // 60} h") for n in durees]
        self.fields["delai"].initial = delai_par_defaut()
        if self.seule_structure and self.seule_structure.commune:
            self.fields["commune"].initial = self.seule_structure.commune
            self.fields["lieu"].initial = self.seule_structure.adresse

    @property
    def essentiel(self):
        return [self[nom] for nom in ("titre", "quoi", "savoir_faire")]

    @property
    def suite(self):
        """Folded away: what has a default, or is optional."""
        return [self[nom] for nom in ("lieu", "contact", "description", "jour_fin", "delai")]

    @property
    def suite_fautive(self) -> bool:
        return any(champ.errors for champ in self.suite)

    def clean_commune(self):
        commune = self.cleaned_data["commune"]
        if commune is not None and commune.latitude is None:
            raise forms.ValidationError("Nous ne savons pas où est cette commune : donnez-en une voisine.")
        return commune

    def clean(self):
        donnees = super().clean()
        if all(donnees.get(nom) is not None for nom in ("jour", "de", "a")):
            self._situer(donnees)
        return donnees

    def _situer(self, donnees) -> None:
        """`debut` and `fin`, Europe/Paris."""
        jour, jour_fin, maintenant = donnees["jour"], donnees.get("jour_fin"), timezone.now()
        if jour_fin is None:
            jour_fin = jour if donnees["a"] > donnees["de"] else jour + timedelta(days=1)
        debut = timezone.make_aware(datetime.combine(jour, donnees["de"]))
        fin = timezone.make_aware(datetime.combine(jour_fin, donnees["a"]))
        if fin <= debut:
            self.add_error("jour_fin", "La fin est avant le début.")
        elif fin <= maintenant:
            self.add_error("jour", "Ce moment est déjà passé.")
        elif debut > maintenant + timedelta(days=JOURS_AVANT):
            self.add_error(
                "jour", "C'est dans plus de sept jours : publiez plutôt un besoin, on aura le temps d'y répondre."
            )
        elif fin - debut > DUREE_MAX:
            self.add_error("jour_fin", "Un appel urgent dure un mois au plus.")
        donnees |= {"debut": debut, "fin": fin}

    def valeurs(self) -> dict:
        """Arguments of actions.urgences.ouvrir, but `par`."""
        donnees = self.cleaned_data
        nature, _, categorie = donnees["quoi"].partition(":")
        structure, commune = donnees["structure"], donnees["commune"]
        chez_elle = commune == structure.commune and structure.est_situee
        point = structure if chez_elle else commune
        simples = ("titre", "savoir_faire", "debut", "fin", "lieu", "places", "contact", "telephone", "description")
        return {nom: donnees[nom] for nom in (*simples, "delai", "cle")} | {
            "structure": structure,
            "nature": nature,
            "categorie_id": int(categorie) if categorie else None,
            "commune": commune,
            "latitude": point.latitude,
            "longitude": point.longitude,
        }


def choix_de_nature() -> list:
    """Natures as groups, each with its categories: « competence », « competence:12 »."""
    categories = {}
    for categorie in Categorie.objects.filter(nature__in=NATURES).order_by("ordre", "nom", "pk"):
        categories.setdefault(categorie.nature, []).append((f"{categorie.nature}:{categorie.pk}", categorie.nom))
    return [
        (PROFILS[nature].pluriel, [*categories.get(nature, []), (nature.value, f"{nature.label.capitalize()} : autre")])
        for nature in NATURES
    ]


class GesteUrgenceForm(Formulaire):
    """The buttons of the asker's page; `vague` is the one that the page showed."""

    GESTES = [(geste, geste) for geste in ("elargir", "annuler", "pourvue")]

    geste = forms.ChoiceField(choices=GESTES)
    vague = forms.IntegerField(required=False, min_value=0, max_value=3)
    motif = champs.ChampTexte(label="La raison", max_length=300, required=False)

    def clean_vague(self):
        return self.cleaned_data["vague"] if self.cleaned_data["vague"] is not None else -1


class ReponseUrgenceForm(Formulaire):
    """« Je peux »: who comes, and a phone; nothing to type but the phone, once."""

    nom = champs.ChampTexte(
        label="Votre nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Dites votre nom : la structure saura qui attendre."},
    )
    telephone = champ_telephone(
        "Donné à la structure seulement.", requis="Donnez un téléphone : la structure vous appelle pour s'accorder."
    )
    message = champs.ChampTexte(
        label="Un mot pour la structure",
        max_length=500,
        required=False,
        help_text="Par exemple : j'arrive à 8 h 15.",
    )

    def __init__(self, *args, personne, connu="", **kwargs):
        """`connu`: the phone of the person's preferences, given when none is typed."""
        super().__init__(*args, **kwargs)
        self.connu = connu
        self.fields["nom"].initial = personne.nom
        if connu:
            champ = self.fields["telephone"]
            champ.required, champ.help_text = False, f"Vide : le numéro de vos préférences, qui finit par {connu[-2:]}."

    def clean_telephone(self):
        return self.cleaned_data["telephone"] or self.connu


class GesteReponseForm(forms.Form):
    geste = forms.ChoiceField(choices=[(geste, "") for geste in ("oui", "non", "desister", "jamais")])


class PreferenceUrgencesForm(Formulaire):
    accepte = forms.ChoiceField(
        label="Peut-on vous appeler en urgence ?",
        choices=PreferenceUrgences.Accepte.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une des réponses."},
    )
    savoir_faire = champs.ChampTexte(
        label="Ce que vous savez faire",
        max_length=500,
        required=False,
        help_text="Séparé par des virgules : cuisine, permis D, animation, premiers secours, jardinage.",
    )
    commune = champs.ChampCommune(
        label="Votre commune",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
    )
    rayon = champs.ChampEntier(label="Jusqu'à combien de kilomètres", min_value=1, max_value=RAYON_MAX)
    calme_debut = ChampHeure(label="Ne pas m'appeler à partir de", error_messages={"required": "Donnez une heure."})
    calme_fin = ChampHeure(
        label="Jusqu'à",
        error_messages={"required": "Donnez une heure."},
        help_text="La même heure deux fois : à toute heure.",
    )
    par_semaine = champs.ChampEntier(label="Appels par semaine, au plus", min_value=1, max_value=APPELS_MAX)
    telephone = champ_telephone("Donné seulement aux structures à qui vous dites oui : vous n'aurez plus à le taper.")
    field_order = ["accepte", "savoir_faire", "commune", "rayon"]

    @classmethod
    def de(cls, preference, envoi=None):
        return cls(envoi, initial={nom: getattr(preference, nom) for nom in cls.base_fields})

    def clean(self):
        donnees = super().clean()
        if donnees.get("accepte") == "oui" and not donnees.get("commune") and "commune" not in self.errors:
            self.add_error("commune", "Donnez votre commune : seuls les appels proches vous sont envoyés.")
        elif donnees.get("commune") and donnees["commune"].latitude is None:
            self.add_error("commune", "Nous ne savons pas où est cette commune : donnez-en une voisine.")
        return donnees


class ReglagesUrgencesForm(Formulaire):
    accepte = forms.BooleanField(label="Notre structure accepte les appels urgents", required=False)
    rayon = champs.ChampEntier(label="Jusqu'à combien de kilomètres", min_value=1, max_value=RAYON_MAX)
    referents = forms.ModelMultipleChoiceField(
        label="Qui appeler",
        queryset=Utilisateur.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Personne de coché : les deux premiers référents.",
        error_messages={"invalid_choice": "Choisissez parmi les référents.", "list": "Choisissez dans la liste."},
    )

    @classmethod
    def de(cls, structure, envoi=None):
        reglages = ReglagesUrgences.objects.filter(structure=structure).first()
        initial = {"accepte": False, "rayon": ReglagesUrgences._meta.get_field("rayon").default}
        if reglages:
            referents = list(reglages.referents.values_list("pk", flat=True))
            initial = {"accepte": reglages.accepte, "rayon": reglages.rayon, "referents": referents}
        form = cls(envoi, initial=initial)
        form.fields["referents"].queryset = Utilisateur.objects.filter(
            is_active=True, rattachements__structure=structure, rattachements__etat="actif",
            rattachements__role="referent",
        ).order_by("nom", "pk")  # fmt: skip
        return form
