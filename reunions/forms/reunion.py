"""Preparing a meeting, in short steps: what, when and where, coming."""

import uuid
from datetime import datetime

from django import forms
from django.db.models import Q
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampHeure, ChampJour
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from reunions.models import Projet, Reunion

FUSEAU = timezone.get_default_timezone()
PRECEDENTES_MAX = 60


class ChampStructure(forms.CharField):
    """A published structure by its name, from the list that the page suggests; None when empty."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "list": "liste-structures"}))
        super().__init__(max_length=200, **kwargs)

    def prepare_value(self, value):
        return value.nom if isinstance(value, Structure) else value

    def clean(self, value):
        texte = " ".join(super().clean(value).split())
        if not texte:
            return None
        trouvees = list(Structure.objects.publiees().filter(Q(nom__iexact=texte) | Q(sigle__iexact=texte))[:2])
        if not trouvees:
            raise forms.ValidationError(
                "Nous ne trouvons pas cette structure dans l'annuaire : choisissez-la dans la liste.", code="inconnue"
            )
        if len(trouvees) > 1:
            raise forms.ValidationError("Plusieurs structures portent ce nom : écrivez-le en entier.", code="ambigue")
        return trouvees[0]


class QuoiForm(Formulaire):
    """What the meeting is."""

    genre = forms.ChoiceField(
        label="Type de rencontre", choices=[(c, n.capitalize()) for c, n in Reunion.Genre.choices]
    )
    titre = champs.ChampTexte(
        label="Titre",
        max_length=160,
        help_text="Par exemple : Réunion collective 3, visite du fournil.",
        error_messages={"required": "Donnez un titre à la rencontre."},
    )
    objectif = champs.ChampTexte(
        label="Objectif",
        required=False,
        max_length=4000,
        lignes=4,
        help_text="Ce que l'on aura fait ou décidé en sortant. Un objectif par ligne.",
    )
    audience = forms.ChoiceField(
        label="Qui la voit dans l'agenda",
        choices=[(code, nom.capitalize()) for code, nom in Reunion.Audience.choices],
        initial="publique",
    )
    precedente = forms.ModelChoiceField(
        label="Elle fait suite à",
        queryset=Reunion.objects.none(),
        required=False,
        empty_label="Aucune",
        help_text="Son compte rendu y sera approuvé, et ses actions en retard ouvriront l'ordre du jour.",
        error_messages={"invalid_choice": "Cette rencontre n'existe plus : choisissez-en une autre."},
    )
    projet = forms.ModelChoiceField(
        label="Pour le projet ou la commission",
        queryset=Projet.objects.none(),
        required=False,
        empty_label="Aucun",
        error_messages={"invalid_choice": "Ce projet n'existe plus : choisissez-en un autre."},
    )

    def __init__(self, *args, reunion=None, **kwargs):
        super().__init__(*args, **kwargs)
        autres = Reunion.objects.filter(etat__in=["annoncee", "tenue"])
        if reunion is not None:
            autres = autres.exclude(pk=reunion.pk)
        gardee = reunion.precedente_id if reunion is not None else None
        recentes = autres.order_by("-debut", "-pk").values("pk")[:PRECEDENTES_MAX]
        self.fields["precedente"].queryset = Reunion.objects.filter(Q(pk__in=recentes) | Q(pk=gardee)).order_by(
            "-debut", "-pk"
        )
        self.fields["precedente"].label_from_instance = _titre_date
        garde = reunion.projet_id if reunion is not None else None
        self.fields["projet"].queryset = Projet.objects.filter(Q(pk__in=Projet.objects.vivants()) | Q(pk=garde))


def _titre_date(reunion) -> str:
    return f"{reunion.titre} ({timezone.localtime(reunion.debut):%d/%m/%Y})" if reunion.debut else reunion.titre


class CreerForm(Cle, QuoiForm):
    """The first step makes the draft, once per key."""

    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


class QuandForm(Formulaire):
    """When and where; a draft may not know yet."""

    jour = ChampJour(label="Jour", required=False, help_text="Par exemple : 12/03/2027.")
    heure = ChampHeure(label="De", required=False, help_text="Par exemple : 18 h ou 14 h 30.")
    heure_fin = ChampHeure(label="À", required=False)
    jour_fin = ChampJour(label="Jour de fin, si elle dure plusieurs jours", required=False)
    lieu = champs.ChampTexte(label="Lieu", required=False, max_length=160, help_text="Par exemple : L'Atrium.")
    adresse = champs.ChampTexte(label="Adresse", required=False, max_length=200)
    commune = champs.ChampCommune(
        label="Commune",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
    )

    def __init__(self, *args, reunion, **kwargs):
        super().__init__(*args, **kwargs)
        self.reunion = reunion

    def clean(self):
        donnees = super().clean()
        donnees["debut"], donnees["fin"] = self._instants(donnees)
        datee = self.reunion.etat in (Reunion.Etat.ANNONCEE, Reunion.Etat.TENUE)
        if datee and not donnees["debut"] and not {"jour", "heure"} & set(self.errors):
            self.add_error("jour", "Cette rencontre est annoncée : elle garde une date. Pour y renoncer, annulez-la.")
        return donnees

    def _instants(self, donnees):
        jour, heure = donnees.get("jour"), donnees.get("heure")
        jour_fin, heure_fin = donnees.get("jour_fin"), donnees.get("heure_fin")
        if not jour:
            if (heure or heure_fin or jour_fin) and "jour" not in self.errors:
                self.add_error("jour", "Donnez le jour.")
            return None, None
        if not heure:
            if "heure" not in self.errors:
                self.add_error("heure", "Donnez l'heure du début.")
            return None, None
        debut = datetime.combine(jour, heure, FUSEAU)
        if not heure_fin:
            if jour_fin and "heure_fin" not in self.errors:
                self.add_error("heure_fin", "Donnez l'heure de fin.")
            return debut, None
        fin = datetime.combine(jour_fin or jour, heure_fin, FUSEAU)
        if fin <= debut:
            self.add_error("heure_fin", "La fin vient avant le début.")
            return debut, None
        return debut, fin

    def valeurs(self) -> dict:
        """The meeting's own fields, once valid."""
        return {nom: self.cleaned_data[nom] for nom in ("debut", "fin", "lieu", "adresse", "commune")}

    @staticmethod
    def initiales(reunion) -> dict:
        debut = timezone.localtime(reunion.debut) if reunion.debut else None
        fin = timezone.localtime(reunion.fin) if reunion.fin else None
        return {
            "jour": debut and debut.date(),
            "heure": debut and debut.time(),
            "heure_fin": fin and fin.time(),
            "jour_fin": fin.date() if fin and fin.date() != debut.date() else None,
            "lieu": reunion.lieu,
            "adresse": reunion.adresse,
            "commune": reunion.commune,
        }


