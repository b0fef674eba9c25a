"""The list page: one URL, whole with or without JavaScript, the same number of queries whatever it shows."""

import re

import pytest
from django.urls import reverse

from annuaire.models import Competence, Label, LabelStructure
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

pytestmark = pytest.mark.django_db
URL = "/annuaire/"


def remplir(nombre: int):
    culture = ActiviteFactory(nom="Culture", slug="culture", en_avant=True)
    danse = ActiviteFactory(nom="Danse", slug="danse", parent=culture)
    skill = Competence.objects.create(nom="Braille", slug="braille")
    label = Label.objects.create(nom="ESUS", slug="esus")
    for rang in range(nombre):
        commune = CommuneFactory(code=f"03{rang + 1:03d}", latitude=46.1 + rang / 1000, longitude=3.4)
        structure = StructureFactory(
            nom=f"Théâtre {rang:02d}", commune=commune, latitude=46.1 + rang / 1000, longitude=3.4,
            position_origine="commune", forme_juridique="association",
        )  # fmt: skip
        structure.activites.add(danse)
        structure.competences.add(skill)
        LabelStructure.objects.create(structure=structure, label=label)


@pytest.mark.parametrize(
    ("chaine", "requetes"),
    [
        ("", 4),
        ("?q=theatre&activite=culture&forme=association&label=esus", 5),
        ("?q=teatre", 7),
        ("?commune=03001&km=20", 5),
    ],
)
@pytest.mark.parametrize("nombre", [1, 25])
def test_number_of_queries_is_constant(client, django_assert_num_queries, nombre, chaine, requetes):
    remplir(nombre)
    client.get(URL)  # the hub's settings row is made by the first request
    with django_assert_num_queries(requetes):
        reponse = client.get(URL + chaine)
    assert reponse.context["resultat"].total == nombre


def test_htmx_gets_the_results_alone(client):
    remplir(2)
    entiere = client.get(URL, {"autour": "", "km": "20", "q": "Theatre "})
    partielle = client.get(URL, {"autour": "", "km": "20", "q": "Theatre "}, headers={"HX-Request": "true"})
    assert b"<html" in entiere.content
    assert b"<html" not in partielle.content
    assert entiere["Vary"] == partielle["Vary"] == "HX-Request, Cookie" or "HX-Request" in partielle["Vary"]
    assert "HX-Request" in entiere["Vary"]
    assert partielle["HX-Push-Url"] == "/annuaire/?q=Theatre"
    assert "Théâtre 00" in partielle.content.decode()


def liens_d_export(page: str) -> list[str]:
    return re.findall(r'<a data-export href="([^"]*)"', page)


def test_export_links_follow_the_filters_with_and_without_a_reload(client):
    remplir(2)
    attendus = [f"/annuaire/export.{f}?q=theatre&amp;activite=danse" for f in ("csv", "xlsx", "geojson", "vcf")]
    filtree = "?q=theatre&activite=danse&page=1"
    assert liens_d_export(client.get(URL + filtree).content.decode()) == attendus
    partielle = client.get(URL + filtree, headers={"HX-Request": "true"}).content.decode()
    remplaces = partielle[partielle.index('<ul hx-swap-oob="innerHTML:#exports">') :]
    assert liens_d_export(remplaces) == attendus
    assert '<ul id="exports">' in client.get(URL).content.decode()
    assert all("?" not in lien for lien in liens_d_export(client.get(URL).content.decode()))


def test_whole_page_says_how_many_where_it_is_heard(client):
    remplir(2)
    page = client.get(URL).content.decode()
    assert 'role="status" aria-live="polite"' in page
    assert "<strong>2 structures</strong>" in page


def test_canonical_and_noindex(client):
    remplir(1)
    assert 'name="robots"' not in client.get(URL).content.decode()
    page = client.get(URL + "?forme=association&q=theatre&km=3").content.decode()
    assert '<meta name="robots" content="noindex, follow">' in page
    assert '<link rel="canonical" href="http://testserver/annuaire/?q=theatre&amp;forme=association">' in page


