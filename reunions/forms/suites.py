"""What was decided: an action, a project, a word of news, joining and leaving."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampJour
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from reunions.models import Action, Projet, Reunion

from .reunion import ChampStructure

REUNIONS_MAX = 60
INCONNUE = "Choisissez dans la liste."


class AvecCle(Cle, Formulaire):
    """A form that creates: `cle` makes a retried request act once."""

    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


class ActionForm(Formulaire):
    """`pilotes`: the only structures that may lead, for who is not of the staff."""

    titre = champs.ChampTexte(
        label="Quoi",
        max_length=200,
        help_text="Commencez par un verbe. Par exemple : Faire l'inventaire du matériel à prêter.",
        error_messages={"required": "Dites en quelques mots ce qui est à faire."},
    )
    details = champs.ChampTexte(label="Précisions", required=False, max_length=4000, lignes=4)
    pilote = ChampStructure(
        label="Structure qui pilote", required=False, help_text="Tapez le début de son nom. Un message la prévient."
    )
    echeance = ChampJour(label="Pour le", required=False, help_text="Par exemple : 12/03/2027.")
    reunion = forms.ModelChoiceField(
        label="Décidée à",
        queryset=Reunion.objects.none(),
        required=False,
        empty_label="Hors d'une rencontre",
        error_messages={"invalid_choice": INCONNUE},
    )
    projet = forms.ModelChoiceField(
        label="Pour le projet ou la commission",
        queryset=Projet.objects.none(),
        required=False,
        empty_label="Aucun",
        error_messages={"invalid_choice": INCONNUE},
    )
    publique = forms.BooleanField(
        label="Visible de tous",
        required=False,
        initial=True,
        help_text="Sinon, seules les structures engagées et l'équipe du pôle la voient.",
    )

    def __init__(self, *args, utilisateur, action=None, reunion=None, projet=None, pilotes=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.pilotes = pilotes
        if not utilisateur.is_staff:
            del self.fields["reunion"], self.fields["projet"]
            return
        gardes = [objet.pk for objet in (reunion, action and action.reunion) if objet]
        recentes = Reunion.objects.exclude(etat="annulee").order_by("-debut", "-pk").values("pk")[:REUNIONS_MAX]
        self.fields["reunion"].queryset = (
            Reunion.objects.filter(pk__in=recentes) | Reunion.objects.filter(pk__in=gardes)
        ).order_by("-debut", "-pk")
        gardes = [objet.pk for objet in (projet, action and action.projet) if objet]
        self.fields["projet"].queryset = Projet.objects.vivants() | Projet.objects.filter(pk__in=gardes)

    def clean_pilote(self):
        pilote = self.cleaned_data["pilote"]
        if pilote is not None and self.pilotes is not None and pilote.pk not in self.pilotes:
            raise forms.ValidationError("Choisissez une structure qui participe déjà.", code="etrangere")
        return pilote


class CreerActionForm(AvecCle, ActionForm):
    """Once per key."""


class EtatActionForm(AvecCle):
    """Where it stands, in one choice and a word."""

    etat = forms.ChoiceField(
        label="Elle est maintenant",
        choices=[(code, nom.capitalize()) for code, nom in Action.Etat.choices],
        error_messages={"required": INCONNUE, "invalid_choice": INCONNUE},
    )
    texte = champs.ChampTexte(
        label="Un mot de nouvelles",
        required=False,
        max_length=1900,
        lignes=3,
        help_text="Il paraît sur la page et part aux structures engagées. Demandé quand on y renonce.",
    )

    def clean(self):
        donnees = super().clean()
        if donnees.get("etat") == Action.Etat.ABANDONNEE and not donnees.get("texte") and "texte" not in self.errors:
            self.add_error("texte", "Dites pourquoi on y renonce : les structures engagées le liront.")
        return donnees


class EtatProjetForm(AvecCle):
    etat = forms.ChoiceField(
        label="Il est maintenant",
        choices=[(code, nom.capitalize()) for code, nom in Projet.Etat.choices],
        error_messages={"required": INCONNUE, "invalid_choice": INCONNUE},
    )
    texte = champs.ChampTexte(
        label="Un mot de nouvelles",
        required=False,
        max_length=1900,
        lignes=3,
        help_text="Il paraît sur la page et part aux structures qui participent.",
    )


class NouvelleForm(AvecCle):
    texte = champs.ChampTexte(
        label="Quoi de neuf",
        max_length=2000,
        lignes=4,
        help_text="Quelques lignes. Elles paraissent sur la page et partent par e-mail à qui participe.",
        error_messages={"required": "Écrivez quelques mots."},
    )


class StructureForm(Formulaire):
    """Join or leave, in the name of one of `structures`."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        empty_label="Choisissez",
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )

    def __init__(self, *args, structures, par_nom=False, **kwargs):
        super().__init__(*args, **kwargs)
        if par_nom:
            self.fields["structure"] = ChampStructure(
                label="Quelle structure",
                help_text="Tapez le début de son nom.",
                error_messages={"required": "Écrivez le nom d'une structure."},
            )
            self.fields["structure"].widget.attrs["class"] = "form-control"
            return
        self.fields["structure"].queryset = structures
        seule = list(structures[:2])
        if len(seule) == 1:
            self.fields["structure"].initial = seule[0]


class DureeForm(AvecCle):
    """An action that lasts: what it becomes."""

    genre = forms.ChoiceField(
        label="Elle devient",
        choices=[("projet", "Un projet collectif"), ("commission", "Une commission")],
        error_messages={"required": INCONNUE, "invalid_choice": INCONNUE},
    )


class ProjetForm(Formulaire):
    genre = forms.ChoiceField(
        label="C'est", choices=[("projet", "Un projet collectif"), ("commission", "Une commission")]
    )
    nom = champs.ChampTexte(label="Nom", max_length=140, error_messages={"required": "Donnez-lui un nom."})
    description = champs.ChampTexte(
        label="En quelques lignes", required=False, max_length=4000, lignes=5, help_text="Pour quoi, pour qui, comment."
    )
    pilote = ChampStructure(
        label="Structure qui pilote", required=False, help_text="Tapez le début de son nom. Elle participe d'office."
    )


class CreerProjetForm(AvecCle, ProjetForm):
    """Once per key."""
