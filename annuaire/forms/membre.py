from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Rattachement

ROLES = [
    (Rattachement.Role.MEMBRE, "Membre : voit les informations internes"),
    (Rattachement.Role.REFERENT, "Référent : modifie la fiche, invite et retire des membres"),
]


class InvitationForm(Formulaire):
    """A colleague to invite."""

    courriel = forms.EmailField(label="Son adresse e-mail", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label="Son rôle", choices=ROLES)
    message = champs.ChampTexte(label="Un mot pour cette personne", required=False, max_length=500, lignes=3)


class DemandeForm(Formulaire):
    """A claim: what the hub's staff should know."""

    message = champs.ChampTexte(
        label="Votre place dans la structure",
        required=False,
        max_length=500,
        lignes=3,
        help_text="Par exemple : trésorière depuis 2012. Utile si l'équipe du pôle doit vérifier.",
    )


class GesteForm(forms.Form):
    """Which button of a member's line was pressed, and whether the hub's staff are to be told."""

    GESTES = [(geste, geste) for geste in ("referent", "membre", "retirer", "renvoyer", "annuler")]
    geste = forms.ChoiceField(choices=GESTES)
    signaler = forms.BooleanField(required=False)
