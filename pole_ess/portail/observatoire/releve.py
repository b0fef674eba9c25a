"""The figures of a day, counted once for all processes: each night, or by the first visitor who finds none.

They stay in the shared cache: a page reads two of its rows, whatever the hub's size. What is missing is counted
under a lock, so that visitors who come together wait for one count and do not each make theirs.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from ressources.agenda import minuit
from ressources.bilans.annee import totaux_par_annee
from ressources.bilans.totaux import Totaux
from ressources.statistiques import Comptes, Periode, annees, choisir, compter
from ressources.statistiques.comptes import premiere_parution

from .comptages import rencontres as comptage_rencontres
from .comptages import structures as comptage_structures
from .comptages.rencontres import FaitAtelier, FaitRencontre
from .comptages.structures import Effectif, EtatStructures

VERSION = 1
"""Changes when what is kept does."""
LA_NUIT, EN_VISITE = timedelta(days=3), timedelta(minutes=10)
"""How long figures are kept: those of the night until the next ones, three days if the worker stops; those that a
visitor had counted, before the first night, a moment."""
VERROU = 7_014_001
"""Of PostgreSQL's advisory locks: one count at a time."""


@dataclass(frozen=True)
class Commun:
    """What every page reads, by civil years of Europe/Paris, the present one included.

    `annees`: the latest first, without those when nothing happened. `effectifs`: structures at the end of each year; a
    year before the first version of any sheet has none.
    """

    le: datetime
    annees: tuple[int, ...]
    annonces: Comptes
    periode: Periode
    nouvelles: dict[int, int]
    effectifs: dict[int, Effectif]
    historique_depuis: date | None
    echanges: dict[int, Totaux]
    rencontres: tuple[FaitRencontre, ...]
    rencontrees: dict[int | None, int]
    ateliers: tuple[FaitAtelier, ...]


@dataclass(frozen=True)
class Releve:
    """The figures of one year, or of all years (`annee` None). `structures` is None when no version is so old."""

    annee: int | None
    commun: Commun
    structures: EtatStructures | None

    @property
    def le(self) -> datetime:
        return self.commun.le

    @property
    def en_cours(self) -> bool:
        return self.annee == self.commun.annees[0]

    @property
    def annees(self) -> tuple[int, ...]:
        """Those that are counted: the one, or all of them."""
        return self.commun.annees if self.annee is None else (self.annee,)

    @property
    def periode(self) -> Periode:
        """Whole months: those of the year, or all since the first announcement."""
        if self.annee is None:
            return self.commun.periode
        return choisir(str(self.annee), timezone.localdate(self.le))

    @property
    def annonces(self) -> Comptes:
        """Announcements of these months; open ones are those of the day, whatever the year."""
        tous, periode = self.commun.annonces, self.periode
        decalage = (periode.debut.year - self.commun.periode.debut.year) * 12
        mois = range(len(periode.mois))

        def garder(compteur):
            return Counter({(m - decalage, *quoi): n for (m, *quoi), n in compteur.items() if m - decalage in mois})

        return Comptes(garder(tous.parues), garder(tous.pourvues), tous.ouvertes)

    @property
    def rencontres(self) -> tuple[FaitRencontre, ...]:
        return tuple(fait for fait in self.commun.rencontres if fait.le.year in self.annees)

    @property
    def ateliers(self) -> tuple[FaitAtelier, ...]:
        return tuple(fait for fait in self.commun.ateliers if fait.le.year in self.annees)


def lire(annee: int | None = None, *, commun: Commun | None = None) -> Releve:
    """The figures of this year, of all years (None); `commun`: when it was read already.

    Raises LookupError for a year that has none.
    """
    commun = commun or lire_commun()
    if annee is not None and annee not in commun.annees:
        raise LookupError(annee)
    trouve = _assembler(annee, commun)
    if trouve is None:
        commun, etats = _compter_une_fois(annee)
        trouve = Releve(annee, commun, etats.get(annee or commun.annees[0]))
    return trouve


