"""The home page: what it shows, how many queries it takes, what it weighs."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.utils import timezone

from tests.factories import ActiviteFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory

pytestmark = pytest.mark.django_db
PAGE_MAX, SCRIPTS_MAX = 150_000, 25_000


@pytest.mark.parametrize("nombre", [1, 12])
def test_number_of_queries_is_constant(client, django_assert_num_queries, nombre):
    activite = ActiviteFactory(nom="Culture", slug="culture", en_avant=True)
    for _ in range(nombre):
        structure = StructureFactory(benevoles=3)
        structure.activites.add(activite)
    client.get("/")  # the hub's settings row is made by the first request
    AnnonceFactory.create_batch(nombre, structure=structure)
    AnnonceFactory.create_batch(nombre, structure=structure, sens="besoin")
    with django_assert_num_queries(7):
        reponse = client.get("/")
    assert reponse.context["chiffres"][0] == ("structures", nombre)


def test_unknown_figures_are_left_out(client):
    StructureFactory(commune=None, salaries_etp="2.5", presentation="Invisible ?")
    StructureFactory(etat="brouillon", benevoles=99, nom="Brouillon")
    reponse = client.get("/")
    assert reponse.context["chiffres"] == [("structures", 1), ("emplois (équivalent temps plein)", 2)]
    assert b"Brouillon" not in reponse.content


def test_an_empty_directory_still_has_its_home(client):
    reponse = client.get("/")
    assert reponse.status_code == 200
    assert reponse.context["chiffres"] == []
    assert 'href="/annuaire/proposer/"' in reponse.content.decode()


def test_newest_needs_and_offers_that_can_be_answered(client):
    for rang in range(5):
        AnnonceFactory(titre=f"Offre {rang}", publiee_le=timezone.now() - timedelta(days=rang))
    AnnonceFactory(sens="besoin", titre="Besoin expiré", expire_le=timezone.localdate() - timedelta(days=1))
    AnnonceFactory(sens="besoin", titre="Besoin en brouillon", etat="brouillon", publiee_le=None)
    reponse = client.get("/")
    besoins, offres = [[a.titre for a in annonces] for _sens, _titre, _tout, annonces in reponse.context["annonces"]]
    assert (besoins, offres) == ([], ["Offre 0", "Offre 1", "Offre 2", "Offre 3"])
    page = reponse.content.decode()
    assert 'href="/offres-et-besoins/?sens=offre"' in page
    assert 'href="/offres-et-besoins/publier/?sens=besoin"' in page


def test_ways_in_with_counts(client):
    for rang in range(10):
        ActiviteFactory(nom=f"Entrée {rang}", slug=f"entree-{rang}", ordre=rang, en_avant=True)
    ActiviteFactory(nom="Cachée", slug="cachee")
    StructureFactory().activites.add(ActiviteFactory(nom="Culture", slug="culture", en_avant=True, ordre=99))
    page = client.get("/").content.decode()
    assert page.count('class="puce"') == 11
    assert 'href="/annuaire/?activite=culture">Culture <b>1' in page


@pytest.mark.parametrize("chemin", ["/", "/annuaire/"])
def test_first_page_weight_over_the_wire(client, chemin):
    """Everything the browser fetches at once, gzipped (fonts as they are): the map's library is not among it."""
    call_command("preparer_assets", verbosity=0)
    for rang in range(25):
        structure = StructureFactory(presentation=f"Une présentation assez longue, numéro {rang}. " * 8)
        structure.activites.add(ActiviteFactory(en_avant=rang < 10))
    page = client.get(chemin).content
    adresses = re.findall(rb'<(?:script|link)[^>]+(?:src|href)="/static/([^"]+)"', page)
    fichiers = {adresse.decode() for adresse in adresses} | {
        "vendor/atkinson-regular.woff2",
        "vendor/atkinson-bold.woff2",
    }
    poids = {nom: _poids(nom) for nom in fichiers}
    scripts = sum(octets for nom, octets in poids.items() if nom.endswith(".js"))
    assert not any("leaflet" in nom for nom in poids)
    assert any("htmx" in nom for nom in poids)
    assert scripts <= SCRIPTS_MAX, poids
    assert len(gzip.compress(page)) + sum(poids.values()) <= PAGE_MAX, poids


def _poids(nom: str) -> int:
    contenu = Path(finders.find(nom)).read_bytes()
    return len(contenu) if nom.endswith(".woff2") else len(gzip.compress(contenu))
