"""The OpenAPI schema is valid, says every field, and what the API answers is what it says."""

import itertools
import random

import pytest
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from annuaire.recherche import chercher as chercher_structures
from pole_ess.portail.api import documentation, parametres
from ressources.natures import Nature
from ressources.recherche import chercher as chercher_annonces
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory

from . import garniture

pytestmark = pytest.mark.django_db
RACINE = "/api/v1/"


@pytest.fixture
def schema(client):
    return client.get(f"{RACINE}openapi.json").json()


def verifier(schema, chemin, reponse):
    """The answer at this path of the schema is valid, and has every field that the schema has, no other."""
    promis = schema["paths"][chemin]["get"]["responses"][str(reponse.status_code)]
    forme = promis["content"]["application/json"]["schema"]
    regle = {**forme, "components": schema["components"]}
    Draft202012Validator(regle, format_checker=FormatChecker()).validate(reponse.json())
    if reponse.status_code == 200:
        exacts(schema, forme, reponse.json())


def exacts(schema, forme, valeur):
    """Follow the schema beside the value: each object has exactly its properties."""
    if "anyOf" in forme:
        vraies = [f for f in forme["anyOf"] if f.get("type") != "null"]
        return exacts(schema, vraies[0], valeur) if valeur is not None else None
    if "$ref" in forme:
        forme = schema["components"]["schemas"][forme["$ref"].rsplit("/", 1)[-1]]
    if forme.get("type") == "array":
        for un in valeur:
            exacts(schema, forme["items"], un)
    elif forme.get("type") == "object":
        assert set(valeur) == set(forme["properties"])
        for nom, propriete in forme["properties"].items():
            exacts(schema, propriete, valeur[nom])
    return None


def test_le_schema_est_valide_et_dit_tout(schema):
    validate(schema)
    assert schema["openapi"] == "3.1.0"
    for chemin, operations in schema["paths"].items():
        assert set(operations) == {"get"}, chemin
        assert operations["get"]["description"]
        for parametre in operations["get"]["parameters"]:
            assert parametre["in"] == "path" or parametre.get("description"), (chemin, parametre["name"])
        assert {"200", "404", "429"} <= set(operations["get"]["responses"])
    for nom, composant in schema["components"]["schemas"].items():
        for champ, propriete in composant.get("properties", {}).items():
            assert propriete.get("description") or nom.startswith("Filtres"), f"{nom}.{champ}"


def test_chaque_route_repond_comme_elle_le_dit(client, schema):
    _, annonce, *_ = garniture.construire()
    CommuneFactory(code="2A004", nom="Ajaccio", latitude=None, longitude=None)
    vues = set()
    for chemin in schema["paths"]:
        adresse = chemin.replace("{slug}", "la-ronde").replace("{id}", str(annonce.pk))
        reponse = client.get(adresse)
        assert reponse.status_code == 200
        verifier(schema, chemin, reponse)
        vues.add(reponse.resolver_match.url_name)
        if "{" in chemin:
            verifier(schema, chemin, client.get(chemin.replace("{slug}", "absente").replace("{id}", "0")))
        else:
            assert reponse.json()["total"] > 0, f"{chemin}: nothing was checked"
            verifier(schema, chemin, client.get(f"{adresse}?page=0"))
    assert vues == {"structures", "structure", "annonces", "annonce", "evenements", "comptes_rendus", "communes",
                    "activites"}  # fmt: skip


def test_les_reponses_suivent_le_schema_quels_que_soient_les_filtres(client, schema, settings):
    """Fifty searches drawn at random (seed fixed): valid, and the very set that the page's own search finds."""
    settings.API_PAR_MINUTE = 10_000
    structure, *_ = garniture.construire()
    for rang, nature in enumerate(Nature.values):
        AnnonceFactory(nature=nature, mode=["don", "pret"][rang % 2], structure=structure)
        BesoinFactory(nature=nature, mode="service_gratuit")
    StructureFactory(forme_juridique="cooperative", commune=structure.commune)
    hasard = random.Random(2014)
    communs = [[("commune", "03310"), ("km", "30")], [("q", "ronde")], [("q", "sono")], [], []]
    des_structures = [[("activite", "danse")], [("forme", "association")], [("label", "esus")], [("ville", "03310")]]
    des_annonces = [[("sens", s)] for s in ("offre", "besoin")] + [[("nature", n)] for n in Nature.values]
    des_annonces += [[("gratuit", "1")], [("toutes", "1")], [("prix_max", "20")], [("du", "2027-03-01")]]
    for route, propres, chercher, cle in (
        ("structures", des_structures, chercher_structures, "slug"),
        ("annonces", des_annonces, chercher_annonces, "pk"),
    ):
        for _ in range(25):
            choisis = list(itertools.chain(*hasard.sample(propres, hasard.randint(0, 2)), hasard.choice(communs)))
            reponse = client.get(f"{RACINE}{route}", query_params={nom: _tous(choisis, nom) for nom, _ in choisis})
            assert reponse.status_code == 200, choisis
            verifier(schema, f"{RACINE}{route}", reponse)
            attendus = set(chercher(reponse.wsgi_request.GET).filtree_exacte.values_list(cle, flat=True))
            assert {un["slug" if cle == "slug" else "id"] for un in reponse.json()["resultats"]} == attendus, choisis


def _tous(paires, nom):
    return [valeur for cle, valeur in paires if cle == nom]


def test_la_documentation_dit_chaque_route_parametre_et_champ(client, schema):
    garniture.construire()
    page = client.get(reverse("api_documentation")).content.decode()
    for chemin, operations in schema["paths"].items():
        assert f"GET {chemin}" in page
        for parametre in operations["get"]["parameters"]:
            assert f"<code>{parametre['name']}</code>" in page
    for nom, champs in documentation.objets():
        assert f'id="objet-{nom}"' in page
        for champ in champs:
            assert f"<code>{champ.nom}</code>" in page
            assert not champ.objet or f'id="objet-{champ.objet}"' in page
    assert "curl &#x27;http://testserver/api/v1/structures?" in page
    assert "&quot;slug&quot;: &quot;la-ronde&quot;" in page
    for secret in garniture.SECRETS:
        assert secret not in page


def test_la_documentation_d_un_portail_vide(client):
    page = client.get(reverse("api_documentation"))
    assert page.status_code == 200
    assert "/api/v1/structures/exemple" in page.content.decode()


def test_la_documentation_ne_depend_pas_du_nombre_d_objets(client, nombre_de_requetes):
    garniture.construire()
    une = nombre_de_requetes(lambda: client.get(reverse("api_documentation")))
    for _ in range(4):
        AnnonceFactory()
    assert nombre_de_requetes(lambda: client.get(reverse("api_documentation"))) == une


def test_les_pages_ont_cent_elements_au_plus():
    assert parametres.PAR_PAGE_MAX == 100
