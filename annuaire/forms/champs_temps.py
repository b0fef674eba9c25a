"""Fields for days, times and money, as French people write them."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError

MOIS = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
]
ESPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


def _plat(texte: str) -> str:
    """Lower case, accents of month names folded, any space for a space."""
    plat = ESPACES.sub(" ", str(texte)).strip().lower()
    return plat.translate(str.maketrans("éèûôà", "eeuoa"))


def lire_jour(texte: str) -> date:
    """« 12/03/2027 », « 12-3-27 », « 12 mars 2027 », « 1er mars 2027 », « 2027-03-12 ». Raises ValueError."""
    plat = _plat(texte)
    if trouve := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plat, re.ASCII):
        annee, mois, jour = trouve[1], int(trouve[2]), int(trouve[3])
    elif trouve := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})", plat, re.ASCII):
        jour, mois, annee = int(trouve[1]), int(trouve[2]), trouve[3]
    elif trouve := re.fullmatch(r"(?:[a-z]+di|dimanche)? ?(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4}|\d{2})", plat, re.ASCII):
        jour, annee = int(trouve[1]), trouve[3]
        mois = next((rang for rang, nom in enumerate(MOIS, 1) if trouve[2] == nom), 0)
    else:
        raise ValueError(texte)
    return date(int(annee) + (2000 if len(annee) == 2 else 0), mois, jour)


def lire_heure(texte: str) -> time:
    """« 14 h 30 », « 14h », « 14:30 », « 9 heures 05 ». Raises ValueError."""
    plat = _plat(texte)
    if plat == "midi":
        return time(12)
    trouve = re.fullmatch(r"(\d{1,2})(?: ?(?:h|heures?|:) ?(\d{1,2})?(?: ?(?:min|mn|:\d\d))?)?", plat, re.ASCII)
    if not trouve:
        raise ValueError(texte)
    return time(int(trouve[1]), int(trouve[2] or 0))


def lire_euros(texte: str) -> Decimal:
    """« 1 250,50 », « 1.250,50 € », « 50.5 », « 50 euros ». Raises ValueError."""
    plat = re.sub(r"(euros?|eur|€| )", "", _plat(texte))
    if "," in plat:
        plat = plat.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", plat, re.ASCII):
        plat = plat.replace(".", "")
    if not re.fullmatch(r"-?\d{1,12}(\.\d*)?", plat, re.ASCII):
        raise ValueError(texte)
    try:
        return Decimal(plat)
    except InvalidOperation as erreur:
        raise ValueError(texte) from erreur


class ChampJour(forms.DateField):
    """A day; the browser's calendar where there is one, typed in French elsewhere. From 2000 to 2100."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            jour = lire_jour(value)
        except ValueError as erreur:
            raise ValidationError("Cette date n'est pas comprise. Exemple : 12/03/2027.", code="jour") from erreur
        if not 2000 <= jour.year <= 2100:
            raise ValidationError("Vérifiez l'année : entre 2000 et 2100.", code="annee")
        return jour


class ChampHeure(forms.TimeField):
    """A time of day, Europe/Paris."""

    widget = forms.TimeInput(format="%H:%M", attrs={"inputmode": "text", "autocomplete": "off", "size": 8})

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        try:
            return lire_heure(value)
        except ValueError as erreur:
            raise ValidationError("Cette heure n'est pas comprise. Exemple : 14 h 30.", code="heure") from erreur


class ChampEuros(forms.CharField):
    """An amount in euros, Decimal with two decimals; also for hours and kilos (`unite` in the messages)."""

    def __init__(self, *, maximum=Decimal("999999.99"), unite="€", **kwargs):
        self.maximum, self.unite = maximum, unite
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            return f"{value:.2f}".replace(".", ",").removesuffix(",00")
        return value

    def clean(self, value):
        texte = super().clean(value)
        if not texte:
            return None
        try:
            nombre = lire_euros(texte)
        except ValueError as erreur:
            raise ValidationError("Ce nombre n'est pas compris. Exemple : 1 250,50.", code="nombre") from erreur
        if nombre < 0:
            raise ValidationError("Un nombre positif est attendu.", code="negatif")
        if nombre > self.maximum:
            raise ValidationError(f"C'est trop : {self.maximum:f} {self.unite} au plus.".replace(".", ","), code="max")
        if nombre != round(nombre, 2):
            raise ValidationError("Deux chiffres au plus après la virgule.", code="decimales")
        return round(nombre, 2)
