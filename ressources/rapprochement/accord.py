"""A match, as the panel, the page and the digest show it."""

from dataclasses import dataclass

from annuaire.models import Structure
from ressources.models import Annonce


@dataclass
class Accord:
    """An announcement of the other side, or for a need a structure whose sheet has the skill; why, in words."""

    score: float
    raisons: list
    annonce: Annonce | None = None
    structure: Structure | None = None
    lien_ecarter: str = ""

    @property
    def cle(self) -> str:
        """How a form or a signed link names it."""
        return f"a{self.annonce.pk}" if self.annonce else f"s{self.structure.pk}"
