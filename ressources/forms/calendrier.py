"""The rules of a calendar, its closures, its secret address."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampHeure, ChampJour
from annuaire.forms.formulaires import Formulaire
from ressources.actions.calendriers import ANNULER, GARDER
from ressources.agenda import FUSEAU, en_jours, jours_de, minuit, plage
from ressources.models import Calendrier, Fermeture
from ressources.templatetags.reservations import dates_de_reservation

CAPACITE_MAX = 100_000


def _entier(label, aide="", *, maximum, minimum=0, **kwargs):
    return champs.ChampEntier(label=label, help_text=aide, min_value=minimum, max_value=maximum, **kwargs)


class ReglagesForm(Formulaire):
    """How a resource is booked."""

    actif = forms.BooleanField(
        label="Ouvert aux réservations",
        required=False,
        help_text="Fermé, le calendrier reste visible, mais personne ne peut demander de dates.",
    )
    genre = forms.ChoiceField(
        label="Combien d'emprunteurs à la fois",
        choices=[
            (Calendrier.Genre.EXCLUSIF, "Un seul : une salle, un barnum, un vidéoprojecteur"),
            (Calendrier.Genre.POOL, "Plusieurs, selon la quantité : 100 chaises, 20 tables"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites combien d'emprunteurs peuvent l'avoir en même temps."},
    )
    capacite = _entier(
        "Quantité en tout", "Seulement si plusieurs emprunteurs se la partagent.",
        minimum=1, maximum=CAPACITE_MAX, required=False,
    )  # fmt: skip
    pas = forms.ChoiceField(
        label="On réserve",
        choices=[(Calendrier.Pas.JOUR, "par jours entiers"), (Calendrier.Pas.HEURE, "par heures")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si l'on réserve par jours ou par heures."},
    )
    preavis_jours = _entier("Préavis, en jours", "0 : on peut demander pour le jour même.", maximum=365)
    duree_max_jours = _entier("Durée maximale, en jours", "Vide : sans limite.", minimum=1, maximum=365, required=False)
    battement_heures = _entier(
        "Temps gardé libre après chaque retour, en heures",
        "Pour nettoyer, vérifier, recharger. Les réservations déjà confirmées gardent le leur.",
        maximum=720,
    )
    horizon_jours = _entier("Jusqu'à combien de jours à l'avance", "365 : un an.", minimum=1, maximum=730)
    consignes = champs.ChampTexte(
        label="Consignes pour le retrait et le retour", required=False, max_length=2000, lignes=4,
        help_text="Où, quand, avec quel véhicule, dans quel état le rendre. Elles sont jointes à la convention.",
    )  # fmt: skip

    @classmethod
    def depuis(cls, annonce, calendrier):
        """The values to show first: the calendar's, or sensible ones for a new calendar."""
        if calendrier is not None:
            return {nom: getattr(calendrier, nom) for nom in cls.base_fields}
        plusieurs = annonce.quantite > 1
        return {
            "actif": True,
            "genre": Calendrier.Genre.POOL if plusieurs else Calendrier.Genre.EXCLUSIF,
            "capacite": annonce.quantite if plusieurs else None,
            "pas": Calendrier.Pas.HEURE if annonce.nature == "local" else Calendrier.Pas.JOUR,
            "preavis_jours": 1,
            "battement_heures": 0,
            "horizon_jours": 365,
        }

    def clean(self):
        donnees = super().clean()
        partage = donnees.get("genre") == Calendrier.Genre.POOL
        if partage and not donnees.get("capacite") and "capacite" not in self.errors:
            self.add_error("capacite", "Écrivez la quantité que les emprunteurs se partagent.")
        preavis, horizon = donnees.get("preavis_jours"), donnees.get("horizon_jours")
        if preavis is not None and horizon is not None and preavis > horizon:
            self.add_error("horizon_jours", "C'est moins que le préavis : personne ne pourrait réserver.")
        return donnees

    def valeurs(self) -> dict:
        """Arguments of actions.calendriers.regler."""
        return dict(self.cleaned_data)


