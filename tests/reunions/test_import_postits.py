"""Notes from paper: read whatever the spreadsheet, never doubled, refused by line; and the JSON of a workshop."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from annuaire.imports.erreurs import FichierIllisible
from reunions.imports.postits import importer
from reunions.models import Categorie, PostIt
from tests.factories.reunions import AtelierFactory, AxeFactory

pytestmark = pytest.mark.django_db
ENTETE = "axe;categorie;couleur;texte\n"


@pytest.fixture
def atelier():
    atelier = AtelierFactory(quota_rose=1, quota_jaune=1)
    AxeFactory(atelier=atelier, nom="Mise en réseaux", ordre=0)
    AxeFactory(atelier=atelier, nom="Outils", ordre=1)
    return atelier


def lire(atelier, texte, *, nom="notes.csv", encodage="utf-8", **reste):
    return importer(atelier, io.BytesIO(texte.encode(encodage)), nom=nom, **reste)


def test_notes_of_nobody_pass_the_quota_and_keep_their_category(atelier):
    rapport = lire(
        atelier, ENTETE + "Mise en réseaux;Lettre;rose;Une lettre\nMise en réseaux;Lettre;rose;Une lettre\n"
        "Outils;;jaune;Acheter à plusieurs\n"
    )  # fmt: skip
    assert rapport.phrase() == "3 ajoutés, 0 déjà importés, 0 rejetés"
    assert Categorie.objects.get().postits.count() == 2
    assert set(PostIt.objects.values_list("origine", "participant", "structure")) == {("papier", None, None)}
    atelier.refresh_from_db()
    assert atelier.version == 2


@pytest.mark.parametrize(
    ("texte", "encodage"),
    [
        ("texte,couleur,axe\nUne idée,ROSE,mise en reseaux\n", "utf-8"),
        ("\ufeffCatégorie\tTexte\tCouleur\tAxe\n\tUne idée\tcourt terme\tMISE EN RÉSEAUX\n", "utf-16"),
        ("Axe;Couleur;Texte\r\nMise  en réseaux;rose;Une idée\r\n", "cp1252"),
    ],
)
def test_any_order_separator_encoding_and_case(atelier, texte, encodage):
    assert lire(atelier, texte, encodage=encodage).ajoutes == 1
    note = PostIt.objects.get()
    assert (note.texte, note.couleur, note.axe.nom) == ("Une idée", "rose", "Mise en réseaux")


def test_importing_again_adds_nothing_and_a_corrected_file_adds_what_was_missing(atelier):
    bonnes = "Outils;A;rose;Acheter\nOutils;A;rose;Acheter\n"
    premier = lire(atelier, ENTETE + bonnes + "Outil;A;rose;Imprimer\n")
    assert (premier.ajoutes, [numero for numero, _ in premier.rejets]) == (2, [4])
    PostIt.objects.update(categorie=None)
    again = lire(atelier, ENTETE + bonnes + "Outil;A;rose;Imprimer\n", nom="copie.csv", encodage="cp1252")
    assert (again.ajoutes, again.deja) == (0, [2, 3])
    corrige = lire(atelier, ENTETE + "Outils;A;rose;Imprimer\n" + bonnes)
    assert (corrige.ajoutes, corrige.deja) == (1, [3, 4])
    assert PostIt.objects.count() == 3
    assert PostIt.objects.filter(categorie=None).count() == 2  # what staff did since stays
    assert lire(atelier, ENTETE + bonnes, source="seconde pile").ajoutes == 2


def test_bad_lines_are_refused_by_number_in_french(atelier):
    rapport = lire(
        atelier,
        ENTETE + ";;rose;Sans axe\nInconnu;;rose;Idée\nOutils;;verte;Idée\nOutils;;;Idée\n\nOutils;;rose;\n"
        f"Outils;;rose;{'x' * 281}\nOutils;{'c' * 121};rose;Idée\nRien;;bleue;\n",
    )
    assert rapport.rejets == [
        (2, "l'axe manque"),
        (3, "l'axe « Inconnu » n'est pas un tableau de cet atelier"),
        (4, "la couleur « verte » n'est ni rose ni jaune"),
        (5, "la couleur manque : rose ou jaune"),
        (7, "le texte manque"),
        (8, "le texte fait 281 caractères : 280 au plus"),
        (9, "la catégorie fait 121 caractères : 120 au plus"),
        (
            10,
            "l'axe « Rien » n'est pas un tableau de cet atelier ; la couleur « bleue » n'est ni rose ni jaune ; "
            "le texte manque",
        ),
    ]
    assert not PostIt.objects.exists()


@pytest.mark.parametrize(
    ("octets", "nom", "phrase"),
    [
        (b"", "a.csv", "vide"),
        (b"axe;texte\nOutils;Idee\n", "a.csv", "Il manque une colonne : couleur"),
        (b"%PDF-1.4", "a.csv", "c'est un PDF"),
        (b"axe;couleur;texte\n", "a.csv", "un post-it par ligne"),
        (b"axe;couleur;texte\nOutils;rose;a\n", "a.ods", "n'est pas lu"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(atelier, octets, nom, phrase):
    with pytest.raises(FichierIllisible, match=phrase):
        importer(atelier, io.BytesIO(octets), nom=nom)


def test_a_closed_workshop_takes_no_more_notes():
    atelier = AtelierFactory(phase="clos", axes=1)
    with pytest.raises(FichierIllisible, match="clos"):
        lire(atelier, f"{ENTETE}{atelier.axes.get()};;rose;Idée\n")


@pytest.mark.parametrize("taille", [1, 60])
def test_the_number_of_queries_does_not_follow_the_lines(atelier, taille, django_assert_num_queries):
    texte = ENTETE + "".join(f"Outils;;rose;Idée {n}\n" for n in range(taille))
    with django_assert_num_queries(8):
        lire(atelier, texte)


def commande(*arguments):
    sortie = io.StringIO()
    call_command(*arguments, stdout=sortie)
    return sortie.getvalue()


def test_the_commands_find_a_workshop_by_code_or_number(atelier, tmp_path):
    fichier = tmp_path / "notes.csv"
    fichier.write_text(ENTETE + "Outils;Achats;rose;Acheter\nRien;;rose;Idée\nOutils;Achats;jaune;Garantir\n")
    code = f"{atelier.code[:3]} {atelier.code[3:]}".lower()
    essai = commande("importer_postits", code, str(fichier), "--simulation")
    assert "rien n'a été écrit" in essai
    assert not PostIt.objects.exists()
    assert not Categorie.objects.exists()
    fait = commande("importer_postits", str(atelier.pk), str(fichier))
    assert "ligne 3, rejetée : l'axe « Rien » n'est pas un tableau de cet atelier" in fait
    assert fait.splitlines()[-1] == essai.splitlines()[-1] == "2 ajoutés, 0 déjà importés, 1 rejetés"
    assert json.loads(commande("exporter_atelier", code)) == {
        "axes": [
            {
                "nom": "Mise en réseaux", "rose": 0, "jaune": 0, "total": 0, "part_court_terme": None, "rang": 2,
                "classe": "sans post-it", "categories": [],
            },
            {
                "nom": "Outils", "rose": 1, "jaune": 1, "total": 2, "part_court_terme": 50.0, "rang": 1,
                "classe": "faible différence",
                "categories": [{"nom": "Achats", "rose": 1, "jaune": 1, "total": 2}],
            },
        ],
        "total": 2,
    }  # fmt: skip


@pytest.mark.parametrize("reference", ["ZZZZZZ", "999999999999999999999", "0", "²", "a\x00b"])
def test_an_unknown_workshop_is_said_in_french(reference, atelier, tmp_path):
    with pytest.raises(CommandError, match="Aucun atelier"):
        commande("exporter_atelier", reference)
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        commande("importer_postits", atelier.code, str(tmp_path / "absent.csv"))
