"""The JSON API: what it says, what it never says, who it lets in, what it refuses and how."""

import json
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annuaire.models import Structure
from ressources.models import Annonce
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, CategorieFactory
from tests.factories.reunions import EvenementFactory, ReunionFactory

from . import garniture

pytestmark = pytest.mark.django_db
LISTES = ["structures", "annonces", "evenements", "comptes-rendus", "communes", "activites"]


def lire(client, chemin, **entetes):
    reponse = client.get(f"/api/v1/{chemin}", headers=entetes)
    assert reponse.headers["Content-Type"].startswith("application/json")
    assert reponse["Access-Control-Allow-Origin"] == "*"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    return reponse


def donnees(client, chemin):
    reponse = lire(client, chemin)
    assert reponse.status_code == 200, reponse.content
    return reponse.json()


@pytest.fixture
def monde():
    return garniture.construire()


# -- what it says


def test_une_structure(client, monde):
    structure = monde[0]
    une = donnees(client, "structures/la-ronde")
    assert une == donnees(client, "structures?q=ronde")["resultats"][0]
    assert une["nom"] == "=La ronde"  # JSON runs no formula: the name as it is
    assert une["activites"] == [{"slug": "danse", "nom": "Danse"}]
    assert une["labels"] == [{"slug": "esus", "nom": "ESUS", "expire_le": None}]
    assert une["commune"] == {"code": "03310", "nom": "Vichy", "codes_postaux": ["03200"]}
    assert une["position"] == {"latitude": 46.123457, "longitude": 3.4, "origine": "adresse"}
    assert (une["telephone"], une["courriel"]) == ("04 65 71 11 11", "")
    assert (une["salaries_etp"], une["benevoles"], une["distance"]) == (2.5, 12, None)
    assert une["page"] == f"http://testserver{structure.get_absolute_url()}"


def test_une_annonce(client, monde):
    annonce = monde[1]
    une = donnees(client, f"annonces/{annonce.pk}")
    assert une == next(a for a in donnees(client, "annonces")["resultats"] if a["id"] == annonce.pk)
    assert (une["sens"], une["nature"], une["mode"], une["etat"]) == ("offre", "materiel", "location", "ouverte")
    assert (une["prix"], une["prix_unite"], une["caution"], une["quantite"]) == (50.0, "jour", 200.0, 2)
    assert une["structure"] == {"slug": "la-ronde", "nom": "=La ronde"}
    assert une["periodes"] == [{"du": "2027-01-01", "au": "2027-12-31"}]


def test_l_agenda_dans_l_ordre_des_dates(client, monde):
    _, _, evenement, reunion, _ = monde
    lignes = donnees(client, "evenements")["resultats"]
    assert [ligne["id"] for ligne in lignes] == [f"e{evenement.pk}", f"r{reunion.pk}"]
    assert [ligne["type"] for ligne in lignes] == ["autre", "pole-collective"]
    assert lignes[0]["tarif"] == "5 €"


def test_un_compte_rendu_en_chiffres(client, monde):
    (un,) = donnees(client, "comptes-rendus")["resultats"]
    assert (un["reunion"], un["version"], un["presents"], un["excuses"]) == (monde[3].pk, 1, 28, 4)
    assert un["axes"] == [{"nom": "Culture", "rose": 3, "jaune": 2, "total": 5}]


def test_communes_et_activites_comptees(client, monde):
    CommuneFactory(code="03095", nom="Cusset", codes_postaux=["03300"])
    assert [(c["nom"], c["structures"]) for c in donnees(client, "communes?q=vichy")["resultats"]] == [("Vichy", 1)]
    assert [c["nom"] for c in donnees(client, "communes?q=033")["resultats"]] == ["Cusset"]
    assert [c["nom"] for c in donnees(client, "communes?avec_structures=true")["resultats"]] == ["Vichy"]
    assert [(a["slug"], a["parent"], a["structures"]) for a in donnees(client, "activites")["resultats"]] == [
        ("culture", None, 1),
        ("danse", "culture", 1),
    ]