@pytest.mark.parametrize(
    ("chaine", "statut"),
    [
        ("?page=" + "9" * 30, 200),
        ("?page=-1", 200),
        ("?page=0", 200),
        ("?page=x", 200),
        ("?km=nan&commune=03001", 200),
        ("?km=inf&commune=03001", 200),
        ("?km=-5&commune=03001", 200),
        ("?commune=99999", 200),
        ("?commune=%27%3B--", 200),
        ("?q=%27%29%3B+DROP+TABLE+x%3B--", 200),
        ("?q=%3Cscript%3Ealert(1)%3C/script%3E", 200),
        ("?q=" + "%26%7C%21%28" * 60, 200),
        ("?q=%5C%3A*", 200),
        ("?q=le", 200),
        ("?tri=hasard", 200),
        ("?point=1", 200),
        ("?point=nan,nan", 200),
        ("?activite=%C3%A9&forme=&ville=zz", 200),
        ("?q=%00", 400),
        ("?q=%ED%A0%80", 200),
    ],
)
def test_odd_urls_never_break_the_page(client, chaine, statut):
    remplir(1)
    reponse = client.get(URL + chaine)
    assert reponse.status_code == statut
    assert b"<script>alert" not in reponse.content
    assert client.get(reverse("annuaire:carte_points") + chaine).status_code == statut
    assert client.get(URL + chaine, headers={"HX-Request": "true"}).status_code == statut


def test_last_page_for_a_page_too_far(client):
    remplir(25)
    reponse = client.get(URL + "?page=" + "9" * 30)
    assert [s.nom for s in reponse.context["page"].object_list] == [f"Théâtre {n:02d}" for n in range(20, 25)]


def test_unpublished_structures_are_never_listed(client, administrateur):
    StructureFactory(nom="Brouillon secret", etat="brouillon")
    client.force_login(administrateur)
    for chaine in ["", "?q=secret", "?q=secrat"]:
        reponse = client.get(URL + chaine)
        assert reponse.context["resultat"].total == 0
        assert b"Brouillon secret" not in reponse.content


def test_ten_ways_in_with_counts(client):
    remplir(3)
    page = client.get(URL).content.decode()
    assert 'href="/annuaire/?activite=culture">Culture <b>3' in page
    vide = client.get(URL + "?q=xyzxyzxyz").content.decode()
    assert 'href="/annuaire/?activite=culture">Culture</a>' in vide


def test_active_filters_are_links_that_remove_them(client):
    remplir(1)
    page = client.get(URL + "?q=theatre&activite=danse&commune=03001&km=5").content.decode()
    for adresse in [
        "?commune=03001&amp;km=5&amp;activite=danse",
        "?q=theatre&amp;activite=danse",
        "?q=theatre&amp;commune=03001&amp;km=5",
    ]:
        assert f'<a class="puce" href="/annuaire/{adresse}">' in page


def test_ambiguous_postcode_shows_a_choice(client):
    for code, nom in [("03109", "Escurolles"), ("03045", "Broût-Vernet")]:
        CommuneFactory(code=code, nom=nom, codes_postaux=["03110"])
    page = client.get(URL + "?autour=03110&q=danse").content.decode()
    assert "Plusieurs communes répondent à «&nbsp;03110&nbsp;»" in page
    assert 'href="/annuaire/?q=danse&amp;commune=03109&amp;km=20">Escurolles (03110)</a>' in page


def test_commune_suggestions(client):
    CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"], population=25000)
    CommuneFactory(code="03045", nom="Vicq", codes_postaux=["03450"], population=400)
    for saisi, attendu in [("vic", ["Vichy (03200)", "Vicq (03450)"]), ("032", ["Vichy (03200)"]), ("v", []), ("", [])]:
        reponse = client.get("/annuaire/communes/", {"autour": saisi})
        assert [str(commune) for commune in reponse.context["communes"]] == attendu
        assert reponse.content.count(b"<option") == len(attendu)


def test_unlocated_are_counted_and_listed(client):
    remplir(1)
    StructureFactory(nom="Nulle part", commune=None)
    page = client.get(URL).content.decode()
    assert 'href="/annuaire/?sans_point=1"' in page
    reponse = client.get(URL + "?sans_point=1")
    assert [s.nom for s in reponse.context["page"].object_list] == ["Nulle part"]


def test_post_is_refused(client):
    assert [client.post(adresse).status_code for adresse in (URL, "/annuaire/communes/")] == [405, 405]
