import pytest
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext

from annuaire.doublons import candidats, levenshtein, noms_proches
from annuaire.models import NonDoublon, Structure
from tests.factories import CommuneFactory, StructureFactory


def trouves(**criteres):
    return [(doublon.structure.nom, doublon.raisons) for doublon in candidats(**criteres)]


@pytest.mark.parametrize(
    ("a", "b", "lieu", "attendu"),
    [
        ("Médiathèque de Vichy", "la mediatheque", "Vichy", True),
        ("Mairie de Vichy", "Médiathèque de Vichy", "Vichy", False),
        ("Jardins de Cocagne", "Les Jardins de Cocagne", "", True),
        ("Jardins de Cocagne", "Jardin de Cocagne", "", True),
        ("Réseau Cocagne", "Jardins de Cocagne", "", True),
        ("ADEF", "ADEF+", "", False),
        ("ADEF", "Association A.D.E.F.", "", True),
        ("Galatée", "Galathée", "", True),
        ("Galatée", "Palais", "", False),
        ("L'Œuvre", "Loeuvre", "", True),
        ("…", "!", "", False),
    ],
)
def test_noms_proches(a, b, lieu, attendu):
    assert (noms_proches(a, b, lieu=lieu) is not None) is attendu
    assert (noms_proches(b, a, lieu=lieu) is not None) is attendu


def test_levenshtein_s_arrete_au_maximum():
    assert levenshtein("escurole", "escurolles", maximum=5) == 2
    assert levenshtein("abcdef", "uvwxyz", maximum=2) == 3


def test_ordre_des_raisons(db):
    vichy, cusset = CommuneFactory(nom="Vichy"), CommuneFactory(nom="Cusset")
    StructureFactory(nom="Par le courriel", courriel="Bureau@Atelier.example.org", commune=cusset)
    StructureFactory(nom="Par le téléphone", telephone="04 70 00 00 01", commune=cusset)
    StructureFactory(nom="L'atelier du velo", commune=vichy)
    StructureFactory(nom="Par le RNA", rna="W032000001", commune=cusset)
    StructureFactory(nom="Par le SIRET", siret="73282932000074", commune=cusset)
    assert trouves(
        nom="Atelier du vélo",
        commune=vichy,
        siret="732 829 320 00074",
        rna="w032000001",
        courriel="bureau@atelier.example.org",
        telephone="0470000001",
    ) == [
        ("Par le SIRET", ["même SIRET"]),
        ("Par le RNA", ["même numéro RNA"]),
        ("L'atelier du velo", ["même nom, même commune"]),
        ("Par le courriel", ["même adresse e-mail"]),
        ("Par le téléphone", ["même téléphone"]),
    ]


def test_nom_proche_ailleurs_n_est_pas_un_doublon(db):
    StructureFactory(nom="Secours populaire", commune=CommuneFactory(nom="Moulins"))
    assert trouves(nom="Secours populaire", commune=CommuneFactory(nom="Vichy")) == []


def test_nom_proche_a_moins_de_100_metres(db):
    autre_commune = CommuneFactory()
    for nom, latitude in [("Le Jardin partage", 46.1300), ("Le Jardin partagée", 46.1308), ("Jardin partagé", 46.1312)]:
        StructureFactory(
            nom=nom, commune=CommuneFactory(), latitude=latitude, longitude=3.42, position_origine="adresse"
        )
    # 0.0008° of latitude is 89 m, 0.0012° is 133 m.
    assert trouves(nom="Le jardin partagé", commune=autre_commune, latitude=46.13, longitude=3.42) == [
        ("Le Jardin partage", ["même nom, à moins de 100 m"]),
        ("Le Jardin partagée", ["nom proche, à moins de 100 m"]),
    ]


def test_meme_nom_sans_lieu(db):
    StructureFactory(nom="Galatée", commune=None)
    attendu = [("Galatée", ["même nom, lieu inconnu"])]
    assert trouves(nom="GALATEE", commune=CommuneFactory()) == attendu
    assert trouves(nom="GALATEE") == attendu


def test_sigle_egal_au_nom(db):
    commune = CommuneFactory(nom="Vichy")
    StructureFactory(nom="Union des associations familiales", sigle="UDAF", commune=commune)
    assert trouves(nom="Udaf", commune=commune) == [("Union des associations familiales", ["nom proche, même commune"])]


def test_paire_declaree_distincte_n_est_plus_proposee(db):
    commune = CommuneFactory()
    a, b = StructureFactory(nom="Ressourcerie", commune=commune), StructureFactory(nom="Ressourcerie", commune=commune)
    assert [d.structure for d in candidats(nom=a.nom, commune=commune, sauf=a)] == [b]
    NonDoublon.objects.create(structure_a=a, structure_b=b)
    assert candidats(nom=a.nom, commune=commune, sauf=a) == []
    assert candidats(nom=b.nom, commune=commune, sauf=b.pk) == []


def test_parmi_ne_revele_rien_d_inedit(db):
    commune = CommuneFactory()
    StructureFactory(nom="Ressourcerie", commune=commune, etat="a_valider", siret="73282932000074")
    criteres = {"nom": "Ressourcerie", "commune": commune, "siret": "73282932000074"}
    assert len(candidats(**criteres)) == 1
    assert candidats(**criteres, parmi=Structure.objects.publiees()) == []


def test_refusee_n_est_pas_candidate(db):
    StructureFactory(nom="Refusée", etat="refusee", siret="73282932000074")
    assert trouves(nom="", siret="73282932000074") == []


@pytest.mark.parametrize("nom", ["", "\x00", "'; DROP TABLE", "%_\\", "a" * 5000, "<b>"])
def test_saisies_absurdes(db, nom):
    StructureFactory()
    assert candidats(nom=nom, siret="x" * 400, rna="%", courriel="\\", telephone="'") == []


def test_limite_et_requetes_constantes(db):
    commune = CommuneFactory(nom="Vichy")
    comptes = []
    for nombre in (1, 30):
        StructureFactory.create_batch(nombre, nom="Épicerie solidaire", commune=commune)
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert len(candidats(nom="epicerie solidaire", commune=commune.pk, limite=3)) == (1 if nombre == 1 else 3)
        comptes.append(len(requetes))
    assert comptes == [1, 1]


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (Q(siret="73282932000074"), "structure_siret"),
        (Q(courriel_bas="a@example.org") & ~Q(courriel=""), "structure_courriel"),
        (Q(telephone="04 70 00 00 01") & ~Q(telephone=""), "structure_telephone"),
        (Q(tri__trigram_similar="ressourcerie"), "structure_nom_trgm"),
    ],
)
def test_plans_passent_par_les_index(db, condition, index):
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
    demande = Structure.objects.alias(courriel_bas=Lower("courriel")).filter(condition).order_by()
    assert index in demande.values("pk").explain()
