"""The words of a call for offers."""

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from newsletter.forms.redaction import MISE_EN_FORME


class AppelForm(Formulaire):
    titre = champs.ChampTexte(
        label="Titre", max_length=120, error_messages={"required": "Dites en quelques mots ce qui est cherché."}
    )
    texte = champs.ChampTexte(
        label="Texte",
        max_length=2000,
        lignes=8,
        help_text=f"Mise en forme : {MISE_EN_FORME}",
        error_messages={"required": "Écrivez l'appel que les abonnés liront."},
    )
