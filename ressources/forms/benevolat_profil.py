"""What a person offers of their own time; searching volunteers and writing to them."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.champs_temps import ChampJour
from annuaire.forms.cle import au_nom_de
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Competence, Structure
from ressources.actions.benevolat_profil import TEXTE_MAX
from ressources.forms.benevolat import AvecCle
from ressources.models.benevolat_profil import DEMI_JOURNEES, JOURS, MOMENTS


class ProfilBenevoleForm(Formulaire):
    """Everything but the name is optional."""

    nom_montre = champs.ChampTexte(
        label="Comment vous appeler",
        max_length=60,
        help_text="Un prénom ou un surnom suffit. C'est tout ce que les structures voient de votre nom.",
        error_messages={"required": "Donnez un prénom ou un surnom."},
    )
    competences = champs.ChampCompetences(
        label="Ce que vous savez ou aimez faire",
        required=False,
        help_text="Séparé par des virgules. Par exemple : cuisine, soudure, accueil, site web.",
    )
    demi_journees = forms.MultipleChoiceField(
        label="Quand vous êtes libre, le plus souvent",
        choices=DEMI_JOURNEES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des cases de la liste."},
    )
    commune = champs.ChampCommune(
        label="Votre commune",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
        help_text="Sert à dire votre distance. Votre adresse n'est pas demandée.",
    )
    rayon_km = champs.ChampEntier(label="Jusqu'où vous déplacer (km)", min_value=1, max_value=300, initial=20)
    a_distance = forms.BooleanField(label="Je peux aussi aider à distance", required=False)
    presentation = champs.ChampTexte(
        label="Quelques mots",
        required=False,
        max_length=1000,
        lignes=4,
        help_text="Ce qui vous plairait. Ni adresse ni téléphone : les structures vous écrivent par le portail.",
    )
    visible = forms.BooleanField(label="Les structures peuvent me trouver", required=False, initial=True)
    en_pause_jusqu_au = ChampJour(
        label="En pause jusqu'au", required=False, help_text="D'ici là, personne ne vous trouve. Vide : pas de pause."
    )

    def competences_connues(self):
        return Competence.objects.order_by("nom").values_list("nom", flat=True)[:60]

    def valeurs(self) -> dict:
        """Arguments of actions.benevolat_profil.enregistrer."""
        valeurs = dict(self.cleaned_data)
        return {"competences": valeurs.pop("competences"), "valeurs": valeurs}

    @staticmethod
    def initial_de(profil, utilisateur) -> dict:
        if profil is None:
            return {"nom_montre": utilisateur.nom.split(" ")[0][:60] if utilisateur.nom else ""}
        champs_simples = [nom for nom in ProfilBenevoleForm.base_fields if nom != "competences"]
        return {nom: getattr(profil, nom) for nom in champs_simples} | {"competences": list(profil.competences.all())}


class RechercheBenevoleForm(Formulaire):
    """Volunteers by skill, day and distance."""

    KM = [("", "Selon ce que chacun accepte"), *[(str(km), f"À moins de {km} km") for km in (5, 10, 20, 50)]]
    SEMAINE = [("", "N'importe quel jour"), *[(jour, jour) for jour in JOURS]]
    HEURES = [("", "N'importe quand"), *MOMENTS]

    competence = champs.ChampTexte(label="Compétence", required=False, max_length=80)
    jour = forms.ChoiceField(label="Jour", choices=SEMAINE, required=False)
    moment = forms.ChoiceField(label="Moment", choices=HEURES, required=False)
    commune = champs.ChampCommune(
        label="Autour de",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "liste-communes", "autocomplete": "off"}),
    )
    km = forms.TypedChoiceField(label="Distance", choices=KM, required=False, coerce=int, empty_value=None)

    def demi_journees(self) -> list[str]:
        """The codes that the day and the moment stand for; none when neither is chosen."""
        jour, moment = self.cleaned_data["jour"], self.cleaned_data["moment"]
        if not jour and not moment:
            return []
        jours = [jour] if jour else JOURS
        moments = [moment] if moment else [code for code, _ in MOMENTS]
        return [f"{j}_{m}" for j in jours for m in moments]


class EcrireForm(AvecCle):
    """A first message to a volunteer, in the name of one's structure."""

    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )
    texte = champs.ChampTexte(
        label="Votre message",
        max_length=TEXTE_MAX,
        lignes=6,
        help_text="Ce que vous proposez, où, quand, et avec qui. La réponse vous viendra par le portail.",
        error_messages={"required": "Écrivez votre message."},
    )
    field_order = ["structure", "texte", "cle"]

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        au_nom_de(self, structures)


class ContactForm(AvecCle):
    """Going on with a thread, or stopping a structure's mails."""

    GESTES = [(geste, geste) for geste in ("ecrire", "refuser", "accepter")]

    geste = forms.ChoiceField(choices=GESTES, initial="ecrire", widget=forms.HiddenInput)
    texte = champs.ChampTexte(label="Votre message", max_length=TEXTE_MAX, lignes=4, required=False)

    def clean(self):
        donnees = super().clean()
        if donnees.get("geste") == "ecrire" and not donnees.get("texte") and "texte" not in self.errors:
            self.add_error("texte", "Écrivez votre message.")
        return donnees