def lire_commun() -> Commun:
    """What every page reads, without the structures of a year."""
    return cache.get(_cle("commun")) or _compter_une_fois(None)[0]


def relever() -> str:
    """Count everything again and keep it (each night)."""
    commun, etats = _compter()
    _garder(commun, etats, LA_NUIT)
    return f"{len(commun.annees)} années, {len(etats)} états de l'annuaire"


def _assembler(annee, commun: Commun) -> Releve | None:
    """None when the structures of the year are no longer kept."""
    montree = annee or commun.annees[0]
    if montree not in commun.effectifs:
        return Releve(annee, commun, None)
    etat = cache.get(_cle(f"structures:{montree}:{commun.le.timestamp()}"))
    return etat and Releve(annee, commun, etat)


def _compter_une_fois(annee) -> tuple[Commun, dict[int, EtatStructures]]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
        commun = cache.get(_cle("commun"))  # another visitor's count, done while this one waited
        if commun and (trouve := _assembler(annee, commun)):
            return commun, {annee or commun.annees[0]: trouve.structures}
        commun, etats = _compter()
        _garder(commun, etats, EN_VISITE)
        return commun, etats


def _compter() -> tuple[Commun, dict[int, EtatStructures]]:
    """A constant number of queries, and one more for each past year that has versions of sheets."""
    maintenant = timezone.now()
    le = timezone.localdate(maintenant)
    nouvelles = {annee: n for annee, n in comptage_structures.nouvelles_par_annee().items() if annee <= le.year}
    faites = comptage_rencontres.lire_rencontres()
    premiere = min(filter(None, [premiere_parution(), _premiere_structure(nouvelles), *(f.le for f in faites[:1])]),
                   default=None)  # fmt: skip
    toutes = annees(premiere, le)
    debut, fin = date(toutes[-1], 1, 1), choisir(str(le.year), le).fin
    periode = Periode("toutes", debut, fin)
    annonces, echanges = compter(periode), totaux_par_annee(debut, date(le.year + 1, 1, 1))
    parues = {debut.year + mois // 12 for compteur in (annonces.parues, annonces.pourvues) for mois, *_ in compteur}
    depuis = comptage_structures.premier_jour()
    vecues = {le.year, *nouvelles, *parues, *echanges, *(fait.le.year for fait in faites)}
    connues = tuple(a for a in toutes if a in vecues or (depuis and a >= depuis.year))
    etats = _etats(connues, le, depuis)
    commun = Commun(
        le=maintenant,
        annees=connues,
        annonces=annonces,
        periode=periode,
        nouvelles=nouvelles,
        effectifs={annee: etat.total for annee, etat in etats.items()},
        historique_depuis=depuis,
        echanges=echanges,
        rencontres=faites,
        rencontrees=comptage_rencontres.structures_par_annee(),
        ateliers=comptage_rencontres.lire_ateliers(),
    )
    return commun, etats


def _premiere_structure(nouvelles) -> date | None:
    return date(min(nouvelles), 1, 1) if nouvelles else None


def _etats(connues, le: date, depuis: date | None) -> dict[int, EtatStructures]:
    """Year -> the directory at its end; this year's is today's."""
    noms = comptage_structures.lire_noms()
    etats = {le.year: comptage_structures.lire_etat(le, noms)}
    for annee in connues[1:]:
        if depuis and depuis.year <= annee:
            dernier = date(annee, 12, 31)
            etats[annee] = comptage_structures.lire_etat(dernier, noms, fin=minuit(dernier + timedelta(days=1)))
    return etats


def _garder(commun: Commun, etats: dict[int, EtatStructures], duree: timedelta) -> None:
    """The structures first: whoever reads the common part finds them."""
    secondes = int(duree.total_seconds())
    cache.set_many(
        {_cle(f"structures:{annee}:{commun.le.timestamp()}"): etat for annee, etat in etats.items()}, secondes
    )
    cache.set(_cle("commun"), commun, secondes)


def _cle(nom: str) -> str:
    return f"observatoire:{VERSION}:{nom}"
