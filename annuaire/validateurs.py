"""Identifiers and numbers as people type them. Rules: python-stdnum (SIRET with La Poste's exception)."""

import re

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as stdnum_siret


def normaliser_siret(valeur: str) -> str:
    return re.sub(r"[\s.\-]", "", valeur or "")


def valider_siret(valeur: str) -> None:
    """14 digits with Luhn on all and on the first 9 (La Poste: or a digit sum multiple of 5)."""
    try:
        stdnum_siret.validate(normaliser_siret(valeur))
    except StdnumError as erreur:
        raise ValidationError("Ce numéro SIRET n'existe pas : vérifiez ses 14 chiffres.", code="siret") from erreur


def normaliser_rna(valeur: str) -> str:
    return re.sub(r"\s", "", valeur or "").upper()


def normaliser_telephone(valeur: str) -> str:
    """French numbers as « 04 70 00 00 00 »; others unchanged but trimmed."""
    brut = re.sub(r"[\s.\-()/]", "", valeur or "")
    brut = re.sub(r"^(\+33|0033)0?", "0", brut)
    if re.fullmatch(r"0\d{9}", brut):
        return " ".join(brut[debut : debut + 2] for debut in range(0, 10, 2))
    return (valeur or "").strip()


def valider_telephone(valeur: str) -> None:
    if not re.fullmatch(r"(\d{2} ){4}\d{2}|\+\d[\d ]{6,17}|\d{4}", normaliser_telephone(valeur)):
        raise ValidationError("Ce numéro de téléphone n'est pas complet : 10 chiffres en France.", code="telephone")
