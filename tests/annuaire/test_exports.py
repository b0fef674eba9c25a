"""Exports: what a visitor reads, in four formats, filtered as the list, and understood by our own import."""

import csv
import datetime
import io
import json

import openpyxl
import pytest
import vobject
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annuaire import exports
from annuaire.imports.moteur import importer
from annuaire.models import Competence, Contact, Label, LabelStructure, Structure
from annuaire.views import exports as vues
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "vcf": "text/vcard; charset=utf-8",
}


@pytest.fixture
def riche(db):
    """A structure with everything, its phone public and its e-mail not, and a named contact with consent."""
    s = StructureFactory(
        nom="=Une structure; d'exemple",
        slug="une-structure",
        sigle="+USE",
        forme_juridique="groupement_employeurs",
        presentation="- un\n- deux\n\n« trois »",
        missions='@Aider "ici", là',
        public_accueilli="Tout public",
        adresse="3 rue de l'Exemple",
        commune=CommuneFactory(
            code="03310", nom="Vichy", codes_postaux=["03200", "03201"], latitude=46.1, longitude=3.4
        ),
        latitude=46.123456789,
        longitude=-3.4,
        position_origine="main",
        rayon_intervention=20,
        telephone="04 65 71 11 11",
        telephone_public=True,
        courriel="prive@structure.example.org",
        public_source="par elle-même",
        site="https://structure.example.org/",
        reseaux=["https://a.example.org", "https://b.example.org"],
        siret="73282932000074",
        rna="W033000001",
        annee_creation=1998,
        salaries_etp="2.50",
        benevoles=12,
        adherents=0,
        horaires="Sur rendez-vous",
        accessible_pmr=True,
        verifiee_le=datetime.date(2026, 3, 1),
        verifiee_par="equipe",
        source="liste",
        source_cle="1",
    )
    s.activites.add(
        ActiviteFactory(nom="Théâtre, danse", slug="theatre"), ActiviteFactory(nom="Musique", slug="musique")
    )
    s.competences.add(Competence.objects.create(nom="Son, lumière", slug="son"))
    LabelStructure.objects.create(
        structure=s, label=Label.objects.create(nom="ESUS", slug="esus"), expire_le=datetime.date(2027, 12, 31)
    )
    Contact.objects.create(
        structure=s,
        nom="Nom Prénom",
        courriel="personne@example.org",
        telephone="06 39 98 00 00",
        nom_public=True,
        courriel_public=True,
        telephone_public=True,
        consentement_le=datetime.date(2026, 1, 1),
    )
    return s


def corps(client, chaine="", format="csv"):
    reponse = client.get(f"/annuaire/export.{format}{chaine}")
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == TYPES[format]
    return b"".join(reponse.streaming_content)


def lignes_csv(octets):
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_colonne_par_colonne(client, riche):
    (ligne,) = lignes_csv(corps(client))
    assert list(ligne) == [nom for nom, _ in exports.COLONNES]
    assert {k: ligne[k] for k in ("nom", "sigle", "presentation", "missions", "latitude", "longitude")} == {
        "nom": "'=Une structure; d'exemple",
        "sigle": "'+USE",
        "presentation": "'- un\n- deux\n\n« trois »",
        "missions": '\'@Aider "ici", là',
        "latitude": "46.123457",
        "longitude": "-3.4",
    }
    assert (ligne["activites"], ligne["labels"]) == ("Musique | Théâtre, danse", "ESUS (2027-12-31)")
    assert (ligne["code_postal"], ligne["code_commune"], ligne["adherents"]) == ("", "03310", "0")
    assert ligne["page"] == "http://testserver/annuaire/une-structure/"


