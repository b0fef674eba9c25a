"""Factories of coefficients: invented values, under example.org."""

from datetime import date
from decimal import Decimal

import factory

from ressources import models


class CoefficientEstimeFactory(factory.django.DjangoModelFactory):
    """Two kilos and a half an object, of all categories, since 2020."""

    class Meta:
        model = models.CoefficientEstime

    genre = "kilos_objet"
    valeur = Decimal("2.5")
    du = date(2020, 1, 1)
    source = "Étude inventée, 2020"
    source_url = "https://example.org/etude"
