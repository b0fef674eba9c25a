"""« Pas pour nous »."""

from django import forms

from annuaire.models import Structure
from ressources.models import Annonce


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
