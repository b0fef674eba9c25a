"""Every URL × role × method × state, in one table.

A row says what each role gets, in the order visiteur, étranger, membre, référent, animateur, administrateur.
A refusal (302 to the login, 403, 404, 405) must leave every table as it was; a URL without its row fails.
"""

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import monde as m
from tests.table_des_roles import CONNEXION, HORS_TABLE, TABLE

pytestmark = pytest.mark.django_db


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
def test_roles(ligne, monde, client_de):
    url = reverse(ligne.nom, kwargs=ligne.arguments(monde)) + ligne.requete
    clients = {role: client_de(role) for role in m.ROLES}
    ecritures = m.ecritures()
    for methode, attendus in [("get", ligne.get), ("post", ligne.post)]:
        for role, attendu in zip(m.ROLES, attendus, strict=True):
            donnees = ligne.donnees(monde, role) if methode == "post" else None
            point = transaction.savepoint()
            reponse = getattr(clients[role], methode)(url, donnees)
            # Counters first, they cost nothing: only what was written at all is compared, with what the undoing gives
            # back. A row written and taken away again, or written as it was, is no change.
            avant, ecritures = ecritures, m.ecritures()
            ecrites = {table for table, compte in ecritures.items() if compte != avant.get(table, 0)}
            apres = m.empreinte_de_la_base(ecrites) if ecrites else {}
            transaction.savepoint_rollback(point)
            defait = m.empreinte_de_la_base(ecrites) if ecrites else {}
            changees = {table for table in ecrites if defait[table] != apres[table]}
            _verifier(f"{methode.upper()} {url} as {role}", reponse, attendu, changees)


def _verifier(quoi, reponse, attendu, changees):
    if attendu.vers == CONNEXION and reponse.status_code == 401:  # with words: they are given back beside the login
        assert f'class="btn" href="{CONNEXION}?next=' in reponse.content.decode(), quoi
        attendu = attendu._replace(code=401, vers=None)
    assert reponse.status_code == attendu.code, f"{quoi}: {reponse.status_code}, expected {attendu.code}"
    if attendu.vers is not None:
        assert attendu.vers in reponse.url, f"{quoi}: redirected to {reponse.url}"
    if attendu.ecrit:
        assert changees, f"{quoi}: nothing was written"
    else:
        assert not changees, f"{quoi}: wrote to {sorted(changees)}"
