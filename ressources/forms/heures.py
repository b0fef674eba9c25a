"""Opening an account of hours, noting help, answering what the other side has noted."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampJour, lire_euros
from annuaire.forms.cle import Cle, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from ressources.heures_mots import en_heures
from ressources.models import CompteHeures

HEURES_MAX = Decimal("100")
ANCIEN = timedelta(days=366)


class ChampHeures(forms.CharField):
    """« 1 h 30 », « 45 min », « 2 heures », « 1,5 », « 2 » -> Decimal hours, by quarters."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}))
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value):
        return en_heures(value) if isinstance(value, Decimal) else value

    def clean(self, value):
        texte = re.sub(r"\s+", "", super().clean(value)).lower()
        if not texte:
            return None
        heures = self._lire(texte)
        if not 0 < heures <= HEURES_MAX:
            raise ValidationError(f"Entre 15 minutes et {HEURES_MAX:f} heures par coup de main.", code="bornes")
        if heures % Decimal("0.25"):
            raise ValidationError(
                "Comptez par quarts d'heure : 1 h, 1 h 15, 1 h 30 ou 1 h 45, par exemple.", code="quarts"
            )
        return heures.quantize(Decimal("0.01"))

    def _lire(self, texte) -> Decimal:
        lu = re.fullmatch(r"(?:(\d{1,4})(?:h|heures?))?(?:(\d{1,5})(?:mn|min|minutes?)?)?", texte, re.ASCII)
        if lu and not texte.isdigit():
            return Decimal(int(lu[1] or 0)) + Decimal(int(lu[2] or 0)) / 60
        try:
            return lire_euros(re.sub(r"(heures?|h)$", "", texte))
        except ValueError as erreur:
            raise ValidationError("Cette durée n'est pas comprise. Exemples : 1 h 30, 45 min, 2,5.") from erreur


class OuvrirForm(Formulaire):
    """For oneself or a structure that one answers for; both rules read and accepted."""

    MOI = "moi"

    pour = forms.ChoiceField(label="Pour qui", widget=forms.RadioSelect)
    trouvable = forms.BooleanField(
        label="Les membres qui connaissent mon adresse e-mail peuvent me retrouver",
        required=False,
        help_text="Pour un compte personnel. Sans cela, vous seul pouvez noter des heures avec les autres. "
        "Votre adresse n'est montrée à personne.",
    )

    def __init__(self, *args, structures, soi, nom, **kwargs):
        super().__init__(*args, **kwargs)
        self.structures = {str(structure.pk): structure for structure in structures}
        choix = [(self.MOI, f"Pour moi ({nom})")] if soi else []
        choix += [(cle, f"Pour {structure.nom}") for cle, structure in self.structures.items()]
        self.fields["pour"].choices = choix
        self.fields["pour"].error_messages |= {
            "required": "Dites pour qui vous ouvrez ce compte.",
            "invalid_choice": "Choisissez dans la liste.",
        }
        if len(choix) == 1:
            self.fields["pour"].initial = choix[0][0]
        if not soi:
            del self.fields["trouvable"]

    def structure(self) -> Structure | None:
        """None: for oneself."""
        return self.structures.get(self.cleaned_data["pour"])


class TrouvableForm(Formulaire):
    trouvable = forms.BooleanField(
        label="Les membres qui connaissent mon adresse e-mail peuvent me retrouver", required=False
    )


