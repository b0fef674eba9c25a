"""Asking to book, and every act on a booking."""

import uuid
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampEuros, ChampHeure, ChampJour
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from pole_ess.socle.images import nettoyer_image
from ressources.agenda import FUSEAU, jours
from ressources.models import Calendrier, Reservation

PHOTOS_MAX = 4


class ReserverForm(Cle, Formulaire):
    """Days, or hours of a day; `instants()` gives the aware start and end."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures."},
    )
    debut = ChampJour(label="Du", error_messages={"required": "Choisissez le premier jour."})
    heure_debut = ChampHeure(label="À partir de", help_text="Exemple : 14 h 30")
    fin = ChampJour(label="Au", error_messages={"required": "Choisissez le dernier jour."})
    heure_fin = ChampHeure(label="Jusqu'à", help_text="Exemple : 17 h")
    quantite = champs.ChampEntier(label="Quantité", min_value=1, initial=1)
    message = champs.ChampTexte(
        label="Votre message",
        required=False,
        max_length=2000,
        lignes=3,
        help_text="Pour quoi faire, qui vient le chercher, à quelle heure.",
    )
    cle = champ_cle()

    def __init__(self, *args, calendrier, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.calendrier = calendrier
        au_nom_de(self, structures)
        self.fields["cle"].initial = uuid.uuid4
        if calendrier.capacite == 1:
            del self.fields["quantite"]
        else:
            self.fields["quantite"].help_text = f"De 1 à {calendrier.capacite}."
        if calendrier.pas == Calendrier.Pas.JOUR:
            del self.fields["heure_debut"], self.fields["heure_fin"]
            self.fields["fin"].help_text = "Le dernier jour compris."
        else:
            self.fields["debut"].label, self.fields["fin"].label = "Jour", "Jour de fin, si ce n'est pas le même"
            self.fields["fin"].required = False

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin") or donnees.get("debut")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin doit venir après le début.")
        elif debut and donnees.get("heure_debut") and donnees.get("heure_fin"):
            ouvert, ferme = self._instant(debut, "heure_debut"), self._instant(fin, "heure_fin")
            if ferme <= ouvert:
                self.add_error("heure_fin", "L'heure de fin doit venir après celle du début.")
        return donnees

    def _instant(self, jour, heure) -> datetime:
        return datetime.combine(jour, self.cleaned_data[heure], FUSEAU)

    def instants(self) -> tuple[datetime, datetime]:
        """The aware start and end, once valid."""
        debut, fin = self.cleaned_data["debut"], self.cleaned_data.get("fin") or self.cleaned_data["debut"]
        if self.calendrier.pas == Calendrier.Pas.JOUR:
            periode = jours(debut, fin)
            return periode.lower, periode.upper
        return self._instant(debut, "heure_debut"), self._instant(fin, "heure_fin")

    def voulu(self) -> dict:
        """Arguments of presentation_reservation.libres_autour: what was asked, as far as it was understood."""
        donnees = getattr(self, "cleaned_data", None) or self.initial
        debut, fin = donnees.get("debut"), donnees.get("fin")
        duree = (fin - debut).days + 1 if debut and fin and fin >= debut else 1
        return {"voulu": debut, "duree": duree, "quantite": donnees.get("quantite") or 1}

    def valeurs(self) -> dict:
        """Arguments of actions.reservations.demander."""
        debut, fin = self.instants()
        donnees = self.cleaned_data
        return {
            "structure": donnees["structure"],
            "debut": debut,
            "fin": fin,
            "quantite": donnees.get("quantite", 1),
            "message": donnees["message"],
            "cle": donnees["cle"],
        }


class PlusieursFichiers(forms.ClearableFileInput):
    allow_multiple_selected = True


class ChampPhotos(forms.FileField):
    """Up to PHOTOS_MAX photos, each checked and re-encoded; the clean value is a list of WebP files."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", PlusieursFichiers(attrs={"accept": "image/jpeg,image/png,image/webp"}))
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        fichiers = [f for f in (data if isinstance(data, list | tuple) else [data]) if f]
        if len(fichiers) > PHOTOS_MAX:
            raise ValidationError(f"{PHOTOS_MAX} photos au plus : choisissez les plus parlantes.")
        return [nettoyer_image(super(ChampPhotos, self).clean(fichier, initial)) for fichier in fichiers]


