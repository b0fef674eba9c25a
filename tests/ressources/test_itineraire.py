"""The plan of a tour: the best on small cases, compared with trying everything; honest and stable on large ones."""

import random
from datetime import date, timedelta
from itertools import combinations, pairwise, permutations, product

import pytest

from annuaire.geographie import distance_km
from ressources.actions.itineraire import EXACT_MAX, Voeu, proposer

LUNDI = date(2027, 3, 1)


def jours(*rangs):
    return tuple(LUNDI + timedelta(days=rang) for rang in rangs)


def voeu(cle, km_a_l_est, *rangs, fixe=False):
    """On the parallel of Vichy, so many km east of it (one degree is 77.1 km there)."""
    return Voeu(cle, (46.13, 3.42 + km_a_l_est / 77.07), jours(*rangs), fixe)


def au_hasard(graine, n, nb_jours, part, etendue=0.5):
    tirage = random.Random(graine)
    return [
        Voeu(
            cle,
            (46 + tirage.random() * etendue, 3 + tirage.random() * etendue),
            jours(*(rang for rang in range(nb_jours) if tirage.random() < part)),
        )
        for cle in range(1, n + 1)
    ]


def connexe(cles, points, rayon):
    vus, a_voir = set(), [min(cles)]
    while a_voir:
        ici = a_voir.pop()
        vus.add(ici)
        a_voir += [k for k in cles - vus if distance_km(*points[ici], *points[k]) <= rayon]
    return vus == cles


def tout_essayer(voeux, rayon):
    """(stages, km) of the best plan, by trying every set and every choice of days."""
    points = {v.cle: v.point for v in voeux}
    for taille in range(len(voeux), 0, -1):
        longueurs = []
        for groupe in combinations(voeux, taille):
            if not connexe({v.cle for v in groupe}, points, rayon):
                continue
            for choix in product(*(v.jours for v in groupe)):
                if len(set(choix)) == taille:
                    suite = [v for _, v in sorted(zip(choix, groupe, strict=True), key=lambda c: c[0])]
                    longueurs.append(sum(distance_km(*a.point, *b.point) for a, b in pairwise(suite)))
        if longueurs:
            return taille, min(longueurs)
    return 0, 0.0


def verifier(plan, voeux, rayon):
    """What any plan must be, best or not."""
    par_cle = {v.cle: v for v in voeux}
    dates = [jour for _, jour, _ in plan.etapes]
    assert dates == sorted(set(dates))
    assert all(jour in par_cle[cle].jours for cle, jour, _ in plan.etapes)
    assert connexe(plan.cles, {v.cle: v.point for v in voeux}, rayon)
    trajets = [distance_km(*par_cle[a[0]].point, *par_cle[b[0]].point) for a, b in pairwise(plan.etapes)]
    assert [km for _, _, km in plan.etapes] == [None, *trajets]
    assert plan.km == pytest.approx(sum(trajets))


@pytest.mark.parametrize("graine", range(60))
def test_plan_is_the_best_of_all(graine):
    tirage = random.Random(1000 + graine)
    voeux = au_hasard(graine, tirage.randint(1, 5), tirage.randint(1, 5), tirage.choice([0.4, 0.7, 1]))
    rayon = tirage.choice([10, 20, 40])
    plan = proposer(voeux, rayon)
    taille, km = tout_essayer(voeux, rayon)
    assert (len(plan.etapes), plan.km) == (taille, pytest.approx(km, abs=1e-3))
    assert plan.exact
    if plan.etapes:
        verifier(plan, voeux, rayon)


def test_more_stages_win_over_fewer_kilometres():
    voeux = [voeu(1, 0, 0), voeu(2, 1, 1), voeu(3, 100, 0), voeu(4, 125, 1), voeu(5, 150, 2)]
    assert proposer(voeux, 30).cles == {3, 4, 5}


def test_a_chain_of_neighbours_is_one_trip_and_a_distant_one_stays_out():
    voeux = [voeu(1, 0, 0), voeu(2, 25, 1), voeu(3, 50, 2), voeu(4, 90, 3)]
    plan = proposer(voeux, 30)
    assert [cle for cle, _, _ in plan.etapes] == [1, 2, 3]
    assert plan.km == pytest.approx(50, abs=0.5)


def test_the_stage_between_two_is_kept_even_when_its_only_day_costs_another():
    """1 and 3 are near through 2 alone; all three want the same two days."""
    voeux = [voeu(1, 0, 0), voeu(2, 25, 0, 1), voeu(3, 50, 0)]
    assert len(proposer(voeux, 30).etapes) == 2
    assert 2 in proposer(voeux, 30).cles


def test_retained_stages_stay_with_their_day_wherever_they_are():
    voeux = [voeu(1, 0, 4, fixe=True), voeu(2, 200, 1, fixe=True), voeu(3, 10, 1, 4), voeu(4, 12, 2, 4)]
    plan = proposer(voeux, 30)
    assert [(cle, jour) for cle, jour, _ in plan.etapes] == [(2, *jours(1)), (4, *jours(2)), (1, *jours(4))]


@pytest.mark.parametrize(
    "voeux", [[], [Voeu(1, None, jours(0))], [Voeu(1, (46.1, 3.4), ())]], ids=["none", "no point", "no day"]
)
def test_nothing_to_plan(voeux):
    assert proposer(voeux, 30).etapes == []


def test_same_wishes_in_any_order_give_the_same_plan():
    voeux = [voeu(1, 0, 0, 1), voeu(2, 10, 0, 1), voeu(3, 10, 0, 1), voeu(4, 20, 1, 2)]
    plans = {tuple(proposer(list(ordre), 30).etapes) for ordre in permutations(voeux)}
    assert len(plans) == 1


@pytest.mark.parametrize("graine", range(5))
def test_large_tours_give_a_sound_plan_that_says_it_is_not_proved(graine):
    voeux = au_hasard(graine, 40, 30, 0.3)
    plan = proposer(voeux, 30)
    assert len(voeux) > EXACT_MAX
    assert not plan.exact
    verifier(plan, voeux, 30)
    assert len(plan.etapes) == 30, "40 connected wishes over 30 days: every day is used"
    assert plan.etapes == proposer(voeux[::-1], 30).etapes


def test_approximate_search_stays_close_to_the_best(monkeypatch):
    """The same cases solved both ways: as many stages each time, and at most 20 % more kilometres in all."""
    exacts, approches = [], []
    for graine in range(12):
        voeux = au_hasard(graine, 8, 10, 0.6)
        exacts.append(proposer(voeux, 25))
        with monkeypatch.context() as ailleurs:
            ailleurs.setattr("ressources.actions.itineraire.EXACT_MAX", 2)
            approches.append(proposer(voeux, 25))
    assert sum(len(plan.etapes) for plan in approches) >= sum(len(plan.etapes) for plan in exacts) - 1
    assert sum(plan.km for plan in approches) <= 1.2 * sum(plan.km for plan in exacts)
