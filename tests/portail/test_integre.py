"""Lists in other sites' pages: who may frame them, and that they know nobody."""

import html
import re

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from pole_ess import checks
from pole_ess.portail import integration
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import EvenementFactory

from . import garniture

pytestmark = pytest.mark.django_db
CADRES = ["integre_annuaire", "integre_carte", "integre_annonces", "integre_agenda"]


def ancetres(reponse):
    politique = dict(
        partie.strip().split(" ", 1) for partie in reponse["Content-Security-Policy"].split(";") if partie.strip()
    )
    return politique.pop("frame-ancestors"), politique


@pytest.mark.parametrize("nom", CADRES)
@pytest.mark.parametrize(
    ("sites", "permis"),
    [
        ([], "'self'"),
        (["https://www.ville.example.org"], "'self' https://www.ville.example.org"),
        (
            ["https://*.example.org", "http://127.0.0.1:8001"],
            "'self' https://*.example.org http://127.0.0.1:8001",
        ),
        (["*"], "*"),
        (["https://a.example.org", "*"], "*"),
        (["https://a.example.org; script-src *", "a.example.org", "'unsafe-inline'", "data:", "https://b.example.org/x"],
         "'self'"),
    ],
)  # fmt: skip
def test_seuls_les_sites_permis_encadrent(client, settings, nom, sites, permis):
    settings.INTEGRATION_SITES = sites
    reponse = client.get(reverse(nom))
    assert reponse.status_code == 200
    trouves, politique = ancetres(reponse)
    assert trouves == permis
    assert "X-Frame-Options" not in reponse.headers
    _, ordinaire = ancetres(client.get("/annuaire/"))
    assert politique == ordinaire  # nothing else is loosened


@pytest.mark.parametrize(
    "url",
    ["/", "/annuaire/", "/integrer/", "/donnees-ouvertes/", "/api/v1/structures", "/compte/login/", "/integre/x/"],
)
def test_le_reste_ne_s_encadre_pas(client, settings, url):
    settings.INTEGRATION_SITES = ["*"]
    reponse = client.get(url)
    assert ancetres(reponse)[0] == "'none'"
    assert reponse["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("nom", CADRES)
def test_un_cadre_ne_connait_personne(client, nom, animateur, django_assert_max_num_queries):
    garniture.construire()
    visiteur = Client().get(reverse(nom))
    client.force_login(animateur)
    with django_assert_max_num_queries(20) as requetes:
        connecte = client.get(reverse(nom))
    assert connecte.content == visiteur.content
    assert not [r["sql"] for r in requetes if "django_session" in r["sql"] or "annuaire_utilisateur" in r["sql"]]
    for reponse in (visiteur, connecte):
        assert reponse.cookies == {}
        assert "Vary" not in reponse.headers
        assert reponse["Cache-Control"] == "public, max-age=60"
        assert reponse["X-Robots-Tag"] == "noindex"
    page = visiteur.content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert "<header" not in page
    assert not [secret for secret in garniture.SECRETS if secret in page]


def test_les_temoins_recus_sont_laisses(client, membre):
    """A cookie of ours that the browser sends anyway is neither renewed nor erased."""
    client.force_login(membre)
    client.get(reverse("integre_annuaire"))
    assert client.get("/compte/").status_code == 200


@pytest.mark.parametrize("nom", CADRES)
def test_la_liste_ses_liens_et_son_retour(client, nom):
    garniture.construire()
    page = client.get(reverse(nom), {"q": "=La ronde" if nom in CADRES[:2] else ""}).content.decode()
    assert '<base target="_blank">' in page
    retour = re.search(r'href="([^"]+)" target="_blank" rel="noopener">Voir sur le portail', page)[1]
    assert retour.startswith("http://testserver/")
    assert f'<link rel="canonical" href="{retour}">' in page
    attendu = {"integre_annonces": "@Sono", "integre_agenda": "Bal"}.get(nom, "=La ronde")
    assert attendu in page
    if nom in CADRES[:2]:
        assert "q=%3DLa+ronde" in retour


def test_les_filtres_du_cadre(client):
    danse = ActiviteFactory(slug="danse", nom="Danse")
    StructureFactory(nom="Les pas glissés").activites.add(danse)
    StructureFactory(nom="Une chorale")
    AnnonceFactory(titre="Sono", sens="offre")
    AnnonceFactory(titre="Salle", sens="besoin")
    for nom, chaine, oui, non in [
        ("integre_annuaire", "?activite=danse", "Les pas glissés", "Une chorale"),
        ("integre_carte", "?activite=danse", "Les pas glissés", "Une chorale"),
        ("integre_annonces", "?sens=besoin", "Salle", "Sono"),
    ]:
        page = client.get(reverse(nom) + chaine).content.decode()
        assert oui in page
        assert non not in page


def test_la_carte_ne_charge_rien_avant_d_etre_ouverte(client, structure):
    page = client.get(reverse("integre_carte"), {"activite": "danse"}).content.decode()
    assert 'data-points="/annuaire/carte/points.json?activite=danse"' in page
    assert re.search(r'<details class="carte" id="carte" data-cible="_blank"', page)
    assert "<script src=" in page
    assert "leaflet.js" not in "".join(re.findall(r"<script[^>]*>|<link[^>]*>", page))


@pytest.mark.parametrize("nom", CADRES)
def test_les_pages_restent_dans_le_cadre(client, nom):
    for rang in range(21):
        structure = StructureFactory(nom=f"Structure {rang:02d}")
        AnnonceFactory(structure=structure)
        EvenementFactory(structure=structure)
    page = client.get(reverse(nom)).content.decode()
    assert 'href="?page=2" target="_self" rel="next"' in page
    assert 'href="?" target="_self" rel="prev"' in client.get(reverse(nom), {"page": "2"}).content.decode()


@pytest.mark.parametrize("nom", CADRES)
def test_304_et_nombre_de_requetes_constant(client, nombre_de_requetes, nom):
    structure, *_ = garniture.construire()
    etag = client.get(reverse(nom))["ETag"]
    assert client.get(reverse(nom), headers={"If-None-Match": etag}).status_code == 304
    une = nombre_de_requetes(lambda: client.get(reverse(nom)))
    for _ in range(4):
        StructureFactory(commune=structure.commune)
        AnnonceFactory(structure=structure)
        EvenementFactory(structure=structure)
    assert client.get(reverse(nom), headers={"If-None-Match": etag}).status_code == 200
    assert nombre_de_requetes(lambda: client.get(reverse(nom))) == une


# -- the page that makes the code


def code_de(page):
    return html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])


