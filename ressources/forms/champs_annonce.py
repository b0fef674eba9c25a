"""Fields that only announcements have: a length of time, a structure by its name."""

import re

from django import forms
from django.core.exceptions import ValidationError

from annuaire.forms import champs
from annuaire.models import Structure

MINUTES_MAX = 60 * 24 * 30


class ChampDuree(forms.CharField):
    """« 1 h 30 », « 90 minutes », « 90 », « 2 heures » -> minutes, or None."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value):
        if not isinstance(value, int):
            return value
        heures, minutes = divmod(value, 60)
        if not heures:
            return f"{minutes} min"
        return f"{heures} h {minutes:02d}" if minutes else f"{heures} h"

    def clean(self, value):
        texte = re.sub(r"\s+", "", super().clean(value)).lower()
        if not texte:
            return None
        lu = re.fullmatch(r"(?:(\d{1,4})(?:h|heures?))?(?:(\d{1,5})(?:mn|min|minutes?)?)?", texte, re.ASCII)
        if not lu:
            raise ValidationError("Cette durée n'est pas comprise. Exemple : 1 h 30.", code="duree")
        minutes = int(lu[1] or 0) * 60 + int(lu[2] or 0)
        if not 0 < minutes <= MINUTES_MAX:
            raise ValidationError("Une durée entre une minute et trente jours est attendue.", code="duree")
        return minutes


class ChampStructure(champs.ChampTexte):
    """A published structure by its name, with its commune when several bear it: « Café d'ici (Vichy) »."""

    def __init__(self, **kwargs):
        super().__init__(max_length=250, **kwargs)

    def prepare_value(self, value):
        if isinstance(value, int):
            value = Structure.objects.publiees().select_related("commune").filter(pk=value).first()
        return nom_complet(value) if isinstance(value, Structure) else value

    def clean(self, value):
        texte = super().clean(value)
        if not texte:
            return None
        publiees = Structure.objects.publiees().select_related("commune").order_by("pk")
        trouvees = list(publiees.filter(nom__iexact=texte)[:6])
        lu = re.fullmatch(r"(.+) \(([^()]+)\)", texte)
        if not trouvees and lu:
            trouvees = list(publiees.filter(nom__iexact=lu[1], commune__nom__iexact=lu[2])[:6])
        if not trouvees:
            raise ValidationError(
                "Aucune structure publiée ne porte ce nom : tapez-en le début et choisissez-la.", code="inconnue"
            )
        if len(trouvees) > 1:
            noms = ", ".join(map(nom_complet, trouvees))
            raise ValidationError(f"Plusieurs structures portent ce nom : {noms}.", code="ambigue")
        return trouvees[0]


def nom_complet(structure) -> str:
    return f"{structure.nom} ({structure.commune.nom})" if structure.commune else structure.nom


def structures_proposees(texte: str, *, limite: int = 12) -> list[str]:
    """Names for the datalist of ChampStructure."""
    texte = " ".join(texte[:100].replace("\x00", "").split())
    if len(texte) < 2:
        return []
    trouvees = Structure.objects.publiees().select_related("commune").filter(nom__icontains=texte)
    return [nom_complet(structure) for structure in trouvees.order_by("tri", "pk")[:limite]]
