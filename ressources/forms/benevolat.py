"""Missions, their shifts, taking a place, noting who came."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampEuros, ChampHeure, ChampJour
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Competence
from ressources.agenda import FUSEAU
from ressources.models.benevolat import HEURES_MAX

MOTIF_MAX = 500
DECOUPES = [
    ("", "Un seul créneau"),
    *[(str(minutes), mots) for minutes, mots in (
        (60, "Des créneaux d'une heure"), (90, "Des créneaux d'une heure et demie"), (120, "Des créneaux de 2 heures"),
        (180, "Des créneaux de 3 heures"), (240, "Des créneaux de 4 heures"),
    )],
]  # fmt: skip


class AvecCle(Cle, Formulaire):
    """With the hidden key that makes a retried request write once."""

    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


class MotifForm(Formulaire):
    """What everybody concerned reads."""

    motif = champs.ChampTexte(
        label="La raison, envoyée à chaque personne",
        max_length=MOTIF_MAX,
        lignes=3,
        error_messages={"required": "Dites pourquoi : chaque personne le lit."},
    )


class MissionForm(AvecCle):
    """The event and what to know; the need itself is the announcement."""

    evenement = champs.ChampTexte(
        label="Pour quel événement", required=False, max_length=160, help_text="Par exemple : la fête des dix ans."
    )
    lien = champs.ChampSite(
        label="Page de l'événement",
        required=False,
        help_text="Son adresse web : dans l'agenda des rencontres du portail, ou ailleurs.",
    )
    lieu = champs.ChampTexte(
        label="Lieu de rendez-vous", required=False, max_length=200, help_text="Chaque créneau peut avoir le sien."
    )
    consignes = champs.ChampTexte(
        label="À savoir avant de venir",
        required=False,
        max_length=2000,
        lignes=4,
        help_text="Tenue, repas, accès en fauteuil, âge minimum, qui demander en arrivant.",
    )
    competences = champs.ChampCompetences(
        label="Compétences utiles",
        required=False,
        help_text="Séparées par des virgules. Rien : tout le monde est bienvenu.",
    )

    def competences_connues(self):
        """The words already used, to be offered."""
        return Competence.objects.order_by("nom").values_list("nom", flat=True)[:60]

    def valeurs(self) -> dict:
        """Arguments of actions.benevolat.ouvrir and modifier, but the key."""
        valeurs = {nom: self.cleaned_data[nom] for nom in ("evenement", "lien", "lieu", "consignes")}
        return {"valeurs": valeurs, "competences": self.cleaned_data["competences"]}


class HorairesForm(Formulaire):
    """One day, from one hour to another; the next morning when the second is not after the first."""

    intitule = champs.ChampTexte(
        label="Ce qu'on y fait", required=False, max_length=120, help_text="Par exemple : buvette, montage, accueil."
    )
    jour = ChampJour(label="Jour", error_messages={"required": "Donnez le jour."})
    de = ChampHeure(label="De", error_messages={"required": "Donnez l'heure du début."})
    a = ChampHeure(label="À", error_messages={"required": "Donnez l'heure de la fin."})
    places = champs.ChampEntier(
        label="Places", min_value=1, max_value=500, error_messages={"required": "Dites combien de personnes il faut."}
    )
    lieu = champs.ChampTexte(
        label="Lieu de ce créneau", required=False, max_length=200, help_text="S'il n'est pas celui de la mission."
    )

    def clean(self):
        donnees = super().clean()
        jour, de, a = (donnees.get(nom) for nom in ("jour", "de", "a"))
        if jour and de is not None and a is not None:
            debut = datetime.combine(jour, de, FUSEAU)
            fin = datetime.combine(jour if a > de else jour + timedelta(days=1), a, FUSEAU)
            # UTC, so that shifts last real hours: a night when the clocks change has one more, or one less.
            donnees["debut"], donnees["fin"] = debut.astimezone(UTC), fin.astimezone(UTC)
            if debut <= timezone.now():
                self.add_error("jour", "Ce jour et cette heure sont déjà passés.")
        return donnees


class CreneauxForm(AvecCle, HorairesForm):
    """One shift, or a series of shifts of the same length that fill the day."""

    decoupe = forms.TypedChoiceField(
        label="Découper ces heures",
        choices=DECOUPES,
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Chaque créneau a ses propres places. Le dernier est plus court s'il le faut.",
        error_messages={"invalid_choice": "Choisissez une des découpes de la liste."},
    )
    field_order = ["intitule", "jour", "de", "a", "decoupe", "places", "lieu", "cle"]

    def valeurs(self) -> dict:
        """Arguments of actions.benevolat.ajouter_creneaux."""
        donnees = self.cleaned_data
        valeurs = {nom: donnees[nom] for nom in ("places", "intitule", "lieu", "cle")}
        return valeurs | {"plages": decouper(donnees["debut"], donnees["fin"], donnees["decoupe"])}


def decouper(debut, fin, minutes) -> list[tuple]:
    """[debut, fin) cut in pieces of so many minutes, the last one shorter; whole without `minutes`."""
    if not minutes:
        return [(debut, fin)]
    bornes, pas = [debut], timedelta(minutes=minutes)
    while bornes[-1] + pas < fin:
        bornes.append(bornes[-1] + pas)
    return list(zip(bornes, [*bornes[1:], fin], strict=True))


class CreneauForm(HorairesForm):
    """Changing a shift."""

    field_order = ["intitule", "jour", "de", "a", "places", "lieu"]

    def valeurs(self) -> dict:
        """Arguments of actions.benevolat.modifier_creneau."""
        return {nom: self.cleaned_data[nom] for nom in ("debut", "fin", "places", "intitule", "lieu")}

    @staticmethod
    def initial_de(creneau) -> dict:
        debut, fin = timezone.localtime(creneau.debut), timezone.localtime(creneau.fin)
        valeurs = {nom: getattr(creneau, nom) for nom in ("intitule", "places", "lieu")}
        return valeurs | {"jour": debut.date(), "de": debut.time(), "a": fin.time()}


class PriseForm(AvecCle):
    """Taking a place: a name, the rest as one likes."""

    nom = champs.ChampTexte(
        label="Votre nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="Lu par la structure de cette mission et l'équipe du pôle, par personne d'autre.",
        error_messages={"required": "Dites votre nom : la structure doit savoir qui elle attend."},
    )
    telephone = champs.ChampTelephone(
        label="Téléphone pour ce créneau",
        required=False,
        help_text="Pour vous joindre en cas de changement. Effacé un mois après.",
    )
    message = champs.ChampTexte(
        label="Un mot pour la structure",
        required=False,
        max_length=500,
        lignes=3,
        help_text="Un besoin d'accessibilité, un horaire, quelqu'un avec qui vous venez.",
    )
    field_order = ["nom", "telephone", "message", "cle"]


class PlaceForm(Formulaire):
    """What a volunteer does with their own place: give it up, or answer about the hours."""

    GESTES = [(geste, geste) for geste in ("renoncer", "juste", "corriger")]

    geste = forms.ChoiceField(
        choices=GESTES, error_messages={"required": "Choisissez un des boutons.", "invalid_choice": "Geste inconnu."}
    )
    motif = champs.ChampTexte(label="Un mot pour la structure", max_length=MOTIF_MAX, required=False, lignes=2)
    heures = ChampEuros(label="Heures que vous avez faites", required=False, unite="h", maximum=Decimal(HEURES_MAX))
    mot = champs.ChampTexte(label="Pourquoi", max_length=MOTIF_MAX, required=False, lignes=2)

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") == "corriger" and donnees.get("heures") is None and "heures" not in self.errors:
            self.add_error("heures", "Écrivez combien d'heures vous avez faites. Exemple : 2,5")
        return donnees


class PointageForm(Formulaire):
    """One line of the check-in. `vue`: the state that the page showed."""

    ETATS = [(etat, etat) for etat in ("venue", "absente", "inscrite")]

    pk = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    etat = forms.ChoiceField(choices=ETATS)
    vue = forms.ChoiceField(choices=ETATS)
    heures = ChampEuros(label="Heures faites", required=False, unite="h", maximum=Decimal(HEURES_MAX))


class RetraitForm(MotifForm):
    """Taking somebody off a shift."""

    pk = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class RechercheMissionForm(Formulaire):
    """Missions around a commune, on a day, where a skill is useful."""

    KM = [("", "Toutes les distances"), *[(str(km), f"À moins de {km} km") for km in (10, 20, 50)]]

    commune = champs.ChampCommune(label="Autour de", required=False, max_length=100)
    km = forms.TypedChoiceField(label="Distance", choices=KM, required=False, coerce=int, empty_value=None)
    jour = ChampJour(label="Le jour", required=False)
    competence = champs.ChampTexte(label="Compétence", required=False, max_length=80)
