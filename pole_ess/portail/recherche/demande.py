"""What an address of the search asks for. Reading never fails: what makes no sense is left out."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from annuaire.recherche.criteres import lire_page

LONGUEUR_MAX = 200
LETTRES_MIN = 2
"""Fewer say nothing."""


@dataclass(frozen=True)
class Demande:
    """`dans`: the only group that is wanted, page by page; empty for the best of each."""

    q: str = ""
    dans: str = ""
    page: int = 1

    @classmethod
    def lire(cls, parametres) -> "Demande":
        """From a QueryDict."""
        from .groupes import GROUPES

        dans = parametres.get("dans", "")
        return cls(
            q=" ".join(parametres.get("q", "")[:LONGUEUR_MAX].split()),
            dans=dans if dans in GROUPES else "",
            page=lire_page(parametres.get("page", "")),
        )

    @property
    def est_trop_courte(self) -> bool:
        return sum(lettre.isalnum() for lettre in self.q) < LETTRES_MIN

    def url(self, **changements) -> str:
        """« ?q=sport&dans=lettres »: canonical order, defaults left out."""
        voulue = replace(self, **changements)
        paires = [("q", voulue.q), ("dans", voulue.dans), ("page", str(voulue.page) if voulue.page > 1 else "")]
        return f"?{urlencode([paire for paire in paires if paire[1]])}"
