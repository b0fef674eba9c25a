"""Saying whether one comes, with what one needs and how one travels."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire, FormulairePublic
from annuaire.models import Structure
from reunions.models import Participation

BESOINS = {
    "braille": "documents en braille",
    "lsf": "interprète en langue des signes (LSF)",
    "pmr": "accès en fauteuil (PMR)",
}
"""What one ticks -> how it is written in `Participation.besoins`, which stays plain words."""
SEPARATEUR = " ; "
BESOINS_MAX = Participation._meta.get_field("besoins").max_length


def ecrire_besoins(coches, autre: str) -> str:
    return SEPARATEUR.join([*[BESOINS[b] for b in BESOINS if b in coches], *filter(None, [autre])])


def lire_besoins(texte: str) -> tuple[list[str], str]:
    """(ticked, the rest in words)."""
    morceaux = [m for m in texte.split(SEPARATEUR) if m]
    inverses = {mots: cle for cle, mots in BESOINS.items()}
    return [inverses[m] for m in morceaux if m in inverses], SEPARATEUR.join(m for m in morceaux if m not in inverses)


class AvecCle(Cle, Formulaire):
    """A hidden key makes a retried request act once."""

    cle = champ_cle()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


class ReponseForm(Formulaire):
    """« Je viens », « je m'excuse », « je me fais représenter »; answering again replaces the answer."""

    CHOIX = [("present", "Je viens"), ("excuse", "Je m'excuse"), ("represente", "Je me fais représenter")]

    reponse = forms.ChoiceField(
        label="Votre réponse",
        choices=CHOIX,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si vous venez.", "invalid_choice": "Choisissez une des trois réponses."},
    )
    represente_par = champs.ChampTexte(
        label="Qui vous représente ?",
        required=False,
        max_length=160,
        help_text="Son nom, si vous vous faites représenter. Elle ou il n'a rien à faire de plus.",
    )
    structures = forms.ModelMultipleChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), "Choisissez parmi vos structures."),
    )
    besoins = forms.MultipleChoiceField(
        label="Ce qu'il vous faut pour participer",
        choices=[(cle, mots[0].upper() + mots[1:]) for cle, mots in BESOINS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="L'équipe du pôle seule le voit, et l'efface un mois après la rencontre.",
        error_messages={"invalid_choice": "Choisissez dans la liste, ou écrivez votre besoin au-dessous."},
    )
    besoins_autre = champs.ChampTexte(label="Un autre besoin", required=False, max_length=300)
    covoiturage = forms.ChoiceField(
        label="Covoiturage",
        choices=[("", "Sans covoiturage"), ("propose", "Je propose des places"), ("cherche", "Je cherche une place")],
        required=False,
        widget=forms.RadioSelect,
        help_text="Les autres voyageurs voient votre prénom et votre commune, jamais votre adresse.",
        error_messages={"invalid_choice": "Choisissez une des trois lignes."},
    )
    covoiturage_places = champs.ChampEntier(
        label="Combien de places ?",
        required=False,
        min_value=1,
        max_value=8,
        error_messages={
            "invalid": "Écrivez un nombre entier, par exemple 2.",
            "min_value": "Une place au moins.",
            "max_value": "Huit places au plus.",
        },
    )
    covoiturage_depuis = champs.ChampCommune(
        label="Au départ de quelle commune ?",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
    )
    message = champs.ChampTexte(label="Un mot pour l'équipe", required=False, max_length=1000, lignes=3)

    def __init__(self, *args, participation=None, structures=None, **kwargs):
        initial = _initial(participation) if participation is not None else {}
        super().__init__(*args, initial=initial, **kwargs)
        if structures is None:
            del self.fields["structures"]
        else:
            self.fields["structures"].queryset = structures
            seules = list(structures[:2])
            if participation is None and len(seules) == 1:
                self.initial["structures"] = [seules[0].pk]

    def clean(self):
        donnees = super().clean()
        if donnees.get("reponse") == "present" and donnees.get("covoiturage"):
            if not donnees.get("covoiturage_places") and "covoiturage_places" not in self.errors:
                self.add_error("covoiturage_places", "Dites combien de places vous proposez ou cherchez.")
            if not donnees.get("covoiturage_depuis") and "covoiturage_depuis" not in self.errors:
                self.add_error("covoiturage_depuis", "Dites de quelle commune vous partez.")
        besoins = ecrire_besoins(donnees.get("besoins", []), donnees.get("besoins_autre", ""))
        if len(besoins) > BESOINS_MAX:
            self.add_error("besoins_autre", "Raccourcissez un peu : tout ne tient pas.")
        return donnees

    def valeurs(self) -> dict:
        """Arguments of actions.reponses.repondre."""
        donnees = self.cleaned_data
        covoiturage = donnees["covoiturage"] if donnees["reponse"] == "present" else ""
        valeurs = {
            "reponse": donnees["reponse"],
            "represente_par": donnees["represente_par"],
            "besoins": ecrire_besoins(donnees["besoins"], donnees["besoins_autre"]),
            "message": donnees["message"],
            "covoiturage": covoiturage,
            "covoiturage_places": donnees["covoiturage_places"] if covoiturage else None,
            "covoiturage_depuis": donnees["covoiturage_depuis"] if covoiturage else None,
        }
        if "structures" in self.fields:
            valeurs["structures"] = list(donnees["structures"])
        return valeurs


def _initial(participation) -> dict:
    coches, autre = lire_besoins(participation.besoins)
    attente = participation.reponse == Participation.Reponse.ATTENTE
    return {
        "reponse": "present" if attente else participation.reponse,
        "represente_par": participation.represente_par,
        "structures": [s.pk for s in participation.structures.all()] if participation.pk else [],
        "besoins": coches,
        "besoins_autre": autre,
        "covoiturage": participation.covoiturage,
        "covoiturage_places": participation.covoiturage_places,
        "covoiturage_depuis": participation.covoiturage_depuis,
        "message": participation.message,
    }


class InscriptionForm(FormulairePublic, AvecCle):
    """A visitor registers for a public meeting; a link sent to their address confirms."""

    nom = champs.ChampTexte(
        label="Votre nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Écrivez votre nom."},
    )
    courriel = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        help_text="Un lien y est envoyé pour confirmer. Exemple : prenom@example.org",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Donnez votre adresse e-mail : le lien qui confirme y est envoyé."},
    )
    libelle = champs.ChampTexte(
        label="Au nom de", required=False, max_length=200, help_text="Votre structure, si vous venez pour elle."
    )


class CovoiturageForm(AvecCle):
    """A few words to somebody who travels the same way."""

    a = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    texte = champs.ChampTexte(
        label="Votre message",
        lignes=3,
        max_length=1000,
        help_text="Dites d'où et à quelle heure vous partez.",
        error_messages={"required": "Écrivez quelques mots."},
    )
    montrer = forms.BooleanField(
        label="Montrer mon adresse e-mail à cette personne, pour qu'elle me réponde directement", required=False
    )
