"""The plan of an artist's tour: which stages, on which days, so that one trip serves the most structures.

A plan retains structures near one another (each within `rayon` km of another retained one, all connected), one a
day, each on a day that suits it. The best has the most stages; then the fewest kilometres in date order (as the
crow flies). Between equals, the earlier days and the older wishes win as far as compared; same input, same plan.

Up to EXACT_MAX connected wishes the plan is the best there is: every set of stages is tried, keeping for each last
stage the pairs (kilometres, day) that no other beats. Beyond, a set is grown from each wish by its neighbours while
distinct days remain (matching), and its days are exchanged two by two while that shortens the trip: good, not proved
best (on the tests' cases as many stages, and 18 % more kilometres). 100 wishes over 90 days take about two seconds.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from annuaire.geographie import distance_km

EXACT_MAX = 12
ESSAIS_MAX = 12_000
"""How many exchanges of days the approximate search may weigh in all."""
DEPARTS_MAX = 3
"""How many of the sets that it grows it then shortens."""


@dataclass(frozen=True)
class Voeu:
    """What one structure wants. `fixe`: already retained, on its only day. `point`: (latitude, longitude) or None."""

    cle: int
    point: tuple[float, float] | None
    jours: tuple[date, ...]
    fixe: bool = False


@dataclass
class Plan:
    """`etapes`: (key, day, km from the stage before; None for the first) in date order."""

    etapes: list = field(default_factory=list)
    km: float = 0.0
    exact: bool = True

    @property
    def cles(self) -> set:
        return {cle for cle, _, _ in self.etapes}


def proposer(voeux: list[Voeu], rayon: float) -> Plan:
    """The best plan; retained stages are all in it, and count as near one another. Empty when nothing can be."""
    voeux = sorted((v for v in voeux if v.point and v.jours), key=lambda v: v.cle)
    km = [[distance_km(*a.point, *b.point) for b in voeux] for a in voeux]
    proches = [
        {j for j, b in enumerate(voeux) if j != i and _relies(a, b, km[i][j], rayon)} for i, a in enumerate(voeux)
    ]
    fixes = {i for i, voeu in enumerate(voeux) if voeu.fixe}
    candidats = []
    for groupe in _groupes(proches):
        if not fixes <= groupe:
            continue
        exact = len(groupe) <= EXACT_MAX
        chercher = _exact if exact else _approche
        trouve = chercher(sorted(groupe), voeux, km, proches, fixes)
        if trouve:
            candidats.append((trouve, exact))
    if not candidats:
        return Plan()
    ordre = min((_rang(trouve, km), rang) for rang, (trouve, _) in enumerate(candidats))[1]
    trouve = candidats[ordre][0]
    trajets = [None, *(km[a][b] for (a, _), (b, _) in pairwise(trouve))]
    etapes = [(voeux[i].cle, jour, trajet) for (i, jour), trajet in zip(trouve, trajets, strict=True)]
    return Plan(etapes, _longueur(trouve, km), exact=all(exact for _, exact in candidats))


def _relies(a, b, distance, rayon) -> bool:
    return distance <= rayon or (a.fixe and b.fixe)


def _groupes(proches) -> list[set]:
    """The connected groups of the graph `proches`."""
    vus, groupes = set(), []
    for depart in range(len(proches)):
        if depart not in vus:
            groupe = _atteints(depart, proches, set(range(len(proches))))
            vus |= groupe
            groupes.append(groupe)
    return groupes


def _atteints(depart, proches, parmi) -> set:
    groupe, a_voir = {depart}, [depart]
    while a_voir:
        nouveaux = (proches[a_voir.pop()] & parmi) - groupe
        groupe |= nouveaux
        a_voir += nouveaux
    return groupe


def _longueur(suite, km) -> float:
    return sum(km[a][b] for (a, _), (b, _) in pairwise(suite))


def _rang(suite, km):
    """What makes a plan better: more stages, fewer km (to the metre), earlier days, older wishes."""
    return -len(suite), round(_longueur(suite, km), 3), [jour for _, jour in suite], [i for i, _ in suite]


def _exact(groupe, voeux, km, proches, fixes):
    """Every set of stages, smallest first; per (set, last stage) the (km, day) pairs that no other beats."""
    niveau = {}
    for i in groupe:
        jour = min(voeux[i].jours)
        niveau[(1 << i, i)] = [(0.0, jour, ((i, jour),))]
    masque_fixe = sum(1 << i for i in fixes)
    meilleure = None
    while niveau:
        complets = [
            suite
            for (masque, _), pistes in niveau.items()
            if masque & masque_fixe == masque_fixe and _tient(masque, groupe, proches)
            for _, _, suite in pistes
        ]
        if complets:
            meilleure = min(complets, key=lambda suite: _rang(suite, km))
        niveau = _niveau_suivant(niveau, groupe, voeux, km)
    return list(meilleure) if meilleure else None


def _niveau_suivant(niveau, groupe, voeux, km):
    suivant = {}
    for (masque, dernier), pistes in niveau.items():
        for i in groupe:
            if masque >> i & 1:
                continue
            jours = voeux[i].jours
            for longueur, jour, suite in pistes:
                rang = bisect_right(jours, jour)
                if rang < len(jours):
                    piste = (longueur + km[dernier][i], jours[rang], (*suite, (i, jours[rang])))
                    _garder(suivant.setdefault((masque | 1 << i, i), []), piste)
    return suivant


def _garder(pistes, piste) -> None:
    """Keep the pairs (km, day) that no other beats on both; equal ones by their days, then their keys."""
    longueur, jour, suite = piste
    for autre_longueur, autre_jour, autre in pistes:
        if autre_longueur <= longueur + 1e-9 and autre_jour <= jour:
            egales = abs(autre_longueur - longueur) <= 1e-9 and autre_jour == jour
            if not egales or _apres(suite, autre):
                return
    pistes[:] = [p for p in pistes if not (longueur <= p[0] + 1e-9 and jour <= p[1])]
    pistes.append(piste)


def _apres(suite, autre) -> bool:
    """Whether `suite` comes after `autre` among plans of equal length."""
    return ([j for _, j in suite], [i for i, _ in suite]) >= ([j for _, j in autre], [i for i, _ in autre])


def _tient(masque, groupe, proches) -> bool:
    retenus = {i for i in groupe if masque >> i & 1}
    return _atteints(next(iter(retenus)), proches, retenus) == retenus


def _approche(groupe, voeux, km, proches, fixes):
    """Grow from each wish (from the retained ones when there are some), shorten the most promising, keep the best."""
    grandis = [_grandir(depart, voeux, km, proches) for depart in ([fixes] if fixes else [{i} for i in groupe])]
    grandis = sorted((suite for suite in grandis if fixes <= {i for i, _ in suite}), key=lambda s: _rang(s, km))
    essais = ESSAIS_MAX // DEPARTS_MAX
    raccourcis = [_raccourcir(suite, voeux, km, essais) for suite in grandis[:DEPARTS_MAX]]
    return min(raccourcis, key=lambda suite: _rang(suite, km), default=None)


def _grandir(depart, voeux, km, proches) -> list:
    """Add the nearest neighbour while each stage still finds a day of its own; (stage, day) in date order."""
    retenus, jours = set(), {}
    for i in sorted(depart):
        if _placer(i, voeux, jours, set()):
            retenus.add(i)
    refuses = set()
    while voisins := {j for i in retenus for j in proches[i]} - retenus - refuses:
        i = min(voisins, key=lambda j: (min(km[j][r] for r in retenus), j))
        if _placer(i, voeux, jours, set()):
            retenus.add(i)
        else:
            refuses.add(i)  # a set that leaves no day to `i` leaves it none once larger
    return _datee({i: jour for jour, i in jours.items()})


def _placer(i, voeux, jours, vus) -> bool:
    """Give `i` a day, moving others to another of their days when needed (augmenting path)."""
    for jour in voeux[i].jours:
        if jour in vus:
            continue
        vus.add(jour)
        if jour not in jours or _placer(jours[jour], voeux, jours, vus):
            jours[jour] = i
            return True
    return False


def _raccourcir(suite, voeux, km, essais):
    """Move one stage, or exchange the days of two, as soon as that makes the plan better, while `essais` allow."""
    jour_de, mieux = dict(suite), True
    while mieux and essais > 0:
        mieux = False
        for i in sorted(jour_de):
            for autre in voeux[i].jours:
                jour = jour_de[i]
                voisin = next((j for j, le in jour_de.items() if le == autre), None)
                if voisin == i or (voisin is not None and jour not in voeux[voisin].jours):
                    continue
                essais -= 1
                essai = jour_de | {i: autre} | ({voisin: jour} if voisin is not None else {})
                if _rang(_datee(essai), km) < _rang(_datee(jour_de), km):
                    jour_de, mieux = essai, True
    return _datee(jour_de)


def _datee(jour_de) -> list:
    """(stage, day) in date order."""
    return sorted(jour_de.items(), key=lambda etape: etape[1])
