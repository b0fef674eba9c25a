"""Days of Europe/Paris and the state of each day of a month."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from ressources.agenda import Etat, Mois, jours, jours_de, minuit, plage
from ressources.agenda.mois import pic


@dataclass
class Prise:
    blocage: object
    quantite: int = 1


@dataclass
class Ferme:
    periode: object
    bloque: bool = True


@pytest.mark.parametrize(
    ("jour", "heures"),
    [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 1), 24)],
)
def test_a_day_has_23_24_or_25_hours(jour, heures):
    journee = jours(jour, jour)
    assert journee.upper.astimezone(UTC) - journee.lower.astimezone(UTC) == timedelta(hours=heures)
    assert journee.lower_inc and not journee.upper_inc
    assert jours_de(journee) == (jour, jour)


def test_days_over_a_change_of_time():
    ete = jours(date(2027, 3, 27), date(2027, 3, 29))
    assert ete.upper.astimezone(UTC) - ete.lower.astimezone(UTC) == timedelta(hours=71)
    assert jours_de(ete) == (date(2027, 3, 27), date(2027, 3, 29))


def test_periods_are_neither_empty_nor_naive():
    with pytest.raises(ValueError, match="before"):
        jours(date(2027, 3, 2), date(2027, 3, 1))
    with pytest.raises(ValueError, match="aware"):
        plage(datetime(2027, 3, 1), datetime(2027, 3, 2))
    with pytest.raises(ValueError, match="after"):
        plage(minuit(date(2027, 3, 1)), minuit(date(2027, 3, 1)))


def test_peak_counts_what_is_out_at_the_same_time():
    a, b, c = (jours(date(2027, 3, d), date(2027, 3, d + 1)) for d in (1, 3, 2))
    tout = jours(date(2027, 3, 1), date(2027, 3, 10))
    assert pic(tout, [(a, 60), (b, 60)]) == 60
    assert pic(tout, [(a, 60), (b, 60), (c, 40)]) == 100
    assert pic(jours(date(2027, 3, 9), date(2027, 3, 9)), [(a, 60)]) == 0


def du(debut, fin):
    return jours(date(2027, 3, debut), date(2027, 3, fin))


def test_states_of_an_exclusive_resource():
    midi = minuit(date(2027, 3, 12)) + timedelta(hours=12)
    mois = Mois.construire(
        2027, 3,
        reservations=[Prise(du(10, 11)), Prise(plage(midi, midi + timedelta(hours=2)))],
        fermetures=[Ferme(du(20, 21)), Ferme(du(25, 25), bloque=False)],
    )  # fmt: skip
    etats = {j.date.day: j.etat for j in mois.jours}
    assert (etats[9], etats[10], etats[11], etats[12], etats[20], etats[25]) == (
        Etat.LIBRE, Etat.PRIS, Etat.PRIS, Etat.PARTIEL, Etat.FERME, Etat.LIBRE,
    )  # fmt: skip
    assert len(mois.jours) == 31
    assert all(len(semaine) == 7 and semaine[0].date.weekday() == 0 for semaine in mois.semaines)


def test_states_of_a_pool():
    prises = [
        Prise(jours(date(2027, 3, 1), date(2027, 3, 3)), 60),
        Prise(jours(date(2027, 3, 3), date(2027, 3, 3)), 40),
    ]
    jours_du_mois = {j.date.day: j for j in Mois.construire(2027, 3, capacite=100, reservations=prises).jours}
    assert [(jours_du_mois[d].etat, jours_du_mois[d].libres) for d in (1, 3, 4)] == [
        (Etat.PARTIEL, 40), (Etat.PRIS, 0), (Etat.LIBRE, 100),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mois", "avant", "apres"),
    [((2027, 1), date(2026, 12, 1), date(2027, 2, 1)), ((2027, 12), date(2027, 11, 1), date(2028, 1, 1))],
)
def test_months_around(mois, avant, apres):
    construit = Mois.construire(*mois)
    assert (construit.precedent, construit.suivant) == (avant, apres)
