"""The page « Données ouvertes », its files and its feeds."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from annuaire.exports import FORMATS
from annuaire.views import exports as vues
from pole_ess.portail.ouvertes.fichiers import JEUX
from pole_ess.portail.ouvertes.flux import FLUX
from ressources.models import Annonce
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory
from tests.factories.reunions import ActionFactory, EvenementFactory, ReunionFactory

from . import garniture

pytestmark = pytest.mark.django_db
FICHIERS = [(jeu.cle, format) for jeu in JEUX.values() for format in jeu.formats]


def octets(client, jeu, format, chaine=""):
    reponse = client.get(f"/donnees-ouvertes/{jeu}.{format}{chaine}")
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == FORMATS[format].mime
    contenu = b"".join(reponse.streaming_content)
    assert reponse["Content-Length"] == str(len(contenu))
    return contenu


def lignes(client, jeu, chaine=""):
    texte = octets(client, jeu, "csv", chaine).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte, newline=""), delimiter=";"))


def feuille(contenu):
    return openpyxl.load_workbook(io.BytesIO(contenu)).active


# -- files


def test_les_annonces_colonne_par_colonne(client):
    _, annonce, *_ = garniture.construire()
    ligne = next(ligne for ligne in lignes(client, "offres-et-besoins") if ligne["id"] == str(annonce.pk))
    assert ligne["titre"] == "'@Sono"  # a spreadsheet would run it
    assert ligne["structure"] == "'=La ronde"
    assert (ligne["prix"], ligne["prix_unite"], ligne["lot"], ligne["etat"]) == ("50.0", "jour", "non", "ouverte")
    assert (ligne["fiche"], ligne["code_commune"], ligne["latitude"]) == ("la-ronde", "03310", "46.123457")
    assert ligne["periodes"] == "2027-01-01/2027-12-31"
    assert ligne["page"] == f"http://testserver{annonce.get_absolute_url()}"


def test_l_agenda_les_comptes_rendus_et_les_actions(client):
    _, _, evenement, reunion, _ = garniture.construire()
    assert [li["id"] for li in lignes(client, "agenda")] == [f"e{evenement.pk}", f"r{reunion.pk}"]
    (compte_rendu,) = lignes(client, "comptes-rendus")
    assert (compte_rendu["reunion"], compte_rendu["presents"], compte_rendu["post_its"]) == (str(reunion.pk), "28", "5")
    (action,) = lignes(client, "actions")
    assert (action["action"], action["pilote"], action["reunion"]) == ("Un bal commun", "'=La ronde", str(reunion.pk))


@pytest.mark.parametrize(("jeu", "format"), FICHIERS)
@pytest.mark.parametrize("role", ["visiteur", "membre", "referent", "animateur"])
def test_jamais_rien_de_cache(client, jeu, format, role, request):
    garniture.construire()
    if utilisateur := request.getfixturevalue(role):
        client.force_login(utilisateur)
    contenu = octets(client, jeu, format)
    texte = str([list(r) for r in feuille(contenu).values]) if format == "xlsx" else contenu.decode()
    assert "La ronde" in texte or "Bal" in texte or jeu == "comptes-rendus"
    for secret in garniture.SECRETS:
        assert secret not in texte


def test_une_action_ne_dit_pas_une_rencontre_reservee(client):
    fermee = ReunionFactory(audience="membres")
    ActionFactory(titre="Acheter un barnum", reunion=fermee, publique=True)
    (action,) = lignes(client, "actions")
    assert (action["action"], action["reunion"]) == ("Acheter un barnum", "")


@pytest.mark.parametrize("jeu", JEUX)
def test_xlsx_type_et_sans_formule(client, jeu):
    garniture.construire()
    page = feuille(octets(client, jeu, "xlsx"))
    assert [c.value for c in page[1]] == [colonne.nom for colonne in JEUX[jeu].colonnes]
    assert page.max_row > 1
    assert all(cellule.data_type != "f" for rangee in page.iter_rows() for cellule in rangee)


def test_geojson_des_annonces(client):
    garniture.construire()
    AnnonceFactory(structure=StructureFactory(commune=None), titre="Sans lieu")
    collection = json.loads(octets(client, "offres-et-besoins", "geojson"))
    points = {f["properties"]["titre"]: f["geometry"] for f in collection["features"]}
    assert points["@Sono"] == {"type": "Point", "coordinates": [3.4, 46.123457]}
    assert points["Sans lieu"] is None


def test_memes_filtres_que_les_pages(client):
    AnnonceFactory(titre="Sono", mode="don")
    AnnonceFactory(titre="Salle", sens="besoin", nature="local")
    EvenementFactory(titre="Bal")
    assert [li["titre"] for li in lignes(client, "offres-et-besoins", "?sens=besoin")] == ["Salle"]
    assert lignes(client, "offres-et-besoins", "?q=zzzz") == []  # nothing near is passed off as an answer
    assert [li["titre"] for li in lignes(client, "agenda", "?q=bal")] == ["Bal"]
    assert lignes(client, "agenda", "?passees=1") == []


@pytest.mark.parametrize(
    ("jeu", "format"),
    [("agenda", "geojson"), ("agenda", "pdf"), ("inconnu", "csv"), ("actions", "CSV"), ("annuaire", "csv")],
)
def test_fichier_inconnu(client, jeu, format):
    assert client.get(f"/donnees-ouvertes/{jeu}.{format}").status_code == 404


@pytest.mark.parametrize(("jeu", "format"), [*FICHIERS, ("annuaire", "csv"), ("annuaire", "xlsx")])
def test_etag_304_et_changement(client, jeu, format):
    """The very content decides: a commune renamed, which no row of the set dates, makes another file."""
    structure, *_ = garniture.construire()
    url = f"/annuaire/export.{format}" if jeu == "annuaire" else f"/donnees-ouvertes/{jeu}.{format}"
    etag = client.get(url)["ETag"]
    pareil = client.get(url, headers={"If-None-Match": etag})
    assert (pareil.status_code, pareil.content, pareil["ETag"]) == (304, b"", etag)
    if jeu == "actions":
        structure.nom = "La ronde folle"
        structure.save()
    else:
        type(structure.commune).objects.filter(pk="03310").update(nom="Vichy-les-Bains")
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_last_modified_ne_decide_pas_seul(client):
    """A row that left has no date: with a date alone, the whole file comes again."""
    annonce = AnnonceFactory()
    url = "/donnees-ouvertes/offres-et-besoins.csv"
    quand = client.get(url)["Last-Modified"]
    Annonce.objects.filter(pk=annonce.pk).delete()
    assert client.get(url, headers={"If-Modified-Since": quand}).status_code == 200


def test_une_erreur_au_milieu_est_une_erreur(monkeypatch):
    """Never half a file with a status of 200."""
    AnnonceFactory()
    monkeypatch.setattr("pole_ess.portail.api.lecture.etat_annonce", lambda annonce: 1 / 0)
    reponse = Client(raise_request_exception=False).get("/donnees-ouvertes/offres-et-besoins.csv")
    assert reponse.status_code == 500


def test_head_et_methodes(client):
    tete = client.head("/donnees-ouvertes/agenda.csv")
    assert (tete.status_code, tete["Content-Type"]) == (200, FORMATS["csv"].mime)
    assert client.post("/donnees-ouvertes/agenda.csv").status_code == 405


def test_une_limite_pour_tous_les_fichiers(client, monkeypatch):
    monkeypatch.setattr(vues, "EXPORTS_MAX", 2)
    monkeypatch.setattr("pole_ess.socle.limites.time.time", lambda: 1_800_000_030.0)
    octets(client, "agenda", "csv")
    b"".join(client.get("/annuaire/export.csv").streaming_content)
    assert client.get("/donnees-ouvertes/actions.csv").status_code == 429
    assert client.get("/donnees-ouvertes/actions.csv", REMOTE_ADDR="192.0.2.7").status_code == 200


REQUETES = {"offres-et-besoins": 4, "agenda": 5, "comptes-rendus": 3, "actions": 4}


@pytest.mark.parametrize("jeu", JEUX)
def test_nombre_de_requetes_constant(client, nombre_de_requetes, jeu):
    structure, *_ = garniture.construire()
    assert nombre_de_requetes(lambda: octets(client, jeu, "csv")) == REQUETES[jeu]
    for _ in range(4):
        AnnonceFactory(structure=structure)
        EvenementFactory(structure=structure)
        ActionFactory(pilote=structure, publique=True)
        garniture.publier(ReunionFactory(commune=CommuneFactory()))
    assert nombre_de_requetes(lambda: octets(client, jeu, "csv")) == REQUETES[jeu]


# -- the page


def test_la_page_dit_tout_ce_qui_se_prend(client):
    page = client.get(reverse("donnees_ouvertes")).content.decode()
    for mots in ("Licence Ouverte 2.0", "Ce qui n'y est pas", reverse("api_documentation"), reverse("integrer")):
        assert mots in page
    for jeu in JEUX.values():
        for format in jeu.formats:
            assert f'href="{reverse("donnees_fichier", args=[jeu.cle, format])}"' in page
        for colonne in jeu.colonnes:
            assert f"<code>{colonne.nom}</code>" in page
    for _, sorte, nom in FLUX:
        assert f'href="{reverse(nom)}"' in page
        assert sorte in ("RSS", "iCalendar")
    for format in FORMATS:
        assert f'href="/annuaire/export.{format}"' in page


def test_l_ancienne_adresse_mene_a_la_page(client):
    reponse = client.get("/annuaire/donnees-ouvertes/")
    assert (reponse.status_code, reponse["Location"]) == (301, "/donnees-ouvertes/")
    assert client.get("/").content.decode().count("/donnees-ouvertes/") == 2  # the page and its feeds, in the footer


@pytest.mark.parametrize(
    ("page", "flux"),
    [
        ("accueil", "flux_nouveautes"),
        ("annuaire:structure_liste", "flux_structures"),
        ("ressources:annonce_liste", "ressources:annonce_flux"),
        ("reunions:agenda", "reunions:flux_ics"),
        ("reunions:agenda", "flux_comptes_rendus"),
        ("newsletter:archives", "newsletter:flux"),
    ],
)
def test_chaque_page_annonce_son_flux(client, page, flux):
    tete = client.get(reverse(page)).content.decode().partition("</head>")[0]
    assert 'rel="alternate"' in tete
    assert f'href="{reverse(flux)}"' in tete


# -- feeds


def titres(reponse):
    canal = ET.fromstring(reponse.content).find("channel")  # noqa: S314 - ours
    return [item.findtext("title") for item in canal.iterfind("item")]


def test_tout_ce_qui_est_nouveau_en_un_flux(client):
    structure, *_ = garniture.construire()
    BreveFactory(titre="Une brève", structure=structure, etat="publiee")
    NumeroFactory(sujet="Une lettre", etat="termine")
    lus = titres(client.get("/flux/nouveautes.rss"))
    for mots in ("=La ronde, Vichy", "Offre : @Sono", "Compte rendu : ", "Bal, ", "Une brève", "Une lettre"):
        assert any(titre.startswith(mots) for titre in lus), (mots, lus)
    assert not [secret for secret in garniture.SECRETS if secret in str(lus)]


@pytest.mark.parametrize("nom", ["flux_nouveautes", "flux_structures", "flux_comptes_rendus"])
def test_flux_304_puis_change(client, nom):
    garniture.construire()
    premier = client.get(reverse(nom))
    assert premier["Content-Type"].startswith("application/rss+xml")
    memes = {"If-None-Match": premier["ETag"]}
    assert client.get(reverse(nom), headers=memes).status_code == 304
    StructureFactory(nom="Arrivée")
    garniture.publier(ReunionFactory(titre="Autre rencontre"))
    assert client.get(reverse(nom), headers=memes).status_code == 200
    assert client.post(reverse(nom)).status_code == 405


@pytest.mark.parametrize(
    ("nom", "combien"), [("flux_nouveautes", 9), ("flux_structures", 1), ("flux_comptes_rendus", 2)]
)
def test_flux_en_un_nombre_constant_de_requetes(client, nombre_de_requetes, nom, combien):
    structure, *_ = garniture.construire()
    assert nombre_de_requetes(lambda: client.get(reverse(nom))) == combien
    for _ in range(3):
        StructureFactory()
        AnnonceFactory(structure=structure)
        EvenementFactory(structure=structure)
        garniture.publier(ReunionFactory())
    assert nombre_de_requetes(lambda: client.get(reverse(nom))) == combien


def test_un_flux_ne_casse_pas_sur_un_caractere_interdit(client):
    StructureFactory(nom="Cloche \x07 & <b>", presentation="\x0b")
    assert titres(client.get("/flux/structures.rss"))[0].startswith("Cloche  & <b>")
