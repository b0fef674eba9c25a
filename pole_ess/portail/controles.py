"""What the tests in a real browser found, recorded for the accessibility statement: data/accessibilite.json.

The tests refuse a record that claims more than they open (tests/e2e/test_axe.py); `POLE_ESS_CONSIGNER=1` rewrites it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache

from django.conf import settings

FICHIER = settings.BASE_DIR / "data/accessibilite.json"


@dataclass(frozen=True)
class Controle:
    """`pages`, `pages_equipe`: addresses opened for everybody and for the staff; `fautes`: violations left."""

    le: date
    outil: str
    pages: int
    pages_equipe: int
    fautes: int


def lire() -> Controle:
    brut = json.loads(FICHIER.read_text())
    return Controle(**{**brut, "le": date.fromisoformat(brut["le"])})


@cache
def accessibilite_controlee() -> Controle:
    return lire()


def consigner(controle: Controle) -> None:
    FICHIER.write_text(json.dumps({**asdict(controle), "le": controle.le.isoformat()}, indent=2) + "\n")