class VenirForm(Formulaire):
    """Who hosts, and how to come."""

    structure_hote = ChampStructure(
        label="Structure qui accueille",
        required=False,
        help_text="Tapez le début de son nom. La page « reste à accueillir » dit qui n'a pas encore reçu.",
    )
    accessible_pmr = forms.BooleanField(label="Accessible en fauteuil (PMR)", required=False)
    acces = champs.ChampTexte(
        label="Pour venir",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Bus, parking, entrée, étage, ce qu'il faut apporter.",
    )
    jauge = champs.ChampEntier(
        label="Nombre de places",
        required=False,
        min_value=1,
        max_value=10_000,
        help_text="Laissez vide s'il n'y a pas de limite.",
    )
    courriel_organisateur = forms.EmailField(
        label="Adresse e-mail de l'organisateur",
        required=False,
        help_text="C'est là qu'arrivent les réponses aux invitations. Vide : celle de l'équipe du pôle.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["courriel_organisateur"].widget.attrs["autocomplete"] = "off"


class MotifForm(Formulaire):
    """A reason that people read."""

    motif = champs.ChampTexte(
        label="La raison",
        max_length=1000,
        lignes=4,
        help_text="Elle est écrite sur la page et envoyée aux personnes invitées.",
        error_messages={"required": "Dites pourquoi : les personnes invitées le liront."},
    )


class SansChampForm(Formulaire):
    """Only the button."""


class PointForm(Formulaire):
    """One point of the agenda."""

    titre = champs.ChampTexte(
        label="Point", max_length=200, error_messages={"required": "Dites en quelques mots de quoi il s'agit."}
    )
    details = champs.ChampTexte(label="Détails", required=False, max_length=2000, lignes=3)
    duree_minutes = champs.ChampEntier(
        label="Durée en minutes", required=False, min_value=1, max_value=1440, help_text="Par exemple : 20."
    )


class AnimateurForm(Formulaire):
    """Who runs the meeting."""

    nom = champs.ChampTexte(label="Nom", required=False, max_length=120)
    organisation = champs.ChampTexte(label="Organisation", required=False, max_length=160)
    fonction = champs.ChampTexte(label="Fonction", required=False, max_length=120)

    def clean(self):
        donnees = super().clean()
        if not any(donnees.values()):
            raise forms.ValidationError("Écrivez au moins un nom, une organisation ou une fonction.")
        return donnees