class ProposerForm(Cle, Formulaire):
    """« J'ai aidé », « on m'a aidé »: with a structure of the list, or a person by their exact address."""

    SENS = [("aidant", "J'ai aidé"), ("aide", "On m'a aidé")]
    INTROUVABLE = (
        "Personne ne peut être retrouvé à cette adresse : pas de compte d'heures, ou la personne ne le souhaite pas. "
        "Demandez-lui de noter ces heures de son côté."
    )

    sens = forms.ChoiceField(
        label="Qui a aidé",
        choices=SENS,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si vous avez aidé, ou si l'on vous a aidé.", "invalid_choice": "À choisir."},
    )
    structure = forms.ModelChoiceField(
        label="Avec quelle structure",
        queryset=CompteHeures.objects.none(),
        required=False,
        empty_label="Aucune : c'est une personne",
        help_text="Celles qui ont un compte d'heures ouvert.",
        error_messages={"invalid_choice": "Choisissez une structure de la liste."},
    )
    courriel = forms.EmailField(
        label="Ou avec quelle personne",
        required=False,
        help_text="Son adresse e-mail exacte. Elle ne sera retrouvée que si elle l'a accepté.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    heures = ChampHeures(
        label="Combien de temps",
        help_text="Par quarts d'heure. Exemples : 1 h 30, 45 min, 2,5.",
        error_messages={"required": "Dites combien de temps le coup de main a duré."},
    )
    jour = ChampJour(label="Quel jour", error_messages={"required": "Dites quel jour c'était."})
    objet = champs.ChampTexte(
        label="Pour quoi",
        max_length=200,
        help_text="En quelques mots. Exemple : monter le barnum de la fête.",
        error_messages={"required": "Dites en quelques mots de quoi il s'agissait."},
    )
    cle = champ_cle()

    def __init__(self, *args, compte, comptes, **kwargs):
        super().__init__(*args, **kwargs)
        self.compte = compte
        self.fields["structure"].queryset = comptes
        self.fields["structure"].label_from_instance = lambda autre: autre.nom
        self.fields["cle"].initial = uuid.uuid4
        self.fields["jour"].initial = timezone.localdate
        if compte.structure_id:
            self.fields["sens"].choices = [
                ("aidant", f"{compte.structure.nom} a aidé"),
                ("aide", f"{compte.structure.nom} a été aidée"),
            ]

    def clean_jour(self):
        jour, aujourd_hui = self.cleaned_data["jour"], timezone.localdate()
        if jour > aujourd_hui:
            raise ValidationError("Notez les heures une fois l'aide donnée : ce jour est à venir.", code="futur")
        if jour < aujourd_hui - ANCIEN:
            raise ValidationError("C'était il y a plus d'un an : on ne le note plus.", code="ancien")
        return jour

    def clean(self):
        donnees = super().clean()
        structure, courriel = donnees.get("structure"), donnees.get("courriel")
        if "structure" in self.errors or "courriel" in self.errors:
            return donnees
        if structure and courriel:
            self.add_error("courriel", "Choisissez une structure ou écrivez une adresse, pas les deux.")
        elif not structure and not courriel:
            self.add_error("structure", "Dites avec qui : une structure de la liste, ou l'adresse d'une personne.")
        return donnees

    def valeurs(self) -> dict:
        """Arguments of actions.heures.proposer but `autre`, which the view looks for under its limit."""
        donnees = self.cleaned_data
        return {"cote": donnees["sens"], **{nom: donnees[nom] for nom in ("heures", "jour", "objet", "cle")}}


class GesteForm(Cle, Formulaire):
    """What is answered. `motif`: why it is not right, or why it is taken back; `objet`: why it is corrected."""

    GESTES = [(geste, geste) for geste in ("confirmer", "contester", "annuler", "corriger")]

    geste = forms.ChoiceField(
        choices=GESTES, error_messages={"required": "Choisissez un des boutons.", "invalid_choice": "Geste inconnu."}
    )
    motif = champs.ChampTexte(label="Ce qui n'est pas juste", max_length=500, required=False, lignes=3)
    objet = champs.ChampTexte(label="Pourquoi corriger", max_length=200, required=False)
    cle = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4

    def clean(self):
        donnees = super().clean()
        geste = donnees.get("geste")
        if geste == "contester" and not donnees.get("motif") and "motif" not in self.errors:
            self.add_error("motif", "Dites ce qui n'est pas juste : l'autre le lira.")
        if geste == "corriger" and not donnees.get("objet") and "objet" not in self.errors:
            self.add_error("objet", "Dites pourquoi : l'autre le lira avant de confirmer.")
        if geste == "corriger" and not donnees.get("cle") and "cle" not in self.errors:
            self.add_error("cle", "Ce formulaire était incomplet : relisez-le et envoyez-le de nouveau.")
        return donnees
