"""What an address of the agenda asks for. Reading never fails: what makes no sense is left out."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.utils import timezone

from annuaire.forms.champs_temps import lire_jour
from annuaire.models import Commune
from annuaire.recherche.communes import Lieu, lire_lieu
from annuaire.recherche.criteres import KM_DEFAUT, lire_km, lire_page
from reunions.models import Evenement, Reunion

DU_POLE = "pole-"
"""Before a type of meeting: « forum » alone is an actor's."""
TYPES = {
    **{f"{DU_POLE}{code}": f"{nom[0].upper()}{nom[1:]} du pôle" for code, nom in Reunion.Genre.choices},
    **{code: f"{nom[0].upper()}{nom[1:]}" for code, nom in Evenement.Genre.choices},
}
ANNEES = range(2000, 2101)


@dataclass(frozen=True)
class Criteres:
    """The state of the agenda; `url()` gives it back in one canonical form."""

    q: str = ""
    lieu: Lieu = field(default_factory=Lieu)
    km: float = KM_DEFAUT
    types: tuple[str, ...] = ()
    du: date | None = None
    au: date | None = None
    passees: bool = False
    page: int = 1

    @classmethod
    def lire(cls, parametres) -> "Criteres":
        """From a QueryDict."""
        jours = sorted(j for nom in ("du", "au") if (j := _jour(parametres.get(nom, ""))))
        du, au = _jour(parametres.get("du", "")), _jour(parametres.get("au", ""))
        if du and au:
            du, au = jours
        return cls(
            q=" ".join(parametres.get("q", "").replace("\x00", " ")[:200].split()),
            lieu=lire_lieu(parametres.get("autour"), parametres.get("commune", "")),
            km=lire_km(parametres.get("km", "")),
            types=tuple(t for t in TYPES if t in parametres.getlist("type")[:50]),
            du=du,
            au=au,
            passees=parametres.get("passees") == "1" and not (du or au),
            page=lire_page(parametres.get("page", "")),
        )

    @property
    def commune(self) -> Commune | None:
        """The commune to search around, when it is known and has a point."""
        return self.lieu.commune

    @property
    def a_des_filtres(self) -> bool:
        return bool(self.q or self.commune or self.types or self.du or self.au or self.passees)

    def parametres(self) -> list[tuple[str, str]]:
        """Canonical order, defaults left out."""
        paires = [("q", self.q)] if self.q else []
        if self.commune:
            paires += [("commune", self.commune.code), ("km", f"{self.km:g}")]
        paires += [("type", code) for code in self.types]
        paires += [(nom, jour.isoformat()) for nom in ("du", "au") if (jour := getattr(self, nom))]
        if self.passees:
            paires.append(("passees", "1"))
        if self.page > 1:
            paires.append(("page", str(self.page)))
        return paires

    def chaine(self, **changements) -> str:
        return urlencode(replace(self, **changements).parametres())

    def url(self, **changements) -> str:
        """The same, ready for a link."""
        return f"?{self.chaine(**changements)}"

    @property
    def recherche(self) -> str:
        """What is looked for, whatever the page and the period: what the month and the feeds keep."""
        chaine = self.chaine(page=1, passees=False, du=None, au=None)
        return f"?{chaine}" if chaine else ""

    @property
    def actifs(self) -> list[tuple[str, str]]:
        """(words, link that removes it) of each filter."""
        puces = [(f"« {self.q} »", self.url(q="", page=1))] if self.q else []
        if self.commune:
            puces.append((f"à {self.km:g} km de {self.commune.nom}", self.url(lieu=Lieu(), page=1)))
        for code in self.types:
            restent = tuple(t for t in self.types if t != code)
            puces.append((TYPES[code], self.url(types=restent, page=1)))
        if self.du:
            puces.append((f"à partir du {self.du:%d/%m/%Y}", self.url(du=None, page=1)))
        if self.au:
            puces.append((f"jusqu'au {self.au:%d/%m/%Y}", self.url(au=None, page=1)))
        return puces


def _jour(texte: str) -> date | None:
    try:
        jour = lire_jour(texte[:40])
    except (ValueError, OverflowError):
        return None
    return jour if jour.year in ANNEES else None


def lire_mois(texte: str) -> date:
    """« 2027-03 » -> its first day; this month otherwise."""
    trouve = re.fullmatch(r"(\d{4})-(\d{2})", texte[:7] if len(texte) == 7 else "", re.ASCII)
    if trouve and int(trouve[1]) in ANNEES and 1 <= int(trouve[2]) <= 12:
        return date(int(trouve[1]), int(trouve[2]), 1)
    return timezone.localdate().replace(day=1)
