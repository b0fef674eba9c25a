"""The activity behind a register's code, from data/activites-registres.csv: a guess for staff, never published.

Codes: « objet social » of the RNA (ministry of the Interior's nomenclature, whose first three digits are the
family) and APE of SIRENE (NAF rév. 2). The longest prefix wins. « - » in the table: never stored, because the
address of a small association is often somebody's home, and this one's object tells their opinions, their faith,
their union or their private life (RGPD art. 9).
"""

import csv
from functools import cache
from pathlib import Path

from django.conf import settings

from annuaire.models import Activite, Registre

FICHIER = Path(settings.BASE_DIR) / "data" / "activites-registres.csv"
JAMAIS = "-"


@cache
def _table() -> dict[tuple[str, str], str]:
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        return {(ligne["registre"], cle(ligne["code"])): ligne["activite"] for ligne in csv.DictReader(fichier)}


def cle(code: str) -> str:
    """« 88.99B » and « 8899b » are one."""
    return "".join(lettre for lettre in code.upper() if lettre.isalnum())[:6]


def code_de(registre: str, brut: str) -> str:
    """The code as the table writes it: a spreadsheet eats the zeros that begin an « objet social »."""
    code = cle(brut)
    return code.zfill(6) if registre == Registre.RNA and code.isdigit() else code


def slug_de(registre: str, code: str) -> str:
    """The activity's slug; empty when nothing is known; JAMAIS when the entry may not be stored."""
    table = _table()
    for longueur in range(len(code), 1, -1):
        slug = table.get((registre, code[:longueur]))
        if slug is not None:
            return slug
    return ""


class Activites:
    """Code -> id of the hub's activity: staff may have renamed it, or deleted it."""

    def __init__(self):
        self.par_slug = dict(Activite.objects.values_list("slug", "pk"))

    def pk(self, slug: str) -> int | None:
        return self.par_slug.get(slug)
