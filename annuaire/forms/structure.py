"""The full sheet of a structure, and the shorter form behind a mailed link."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from annuaire.actions import edition
from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Activite, Competence, Structure
from pole_ess.socle.images import nettoyer_image


def _arrondi(degres) -> float:
    """As edition.point_de has it: 1e-9 is 0, and 0, 0 is a point at sea."""
    return round(float(degres), 6)


class StructureForm(Formulaire):
    """Every field that a référent may set. `valeurs()`, `activites()` and `competences()` feed actions.edition.

    `version` is the sheet's modifie_le when the form was shown: the action compares it under its lock.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    nom = champs.ChampTexte(label="Nom de la structure", max_length=160)
    sigle = champs.ChampTexte(label="Sigle", max_length=30, required=False)
    forme_juridique = forms.ChoiceField(
        label="Forme juridique",
        required=False,
        choices=[("", "Je ne sais pas"), *Structure.FormeJuridique.choices],
    )
    presentation = champs.ChampTexte(
        label="Présentation",
        max_length=4000,
        required=False,
        lignes=6,
        help_text="Ce que fait la structure, en quelques phrases que tout le monde comprend.",
    )
    missions = champs.ChampTexte(label="Missions", max_length=4000, required=False, lignes=4)
    public_accueilli = champs.ChampTexte(
        label="Public accueilli",
        max_length=200,
        required=False,
        help_text="Par exemple : familles, personnes sans emploi, tout public.",
    )
    activites = forms.ModelMultipleChoiceField(
        label="Activités", queryset=Activite.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    competences = champs.ChampCompetences(
        label="Compétences à partager",
        required=False,
        max_length=2000,
        help_text="Séparées par des virgules. Par exemple : comptabilité, animation de réunion.",
    )
    adresse = champs.ChampTexte(
        label="Adresse", max_length=200, required=False, help_text="Numéro et rue, sans la commune."
    )
    commune = champs.ChampCommune(
        label="Commune", max_length=120, required=False, help_text="Son nom, ou son code postal."
    )
    latitude = champs.ChampDecimal(label="Latitude", required=False, min_value=-90, max_value=90)
    longitude = champs.ChampDecimal(label="Longitude", required=False, min_value=-180, max_value=180)
    replacer = forms.BooleanField(
        label="Remettre le point d'après l'adresse, ou au centre de la commune", required=False
    )
    rayon_intervention = champs.ChampEntier(
        label="Rayon d'intervention (km)", required=False, min_value=0, max_value=1000
    )
    telephone = champs.ChampTelephone(label="Téléphone", required=False)
    telephone_public = forms.BooleanField(label="J'accepte que ce téléphone soit public", required=False)
    courriel = forms.EmailField(
        label="Adresse e-mail de la structure",
        required=False,
        help_text="L'adresse générale, pas celle d'une personne. Elle reçoit les messages écrits depuis la fiche.",
    )
    courriel_public = forms.BooleanField(label="J'accepte que cette adresse e-mail soit publique", required=False)
    site = champs.ChampSite(label="Site web", required=False)
    reseaux = champs.ChampReseaux(
        label="Réseaux sociaux", required=False, max_length=2200, help_text="Une adresse par ligne."
    )
    horaires = champs.ChampTexte(
        label="Horaires", max_length=300, required=False, help_text="Par exemple : du mardi au samedi, 9 h à 17 h."
    )
    accessible_pmr = forms.BooleanField(label="Accessible en fauteuil roulant (PMR)", required=False)
    accessible_braille = forms.BooleanField(label="Documents en braille", required=False)
    accessible_lsf = forms.BooleanField(label="Accueil en langue des signes (LSF)", required=False)
    siret = champs.ChampSiret(label="SIRET", required=False, help_text="14 chiffres, avec ou sans espaces.")
    rna = champs.ChampRna(label="Numéro RNA", required=False, help_text="Pour une association : W suivi de 9 chiffres.")
    annee_creation = champs.ChampEntier(
        label="Année de création",
        required=False,
        validators=[MinValueValidator(1600), MaxValueValidator(2100)],
    )
    salaries_etp = champs.ChampDecimal(
        label="Salariés (équivalent temps plein)",
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=2,
        help_text="Par exemple : 2,5.",
    )
    benevoles = champs.ChampEntier(label="Bénévoles", required=False, min_value=0, max_value=1_000_000)
    adherents = champs.ChampEntier(label="Adhérents", required=False, min_value=0, max_value=10_000_000)
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="Une image JPEG, PNG ou WebP de 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    retirer_logo = forms.BooleanField(label="Retirer le logo", required=False)

    SECTIONS = [
        ("Qui vous êtes", ["nom", "sigle", "forme_juridique", "presentation", "missions", "public_accueilli"]),
        ("Ce que vous faites", ["activites", "competences"]),
        ("Où vous trouver", ["adresse", "commune", "rayon_intervention", "horaires"]),
        ("Comment vous joindre", ["telephone", "telephone_public", "courriel", "courriel_public", "site", "reseaux"]),
        ("Accueil de tous", ["accessible_pmr", "accessible_braille", "accessible_lsf"]),
        ("En chiffres", ["annee_creation", "salaries_etp", "benevoles", "adherents"]),
        ("Identifiants", ["siret", "rna"]),
        ("Logo", ["logo", "retirer_logo"]),
    ]
    NON_MODELE = {"version", "activites", "competences", "latitude", "longitude", "replacer", "logo", "retirer_logo"}

    def __init__(self, *args, structure, **kwargs):
        self.structure = structure
        kwargs.setdefault("initial", edition.valeurs_de(structure))
        super().__init__(*args, **kwargs)
        if "activites" in self.fields:
            self.fields["activites"].queryset = Activite.objects.order_by("ordre", "nom", "pk")
        if not structure.logo:
            self.fields.pop("retirer_logo", None)
        if "commune" in self.fields:
            self.fields["commune"].widget.attrs |= {"list": "liste-communes", "autocomplete": "off"}

    def clean_logo(self):
        nouveau = self.files.get("logo")  # cleaned_data would be the present logo when nothing is sent
        return nettoyer_image(nouveau, cote_max=600) if nouveau else None

    def clean(self):
        donnees = super().clean()
        latitude, longitude = donnees.get("latitude"), donnees.get("longitude")
        if {"latitude", "longitude"} & set(self.errors):
            return donnees
        if (latitude is None) != (longitude is None):
            manque = "latitude" if latitude is None else "longitude"
            self.add_error(manque, "Donnez la latitude et la longitude, ou aucune des deux.")
        elif latitude is not None and _arrondi(latitude) == _arrondi(longitude) == 0:
            self.add_error("latitude", "Ce point est en mer : laissez les deux cases vides si vous ne le savez pas.")
        for champ in ("telephone", "courriel"):
            if donnees.get(f"{champ}_public") and champ not in self.errors and not donnees.get(champ):
                self.add_error(champ, "Écrivez la coordonnée à rendre publique, ou décochez la case.")
        return donnees

    def valeurs(self) -> dict:
        """Model field -> value, for actions.edition.enregistrer."""
        valeurs = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in self.NON_MODELE}
        if self.cleaned_data.get("logo"):
            valeurs["logo"] = self.cleaned_data["logo"]
        elif self.cleaned_data.get("retirer_logo"):
            valeurs["logo"] = ""
        return valeurs | self._point()

    def _point(self) -> dict:
        """The pin when it was moved by hand; a wish to put it back; else nothing."""
        if self.cleaned_data.get("replacer"):
            return {"position_origine": ""}
        nouveau = (self.cleaned_data.get("latitude"), self.cleaned_data.get("longitude"))
        if nouveau[0] is None:
            retire = "latitude" in self.fields and self.structure.est_situee
            return {"position_origine": ""} if retire else {}
        nouveau = (_arrondi(nouveau[0]), _arrondi(nouveau[1]))
        if edition.point_de(self.structure) == nouveau:
            return {}
        return {"latitude": nouveau[0], "longitude": nouveau[1], "position_origine": "main"}

    def arbre(self) -> list:
        """The activities as the template draws them: (main, ticked, [(activity, ticked)…])."""
        cochees = {str(pk) for pk in self["activites"].value() or []}
        toutes = list(self.fields["activites"].queryset)
        enfants = {}
        for activite in toutes:
            enfants.setdefault(activite.parent_id, []).append((activite, str(activite.pk) in cochees))
        return [(activite, coche, enfants.get(activite.pk, [])) for activite, coche in enfants.get(None, [])]

    def competences_connues(self):
        """Skills that others already share, to be picked rather than retyped."""
        return Competence.objects.order_by("nom").values_list("nom", flat=True)[:60]


class CorrectionForm(StructureForm):
    """What the holder of a mailed link may correct without an account: no logo, no pin, no identifiers."""

    RETIRES = ("latitude", "longitude", "replacer", "logo", "retirer_logo", "siret", "rna", "rayon_intervention")
    SECTIONS = [
        ("Qui vous êtes", ["nom", "sigle", "forme_juridique", "presentation", "public_accueilli"]),
        ("Ce que vous faites", ["activites", "competences"]),
        ("Où vous trouver", ["adresse", "commune", "horaires"]),
        ("Comment vous joindre", ["telephone", "telephone_public", "courriel", "courriel_public", "site", "reseaux"]),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        gardes = {"version", *(nom for _, noms in self.SECTIONS for nom in noms)}
        for nom in list(self.fields):
            if nom not in gardes:
                del self.fields[nom]

    def _point(self) -> dict:
        return {}
