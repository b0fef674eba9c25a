"""Writing statements, saying what was decided of one, recognising oneself in one."""

from django import forms

from annuaire.forms import champs
from annuaire.forms.formulaires import Formulaire
from reunions.models import Enonce

from .lignes import ChampLignes

THEMES = [(code, nom.capitalize()) for code, nom in Enonce.Theme.choices]
LONGUEUR = Enonce._meta.get_field("texte").max_length


class AjoutForm(Formulaire):
    """Many statements at once."""

    theme = forms.ChoiceField(label="Thème", choices=THEMES)
    textes = ChampLignes(
        label="Énoncés, un par ligne",
        lignes_max=60,
        longueur_max=LONGUEUR,
        help_text="Collez toute une liste si vous l'avez : les puces et les numéros sont enlevés.",
        error_messages={"required": "Écrivez au moins un énoncé."},
    )


class EnonceForm(Formulaire):
    """One statement: its words, the hands raised, the remarks, the outcome."""

    mains_levees = champs.ChampEntier(
        label="Mains levées dans la salle",
        min_value=0,
        max_value=5000,
        help_text="En plus des personnes qui ont répondu sur leur téléphone.",
        error_messages={"required": "Écrivez un nombre, 0 si personne."},
    )
    issue = forms.ChoiceField(label="Ce qui en est décidé", choices=Enonce.Issue.choices, widget=forms.RadioSelect)
    remarques = champs.ChampTexte(label="Remarques", required=False, max_length=4000, lignes=4)
    texte = champs.ChampTexte(
        label="L'énoncé", max_length=LONGUEUR, error_messages={"required": "Un énoncé ne peut pas être vide."}
    )
    theme = forms.ChoiceField(label="Thème", choices=THEMES)
    suite = forms.ChoiceField(choices=[("suivant", "suivant"), ("rester", "rester")], required=False)


class ReconnaitreForm(forms.Form):
    """The participant's buttons."""

    geste = forms.ChoiceField(choices=[("reconnaitre", "oui"), ("retirer", "non")])
    enonce = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    remarque = champs.ChampTexte(label="Une nuance", required=False, max_length=300)
