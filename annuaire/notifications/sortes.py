"""The kinds of optional mails, in the words of who receives them; apps add theirs in AppConfig.ready."""

from collections.abc import Callable
from dataclasses import dataclass

from annuaire.models import Rythme

GROUPES = {
    "echanges": "Mes échanges",
    "rappels": "Mes rappels",
    "structures": "La vie de mes structures",
    "recherches": "Ce que je cherche et ce que j'offre",
}
"""In the order of the page."""
TOUS = tuple(Rythme)


@dataclass(frozen=True)
class Sorte:
    """`rythmes`: those that make sense for it; without JAMAIS it cannot be refused, nor paused: somebody waits.

    `lire(utilisateur)` and `ecrire(utilisateur, rythme)`: its setting is kept by its own app, which sends it at its
    own times; `notifier` is then not for it. `membres`: only shown to who belongs to a structure.
    """

    cle: str
    groupe: str
    nom: str
    aide: str
    rythmes: tuple[Rythme, ...]
    defaut: Rythme
    membres: bool = True
    lire: Callable | None = None
    ecrire: Callable | None = None

    def __post_init__(self):
        if self.groupe not in GROUPES or self.defaut not in self.rythmes:
            raise ValueError(f"{self.cle}: unknown group, or a default that cannot be chosen")

    @property
    def se_refuse(self) -> bool:
        return Rythme.JAMAIS in self.rythmes


@dataclass(frozen=True)
class Ailleurs:
    """Mails set on a page of their own: `etat(utilisateur)` says in French what they are now, `url` is a URL name.

    `arreter(utilisateur)` stops them in one click, where their mails carry the portal's header.
    """

    cle: str
    nom: str
    action: str
    url: str
    etat: Callable
    arreter: Callable | None = None


_SORTES: dict[str, Sorte] = {}
_AILLEURS: dict[str, Ailleurs] = {}


def enregistrer(*sortes: Sorte) -> None:
    _SORTES.update({sorte.cle: sorte for sorte in sortes})


def enregistrer_ailleurs(*reglages: Ailleurs) -> None:
    _AILLEURS.update({reglage.cle: reglage for reglage in reglages})


def sorte(cle: str) -> Sorte:
    """Raises KeyError for a kind that no app has registered."""
    return _SORTES[cle]


def toutes() -> list[Sorte]:
    """By group, then in the order of registration."""
    rangs = list(GROUPES)
    return sorted(_SORTES.values(), key=lambda sorte: rangs.index(sorte.groupe))


def ailleurs() -> list[Ailleurs]:
    return list(_AILLEURS.values())


def arretables(cles) -> list[Sorte | Ailleurs]:
    """Those of these kinds that one click may stop; unknown ones are left out."""
    trouvees = [_SORTES.get(cle) or _AILLEURS.get(cle) for cle in cles]
    return [s for s in trouvees if s and (s.se_refuse if isinstance(s, Sorte) else s.arreter)]
