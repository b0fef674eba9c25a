"""What the one search box finds, and what it proposes when it finds nothing."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from annuaire.models import Competence, Label, LabelStructure, Structure
from annuaire.recherche import chercher
from annuaire.recherche.texte import corriger, distance
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory

pytestmark = pytest.mark.django_db


def noms(chaine: str) -> list[str]:
    return [structure.nom for structure in chercher(QueryDict(chaine)).queryset]


@pytest.fixture
def escurolles():
    return CommuneFactory(code="03109", nom="Escurolles", codes_postaux=["03110"], latitude=46.143, longitude=3.268)


@pytest.fixture
def vichy():
    return CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"], latitude=46.128, longitude=3.426)


@pytest.fixture
def trois(escurolles, vichy):
    """Three published structures and one that is not."""
    mediatheque = StructureFactory(
        nom="Le rayon des mots",
        sigle="RDM",
        presentation="Une médiathèque de village et ses lectures.",
        commune=escurolles,
        forme_juridique="association",
        latitude=46.143,
        longitude=3.268,
        position_origine="commune",
        siret="73282932000074",
    )
    velo = StructureFactory(
        nom="Vélos solidaires",
        missions="Réparer des bicyclettes.",
        commune=vichy,
        forme_juridique="cooperative",
        latitude=46.128,
        longitude=3.426,
        position_origine="commune",
        rna="W032001234",
    )
    jardin = StructureFactory(nom="Jardin partagé", presentation="Aucun vélo ici.", commune=None)
    StructureFactory(nom="Médiathèque clandestine", etat="a_valider", commune=None)
    return mediatheque, velo, jardin


@pytest.mark.parametrize(
    ("saisi", "attendus"),
    [
        ("médiathèques", ["Le rayon des mots"]),
        ("MEDIATHÈQUE", ["Le rayon des mots"]),
        ("lecture village", ["Le rayon des mots"]),
        ("rdm", ["Le rayon des mots"]),
        ("escurolles", ["Le rayon des mots"]),
        ("03110", ["Le rayon des mots"]),
        ("vélo", ["Vélos solidaires", "Jardin partagé"]),
        ("velo -jardin", ["Vélos solidaires"]),
        ("coopérative", ["Vélos solidaires"]),
        ("732 829 320 00074", ["Le rayon des mots"]),
        ("732829", ["Le rayon des mots"]),
        ("w03200", ["Vélos solidaires"]),
    ],
)
def test_exact_words(trois, saisi, attendus):
    parametres = QueryDict(mutable=True)
    parametres["q"] = saisi
    resultat = chercher(parametres)
    assert [structure.nom for structure in resultat.queryset] == attendus
    assert (resultat.texte.mode, resultat.approche, resultat.total) == ("exact", False, len(attendus))


@pytest.mark.parametrize(
    ("saisi", "mode", "attendus"),
    [
        ("escurole", "corrige", ["Le rayon des mots"]),
        ("mediateque", "corrige", ["Le rayon des mots"]),
        ("biciclete", "corrige", ["Vélos solidaires"]),
        ("vihcy", "corrige", ["Vélos solidaires"]),
        ("média", "corrige", ["Le rayon des mots"]),
        ("mediateque escurole", "corrige", ["Le rayon des mots"]),
        ("vélos jardin", "exact", ["Jardin partagé"]),
        ("bicyclette jardin", "partiel", ["Jardin partagé", "Vélos solidaires"]),
        ("clandestyne", "rien", []),
        ("xyzxyzxyz", "rien", []),
    ],
)
def test_typos_and_partial_answers(trois, saisi, mode, attendus):
    resultat = chercher(QueryDict(f"q={saisi}"))
    assert resultat.texte.mode == mode
    assert sorted(structure.nom for structure in resultat.queryset) == attendus
    assert resultat.total == len(attendus)


def test_the_name_comes_before_the_text(trois):
    assert noms("q=vélo") == ["Vélos solidaires", "Jardin partagé"]
    assert noms("q=vélo&tri=nom") == ["Jardin partagé", "Vélos solidaires"]


def test_exact_sigle_comes_first(db):
    StructureFactory(nom="Adef adef adef", presentation="adef " * 9)
    StructureFactory(nom="Zone", sigle="ADEF")
    assert noms("q=adef") == ["Zone", "Adef adef adef"]


def test_radius_and_distance(trois):
    assert noms("commune=03109&km=5") == ["Le rayon des mots"]
    assert noms("commune=03109&km=20") == ["Le rayon des mots", "Vélos solidaires"]
    distances = [s.distance for s in chercher(QueryDict("commune=03310&km=20")).queryset]
    assert distances[0] == 0
    assert 12.2 < distances[1] < 12.4


def test_nothing_near_shows_the_nearest(trois):
    resultat = chercher(QueryDict("commune=03109&km=5&q=vélos"))
    assert (resultat.abandon, [s.nom for s in resultat.queryset]) == (
        "distance",
        ["Vélos solidaires", "Jardin partagé"],
    )


def test_too_many_filters_show_the_closest(trois):
    resultat = chercher(QueryDict("forme=association&ville=03310"))
    assert resultat.abandon == "filtres"
    assert sorted(s.nom for s in resultat.queryset)[1:] == ["Le rayon des mots", "Vélos solidaires"]
    assert [s.nom for s in resultat.queryset][2:] == ["Jardin partagé"] or resultat.total == 3


def test_facets_count_with_the_other_filters_applied(trois):
    culture = ActiviteFactory(nom="Culture", slug="culture")
    lecture = ActiviteFactory(nom="Lecture", slug="lecture", parent=culture)
    sport = ActiviteFactory(nom="Sport", slug="sport")
    mediatheque, velo, _ = trois
    mediatheque.activites.add(lecture)
    velo.activites.add(sport, culture)
    mediatheque.competences.add(Competence.objects.create(nom="Braille", slug="braille"))
    esus = Label.objects.create(nom="ESUS", slug="esus")
    hier = timezone.localdate() - datetime.timedelta(days=1)
    LabelStructure.objects.create(structure=velo, label=esus, expire_le=hier)
    LabelStructure.objects.create(structure=mediatheque, label=esus, expire_le=timezone.localdate())

    def comptes(chaine):
        options = chercher(QueryDict(chaine)).options
        return {nom: {o.valeur: o.compte for o in liste} for nom, liste in options.items()}

    assert comptes("") == {
        "activite": {"culture": 2, "sport": 1},
        "competence": {"braille": 1},
        "forme": {"association": 1, "cooperative": 1},
        "label": {"esus": 1},
        "ville": {"03109": 1, "03310": 1},
    }
    assert comptes("forme=cooperative") == {
        "activite": {"culture": 1, "sport": 1},
        "competence": {},
        "forme": {"association": 1, "cooperative": 1},
        "label": {},
        "ville": {"03310": 1},
    }
    assert noms("activite=culture") == ["Le rayon des mots", "Vélos solidaires"]
    assert noms("activite=lecture&activite=sport") == ["Le rayon des mots", "Vélos solidaires"]
    assert noms("label=esus") == ["Le rayon des mots"]
    assert noms("competence=braille&forme=association") == ["Le rayon des mots"]
    assert noms("activite=inconnue&ville=99999") == noms("")


def test_order_is_stable(db):
    Structure.objects.bulk_create(
        [Structure(nom="Même nom", slug=f"meme-{n}", etat="publiee", publiee_le=timezone.now()) for n in range(30)]
    )
    ordre = list(chercher(QueryDict("q=même")).queryset.values_list("pk", flat=True))
    assert ordre == sorted(ordre)


@pytest.mark.parametrize(
    ("texte", "commune", "choix"),
    [
        ("Vichy", "03310", 0),
        ("vichy (03200)", "03310", 0),
        ("03110", None, 2),
        ("saint pourcain sur sioule", "03254", 0),
        ("St-Pourçain-sur-Sioule", "03254", 0),
        ("escu", None, 1),
        ("nulle part", None, 0),
    ],
)
def test_the_place_typed(vichy, escurolles, texte, commune, choix):
    CommuneFactory(code="03045", nom="Broût-Vernet", codes_postaux=["03110"])
    CommuneFactory(code="03254", nom="Saint-Pourçain-sur-Sioule", codes_postaux=["03500"])
    parametres = QueryDict(mutable=True)
    parametres["autour"] = texte
    lieu = chercher(parametres).criteres.lieu
    assert (lieu.commune and lieu.commune.code, len(lieu.choix)) == (commune, choix)
    assert lieu.inconnu == (texte == "nulle part")


def test_distance_of_words():
    assert [distance(*paire) for paire in [("", "ab"), ("vihcy", "vichy"), ("abc", "abc"), ("chat", "chien")]] == [
        2,
        1,
        0,
        3,
    ]
    assert corriger("xyz", []) == []
    assert corriger("velo", ["velours", "vent"]) == ["velours"]
    assert corriger("jardin", ["maison"]) == []
