"""Every URL × role × method × state, in one table.

A row says what each role gets, in the order visiteur, étranger, membre, référent, animateur, administrateur.
A refusal (302 to the login, 403, 404, 405) must leave every table as it was; a URL without its row fails.
"""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import monde as m
from tests.table_des_roles import HORS_TABLE, TABLE

pytestmark = pytest.mark.django_db

REFUS = {302, 400, 403, 404, 405}


def _noms(resolveur=None, espace=""):
    for motif in (resolveur or get_resolver()).url_patterns:
        if isinstance(motif, URLResolver):
            suite = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from _noms(motif, suite)
        elif isinstance(motif, URLPattern) and motif.name:
            yield f"{espace}{motif.name}"


def test_chaque_url_a_sa_ligne():
    attendus = {nom for nom in _noms() if not nom.startswith(HORS_TABLE)}
    ecrits = {ligne.nom for ligne in TABLE}
    assert attendus - ecrits == set(), "URLs without a row in tests/table_des_roles.py"
    assert ecrits - attendus == set(), "rows of URLs that no longer exist"


@pytest.mark.parametrize("ligne", TABLE, ids=str)
def test_roles(ligne, client, monkeypatch):
    monde = m.construire()
    arguments = ligne.arguments(monde)
    url = reverse(ligne.nom, kwargs=arguments) + ligne.requete
    for methode, attendus in [("get", ligne.get), ("post", ligne.post)]:
        for role, attendu in zip(m.ROLES, attendus, strict=True):
            _essayer(client, monde, ligne, methode, url, role, attendu)


def _essayer(client, monde, ligne, methode, url, role, attendu):
    from django.db import transaction

    client.logout()
    if monde.roles[role] is not None:
        client.force_login(monde.roles[role], backend="django.contrib.auth.backends.ModelBackend")
    point = transaction.savepoint()
    avant = m.empreinte_de_la_base()
    donnees = ligne.donnees(monde, role) if methode == "post" else None
    reponse = getattr(client, methode)(url, donnees)
    apres = m.empreinte_de_la_base()
    quoi = f"{methode.upper()} {url} as {role}"
    changees = {table for table in avant if avant[table] != apres[table]}
    assert reponse.status_code == attendu.code, f"{quoi}: {reponse.status_code}, expected {attendu.code}"
    if attendu.vers is not None:
        assert attendu.vers in reponse.url, f"{quoi}: redirected to {reponse.url}"
    if attendu.ecrit:
        assert changees, f"{quoi}: nothing was written"
    else:
        assert not changees, f"{quoi}: wrote to {sorted(changees)}"
    transaction.savepoint_rollback(point)
