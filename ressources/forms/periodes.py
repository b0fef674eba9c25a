"""Free periods in a form: as many pairs of days as wanted, one more or one less without JavaScript."""

import re

from django import forms
from django.utils import timezone

from annuaire.forms.champs_temps import ChampJour

PERIODES_MAX = 24


class PeriodesMixin:
    """Adds the fields periode_debut_N and periode_fin_N, and `cleaned_data["periodes"]`: pairs of days in order."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.existantes = [(p.debut, p.fin) for p in self.annonce.periodes.all()] if self.annonce else []
        rangs = self._rangs_recus() if self.is_bound else range(max(1, len(self.existantes)))
        self.rangs = list(rangs)[:PERIODES_MAX]
        for ordre, rang in enumerate(self.rangs, 1):
            paire = self.existantes[rang] if not self.is_bound and rang < len(self.existantes) else (None, None)
            for nom, libelle, initial in [("debut", "Du", paire[0]), ("fin", "Au", paire[1])]:
                champ = ChampJour(label=libelle, required=False, initial=initial)
                champ.widget.attrs |= {"class": "form-control", "aria-label": f"Période {ordre} : {libelle.lower()}"}
                self.fields[f"periode_{nom}_{rang}"] = champ

    def _rangs_recus(self):
        trouves = {
            int(lu[1]) for nom in self.data if (lu := re.fullmatch(r"periode_(?:debut|fin)_(\d{1,3})", nom, re.A))
        }
        return sorted(trouves) or [0]

    def lignes_de_periodes(self):
        """(rank, first day's field, last day's field) of each pair shown."""
        return [(rang, self[f"periode_debut_{rang}"], self[f"periode_fin_{rang}"]) for rang in self.rangs]

    def clean(self):
        donnees = super().clean()
        lues, juste = [], True
        for rang in self.rangs:
            debut, fin = donnees.pop(f"periode_debut_{rang}", None), donnees.pop(f"periode_fin_{rang}", None)
            faux = {f"periode_debut_{rang}", f"periode_fin_{rang}"} & set(self.errors)
            if faux:
                juste = False
            elif debut is None and fin is not None:
                juste = self._refuser(f"periode_debut_{rang}", "Donnez aussi le premier jour.")
            elif debut is not None:
                juste = self._lire(rang, debut, fin or debut, lues) and juste
        if juste or not self.complet:
            donnees["periodes"] = sorted(set(lues))
        return donnees

    def _lire(self, rang, debut, fin, lues) -> bool:
        if fin < debut:
            return self._refuser(f"periode_fin_{rang}", "Le dernier jour vient avant le premier : vérifiez les deux.")
        if fin < timezone.localdate() and (debut, fin) not in self.existantes:
            return self._refuser(f"periode_fin_{rang}", "Cette période est passée.")
        lues.append((debut, fin))
        return True

    def _refuser(self, champ, phrase) -> bool:
        self.add_error(champ, forms.ValidationError(phrase, code="periode"))
        return False
