"""What a search URL asks for. Reading never fails: what makes no sense is left out."""

import math
import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from annuaire.models import Commune, Structure

from .communes import Lieu, lire_lieu

KM_DEFAUT = 20
KM_CHOIX = [5, 10, 20, 50, 100]
KM_MAX = 500
TRIS = {"pertinence": "Pertinence", "distance": "Distance", "nom": "Nom"}
FACETTES = ["activite", "competence", "forme", "label", "ville"]
"""URL parameters that may come several times: any of the values given is enough."""
SLUG = re.compile(r"[-\w]{1,80}")


@dataclass(frozen=True)
class Criteres:
    """The state of a search; `url()` gives it back in one canonical form."""

    q: str = ""
    lieu: Lieu = field(default_factory=Lieu)
    km: float = KM_DEFAUT
    facettes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tri: str = ""
    page: int = 1
    sans_point: bool = False
    point: tuple[float, float] | None = None
    carte: bool = False

    @classmethod
    def lire(cls, parametres) -> "Criteres":
        """From a QueryDict (or any object with `get` and `getlist`)."""
        choisies = {}
        for nom in FACETTES:
            valeurs = [v for v in parametres.getlist(nom)[:50] if SLUG.fullmatch(v)]
            if valeurs:
                choisies[nom] = tuple(dict.fromkeys(valeurs))
        tri = parametres.get("tri", "")
        return cls(
            q=" ".join(parametres.get("q", "")[:200].split()),
            lieu=lire_lieu(parametres.get("autour"), parametres.get("commune", "")),
            km=lire_km(parametres.get("km", "")),
            facettes=choisies,
            tri=tri if tri in TRIS else "",
            page=lire_page(parametres.get("page", "")),
            sans_point=parametres.get("sans_point") == "1",
            point=_point(parametres.get("point", "")),
            carte=parametres.get("carte") == "1",
        )

    @property
    def commune(self) -> Commune | None:
        """The commune to search around, when it is known and has a point."""
        return self.lieu.commune

    @property
    def tri_effectif(self) -> str:
        """The order asked for when it makes sense, else the most useful one."""
        possibles = self.tris_possibles
        return self.tri if self.tri in possibles else next(iter(possibles))

    @property
    def tris_possibles(self) -> dict[str, str]:
        noms = [*(["pertinence"] if self.q else []), *(["distance"] if self.commune else []), "nom"]
        return {nom: TRIS[nom] for nom in noms}

    @property
    def a_des_filtres(self) -> bool:
        return bool(self.q or self.commune or self.facettes or self.sans_point or self.point)

    def choisies(self, facette: str) -> tuple[str, ...]:
        return self.facettes.get(facette, ())

    def parametres(self) -> list[tuple[str, str]]:
        """Canonical order, defaults left out."""
        paires = [("q", self.q)] if self.q else []
        if self.commune:
            paires += [("commune", self.commune.code), ("km", f"{self.km:g}")]
        for nom in FACETTES:
            paires += [(nom, valeur) for valeur in sorted(self.choisies(nom))]
        if self.sans_point:
            paires.append(("sans_point", "1"))
        if self.point:
            paires.append(("point", "{!r},{!r}".format(*self.point)))
        if self.tri and self.tri == self.tri_effectif and self.tri != next(iter(self.tris_possibles)):
            paires.append(("tri", self.tri))
        if self.carte:
            paires.append(("carte", "1"))
        if self.page > 1:
            paires.append(("page", str(self.page)))
        return paires

    def chaine(self, **changements) -> str:
        """The query string of this state, or of the same with other values: « q=sport&page=2 »."""
        return urlencode(replace(self, **changements).parametres())

    def url(self, **changements) -> str:
        """The same, ready for a link: « ?q=sport », or « ? » alone for the whole directory."""
        return f"?{self.chaine(**changements)}"

    def sans(self, facette: str, valeur: str) -> dict[str, tuple[str, ...]]:
        """The facets without one value, for the link that removes it."""
        restent = {nom: tuple(v for v in vs if (nom, v) != (facette, valeur)) for nom, vs in self.facettes.items()}
        return {nom: vs for nom, vs in restent.items() if vs}


def lire_km(texte: str) -> float:
    try:
        km = float(texte.replace(",", "."))
    except ValueError:
        return KM_DEFAUT
    return min(km, KM_MAX) if math.isfinite(km) and km > 0 else KM_DEFAUT


def lire_page(texte: str) -> int:
    return min(int(texte), 10**6) if re.fullmatch(r"[0-9]{1,40}", texte) and int(texte) > 0 else 1


def _point(texte: str) -> tuple[float, float] | None:
    morceaux = texte.split(",")
    try:
        latitude, longitude = map(float, morceaux)
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


FORMES = dict(Structure.FormeJuridique.choices)
