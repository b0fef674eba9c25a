"""What the tests in a real browser found, recorded for the accessibility statement: data/accessibilite.json.

The tests refuse a record that claims more than they open (tests/e2e/test_axe.py); `POLE_ESS_CONSIGNER=1` rewrites it.
They look at the pages in parts, at once; each part is recorded by itself, and the statement adds them up.
"""

import fcntl
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache

from django.conf import settings

FICHIER = settings.BASE_DIR / "data/accessibilite.json"
PARTS = 2


@dataclass(frozen=True)
class Controle:
    """`pages`, `pages_equipe`: addresses opened for everybody and as the staff; `fautes`: violations left."""

    le: date
    outil: str
    pages: int
    pages_equipe: int
    fautes: int


def lire_parts() -> list[Controle]:
    bruts = json.loads(FICHIER.read_text())
    return [Controle(**{**brut, "le": date.fromisoformat(brut["le"])}) for brut in bruts]


def lire() -> Controle:
    """All parts together, as of the oldest one."""
    parts = lire_parts()
    ancienne = min(parts, key=lambda part: part.le)
    sommes = {champ: sum(getattr(p, champ) for p in parts) for champ in ("pages", "pages_equipe", "fautes")}
    return Controle(le=ancienne.le, outil=ancienne.outil, **sommes)


@cache
def accessibilite_controlee() -> Controle:
    return lire()


def consigner(part: int, controle: Controle) -> None:
    """Record one part; the tests that record the others may run at once."""
    with FICHIER.open("r+") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        parts = lire_parts()
        parts[part] = controle
        fichier.seek(0)
        fichier.write(json.dumps([{**asdict(p), "le": p.le.isoformat()} for p in parts], indent=2) + "\n")
        fichier.truncate()
