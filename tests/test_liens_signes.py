"""A GET never changes state, for every signed link of the portal: mail scanners open them all (RFC 8058's reason).

One table: the rows of the roles table whose address holds a token. The whole database is compared, counters of rate
limits included.
"""

import ast
import copy
import importlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import monde as m
from tests.table_des_roles import HORS_TABLE, TABLE

pytestmark = pytest.mark.django_db

APPS = ["annuaire", "ressources", "reunions", "newsletter", "pole_ess"]
RECUS = {"signalement.recu", "signalement-annonce.recu"}
"""Purposes of tokens that no mail holds: the receipt of a form, in the address that follows it."""
PAR_APPEL = {"ressources.actions.relations_courriels": {"relation-reponse", "relation-suites"}}
"""Modules that sign for a purpose given by their caller, and those purposes."""
AVEC_COMPTE = {"reunions:sondage_gerer"}
"""Addresses whose token opens a page only to who has an account."""
RUSES = [
    "",
    "?reponse=exact&reponse=oui&geste=supprimer&supprimer=1&confirmer=1",
    "?List-Unsubscribe=One-Click",
    "?_method=POST&csrfmiddlewaretoken=x",
]
"""Query strings of scanners that play with what they open."""


def _avec_jeton(resolveur=None, espace=""):
    """Names of the URLs that hold a token."""
    for motif in (resolveur or get_resolver()).url_patterns:
        if isinstance(motif, URLResolver):
            yield from _avec_jeton(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace)
        elif isinstance(motif, URLPattern) and motif.name and "jeton" in motif.pattern.converters:
            yield f"{espace}{motif.name}"


NOMS = {nom for nom in _avec_jeton() if not nom.startswith(HORS_TABLE)}
LIENS = [ligne for ligne in TABLE if ligne.nom in NOMS]


@pytest.mark.parametrize("ligne", LIENS, ids=str)
def test_ouvrir_un_lien_ne_change_rien(ligne, monde):
    """As a scanner does: GET and HEAD, with no cookie, twice, with its own query strings."""
    url = reverse(ligne.nom, kwargs=ligne.arguments(monde))
    avant, lignes = m.empreinte_de_la_base(), m.toutes_les_ecritures()
    codes = set()
    for methode in ("get", "head", "get"):
        for ruse in RUSES:
            client = Client(headers={"user-agent": "scanner"})
            codes.add(getattr(client, methode)(url + ruse).status_code)
            assert m.toutes_les_ecritures() == lignes, f"{methode.upper()} {url}{ruse} wrote"
    assert m.empreinte_de_la_base() == avant
    assert codes <= {200, 302, 404, 410}, codes


def test_chaque_lien_a_un_jeton_qui_marche(monde):
    """A row with a broken token would prove nothing: each address has at least one that opens a page."""
    ouverts = set()
    for ligne in LIENS:
        point = transaction.savepoint()
        url = reverse(ligne.nom, kwargs=ligne.arguments(copy.deepcopy(monde)))
        if Client().get(url).status_code == 200:
            ouverts.add(ligne.nom)
        transaction.savepoint_rollback(point)
    assert ouverts == NOMS - AVEC_COMPTE


def _objectifs_signes() -> set[str]:
    """The purposes that the code signs for: a literal, or a constant of its module."""
    objectifs = set()
    for app in APPS:
        for fichier in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            arbre = ast.parse(fichier.read_text())
            nom = ".".join(fichier.relative_to(settings.BASE_DIR).with_suffix("").parts)
            for appel in ast.walk(arbre):
                if not (isinstance(appel, ast.Call) and isinstance(appel.func, ast.Attribute)):
                    continue
                if appel.func.attr != "signer" or getattr(appel.func.value, "id", "") != "liens" or not appel.args:
                    continue
                objectifs |= _valeurs(nom, appel.args[0])
    return objectifs


def _valeurs(nom: str, argument) -> set[str]:
    if isinstance(argument, ast.Constant):
        return {argument.value}
    constante = getattr(importlib.import_module(nom), argument.id, None)
    return {constante} if constante is not None else PAR_APPEL[nom]


def test_chaque_objectif_est_dans_la_table(monde):
    """A new kind of signed link without a row in the table fails here."""
    objectifs = _objectifs_signes()
    assert len(objectifs) >= 15
    vus = set()
    for ligne in LIENS:
        point = transaction.savepoint()
        jeton = ligne.arguments(copy.deepcopy(monde))["jeton"]
        vus |= {objectif for objectif in objectifs if _est_de(jeton, objectif)}
        transaction.savepoint_rollback(point)
    assert objectifs - RECUS - vus == set()


def _est_de(jeton: str, objectif: str) -> bool:
    try:
        signing.loads(jeton, salt=f"lien.{objectif}")
    except signing.BadSignature:
        return False
    return True
