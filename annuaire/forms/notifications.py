"""Choosing what one is told, and when: a list for each kind, and a pause."""

from django import forms
from django.utils import timezone

from annuaire.forms.champs_temps import ChampJour
from annuaire.forms.formulaires import Formulaire, habiller
from annuaire.models.notification import PAUSE_MAX
from annuaire.notifications import GROUPES
from pole_ess.socle.templatetags import francais


class NotificationsForm(Formulaire):
    """Fields named after the kinds (`sorte_messages`); only the rhythms that each offers."""

    def __init__(self, *args, sortes, rythmes, pause=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.sortes = sortes
        for sorte in sortes:
            champ = forms.ChoiceField(
                label=sorte.nom,
                help_text=sorte.aide,
                choices=[(rythme.value, rythme.label) for rythme in sorte.rythmes],
                initial=rythmes[sorte.cle].value,
            )
            self.fields[self.nom(sorte)] = champ
        self.fields["pause_jusqu_au"] = ChampJour(
            label="Tout mettre en pause jusqu'au",
            help_text="Ce jour compris, trois mois au plus. Vide : pas de pause.",
            required=False,
            initial=pause.jusqu_au if pause else None,
        )
        for champ in self.fields.values():
            habiller(champ)

    @staticmethod
    def nom(sorte) -> str:
        return f"sorte_{sorte.cle}"

    def groupes(self) -> list[tuple[str, list]]:
        """(title, fields) of each group that has some, for the fieldsets."""
        trouves = [
            (titre, [self[self.nom(sorte)] for sorte in self.sortes if sorte.groupe == cle])
            for cle, titre in GROUPES.items()
        ]
        return [(titre, champs) for titre, champs in trouves if champs]

    def clean_pause_jusqu_au(self):
        jour = self.cleaned_data["pause_jusqu_au"]
        if jour is None:
            return None
        aujourdhui = timezone.localdate()
        if jour < aujourdhui:
            raise forms.ValidationError("Ce jour est passé : choisissez-en un à venir.", code="passe")
        if jour > aujourdhui + PAUSE_MAX:
            dernier = francais.date_en_clair(aujourdhui + PAUSE_MAX)
            raise forms.ValidationError(f"Trois mois au plus : jusqu'au {dernier}.", code="trop")
        return jour

    def rythmes(self) -> dict[str, str]:
        """Kind -> what was chosen, once valid."""
        return {sorte.cle: self.cleaned_data[self.nom(sorte)] for sorte in self.sortes}