@pytest.mark.parametrize("role", ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"])
def test_jamais_rien_de_cache_quel_que_soit_le_compte(client, monde, role, request):
    """The cookies of a member, of the staff change nothing: the bytes are those that a visitor gets."""
    visiteur = {chemin: lire(Client(), chemin).content for chemin in LISTES}
    if utilisateur := request.getfixturevalue(role):
        client.force_login(utilisateur)
    for chemin in LISTES:
        reponse = lire(client, chemin)
        for secret in garniture.SECRETS:
            assert secret not in reponse.content.decode(), f"{chemin}: {secret}"
        if role == "visiteur":
            assert reponse.content == visiteur[chemin]
    for chemin in ("structures/pas-publiee", f"annonces/{Annonce.objects.get(etat='a_valider').pk}"):
        assert lire(client, chemin).status_code == 404


def test_le_compte_n_est_meme_pas_lu(client, monde, animateur):
    client.force_login(animateur)
    with CaptureQueriesContext(connection) as requetes:
        reponse = lire(client, "structures")
    sql = " ".join(requete["sql"] for requete in requetes)
    assert "django_session" not in sql
    assert "annuaire_utilisateur" not in sql
    assert "Vary" not in reponse.headers
    assert reponse.cookies == {}


def test_une_structure_qui_n_est_plus_publiee_n_est_pas_nommee(client):
    cachee = StructureFactory(nom="Structure retirée", etat="archivee")
    ReunionFactory(structure_hote=cachee)
    assert donnees(client, "evenements")["resultats"][0]["structure"] is None


def test_un_ancien_identifiant_mene_au_nouveau(client, monde):
    reponse = client.get("/api/v1/structures/la-farandole")
    assert (reponse.status_code, reponse["Location"]) == (301, "/api/v1/structures/la-ronde")
    monde[0].etat = "archivee"
    monde[0].save()
    assert lire(client, "structures/la-farandole").status_code == 404


# -- what is asked


@pytest.mark.parametrize(
    ("chaine", "attendus"),
    [
        ("activite=danse", ["A"]),
        ("activite=danse&activite=musique", ["A", "B"]),
        ("forme=association", ["B"]),
        ("ville=03310", ["A"]),
        ("commune=03310&km=5", ["A"]),
        ("commune=03310&km=100", ["A", "B"]),
        ("q=zzzz", []),
        ("activite=danse&forme=association", []),
        ("tri=nom", ["A", "B", "C"]),
    ],
)
def test_filtres_des_structures(client, chaine, attendus):
    """Exactly what was asked: where the page would show what comes near, the API says that there is nothing."""
    vichy = CommuneFactory(code="03310", nom="Vichy", latitude=46.128, longitude=3.426)
    loin = CommuneFactory(code="63113", nom="Clermont-Ferrand", latitude=45.78, longitude=3.08)
    danse, musique = ActiviteFactory(slug="danse", nom="Danse"), ActiviteFactory(slug="musique", nom="Musique")
    ici = {"latitude": 46.128, "longitude": 3.426, "position_origine": "commune", "commune": vichy}
    la_bas = {"latitude": 45.78, "longitude": 3.08, "position_origine": "commune", "commune": loin}
    StructureFactory(nom="A", **ici).activites.add(danse)
    StructureFactory(nom="B", forme_juridique="association", **la_bas).activites.add(musique)
    StructureFactory(nom="C", commune=None)
    reponse = donnees(client, f"structures?{chaine}")
    assert sorted(s["nom"] for s in reponse["resultats"]) == attendus
    assert reponse["total"] == len(attendus)


def test_la_distance_se_dit_et_range(client):
    vichy = CommuneFactory(code="03310", nom="Vichy", latitude=46.128, longitude=3.426)
    for nom, latitude in (("Loin", 46.2), ("Ici", 46.128)):
        StructureFactory(nom=nom, commune=vichy, latitude=latitude, longitude=3.426, position_origine="adresse")
    lues = donnees(client, "structures?commune=03310&km=20&tri=distance")["resultats"]
    assert [(s["nom"], s["distance"]) for s in lues] == [("Ici", 0.0), ("Loin", 8.01)]


@pytest.mark.parametrize(
    ("chaine", "attendus"),
    [
        ("", {"Don", "Salle", "Sono"}),
        ("sens=besoin", {"Salle"}),
        ("nature=local&nature=materiel", {"Don", "Salle", "Sono"}),
        ("mode=don", {"Don"}),
        ("gratuit=true&sens=offre", {"Don"}),
        ("prix_max=49.99&sens=offre", {"Don"}),
        ("categorie=son", {"Sono"}),
        ("structure=la-ronde", {"Sono"}),
        ("toutes=true", {"Don", "Salle", "Sono", "Pourvue"}),
        ("q=sono", {"Sono"}),
    ],
)
def test_filtres_des_annonces(client, chaine, attendus):
    ronde = StructureFactory(slug="la-ronde")
    son = CategorieFactory(slug="son")
    AnnonceFactory(titre="Sono", structure=ronde, categorie=son, mode="location", prix="50", prix_unite="jour")
    AnnonceFactory(titre="Don", mode="don")
    AnnonceFactory(titre="Salle", sens="besoin", nature="local")
    AnnonceFactory(titre="Pourvue", etat="pourvue")
    AnnonceFactory(titre="Retirée", etat="retiree")
    assert {a["titre"] for a in donnees(client, f"annonces?{chaine}")["resultats"]} == attendus


def test_filtres_de_l_agenda(client):
    EvenementFactory(titre="Bal", genre="festival")
    ReunionFactory(titre="Réunion")
    assert [e["titre"] for e in donnees(client, "evenements?type=festival")["resultats"]] == ["Bal"]
    assert [e["titre"] for e in donnees(client, "evenements?type=pole-collective")["resultats"]] == ["Réunion"]
    assert donnees(client, "evenements?passees=true")["total"] == 0
    assert donnees(client, "evenements?au=2001-01-01")["total"] == 0


# -- pages


@pytest.mark.parametrize("par_page", [1, 2, 3, 100])
def test_suivre_les_pages_donne_tout_une_fois(client, par_page):
    for rang in range(5):
        StructureFactory(nom="Même nom", slug=f"meme-{rang}")
    adresse, lues, pages = f"/api/v1/structures?par_page={par_page}", [], 0
    while adresse:
        reponse = client.get(adresse)
        page = reponse.json()
        lues += [s["slug"] for s in page["resultats"]]
        pages += 1
        assert (page["page"], page["par_page"], page["total"]) == (pages, par_page, 5)
        assert (page["suivant"] is not None) == (f'<{page["suivant"]}>; rel="next"' in reponse["Link"])
        adresse = page["suivant"] and page["suivant"].removeprefix("http://testserver")
    assert sorted(lues) == sorted(f"meme-{rang}" for rang in range(5))
    assert pages == -(-5 // par_page)


def test_les_liens_gardent_la_recherche(client):
    for _ in range(3):
        AnnonceFactory(mode="don")
    page = donnees(client, "annonces?mode=don&mode=pret&gratuit=true&par_page=1&page=2&inconnu=x")
    debut = "http://testserver/api/v1/annonces?mode=don&mode=pret&gratuit=1&par_page=1&page="
    assert (page["precedent"], page["suivant"]) == (f"{debut}1", f"{debut}3")


# -- errors


@pytest.mark.parametrize(
    ("chemin", "parametres"),
    [
        ("structures?page=0", ["page"]),
        ("structures?page=abc&par_page=101", ["page", "par_page"]),
        ("structures?km=NaN", ["km"]),
        ("structures?km=1e400", ["km"]),
        ("structures?commune=Vichy", ["commune"]),
        ("structures?commune=99999", ["commune"]),
        ("structures?activite=inconnue", ["activite"]),
        ("structures?forme=sarl", ["forme"]),
        ("structures?label=x", ["label"]),
        ("structures?tri=hasard", ["tri"]),
        (f"structures?q={'a' * 201}", ["q"]),
        ("annonces?sens=don", ["sens"]),
        ("annonces?du=31/12/2026", ["du"]),
        ("annonces?prix_max=-1", ["prix_max"]),
        ("annonces?categorie=x", ["categorie"]),
        ("annonces?structure=x", ["structure"]),
        ("annonces?gratuit=peut-etre", ["gratuit"]),
        ("evenements?type=bal", ["type"]),
        ("communes?page=%E2%82%AC", ["page"]),
    ],
)
def test_un_parametre_faux_est_dit(client, chemin, parametres):
    reponse = lire(client, chemin)
    corps = reponse.json()
    assert (reponse.status_code, corps["code"]) == (400, "parametre_invalide")
    assert [detail["parametre"] for detail in corps["details"]] == parametres
    for detail in corps["details"]:
        assert detail["message"].endswith(".")
        assert "Input" not in detail["message"]
        assert "{" not in detail["message"]
    assert reponse["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("chemin", "code"),
    [
        ("structures?q=%00", 400),
        (f"structures?page={10**30}", 404),
        (f"structures?page={'9' * 5000}", 400),
        (f"annonces/{10**30}", 404),
        ("annonces/abc", 404),
        ("annonces/-1", 404),
        ("structures/%00", 400),
        ("structures/..%2F..%2Fadmin", 404),
        ("structures/", 404),
        ("", 404),
        ("nulle-part", 404),
        ("../v2/structures", 404),
        ("structures?page=2", 404),
        ("evenements?du=0001-01-01", 200),
        ("evenements?du=9999-12-31", 200),
        ("annonces?du=9999-12-31&au=0001-01-01", 200),
        ("structures?autour=Vichy&carte=1&point=NaN,NaN", 200),
        ("communes?q=%25%27", 200),
        ("communes?q=a", 200),
    ],
)
def test_demandes_absurdes(client, chemin, code):
    reponse = lire(client, chemin)
    assert reponse.status_code == code
    if code != 200:
        assert {"code", "message", "documentation"} <= set(reponse.json())


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("chemin", ["structures", "annonces/1", "openapi.json", "nulle-part"])
def test_on_ne_fait_que_lire(client, animateur, methode, chemin):
    client.force_login(animateur)
    strict = Client(enforce_csrf_checks=True)
    for lecteur in (client, strict):
        reponse = getattr(lecteur, methode)(f"/api/v1/{chemin}", b"{}", content_type="application/json")
        assert (reponse.status_code, reponse["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert reponse.json()["code"] == "methode_refusee"


def test_head_et_options(client, monde):
    complet = lire(client, "structures")
    tete = client.head("/api/v1/structures")
    assert (tete.status_code, tete.content, tete["ETag"]) == (200, b"", complet["ETag"])
    appel = client.options("/api/v1/structures", headers={"Origin": "https://a.example.org"})
    assert (appel.status_code, appel["Access-Control-Allow-Origin"]) == (204, "*")
    assert appel["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Credentials" not in appel.headers


def test_une_erreur_du_portail_reste_du_json(monde):
    client = Client(raise_request_exception=False)
    with patch("pole_ess.portail.api.v1.chercher_structures", side_effect=ZeroDivisionError):
        reponse = lire(client, "structures")
    assert (reponse.status_code, reponse.json()["code"]) == (500, "erreur")
    with patch("pole_ess.portail.api.middleware.compter", side_effect=OperationalError):
        reponse = lire(client, "structures")
    assert (reponse.status_code, reponse.json()["code"], reponse["Retry-After"]) == (503, "indisponible", "30")


# -- cache and limit


@pytest.mark.parametrize("chemin", [*LISTES, "structures/la-ronde", "openapi.json"])
def test_etag_fort_et_304(client, monde, chemin):
    reponse = lire(client, chemin)
    assert reponse["Cache-Control"] == "public, max-age=60"
    etag = reponse["ETag"]
    assert etag.startswith('"')
    pareille = client.get(f"/api/v1/{chemin}", headers={"If-None-Match": etag})
    assert (pareille.status_code, pareille.content, pareille["ETag"]) == (304, b"", etag)
    assert pareille["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/api/v1/{chemin}", headers={"If-None-Match": '"autre"'}).status_code == 200


def test_l_etag_change_avec_une_modification(client, monde):
    """Of the row itself, and of what it only names."""
    structure, annonce, *_ = monde
    avant = {chemin: lire(client, chemin)["ETag"] for chemin in ("structures", "annonces", "communes", "activites")}
    structure.activites.get().__class__.objects.filter(slug="danse").update(nom="Danses")
    apres = lire(client, "structures", **{"If-None-Match": avant["structures"]})
    assert apres.status_code == 200
    assert apres["ETag"] != avant["structures"]
    Annonce.objects.filter(pk=annonce.pk).update(prix="51")
    assert lire(client, "annonces", **{"If-None-Match": avant["annonces"]}).status_code == 200
    Structure.objects.filter(pk=structure.pk).update(etat="archivee")
    assert lire(client, "communes", **{"If-None-Match": avant["communes"]}).status_code == 200


def test_limite_par_reseau(client, structure, settings, monkeypatch):
    settings.API_PAR_MINUTE = 2
    monkeypatch.setattr("pole_ess.socle.limites.time.time", lambda: 1_800_000_030.0)  # in the middle of a minute
    for chemin in ("structures", "annonces?page=x"):  # errors count too
        lire(client, chemin)
    reponse = lire(client, "structures")
    assert (reponse.status_code, reponse.json()["code"]) == (429, "trop_de_demandes")
    assert reponse["Retry-After"] == "30"
    assert client.get("/api/v1/structures", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/annuaire/").status_code == 200
    assert client.get("/api/v1/structures", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 429


REQUETES = {
    "structures": 6,
    "structures?activite=danse": 7,
    "structures?commune=03310&km=50": 7,
    "structures/la-ronde": 5,
    "annonces": 4,
    "annonces?commune=03310&km=50&sens=offre": 6,
    "evenements": 5,
    "comptes-rendus": 4,
    "communes": 4,
    "activites": 5,
    "openapi.json": 1,
}
"""One of them is the counter of the limit."""


@pytest.mark.parametrize("chemin", REQUETES)
def test_nombre_de_requetes_constant(client, monde, nombre_de_requetes, chemin):
    structure = monde[0]
    assert nombre_de_requetes(lambda: donnees(client, chemin)) == REQUETES[chemin]
    for _ in range(3):
        autre = StructureFactory(commune=structure.commune, latitude=46.1, longitude=3.4, position_origine="main")
        autre.activites.add(*structure.activites.all(), ActiviteFactory())
        AnnonceFactory(structure=autre)
        EvenementFactory(structure=autre)
        garniture.publier(ReunionFactory(commune=structure.commune, structure_hote=autre))
        CommuneFactory()
    assert nombre_de_requetes(lambda: donnees(client, chemin)) == REQUETES[chemin]


def test_les_accents_sont_lisibles(client):
    StructureFactory(nom="Été à l'œuvre")
    assert "Été à l'œuvre" in lire(client, "structures").content.decode()
    assert json.loads(lire(client, "structures").content)["total"] == 1
