"""Which booklet is asked for: a format, and a part of the directory. Reading never fails."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, F

from annuaire.models import Activite, Commune, Structure
from annuaire.recherche.communes import CODE_COG

FORMATS = {
    "a4": ("A4", "deux colonnes, pour une imprimante de bureau"),
    "a5": ("A5", "un petit livret, à relier ou à agrafer"),
    "gros": ("A4, gros caractères", "corps 18, une colonne, noir sur blanc"),
}
FORMAT_DEFAUT = "a4"
SIREN = re.compile(r"\d{9}", re.ASCII)


@dataclass(frozen=True)
class Epci:
    """Communes that work together. Their official name is not in the register of communes: the largest names them."""

    siren: str
    nom: str


@dataclass(frozen=True)
class Demande:
    """`activite`, `commune`, `epci`: None when the booklet is not limited to one."""

    format: str = FORMAT_DEFAUT
    activite: Activite | None = None
    commune: Commune | None = None
    epci: Epci | None = None

    @classmethod
    def lire(cls, parametres) -> "Demande":
        """From a QueryDict; what makes no sense is left out. A commune is more precise than its EPCI."""
        format_demande, slug = parametres.get("format", ""), parametres.get("activite", "")[:80]
        code, siren = parametres.get("commune", ""), parametres.get("epci", "")
        commune = Commune.objects.filter(code=code).first() if CODE_COG.fullmatch(code) else None
        return cls(
            format=format_demande if format_demande in FORMATS else FORMAT_DEFAUT,
            activite=Activite.objects.filter(slug=slug.replace("\0", "")).first() if slug else None,
            commune=commune,
            epci=lire_epci(siren) if commune is None and SIREN.fullmatch(siren) else None,
        )

    @property
    def est_entiere(self) -> bool:
        return not (self.activite or self.commune or self.epci)

    @property
    def structures(self):
        """Published ones of this part, in the order of their names."""
        trouvees = Structure.objects.publiees()
        if self.activite:
            trouvees = trouvees.filter(activites_index__contains=[self.activite.pk])
        if self.commune:
            trouvees = trouvees.filter(commune=self.commune)
        if self.epci:
            trouvees = trouvees.filter(commune__epci=self.epci.siren)
        return trouvees.order_by("tri", "pk")

    @property
    def chaine(self) -> str:
        """The query string of this booklet: « format=a5&commune=03095 »."""
        paires = [("format", self.format)]
        if self.activite:
            paires.append(("activite", self.activite.slug))
        if self.commune:
            paires.append(("commune", self.commune.code))
        if self.epci:
            paires.append(("epci", self.epci.siren))
        return urlencode(paires)

    @property
    def partie(self) -> str:
        """« Culture et patrimoine, à Cusset » ; nothing for the whole directory."""
        lieu = f"commune de {self.commune.nom}" if self.commune else self.epci.nom if self.epci else ""
        morceaux = [self.activite.nom if self.activite else "", lieu]
        dit = ", ".join(morceau for morceau in morceaux if morceau)
        return dit[:1].upper() + dit[1:]


def lire_epci(siren: str) -> Epci | None:
    premiere = Commune.objects.filter(epci=siren).order_by(F("population").desc(nulls_last=True), "tri", "code").first()
    return Epci(siren, f"intercommunalité de {premiere.nom}") if premiere else None


def choix_des_communes() -> list[tuple[Commune, int]]:
    """Communes that have structures, with how many."""
    comptes = dict(
        Structure.objects.publiees()
        .exclude(commune=None)
        .order_by()
        .values_list("commune")
        .annotate(nombre=Count("pk"))
        .values_list("commune", "nombre")
    )
    return [
        (commune, comptes[commune.pk]) for commune in Commune.objects.filter(pk__in=comptes).order_by("tri", "code")
    ]


def choix_des_epci() -> list[Epci]:
    """Those of the communes that have structures, named by the largest commune of each."""
    concernes = Commune.objects.filter(structures__etat="publiee").exclude(epci="").values("epci")
    premieres = (
        Commune.objects.filter(epci__in=concernes)
        .order_by("epci", F("population").desc(nulls_last=True), "tri", "code")
        .distinct("epci")
    )
    return sorted((Epci(c.epci, f"intercommunalité de {c.nom}") for c in premieres), key=lambda epci: epci.nom)
