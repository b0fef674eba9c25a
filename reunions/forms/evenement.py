"""Posting an event for a structure."""

import uuid
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampHeure, ChampJour
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from reunions.models import Evenement

FUSEAU = timezone.get_default_timezone()
DUREE_MAX = timedelta(days=62)


class EvenementForm(Cle, Formulaire):
    """`vus`: keys of the events of the same day that the person has already been told about."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )
    genre = forms.ChoiceField(label="Type", choices=[(c, n.capitalize()) for c, n in Evenement.Genre.choices])
    titre = champs.ChampTexte(
        label="Titre", max_length=140, error_messages={"required": "Donnez un titre à l'événement."}
    )
    jour = ChampJour(
        label="Jour", help_text="Par exemple : 12/03/2027.", error_messages={"required": "Donnez le jour."}
    )
    heure = ChampHeure(label="De", required=False, help_text="Par exemple : 20 h 30. Vide : toute la journée.")
    heure_fin = ChampHeure(label="À", required=False)
    jour_fin = ChampJour(label="Dernier jour, s'il dure plusieurs jours", required=False)
    commune = champs.ChampCommune(
        label="Commune",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
    )
    lieu = champs.ChampTexte(label="Lieu", required=False, max_length=160, help_text="Par exemple : salle des fêtes.")
    adresse = champs.ChampTexte(label="Adresse", required=False, max_length=200)
    description = champs.ChampTexte(
        label="Description", required=False, max_length=4000, lignes=5, help_text="Ce qui s'y passe, pour qui."
    )
    tarif = champs.ChampTexte(
        label="Tarif", required=False, max_length=120, help_text="Par exemple : entrée libre, 5 €."
    )
    site = champs.ChampSite(label="Page de l'événement", required=False)
    accessible_pmr = forms.BooleanField(label="Accessible en fauteuil (PMR)", required=False)
    accessibilite = champs.ChampTexte(
        label="Autres accessibilités",
        required=False,
        max_length=200,
        help_text="Par exemple : langue des signes, audiodescription, boucle magnétique.",
    )
    vus = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    cle = champ_cle()

    def __init__(self, *args, structures, evenement=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.evenement = evenement
        if evenement is None:
            au_nom_de(self, structures)
            self.fields["cle"].initial = uuid.uuid4
        else:
            del self.fields["structure"], self.fields["cle"]
        self.fields["vus"].widget.attrs["id"] = "id_vus_envoyes"

    def clean(self):
        donnees = super().clean()
        if donnees.get("jour"):
            donnees["debut"], donnees["fin"], donnees["journee_entiere"] = self._instants(donnees)
        nouveau = self.evenement is None or self.evenement.debut != donnees.get("debut")
        passe = donnees.get("debut") and donnees["debut"] < timezone.now() - timedelta(days=1)
        if nouveau and passe and not self.errors:
            self.add_error("jour", "Ce jour est déjà passé.")
        return donnees

    def _instants(self, donnees):
        """(start, end or None, whole days). Whole days end at the midnight after the last one."""
        jour, heure, fin = donnees["jour"], donnees.get("heure"), donnees.get("heure_fin")
        dernier = donnees.get("jour_fin") or jour
        if dernier < jour:
            self.add_error("jour_fin", "Le dernier jour est avant le premier.")
            dernier = jour
        elif dernier - jour > DUREE_MAX:
            self.add_error("jour_fin", "Deux mois au plus : au-delà, proposez plusieurs événements.")
        if not heure:
            if fin and "heure" not in self.errors:
                self.add_error("heure", "Donnez l'heure du début.")
            ouvre = datetime.combine(jour, time(), FUSEAU)
            return ouvre, datetime.combine(dernier + timedelta(days=1), time(), FUSEAU), True
        debut = datetime.combine(jour, heure, FUSEAU)
        if not fin:
            return debut, datetime.combine(dernier, time(23, 59), FUSEAU) if dernier > jour else None, False
        if dernier == jour and fin <= heure and fin <= time(6):
            dernier += timedelta(days=1)  # « de 21 h à 2 h » ends the day after
        arret = datetime.combine(dernier, fin, FUSEAU)
        if arret <= debut:
            self.add_error("heure_fin", "La fin vient avant le début.")
            return debut, None, False
        return debut, arret, False

    def valeurs(self) -> dict:
        """The event's own fields, once valid."""
        donnees = self.cleaned_data
        noms = ["genre", "titre", "description", "debut", "fin", "journee_entiere", "lieu", "adresse", "commune"]
        noms += ["accessible_pmr", "accessibilite", "tarif", "site"]
        return {nom: donnees[nom] for nom in noms + (["structure"] if "structure" in donnees else [])}

    def deja_vus(self) -> set[str]:
        return set(self.cleaned_data.get("vus", "").split())

    @staticmethod
    def initiales(evenement) -> dict:
        debut = timezone.localtime(evenement.debut)
        fin = timezone.localtime(evenement.fin) if evenement.fin else None
        dernier = (fin - timedelta(microseconds=1)).date() if fin and evenement.journee_entiere else fin and fin.date()
        nuit = fin and not evenement.journee_entiere and fin - debut < timedelta(days=1) and fin.time() <= time(6)
        simples = ["genre", "titre", "description", "lieu", "adresse", "commune", "accessible_pmr", "accessibilite"]
        return {
            **{nom: getattr(evenement, nom) for nom in [*simples, "tarif", "site"]},
            "jour": debut.date(),
            "heure": None if evenement.journee_entiere else debut.time(),
            "heure_fin": fin.time() if fin and not evenement.journee_entiere else None,
            "jour_fin": dernier if dernier and dernier != debut.date() and not nuit else None,
        }


class ProchesForm(Formulaire):
    """A day and a commune, as far as they are typed: what else happens then."""

    jour = ChampJour()
    jour_fin = ChampJour(required=False)
    commune = champs.ChampCommune(max_length=100)


class MotifEvenementForm(Formulaire):
    motif = champs.ChampTexte(
        label="La raison",
        max_length=1000,
        lignes=4,
        help_text="Elle est écrite sur la page de l'événement.",
        error_messages={"required": "Dites pourquoi : les gens le liront."},
    )
