"""What a search URL asks for. Reading never fails: what makes no sense is left out."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.utils import timezone

from annuaire.forms.champs_temps import lire_euros, lire_jour
from annuaire.models import Commune
from annuaire.recherche.communes import Lieu, lire_lieu
from annuaire.recherche.criteres import KM_DEFAUT, SLUG, lire_km, lire_page
from ressources.models import Annonce
from ressources.modes import Mode
from ressources.natures import Nature

TRIS = {
    "pertinence": "Pertinence",
    "distance": "Distance",
    "recentes": "Les plus récentes",
    "expire": "Bientôt closes",
}
FACETTES = {"sens": Annonce.Sens.values, "nature": Nature.values, "mode": Mode.values, "categorie": None}
"""URL parameters that may come several times, with their values (None: the slugs of a table): any one is enough."""
JOURS_MAX = 366
PRIX_MAX = Decimal(1_000_000)


@dataclass(frozen=True)
class Criteres:
    """The state of a search; `url()` gives it back in one canonical form.

    `du` and `au`: what is free (or wanted) on at least one day between them, both included. `toutes`: the expired
    and the met ones too.
    """

    q: str = ""
    lieu: Lieu = field(default_factory=Lieu)
    km: float = KM_DEFAUT
    facettes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gratuit: bool = False
    prix_max: Decimal | None = None
    du: date | None = None
    au: date | None = None
    structure: str = ""
    urgent: bool = False
    toutes: bool = False
    tri: str = ""
    vue: str = ""
    page: int = 1

    @classmethod
    def lire(cls, parametres) -> "Criteres":
        """From a QueryDict (or any object with `get` and `getlist`)."""
        choisies = {}
        for nom, valeurs in FACETTES.items():
            bonnes = [
                v for v in parametres.getlist(nom)[:50] if (SLUG.fullmatch(v) if valeurs is None else v in valeurs)
            ]
            if bonnes:
                choisies[nom] = tuple(dict.fromkeys(bonnes))
        tri, structure = parametres.get("tri", ""), parametres.get("structure", "")
        du, au = _jours(parametres.get("du", ""), parametres.get("au", ""))
        return cls(
            q=" ".join(parametres.get("q", "").replace("\x00", " ")[:200].split()),
            lieu=lire_lieu(parametres.get("autour"), parametres.get("commune", "")),
            km=lire_km(parametres.get("km", "")),
            facettes=choisies,
            gratuit=parametres.get("gratuit") == "1",
            prix_max=_prix(parametres.get("prix_max", "")),
            du=du,
            au=au,
            structure=structure if SLUG.fullmatch(structure) else "",
            urgent=parametres.get("urgent") == "1",
            toutes=parametres.get("toutes") == "1",
            tri=tri if tri in TRIS else "",
            vue="liste" if parametres.get("vue") == "liste" else "",
            page=lire_page(parametres.get("page", "")),
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
        noms = [*(["pertinence"] if self.q else []), *(["distance"] if self.commune else []), "recentes", "expire"]
        return {nom: TRIS[nom] for nom in noms}

    @property
    def dates(self) -> tuple[date, date] | None:
        """The days asked for, or None; days gone by are not looked for."""
        if self.du is None or self.dates_passees:
            return None
        return max(self.du, timezone.localdate()), self.au

    @property
    def dates_passees(self) -> bool:
        return self.au is not None and self.au < timezone.localdate()

    @property
    def a_des_details(self) -> bool:
        """Something is asked beyond words, place and facets."""
        return bool(self.gratuit or self.prix_max is not None or self.dates or self.structure or self.urgent)

    @property
    def a_des_filtres(self) -> bool:
        return bool(self.q or self.commune or self.facettes or self.a_des_details or self.toutes)

    def choisies(self, facette: str) -> tuple[str, ...]:
        return self.facettes.get(facette, ())

    def parametres(self) -> list[tuple[str, str]]:
        """Canonical order, defaults left out."""
        paires = [("q", self.q)] if self.q else []
        if self.commune:
            paires += [("commune", self.commune.code), ("km", f"{self.km:g}")]
        for nom in FACETTES:
            paires += [(nom, valeur) for valeur in sorted(self.choisies(nom))]
        if self.gratuit:
            paires.append(("gratuit", "1"))
        if self.prix_max is not None:
            paires.append(("prix_max", f"{self.prix_max:f}"))
        if self.du:
            paires += [("du", self.du.isoformat()), ("au", self.au.isoformat())]
        if self.structure:
            paires.append(("structure", self.structure))
        paires += [(nom, "1") for nom in ("urgent", "toutes") if getattr(self, nom)]
        if self.tri and self.tri == self.tri_effectif and self.tri != next(iter(self.tris_possibles)):
            paires.append(("tri", self.tri))
        if self.vue:
            paires.append(("vue", self.vue))
        if self.page > 1:
            paires.append(("page", str(self.page)))
        return paires

    def chaine(self, **changements) -> str:
        """The query string of this state, or of the same with other values: « q=sono&page=2 »."""
        return urlencode(replace(self, **changements).parametres())

    def url(self, **changements) -> str:
        """The same, ready for a link: « ?q=sono », or « ? » alone for all that is open."""
        return f"?{self.chaine(**changements)}"

    @property
    def recherche(self) -> str:
        """What is looked for, whatever the page, the order and the view: what a feed and an alert keep."""
        return self.chaine(page=1, tri="", vue="")

    def avec(self, facette: str, *valeurs: str) -> dict[str, tuple[str, ...]]:
        """The facets with these values alone in one of them; none: without it."""
        restent = {nom: vs for nom, vs in self.facettes.items() if nom != facette}
        return restent | {facette: valeurs} if valeurs else restent

    def sans(self, facette: str, valeur: str) -> dict[str, tuple[str, ...]]:
        """The facets without one value, for the link that removes it."""
        return self.avec(facette, *[v for v in self.choisies(facette) if v != valeur])


def _jours(du: str, au: str) -> tuple[date | None, date | None]:
    """One day alone is that day; the wrong way round, they are turned; a year at most."""
    jours = sorted(jour for texte in (du, au) if (jour := _jour(texte)))
    if not jours:
        return None, None
    return jours[0], min(jours[-1], jours[0] + timedelta(days=JOURS_MAX - 1))


def _jour(texte: str) -> date | None:
    try:
        jour = lire_jour(texte[:40])
    except (ValueError, OverflowError):
        return None
    return jour if 2000 <= jour.year <= 2100 else None


def _prix(texte: str) -> Decimal | None:
    try:
        prix = lire_euros(texte[:20])
    except ValueError:
        return None
    return round(prix, 2).normalize() if 0 <= prix <= PRIX_MAX else None
