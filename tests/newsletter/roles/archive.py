"""Rows of the archive: what was sent is public, what was not is not there."""

from tests.factories.newsletter import NumeroFactory
from tests.table_des_roles import ligne


def numero(etat, rang=9):
    return lambda monde: {"rang": NumeroFactory(etat=etat, rang=rang).rang or 9}


LIGNES = [
    ligne("newsletter:archives", "200"),
    ligne("newsletter:flux", "200"),
    ligne("newsletter:numero", "200", arguments=numero("en_cours")),
    ligne("newsletter:numero", "200", etat="terminé", arguments=numero("termine")),
    ligne("newsletter:numero", "200", etat="annulé en route", arguments=numero("annule")),
    ligne("newsletter:numero", "404", etat="brouillon", arguments=numero("brouillon", None)),
]  # fmt: skip