@pytest.mark.parametrize("format", TYPES)
@pytest.mark.parametrize("role", ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"])
def test_jamais_de_personne_ni_de_coordonnee_privee(client, riche, format, role, request):
    utilisateur = request.getfixturevalue(role)
    if utilisateur:
        client.force_login(utilisateur)
    StructureFactory(nom="Pas publiée", etat="a_valider", publiee_le=None)
    octets = corps(client, format=format)
    texte = json.dumps(openpyxl_valeurs(octets)) if format == "xlsx" else octets.decode()
    assert "04 65 71 11 11" in texte
    for prive in ("prive@structure", "personne@example", "06 39 98", "Prénom", "Pas publiée", "par elle-même"):
        assert prive not in texte


def openpyxl_valeurs(octets):
    feuille = openpyxl.load_workbook(io.BytesIO(octets)).active
    return [[str(v) if v is not None else None for v in rangee] for rangee in feuille.values]


def test_xlsx_type_et_sans_formule(client, riche):
    feuille = openpyxl.load_workbook(io.BytesIO(corps(client, format="xlsx"))).active
    entetes = [c.value for c in feuille[1]]
    ligne = dict(zip(entetes, feuille[2], strict=True))
    assert all(cellule.data_type != "f" for rangee in feuille.iter_rows() for cellule in rangee)
    assert (ligne["nom"].value, ligne["siret"].value, ligne["code_commune"].value) == (
        "'=Une structure; d'exemple",
        "73282932000074",
        "03310",
    )
    assert (ligne["latitude"].value, ligne["longitude"].value, ligne["benevoles"].value) == (46.123457, -3.4, 12)
    assert ligne["verifiee_le"].value == datetime.datetime(2026, 3, 1)


def test_geojson_rfc_7946(client, riche):
    StructureFactory(nom="Sans lieu", slug="sans-lieu", commune=None)
    collection = json.loads(corps(client, format="geojson"))
    assert (collection["type"], set(collection)) == ("FeatureCollection", {"type", "features"})
    par_id = {f["id"]: f for f in collection["features"]}
    assert par_id["une-structure"]["geometry"] == {"type": "Point", "coordinates": [-3.4, 46.123457]}
    assert par_id["sans-lieu"]["geometry"] is None
    assert par_id["une-structure"]["properties"]["nom"] == "=Une structure; d'exemple"


def test_geojson_vide(client, db):
    assert json.loads(corps(client, format="geojson")) == {"type": "FeatureCollection", "features": []}


def test_vcard(client, riche):
    StructureFactory(nom="Autre")
    cartes = list(vobject.readComponents(corps(client, format="vcf").decode()))
    assert sorted(c.fn.value for c in cartes) == ["=Une structure; d'exemple", "Autre"]


@pytest.mark.parametrize("chaine", ["?q=fanfare", "?forme=association", "?q=FANFARE&forme=association&tri=nom"])
def test_memes_filtres_que_la_liste(client, db, chaine):
    StructureFactory(nom="Une fanfare", forme_juridique="association")
    StructureFactory(nom="Une chorale", forme_juridique="collectif")
    assert [ligne["nom"] for ligne in lignes_csv(corps(client, chaine))] == ["Une fanfare"]


@pytest.mark.parametrize("format", TYPES)
def test_chaque_format_suit_le_filtre(client, db, format):
    danse = ActiviteFactory(nom="Danse", slug="danse")
    StructureFactory(nom="Les pas glissés", slug="les-pas-glisses").activites.add(danse)
    StructureFactory(nom="Une chorale", slug="une-chorale")
    octets = corps(client, "?activite=danse", format)
    noms = {
        "csv": lambda: [ligne["nom"] for ligne in lignes_csv(octets)],
        "xlsx": lambda: [dict(zip(*lignes, strict=True))["nom"] for lignes in [openpyxl_valeurs(octets)]],
        "geojson": lambda: [f["properties"]["nom"] for f in json.loads(octets)["features"]],
        "vcf": lambda: [c.fn.value for c in vobject.readComponents(octets.decode())],
    }
    assert noms[format]() == ["Les pas glissés"]


@pytest.mark.parametrize(
    "chaine",
    [
        "?q=%00",
        "?page=1000000000000000000000000",
        "?commune=%00&km=nan",
        "?activite=%27;--",
        "?km=1e999",
        "?q=%ED%A0%80",
    ],
)
def test_parametres_absurdes(client, riche, chaine):
    assert client.get(f"/annuaire/export.csv{chaine}").status_code in (200, 400)


@pytest.mark.parametrize("format", ["pdf", "json", "CSV", "csv%00", "%00"])
def test_format_inconnu(client, db, format):
    assert client.get(f"/annuaire/export.{format}").status_code in (400, 404)


def test_methodes(client, db):
    assert client.post("/annuaire/export.csv").status_code == 405
    reponse = client.head("/annuaire/export.csv")
    assert (reponse.status_code, reponse["Content-Type"]) == (200, TYPES["csv"])


def test_limite_par_reseau(client, riche, monkeypatch):
    monkeypatch.setattr(vues, "EXPORTS_MAX", 2)
    for _ in range(2):
        corps(client)
    reponse = client.get("/annuaire/export.csv")
    assert (reponse.status_code, reponse["Retry-After"].isdigit()) == (429, True)
    assert "Trop de demandes" in reponse.content.decode().replace("&#x27;", "'").replace("’", "'")
    assert client.get("/annuaire/export.csv", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("format", TYPES)
def test_nombre_de_requetes_constant(client, riche, format):
    comptes = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as requetes:
            corps(client, format=format)
        comptes.append(len(requetes))
        for _ in range(20):
            StructureFactory().activites.add(ActiviteFactory())
    assert comptes[0] == comptes[1]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("complet", [True, False])
def test_aller_retour_sans_rien_changer(riche, format, complet):
    StructureFactory(nom="Deux exemple", slug="deux", commune=None, courriel="")
    structures = Structure.objects.order_by("tri", "pk")
    avant = list(structures.values())
    fichier = io.BytesIO(b"".join(exports.octets(format, structures, complet=complet)))
    rapport = importer(fichier, nom=f"annuaire.{format}", source="retour")
    assert [(li.nom, li.statut, li.raisons) for li in rapport.lignes] == [
        ("=Une structure; d'exemple", "inchangee", []),
        ("Deux exemple", "inchangee", []),
    ]
    assert rapport.colonnes_ignorees == []
    assert list(structures.values()) == avant


def test_retour_d_un_fichier_corrige(riche):
    texte = b"".join(exports.octets("csv", Structure.objects.all())).decode().replace("Sur rendez-vous", "Le mardi")
    rapport = importer(io.BytesIO(texte.encode()), nom="annuaire.csv", source="retour")
    assert [li.raisons for li in rapport.lignes] == [["change : horaires"]]
    riche.refresh_from_db()
    assert (riche.horaires, riche.source) == ("Le mardi", "liste")


def test_commande(riche, tmp_path):
    StructureFactory(nom="À valider", etat="a_valider", publiee_le=None)
    sortie = tmp_path / "export.csv"
    call_command("exporter_structures", "--sortie", str(sortie))
    assert [ligne["courriel"] for ligne in lignes_csv(sortie.read_bytes())] == [""]
    call_command("exporter_structures", "--complet", "--sortie", str(sortie))
    lignes = lignes_csv(sortie.read_bytes())
    assert [(ligne["etat"], ligne["courriel"]) for ligne in lignes if ligne["sigle"]] == [
        ("publiée", "prive@structure.example.org")
    ]
    assert len(lignes) == 2
    assert "Nom Prénom" not in sortie.read_text()
    with pytest.raises(CommandError, match="ne s'écrit pas"):
        call_command("exporter_structures", "--sortie", str(tmp_path / "absent" / "x.csv"))
