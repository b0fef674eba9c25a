"""Fields that read what French people type, and the look of every form of the directory."""

import re
import unicodedata
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from annuaire.forms import champs
from annuaire.models import Commune
from annuaire.validateurs import (
    normaliser_rna,
    normaliser_siret,
    normaliser_telephone,
    valider_siret,
    valider_telephone,
)
from pole_ess.socle.models import ReglagesPole


class FormulaireFrancais(forms.Form):
    """Label above, help before the field, errors tied to it: templates/annuaire/_champ.html draws each field.

    `fichiers_trop_lourds` (set by the upload handler on the request) turns a dropped file into its error.
    """

    def __init__(self, *args, fichiers_trop_lourds=(), **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fichiers_trop_lourds = set(fichiers_trop_lourds or ())
        for champ in self.fields.values():
            _habiller(champ)

    def clean(self):
        for nom in self.fichiers_trop_lourds & set(self.fields):
            self._errors.pop(nom, None)
            self.add_error(nom, "Ce fichier est trop lourd : il n'a pas été gardé. Le reste de votre saisie l'est.")
        return super().clean()


def _habiller(champ):
    widget = champ.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        classe = "form-check-input"
    elif isinstance(widget, forms.Select):
        classe = "form-select"
    else:
        classe = "form-control"
    widget.attrs["class"] = f"{widget.attrs.get('class', '')} {classe}".strip()


def _lettres(texte: str) -> str:
    """Lower case, without accents nor ligatures, as the sort key of a commune has it."""
    texte = texte.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(lettre for lettre in unicodedata.normalize("NFD", texte) if not unicodedata.combining(lettre))


class ChampTexte(forms.CharField):
    """Text of one line, or of `lignes` lines; control characters do not get through (forms.champs)."""

    def __init__(self, *, lignes=None, **kwargs):
        self.lignes = lignes
        if lignes:
            kwargs["widget"] = forms.Textarea(attrs={"rows": lignes})
        super().__init__(**kwargs)
        self.error_messages |= champs.MESSAGES

    def to_python(self, value):
        texte = super().to_python(value)
        if not self.lignes:
            return " ".join(champs.CONTROLES.sub(" ", texte).split())
        return champs.CONTROLES.sub("", texte.replace("\r\n", "\n").replace("\r", "\n"))


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
        super().__init__(**kwargs)

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
        nom, code = self._decouper(texte)
        communes = Commune.objects.all()
        if code:
            communes = communes.filter(codes_postaux__contains=[code]) | communes.filter(pk=code)
        if nom:
            mots = "[ '’-]+".join(_mot(mot) for mot in re.split(r"[\s'’\-]+", _lettres(nom)) if mot)
            communes = communes.filter(tri__regex=f"^{mots}$")
        trouvees = list(communes[:12])
        if len(trouvees) > 1:
            territoire = set(ReglagesPole.actuels().territoire)
            trouvees = [c for c in trouvees if c.pk in territoire] if nom else trouvees
            trouvees = trouvees if len(trouvees) == 1 else list(communes[:12])
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

    @staticmethod
    def _decouper(texte: str) -> tuple[str, str]:
        """(name, postcode or COG code); either may be empty."""
        trouve = re.search(r"\(?\b(\d{5}|2[AB]\d{3})\b\)?", texte, re.IGNORECASE | re.ASCII)
        if not trouve:
            return texte, ""
        reste = (texte[: trouve.start()] + texte[trouve.end() :]).strip(" ,()")
        return reste, trouve[1].upper()


def _mot(mot: str) -> str:
    return {"st": "(st|saint)", "ste": "(ste|sainte)"}.get(mot, re.escape(mot))
