"""An issue ready to start, and a real SMTP server."""

import pytest
from django.utils import timezone

from newsletter.models import Bloc
from tests.factories.newsletter import NumeroFactory
from tests.socle.conftest import receveur  # noqa: F401 - a fixture


@pytest.fixture
def numero(db):
    """An issue of a few words, whose time has come."""
    numero = NumeroFactory(sujet="La lettre d'été", etat="programme", programme_le=timezone.now())
    Bloc.objects.create(numero=numero, genre="texte", titre="Édito", texte="Bonjour à **toutes** et à tous.")
    return numero
