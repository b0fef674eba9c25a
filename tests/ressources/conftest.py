"""Fixtures of the tests of offers and needs."""

import pytest

from ressources.rapprochement.lexique import vocabulaire


@pytest.fixture
def nombre_de_requetes(nombre_de_requetes):
    """The vocabulary of matching is read once per process: whichever test comes first, no count holds that query."""
    vocabulaire()
    return nombre_de_requetes