class MotifForm(Formulaire):
    """A reason that is mailed to the other structure."""

    motif = champs.ChampTexte(
        label="La raison",
        max_length=500,
        lignes=3,
        help_text="Elle est envoyée à l'autre structure.",
        error_messages={"required": "Dites pourquoi : la raison est envoyée à l'autre structure."},
    )


class AnnulerForm(MotifForm):
    """The same; a reason is kind, not required."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].required = False


class RemettreForm(Formulaire):
    """What was seen at the hand-over."""

    constat = champs.ChampTexte(
        label="État à la remise",
        required=False,
        max_length=2000,
        lignes=3,
        help_text="Ce qui est fourni, les marques déjà là : regardez ensemble.",
    )
    photos = ChampPhotos(
        label="Photos", required=False, help_text="Quatre au plus, vues des deux structures seulement."
    )
    caution_recue = forms.BooleanField(label="Caution reçue", required=False)

    def __init__(self, *args, reservation, **kwargs):
        super().__init__(*args, **kwargs)
        if not reservation.caution:
            del self.fields["caution_recue"]

    def valeurs(self) -> dict:
        """Arguments of actions.reservations.remettre."""
        return dict(self.cleaned_data)


class RendreForm(Formulaire):
    """What was seen at the return, the deposit, and what the loan was worth."""

    etat = forms.ChoiceField(
        label="État au retour",
        choices=Reservation.EtatRetour.choices,
        widget=forms.RadioSelect,
        initial="conforme",
        error_messages={"required": "Dites dans quel état c'est revenu."},
    )
    quantite_rendue = champs.ChampEntier(label="Combien sont revenus", min_value=0)
    constat = champs.ChampTexte(label="Remarques", required=False, max_length=2000, lignes=3)
    photos = ChampPhotos(
        label="Photos", required=False, help_text="Quatre au plus, vues des deux structures seulement."
    )
    caution_rendue = forms.BooleanField(label="Caution rendue", required=False, initial=True)
    heures = ChampEuros(label="Heures données", required=False, unite="h", maximum=99_999)
    euros = ChampEuros(label="Euros économisés ou payés", required=False)
    kilos = ChampEuros(label="Kilos réemployés", required=False, unite="kg", maximum=999_999)

    def __init__(self, *args, reservation, **kwargs):
        super().__init__(*args, **kwargs)
        if reservation.quantite == 1:
            del self.fields["quantite_rendue"]
        else:
            self.fields["quantite_rendue"].initial = reservation.quantite
            self.fields["quantite_rendue"].help_text = f"Sur {reservation.quantite}."
        if reservation.etat_caution != Reservation.EtatCaution.RECUE:
            del self.fields["caution_rendue"]

    def clean(self):
        donnees = super().clean()
        if donnees.get("caution_rendue") is False and not donnees.get("constat"):
            self.add_error("constat", "Dites pourquoi la caution est retenue : l'emprunteur le lira.")
        return donnees

    def valeurs(self) -> dict:
        """Arguments of actions.reservations.rendre."""
        return {nom: v for nom, v in self.cleaned_data.items() if nom not in ("heures", "euros", "kilos")}

    def chiffres(self) -> dict:
        """Arguments of actions.bilan.declarer; empty when nothing was said."""
        dits = {nom: self.cleaned_data[nom] for nom in ("heures", "euros", "kilos")}
        return dits if any(valeur is not None for valeur in dits.values()) else {}


class ProlongerForm(Formulaire):
    """Until when: a last day, or a day and an hour."""

    fin = ChampJour(label="Jusqu'au", error_messages={"required": "Choisissez le nouveau dernier jour."})
    heure_fin = ChampHeure(label="À", help_text="Exemple : 17 h")

    def __init__(self, *args, reservation, **kwargs):
        super().__init__(*args, **kwargs)
        self.par_jours = reservation.calendrier.pas == Calendrier.Pas.JOUR
        if self.par_jours:
            del self.fields["heure_fin"]
            self.fields["fin"].help_text = "Le dernier jour compris."

    def instant(self) -> datetime:
        """The aware new end."""
        fin = self.cleaned_data["fin"]
        return (
            jours(fin, fin).upper if self.par_jours else datetime.combine(fin, self.cleaned_data["heure_fin"], FUSEAU)
        )


class VideForm(Formulaire):
    """An act that asks for nothing but the button."""