def test_le_code_a_copier(client):
    CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"], latitude=46.1, longitude=3.4)
    page = client.get(
        "/integrer/", {"quoi": "annonces", "q": 'a"b', "commune": "Vichy", "km": "5", "sens": "offre", "hauteur": "400"}
    ).content.decode()
    adresse = "/integre/offres-et-besoins/?q=a%22b&sens=offre&commune=03310&km=5"
    assert code_de(page) == (
        f'<iframe src="http://testserver{adresse.replace("&", "&amp;")}" title="Offres et besoins" width="100%" '
        'height="400" loading="lazy"></iframe>'
    )
    assert f'<iframe class="apercu" src="{html.escape(adresse)}" title="Aperçu : Offres et besoins"' in page
    assert client.get(adresse).status_code == 200


def test_un_filtre_sans_objet_est_laisse(client):
    ActiviteFactory(slug="danse")
    page = client.get("/integrer/", {"quoi": "agenda", "activite": "danse", "sens": "offre"}).content.decode()
    assert 'src="http://testserver/integre/agenda/"' in code_de(page)


@pytest.mark.parametrize(
    "donnees",
    [
        {"quoi": "autre"},
        {"commune": "Nulle-Part", "quoi": "annuaire"},
        {"hauteur": "1e9", "quoi": "annuaire"},
        {"hauteur": "NaN"},
        {"activite": "x"},
        {"q": '"></textarea><script>alert(1)</script>'},
    ],
)
def test_une_saisie_fausse_se_dit_et_laisse_un_code(client, donnees):
    reponse = client.get("/integrer/", donnees)
    assert reponse.status_code == 200
    page = reponse.content.decode()
    assert "<script>alert" not in page
    assert code_de(page).startswith('<iframe src="http://testserver/integre/annuaire/')
    assert ("errorlist" in page) == ("q" not in donnees)


@pytest.mark.parametrize(
    ("sites", "mots"),
    [
        ([], "Aucun site n'est encore autorisé"),
        (["https://www.ville.example.org"], "https://www.ville.example.org"),
        (["*"], "Tout site peut montrer ces listes"),
    ],
)
def test_la_page_dit_quels_sites_peuvent(client, settings, sites, mots):
    settings.INTEGRATION_SITES = sites
    assert mots in client.get("/integrer/").content.decode().replace("&#x27;", "'")


# -- settings


@pytest.mark.parametrize(
    ("site", "bon"),
    [
        ("https://www.example.org", True),
        ("https://*.example.org", True),
        ("http://127.0.0.1:8001", True),
        ("https://example.org:8443", True),
        ("*", True),
        ("https://example.org/", False),
        ("example.org", False),
        ("https://", False),
        ("https://a b", False),
        ("https://a;b", False),
        ("https://*", False),
        ("https://*.*.org", False),
        ("javascript:alert(1)", False),
        ("https://exa,mple.org", False),
        ("https://a\nb.org", False),
        ("'self'", False),
        ("", False),
    ],
)
def test_la_verification_dit_ce_qui_n_est_pas_un_site(settings, site, bon):
    settings.INTEGRATION_SITES = [site]
    dits = [message for message in run_checks() if message.id == "pole_ess.E003"]
    assert (dits == []) == bon
    assert dits == checks.framing_sites_are_origins(None)
    assert (site in integration.sites()) == bon
