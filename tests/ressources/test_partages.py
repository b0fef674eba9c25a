"""The sharing rules: whatever the numbers, the shares add up, in whole steps, and nobody gets more than it asked."""

import random
from decimal import Decimal as D

import pytest

from ressources.actions import partages

PAS = [D("1.00"), D("0.50"), D("0.10"), D("0.01")]


def au_hasard(hasard, pas, maximum):
    return pas * hasard.randint(0, maximum)


def test_shares_add_up_in_whole_steps_and_never_pass_what_was_asked():
    hasard = random.Random(20140130)
    for _ in range(3000):
        pas = hasard.choice(PAS)
        poids = [au_hasard(hasard, pas, 400) for _ in range(hasard.randint(1, 30))]
        total = pas * hasard.randint(0, int(sum(poids) / pas))
        if not sum(poids):
            continue
        parts = partages.repartir(total, poids, pas=pas)
        assert sum(parts) == total
        assert all(not part % pas and 0 <= part <= p for part, p in zip(parts, poids, strict=True))
        # In proportion: never a step away from the exact share.
        assert all(abs(part - total * p / sum(poids)) < pas for part, p in zip(parts, poids, strict=True))


def test_ties_go_to_who_joined_first():
    assert partages.repartir(D(4), [D(2), D(2), D(2)], pas=D(1)) == [2, 1, 1]
    assert partages.repartir(D(5), [D(1), D(2), D(2), D(1)], pas=D(1)) == [1, 2, 1, 1]
    assert partages.repartir(D("0.02"), [D(5), D(5), D(5)]) == [D("0.01"), D("0.01"), D(0)]


def test_nobody_to_share_with_is_said():
    assert partages.repartir(D(0), [D(0), D(0)]) == [0, 0]
    with pytest.raises(ValueError, match="nobody"):
        partages.repartir(D(1), [D(0)])
    with pytest.raises(ValueError, match="multiple"):
        partages.repartir(D("1.5"), [D(3)], pas=D(1))


@pytest.mark.parametrize(
    ("demande", "tolerance", "colis", "attendu"),
    [
        (41, 9, 10, 50),  # the tolerances fill the fifth case
        (41, 8, 10, 40),  # one sack short: four cases
        (40, 0, 10, 40),
        (40, 99, 10, 40),  # nothing to fill: no tolerance is used
        (7, 2, 10, 0),
        (31, 0, None, 31),
    ],
)
def test_whole_cases(demande, tolerance, colis, attendu):
    assert partages.a_commander(D(demande), D(tolerance), colis and D(colis)) == attendu


def test_what_fills_a_case_comes_from_the_tolerances_and_what_lacks_from_all():
    parts = [(D(20), D(0)), (D(12), D(6)), (D(9), D(3))]
    assert partages.commandes(parts, conditionnement=D(10), pas=D(1)) == [20, 18, 12]
    parts = [(D(20), D(0)), (D(12), D(5)), (D(9), D(3))]
    assert partages.commandes(parts, conditionnement=D(10), pas=D(1)) == [19, 12, 9]


def test_orders_add_up_to_whole_cases_for_any_purchase():
    hasard = random.Random(6)
    for _ in range(2000):
        pas = hasard.choice(PAS)
        colis = pas * hasard.randint(1, 60)
        parts = [(pas * hasard.randint(1, 50), au_hasard(hasard, pas, 10)) for _ in range(hasard.randint(1, 25))]
        commandes = partages.commandes(parts, conditionnement=colis, pas=pas)
        demande, tolerance = sum(q for q, _ in parts), sum(t for _, t in parts)
        assert sum(commandes) % colis == 0
        assert sum(commandes) == partages.a_commander(demande, tolerance, colis)
        assert all(c <= q + t and c % pas == 0 for c, (q, t) in zip(commandes, parts, strict=True))
        if sum(commandes) >= demande:
            assert all(c >= q for c, (q, _) in zip(commandes, parts, strict=True))


def test_the_accounts_add_up_to_the_bill_to_the_cent():
    hasard = random.Random(2027)
    for _ in range(2000):
        pas = hasard.choice(PAS)
        commandees = [au_hasard(hasard, pas, 300) for _ in range(hasard.randint(1, 40))]
        somme = sum(commandees)
        if not somme:
            continue
        recue = pas * hasard.randint(1, int(somme / pas))
        recus = partages.receptions(commandees, recue, pas=pas)
        prix, frais = D(hasard.randint(0, 99999)) / 100, D(hasard.randint(0, 20000)) / 100
        dus = partages.comptes(recus, prix=prix, frais=frais)
        assert sum(recus) == recue
        assert sum(montant for montant, _ in dus) == partages.marchandise(prix, recue)
        assert sum(part for _, part in dus) == frais
        assert all(montant >= 0 and part >= 0 for montant, part in dus)
        assert all(montant == part == 0 for (montant, part), recu in zip(dus, recus, strict=True) if not recu)


def test_price_of_the_tier_reached():
    paliers = [(D(100), D(7)), (D(0), D(9)), (D(40), D("8.2"))]
    assert [partages.prix_au_palier(paliers, D(q)) for q in (1, 39, 40, 99, 100)] == [9, 9, D("8.2"), D("8.2"), 7]
    assert partages.prix_au_palier([(D(40), D(8))], D(3)) == 8
    assert partages.prix_au_palier([], D(3)) is None
