"""Days, times and money as French people write them."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from annuaire.forms.champs_temps import ChampEuros, ChampHeure, ChampJour


@pytest.mark.parametrize(
    ("saisie", "jour"),
    [
        ("12/03/2027", date(2027, 3, 12)),
        ("12-3-27", date(2027, 3, 12)),
        ("12.03.2027", date(2027, 3, 12)),
        ("2027-03-12", date(2027, 3, 12)),
        ("12 mars 2027", date(2027, 3, 12)),
        ("1er août 2027", date(2027, 8, 1)),
        ("vendredi 12 mars 2027", date(2027, 3, 12)),
        (" 12 /03/2027".replace(" /", "/"), date(2027, 3, 12)),
    ],
)
def test_days_are_read(saisie, jour):
    assert ChampJour().clean(saisie) == jour


@pytest.mark.parametrize(
    "saisie", ["31/02/2027", "12/13/2027", "demain", "12/03/0001", "٣/03/2027", "1e9", "12 brol 2027"]
)
def test_days_that_make_no_sense_are_explained(saisie):
    with pytest.raises(ValidationError):
        ChampJour().clean(saisie)


@pytest.mark.parametrize(
    ("saisie", "heure"),
    [("14 h 30", time(14, 30)), ("14h", time(14)), ("14:30", time(14, 30)), ("9 heures 05", time(9, 5)),
     ("14\u202fh\u202f30", time(14, 30)), ("midi", time(12)), ("8", time(8))],
)  # fmt: skip
def test_times_are_read(saisie, heure):
    assert ChampHeure().clean(saisie) == heure


@pytest.mark.parametrize("saisie", ["25 h", "14 h 75", "soir", "-3"])
def test_times_that_make_no_sense_are_explained(saisie):
    with pytest.raises(ValidationError):
        ChampHeure().clean(saisie)


@pytest.mark.parametrize(
    ("saisie", "montant"),
    [("1 250,50", "1250.50"), ("1\u202f250,50 €", "1250.50"), ("1.250,50", "1250.50"), ("50.5", "50.50"),
     ("50 euros", "50.00"), ("1.250", "1250.00"), ("0", "0.00")],
)  # fmt: skip
def test_amounts_are_decimals(saisie, montant):
    lu = ChampEuros().clean(saisie)
    assert lu == Decimal(montant)
    assert isinstance(lu, Decimal)


@pytest.mark.parametrize("saisie", ["-5", "NaN", "1e9", "12,345", "99999999", "abc", "١٢"])
def test_amounts_that_make_no_sense_are_explained(saisie):
    with pytest.raises(ValidationError):
        ChampEuros().clean(saisie)
