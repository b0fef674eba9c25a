"""« Pas pour nous » and how often one wants the digest."""

from django import forms

from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure
from ressources.models import Annonce, PreferenceRapprochements


class EcarterForm(forms.Form):
    """Posted by the buttons of the panel and of the page; `autre` is a12 (announcement) or s5 (structure)."""

    annonce = forms.IntegerField(min_value=1, max_value=2**62)
    autre = forms.RegexField(r"^[as][1-9][0-9]{0,17}$")
    geste = forms.ChoiceField(choices=[("ecarter", ""), ("remettre", "")])
    retour = forms.ChoiceField(choices=[("annonce", ""), ("page", "")], required=False)


def lire_autre(cle, annonce):
    """The other side of a key, seen by all and of the right sense; None when there is none."""
    numero = int(cle[1:])
    if cle[0] == "s":
        return None if annonce.est_offre else Structure.objects.publiees().filter(pk=numero).first()
    sens = "besoin" if annonce.est_offre else "offre"
    autres = Annonce.objects.publiees().filter(pk=numero, sens=sens).exclude(structure=annonce.structure_id)
    return autres.select_related("structure").first()


class FrequenceForm(Formulaire):
    frequence = forms.ChoiceField(
        label="Quand voulez-vous recevoir les nouveaux rapprochements ?",
        choices=[
            ("hebdomadaire", "Chaque semaine"),
            ("quotidienne", "Chaque jour"),
            ("jamais", "Jamais"),
        ],
        widget=forms.RadioSelect,
        help_text="Un message ne part que s'il y a du nouveau, et ne répète jamais ce qui a déjà été annoncé.",
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une des réponses."},
    )

    @classmethod
    def de(cls, utilisateur, envoi=None):
        preference = PreferenceRapprochements.objects.filter(utilisateur=utilisateur).first()
        return cls(envoi, initial={"frequence": preference.frequence if preference else "hebdomadaire"})