class FermetureForm(Formulaire):
    """Whole days, or hours when one is given; then what becomes of each booking in the way (`demander`)."""

    genre = forms.ChoiceField(
        label="De quoi s'agit-il",
        choices=[
            (Fermeture.Genre.FERMETURE, "Fermeture : congés, usage par votre structure"),
            (Fermeture.Genre.PANNE, "Panne ou réparation"),
            (Fermeture.Genre.AVIS, "Avis : on peut réserver, mais il faut le savoir"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites de quoi il s'agit."},
    )
    debut = ChampJour(label="Du", error_messages={"required": "Choisissez le premier jour."})
    heure_debut = ChampHeure(label="À partir de", required=False, help_text="Exemple : 14 h 30. Vide : dès le matin.")
    fin = ChampJour(label="Au", required=False, help_text="Le dernier jour compris. Vide : le même jour.")
    heure_fin = ChampHeure(label="Jusqu'à", required=False, help_text="Vide : jusqu'au soir.")
    motif = champs.ChampTexte(
        label="Raison", required=False, max_length=200, help_text="Tout le monde la lit sur le calendrier."
    )
    raison = champs.ChampTexte(
        label="Ce que nous écrivons aux structures dont la réservation est annulée", required=False,
        max_length=500, lignes=3,
    )  # fmt: skip

    @classmethod
    def depuis(cls, fermeture) -> dict:
        """The values to show first of a closure."""
        debut, fin = jours_de(fermeture.periode)
        bornes = {"debut": debut, "fin": fin}
        if not en_jours(fermeture.periode):
            lower, upper = (borne.astimezone(FUSEAU) for borne in (fermeture.periode.lower, fermeture.periode.upper))
            bornes["heure_debut"] = lower.time() if lower != minuit(debut) else None
            bornes["heure_fin"] = upper.time() if upper != minuit(fin + timedelta(days=1)) else None
        return {"genre": fermeture.genre, "motif": fermeture.motif, **bornes}

    def clean(self):
        donnees = super().clean()
        if not {"debut", "heure_debut", "fin", "heure_fin"} & set(self.errors):
            debut, fin = self.bornes()
            if fin <= debut:
                champ = "heure_fin" if donnees.get("heure_fin") else "fin"
                self.add_error(champ, "La fin doit venir après le début.")
            elif fin <= timezone.now():
                self.add_error("fin" if donnees.get("fin") else "debut", "C'est déjà passé : choisissez la suite.")
        if ANNULER in self.decisions().values() and not donnees.get("raison"):
            self.add_error("raison", "Dites pourquoi : cette raison est envoyée à chaque structure.")
        return donnees

    def dates(self):
        """The bound fields of the days and hours, for the template."""
        return [self[nom] for nom in ("debut", "heure_debut", "fin", "heure_fin")]

    def questions(self):
        """The bound fields that `demander` added."""
        return [self[nom] for nom in self.fields if nom.startswith("decision_")]

    def bornes(self) -> tuple[datetime, datetime]:
        """Aware instants, from what was understood."""
        donnees = self.cleaned_data
        debut, fin = donnees["debut"], donnees.get("fin") or donnees["debut"]
        de, a = donnees.get("heure_debut"), donnees.get("heure_fin")
        return (
            datetime.combine(debut, de, FUSEAU) if de else minuit(debut),
            datetime.combine(fin, a, FUSEAU) if a else minuit(fin + timedelta(days=1)),
        )

    def periode(self):
        """The range, or None while the days are not understood."""
        if {"debut", "heure_debut", "fin", "heure_fin"} & set(self.errors):
            return None
        debut, fin = self.bornes()
        return plage(debut, fin) if debut < fin else None

    def decisions(self) -> dict[int, str]:
        """Booking's id -> « annuler » or « garder », as sent."""
        lues = {}
        for nom in self.data:
            cle = nom.removeprefix("decision_")
            if cle != nom and cle.isascii() and cle.isdecimal() and len(cle) < 18:
                lues[int(cle)] = self.data.get(nom)
        return {cle: valeur for cle, valeur in lues.items() if valeur in (ANNULER, GARDER)}

    def demander(self, conflits) -> None:
        """Add a question for each booking in the way. A breakdown cancels unless told otherwise."""
        self.data = self.data.copy()
        for reservation in conflits:
            nom = f"decision_{reservation.pk}"
            self.fields[nom] = forms.ChoiceField(
                label=f"{reservation.structure.nom}, {dates_de_reservation(reservation)}",
                choices=[(ANNULER, "Annuler et prévenir par e-mail"), (GARDER, "Garder")],
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
            if self.cleaned_data.get("genre") == Fermeture.Genre.PANNE:
                self.data.setdefault(nom, ANNULER)
        if conflits and "raison" not in self.data:
            genre = dict(Fermeture.Genre.choices).get(self.cleaned_data.get("genre"), "")
            motif = self.cleaned_data.get("motif")
            self.data["raison"] = f"{genre.capitalize()}{f' : {motif}' if motif else ''}."

    def valeurs(self) -> dict:
        """Arguments of actions.calendriers.fermer."""
        debut, fin = self.bornes()
        donnees = self.cleaned_data
        return {
            "genre": donnees["genre"], "debut": debut, "fin": fin, "motif": donnees["motif"],
            "decisions": self.decisions(), "raison": donnees["raison"],
        }  # fmt: skip


class SupprimerForm(Formulaire):
    """The button that removes a closure."""

    geste = forms.ChoiceField(choices=[("supprimer", "supprimer")])


class AdresseForm(Formulaire):
    """Renew a secret address: `ancien` is the one that was shown."""

    ancien = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
