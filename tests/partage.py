"""The world of the table-driven tests, written once per module and process instead of once per row.

A transaction is opened for the module and undone at its end; each test works in pytest-django's own savepoint inside
it, hence sees the world as it was written. The instances are copied for each test: the rows' lambdas change them.
"""

import copy

import pytest
from django.conf import settings
from django.test import Client

from tests import monde as m
from tests.bases import transaction_annulee

__all__ = ["_monde_du_module", "client_de", "monde"]

MODELE = "django.contrib.auth.backends.ModelBackend"


def ecrit_par_module(ecrire):
    """A fixture: what `ecrire()` gives, its rows written once for the module."""

    @pytest.fixture(scope="module")
    def ecrit(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction_annulee():
            fait = ecrire()
            with django_db_blocker.block():
                yield fait

    return ecrit


def _monde_et_sessions():
    """(world, role -> session key)."""
    ecrit = m.construire()
    return ecrit, {role: _session(utilisateur) for role, utilisateur in ecrit.roles.items()}


_monde_du_module = ecrit_par_module(_monde_et_sessions)


def _session(utilisateur) -> str | None:
    if utilisateur is None:
        return None
    client = Client()
    client.force_login(utilisateur, backend=MODELE)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def monde(_monde_du_module, db):
    """The world of tests.monde: its own copy of the instances, the rows undone after the test."""
    return copy.deepcopy(_monde_du_module[0])


@pytest.fixture
def client_de(_monde_du_module, monde):
    """`client_de(role, **options)`: a fresh client, logged in as the person of that role."""
    sessions = _monde_du_module[1]

    def faire(role, **options) -> Client:
        client = Client(**options)
        if sessions[role] is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
        return client

    return faire
