"""What search engines are told: published sheets, plain pages, and where not to go."""

import re
import urllib.robotparser
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import StructureFactory
from tests.factories.reunions import EvenementFactory, ReunionFactory

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def ferme(robots, chemin):
    """RFC 9309, section 2.2: a rule is a prefix, `*` in it stands for anything."""
    regles = re.findall(r"^Disallow: (.+)$", robots, re.MULTILINE)
    return any(re.match(re.escape(regle).replace(r"\*", ".*"), chemin) for regle in regles)


def adresses(client, url):
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return [noeud.text for noeud in ET.fromstring(response.content).iterfind(".//s:loc", NS)]  # noqa: S314 - ours


def test_index_mene_a_chaque_plan(client, db):
    assert adresses(client, "/sitemap.xml") == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-structures.xml",
        "http://testserver/sitemap-rencontres.xml",
        "http://testserver/sitemap-comptes-rendus.xml",
        "http://testserver/sitemap-evenements.xml",
        "http://testserver/sitemap-lettres.xml",
        "http://testserver/sitemap-breves.xml",
    ]


def test_plans_des_rencontres_ne_donnent_que_les_publiques(client, db):
    publique, evenement = ReunionFactory(), EvenementFactory()
    ReunionFactory(etat="brouillon")
    ReunionFactory(audience="membres")
    EvenementFactory(etat="a_valider")
    EvenementFactory(debut=timezone.now() - timedelta(days=3))
    assert adresses(client, "/sitemap-rencontres.xml") == [f"http://testserver{publique.get_absolute_url()}"]
    assert adresses(client, "/sitemap-evenements.xml") == [f"http://testserver{evenement.get_absolute_url()}"]


def test_plan_des_structures_ne_donne_que_les_publiees(client, db):
    fiches = [StructureFactory() for _ in range(2)]
    for etat in ["brouillon", "a_valider", "a_corriger", "refusee", "archivee"]:
        StructureFactory(etat=etat, publiee_le=None)
    assert adresses(client, "/sitemap-structures.xml") == [f"http://testserver{f.get_absolute_url()}" for f in fiches]


def test_plan_des_pages(client, db):
    pages = adresses(client, "/sitemap-pages.xml")
    assert pages[0] == "http://testserver/"
    for page in ("/annuaire/", "/annuaire/proposer/", "/observatoire/", "/donnees-ouvertes/", "/integrer/"):
        assert f"http://testserver{page}" in pages


def test_le_plan_ne_mene_pas_ou_robots_ferme(client, db):
    robots = client.get("/robots.txt").content.decode()
    fermees = [page for page in adresses(client, "/sitemap-pages.xml") if ferme(robots, page.split("testserver")[1])]
    assert not fermees


@pytest.mark.parametrize("section", ["inconnu", "%00", "é"])
def test_plan_inconnu(client, db, section):
    assert client.get(f"/sitemap-{section}.xml").status_code in (400, 404)


@pytest.mark.parametrize("page", ["0", "-1", "x", "10000000000000000000000000000000"])
def test_page_absurde_du_plan(client, db, page):
    assert client.get("/sitemap-structures.xml", {"p": page}).status_code == 404


@pytest.mark.parametrize("combien", [1, 5])
def test_plan_en_deux_requetes(client, db, django_assert_num_queries, combien):
    for _ in range(combien):
        StructureFactory()
    with django_assert_num_queries(2):
        client.get("/sitemap-structures.xml")


def test_robots_ferme_les_filtres_et_ouvre_les_fiches(client, structure):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    texte = response.content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in texte
    naif = urllib.robotparser.RobotFileParser()
    naif.parse(texte.splitlines())
    for ouverte in [
        structure.get_absolute_url(),
        reverse("annuaire:structure_liste"),
        "/",
        "/accessibilite/",
        "/integrer/",
        "/donnees-ouvertes/api/",
    ]:
        assert naif.can_fetch("*", ouverte)
        assert not ferme(texte, ouverte)
    for fermee in [
        "/annuaire/?activite=sport&page=3",
        "/admin/",
        "/annuaire/export.csv",
        "/api/v1/structures",
        "/integre/annuaire/",
        "/integrer/?q=a",
        "/donnees-ouvertes/agenda.csv",
        reverse("annuaire:ecrire", args=[structure.slug]),
        reverse("annuaire:fraicheur", args=["jeton"]),
    ]:
        assert ferme(texte, fermee)


@pytest.mark.parametrize("url", ["/robots.txt"])
def test_robots_refuse_un_post(client, db, url):
    assert client.post(url).status_code == 405
