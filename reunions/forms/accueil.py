"""Offering to host the next meeting."""

import uuid

from django import forms

from annuaire.forms import champs
from annuaire.forms.cle import Cle, au_nom_de, champ_cle
from annuaire.forms.formulaires import Formulaire
from annuaire.models import Structure


class AccueilForm(Cle, Formulaire):
    structure = forms.ModelChoiceField(
        label="Au nom de",
        queryset=Structure.objects.none(),
        error_messages={"invalid_choice": "Choisissez une de vos structures.", "required": "Choisissez une structure."},
    )
    quand = champs.ChampTexte(
        label="Quand cela vous irait",
        required=False,
        max_length=200,
        help_text="Par exemple : un jeudi soir de mars, toujours après 18 h.",
    )
    message = champs.ChampTexte(
        label="Ce que vous pouvez offrir",
        required=False,
        max_length=2000,
        lignes=4,
        help_text="La salle et le nombre de places, l'accès en fauteuil, le parking, une visite de vos locaux.",
    )
    cle = champ_cle()

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        au_nom_de(self, structures)
        self.fields["cle"].initial = uuid.uuid4
