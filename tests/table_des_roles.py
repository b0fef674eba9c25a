"""The table of tests/test_roles.py. Codes: see `lire`."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Attendu(NamedTuple):
    """One cell: status, whether a row must be written, and where a redirect leads (None: anywhere)."""

    code: int
    ecrit: bool = False
    vers: str | None = None


def lire(cellules: str) -> list[Attendu]:
    """« 200 404 login ok » -> cells. `login`: 302 to the login page; `ok`: 302 after writing; `200+`: 200 after
    writing; one cell alone stands for the six roles."""
    mots = cellules.split()
    if len(mots) == 1:
        mots *= 6
    return [_cellule(mot) for mot in mots]


def _cellule(mot: str) -> Attendu:
    if mot == "login":
        return Attendu(302, vers="/compte/login/")
    if mot == "ok":
        return Attendu(302, ecrit=True)
    return Attendu(int(mot.rstrip("+")), ecrit=mot.endswith("+"))


@dataclass
class Ligne:
    """One URL in one state of its object."""

    nom: str
    get: list
    post: list
    etat: str = ""
    arguments: object = field(default=lambda monde: {})
    donnees: object = field(default=lambda monde, role: {})
    requete: str = ""

    def __str__(self):
        return f"{self.nom}[{self.etat}]" if self.etat else self.nom


def ligne(nom, get, post="405", **reste) -> Ligne:
    return Ligne(nom, lire(get), lire(post), **reste)


def par_etat(nom, post="405", *, donnees=None, suite=None, **etats) -> list[Ligne]:
    """One row per state of the structure in the URL; `suite(structure)` adds arguments."""

    def arguments(etat):
        return lambda monde: {
            "slug": monde.structures[etat].slug,
            **(suite(monde, monde.structures[etat]) if suite else {}),
        }

    lignes = []
    for etat, cellules in etats.items():
        get, _, celles_du_post = cellules.partition("|")
        lignes.append(
            Ligne(
                nom,
                lire(get),
                lire(celles_du_post or post),
                etat=etat,
                arguments=arguments(etat),
                donnees=donnees or (lambda monde, role: {}),
            )
        )
    return lignes


# Third-party pages have their own tests; the admin has its table in tests/annuaire/test_admin_roles.py.
HORS_TABLE = ("admin:", "account_", "mfa_", "demo_")

TABLE: list[Ligne] = []
