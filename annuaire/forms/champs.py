"""Fields that read what French people type and paste."""

import re
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from annuaire.models import Commune
from annuaire.recherche.communes import exactes
from annuaire.validateurs import (
    normaliser_rna,
    normaliser_siret,
    normaliser_telephone,
    valider_siret,
    valider_telephone,
)
from pole_ess.socle.models import ReglagesPole
from pole_ess.socle.templatetags.francais import nombre

CONTROLES = re.compile(r"[\x01-\x08\x0b-\x1f\x7f\u2028\u2029]")


class ChampTexte(forms.CharField):
    """Text of one line, or of `lignes` lines, without control characters (no header injection in a mail).

    Several lines have « \\n » between them: browsers send two characters where `maxlength` counts one.
    """

    def __init__(self, *, lignes=None, **kwargs):
        self.lignes = lignes
        if lignes:
            kwargs["widget"] = forms.Textarea(attrs={"rows": lignes})
        super().__init__(**kwargs)

    def to_python(self, value):
        texte = super().to_python(value)
        if not self.lignes:
            return " ".join(CONTROLES.sub(" ", texte).split())
        return CONTROLES.sub("", texte.replace("\r\n", "\n").replace("\r", "\n"))


class ChampTelephone(forms.CharField):
    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value):
        texte = normaliser_telephone(super().clean(value))
        if texte:
            valider_telephone(texte)
        return texte


class ChampSiret(forms.CharField):
    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value):
        texte = normaliser_siret(super().clean(value))
        if texte:
            valider_siret(texte)
        return texte


class ChampRna(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(max_length=30, **kwargs)

    def clean(self, value):
        texte = normaliser_rna(super().clean(value))
        if texte and not re.fullmatch(r"W[0-9]{9}", texte):
            raise ValidationError("Un numéro RNA s'écrit W suivi de 9 chiffres.", code="rna")
        return texte


def _adresse_web(texte: str) -> str:
    """« mon-asso.example.org » -> « https://mon-asso.example.org »; only http and https are accepted."""
    texte = (texte or "").strip()
    if not texte:
        return ""
    if not re.match(r"^[a-z][a-z0-9+.\-]*:", texte, re.IGNORECASE) or re.match(r"^[\w.\-]+:\d+(/|$)", texte):
        texte = f"https://{texte.lstrip('/')}"
    try:
        URLValidator(schemes=["http", "https"])(texte)
        urlsplit(texte)
    except (ValidationError, ValueError) as erreur:
        raise ValidationError(
            "Cette adresse web n'est pas complète : par exemple www.mon-association.example.org.", code="site"
        ) from erreur
    return texte


class ChampSite(forms.CharField):
    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}))
        super().__init__(max_length=200, **kwargs)

    def clean(self, value):
        return _adresse_web(super().clean(value))


class ChampReseaux(forms.CharField):
    """One web address a line; ten at most."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        lignes = [ligne for ligne in (super().clean(value) or "").splitlines() if ligne.strip()]
        if len(lignes) > 10:
            raise ValidationError("Dix adresses au plus.", code="trop")
        adresses = [_adresse_web(ligne) for ligne in lignes]
        if any(len(adresse) > 200 for adresse in adresses):
            raise ValidationError("Une de ces adresses est trop longue (200 caractères au plus).", code="long")
        return list(dict.fromkeys(adresses))


class ChampDecimal(forms.DecimalField):
    """« 2,5 », « 2.5 » and « 1 250,75 » alike, shown back with a comma."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"\s", "", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        entier, _, decimales = f"{value:f}".partition(".")
        decimales = decimales.rstrip("0")
        return f"{entier},{decimales}" if decimales else entier


class ChampEntier(forms.IntegerField):
    """« 1 200 » as well as « 1200 »."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        bornes = (("min_value", "Pas moins de"), ("max_value", "Pas plus de"))
        dites = {cle: f"{mots} {nombre(kwargs[cle])}." for cle, mots in bornes if kwargs.get(cle) is not None}
        super().__init__(**kwargs | {"error_messages": dites | (kwargs.get("error_messages") or {})})

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"\s", "", value)
        return super().to_python(value)


class ChampCompetences(forms.CharField):
    """Skills separated by commas: trimmed, without repeats whatever the case; thirty at most."""

    def prepare_value(self, value):
        return ", ".join(str(mot) for mot in value) if isinstance(value, list | tuple) else value

    def clean(self, value):
        mots = {}
        for mot in re.split(r"[,;\n]", super().clean(value) or ""):
            mot = " ".join(mot.split())
            if len(mot) > 80:
                raise ValidationError("Une compétence tient en 80 caractères : séparez-les par des virgules.")
            if mot:
                mots.setdefault(mot.casefold(), mot)
        if len(mots) > 30:
            raise ValidationError("Trente compétences au plus : gardez les principales.", code="trop")
        return list(mots.values())


class ChampCommune(forms.CharField):
    """A commune by its name, with its postcode when several bear it: « Vichy », « vichy 03200 », « 03200 ».

    Gives a Commune, or None when empty. Among namesakes, the hub's own territory wins.
    """

    def prepare_value(self, value):
        return str(value) if isinstance(value, Commune) else value

    def clean(self, value):
        texte = super().clean(value)
        if not texte:
            return None
        trouvees = exactes(texte)
        if len(trouvees) > 1 and not texte.isdecimal():
            territoire = set(ReglagesPole.actuels().territoire)
            proches = [commune for commune in trouvees if commune.pk in territoire]
            trouvees = proches if len(proches) == 1 else trouvees
        if not trouvees:
            raise ValidationError(
                "Nous ne connaissons pas cette commune : vérifiez son nom, ou tapez son code postal.",
                code="inconnue",
            )
        if len(trouvees) > 1:
            raise ValidationError(
                f"Plusieurs communes répondent : écrivez l'une de celles-ci : {', '.join(map(str, trouvees))}.",
                code="ambigue",
            )
        return trouvees[0]
