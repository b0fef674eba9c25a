"""The arithmetic of a workshop, its page and its files."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from reunions.models import Atelier, PostIt, Reunion
from reunions.resultats import calculer
from reunions.resultats.calcul import Comptes, rangs_denses
from reunions.resultats.comparaison import comparer
from reunions.resultats.dessin import decrire, vue_d_ensemble
from tests.factories.reunions import AtelierFactory, AxeFactory, CategorieAxeFactory, PostItFactory

pytestmark = pytest.mark.django_db


def remplir(axe, rose, jaune, categorie=None):
    for couleur, nombre in (("rose", rose), ("jaune", jaune)):
        PostIt.objects.bulk_create(
            PostIt(axe=axe, categorie=categorie, couleur=couleur, texte=f"Idée {couleur} {n}") for n in range(nombre)
        )


def atelier_de(*comptes, **reste):
    atelier = AtelierFactory(**reste)
    for ordre, (rose, jaune) in enumerate(comptes):
        remplir(AxeFactory(atelier=atelier, nom=f"Axe {ordre}", ordre=ordre), rose, jaune)
    return atelier


def test_ranks_are_dense_and_ties_share_one():
    assert [rangs_denses([30, 25, 21, 19, 19, 17])[n] for n in (30, 25, 21, 19, 19, 17)] == [1, 2, 3, 4, 4, 5]
    axes = calculer(atelier_de((11, 14), (8, 11), (14, 7), (20, 10), (6, 11), (9, 10))).axes
    assert [axe.rang for axe in axes] == [2, 4, 3, 1, 5, 4]
    assert [axe.ex_aequo for axe in axes] == [False, True, False, False, False, True]


def test_shares_are_exact_and_shown_with_one_decimal():
    axes = calculer(atelier_de((11, 14), (8, 11), (14, 7), (1, 7))).axes
    assert [axe.part for axe in axes] == [Fraction(11, 25), Fraction(8, 19), Fraction(2, 3), Fraction(1, 8)]
    assert [str(axe.pourcent) for axe in axes] == ["44.0", "42.1", "66.7", "12.5"]
    assert all(axe.pourcent + axe.pourcent_long == 100 for axe in axes)
    assert Comptes(1, 15).pourcent == Decimal("6.3")  # 6.25, halves up


@pytest.mark.parametrize(
    ("rose", "jaune", "seuil", "classe"),
    [
        (3, 2, 60, "court terme"),
        (2, 3, 60, "long terme"),
        (59, 41, 60, "faible différence"),
        (41, 59, 60, "faible différence"),
        (5999, 4001, 60, "faible différence"),
        (1, 1, 51, "faible différence"),
        (2, 1, 67, "faible différence"),
        (2, 1, 66, "court terme"),
        (5, 0, 100, "court terme"),
        (0, 5, 100, "long terme"),
        (99, 1, 100, "faible différence"),
        (0, 0, 60, "sans post-it"),
    ],
)
def test_the_threshold_is_reached_exactly_or_not_at_all(rose, jaune, seuil, classe):
    assert Comptes(rose, jaune).classe(seuil) == classe


def test_a_board_without_a_note_has_no_share_and_says_so():
    resultats = calculer(atelier_de((1, 0), (0, 0)))
    vide = resultats.axes[1]
    assert (vide.part, vide.pourcent, vide.verdict, vide.rang) == (None, None, "sans post-it", 2)
    assert decrire(resultats).endswith("Axe 1 : aucun post-it.")
    assert calculer(AtelierFactory()).pourcent is None


def test_categories_group_and_lose_nothing():
    axe = AxeFactory()
    remplir(axe, 2, 1, CategorieAxeFactory(axe=axe, nom="Rencontres", ordre=1))
    CategorieAxeFactory(axe=axe, nom="Vide", ordre=2)
    remplir(axe, 1, 0)
    (resultat,) = calculer(axe.atelier).axes
    assert [(c.nom, c.rose, c.jaune, c.total) for c in resultat.categories] == [
        ("Rencontres", 2, 1, 3),
        ("Vide", 0, 0, 0),
        ("Sans catégorie", 1, 0, 1),
    ]
    assert (resultat.rose, resultat.jaune) == (3, 1)


@pytest.mark.parametrize("taille", [1, 8])
def test_figures_take_three_queries(taille, django_assert_num_queries):
    atelier = atelier_de(*[(taille, taille)] * taille)
    for axe in atelier.axes.all():
        CategorieAxeFactory(axe=axe)
    with django_assert_num_queries(3):
        calculer(atelier)


@pytest.mark.parametrize("taille", [1, 8])
def test_the_page_takes_as_many_queries_with_one_note_as_with_many(taille, client, django_assert_num_queries):
    atelier = atelier_de(*[(taille, taille)] * taille, phase="restitution")
    adresse = reverse("reunions:atelier_resultats", args=[atelier.reunion_id])
    client.get(adresse)
    with django_assert_num_queries(6):
        assert client.get(adresse).status_code == 200


def test_the_page_says_shares_of_notes_and_shows_the_same_figures_in_a_table(client):
    atelier = atelier_de((20, 10), (6, 11), phase="clos")
    page = client.get(reverse("reunions:atelier_resultats", args=[atelier.reunion_id])).content.decode()
    assert "Les parts sont des parts de post-it, pas de personnes." in page
    assert "66,7&nbsp;%" in page
    assert "35,3&nbsp;%" in page
    assert "<desc" in page
    assert "Axe 0 : 30 post-it, dont 20 à court terme et 10 à long terme." in page
    assert "Idée jaune 10" in page


def test_a_workshop_without_a_board_or_a_note_has_its_page(client, animateur):
    client.force_login(animateur)
    for atelier, phrase in [
        (AtelierFactory(), "pas encore de tableau"),
        (AtelierFactory(axes=1), "Aucun post-it pour le moment sur ce tableau"),
    ]:
        page = client.get(reverse("reunions:atelier_resultats", args=[atelier.reunion_id]))
        assert phrase in page.content.decode()
        assert "Vous êtes seuls" in page.content.decode()


def _csv(client, atelier, quoi):
    reponse = client.get(reverse("reunions:atelier_resultats_csv", args=[atelier.reunion_id, quoi]))
    return b"".join(reponse.streaming_content).decode("utf-8-sig").splitlines()


def test_files_hold_the_figures_and_neutralise_formulas(client):
    atelier = atelier_de((1, 0), phase="clos")
    axe = atelier.axes.get()
    PostItFactory(axe=axe, texte='=HYPERLINK("x")', couleur="jaune")
    assert _csv(client, atelier, "chiffres") == [
        "axe;rang;classe;part_court_terme;categorie;rose;jaune;total",
        "Axe 0;1;faible différence;50,0;;1;1;2",
        "Axe 0;;;;Sans catégorie;1;1;2",
    ]
    assert _csv(client, atelier, "postits") == [
        "axe;categorie;couleur;texte",
        "Axe 0;;rose;Idée rose 0",
        'Axe 0;;jaune;"\'=HYPERLINK(""x"")"',
    ]


def _deux_ateliers():
    """Two workshops given back, a third still writing; one board bears the same name with other accents."""
    for annees, nom, comptes, phase in [
        (2, "Mise en réseaux", (2, 1), "clos"),
        (1, "MISE EN RESEAUX", (1, 2), "restitution"),
        (0, "Mise en réseaux", (5, 5), "ecriture"),
    ]:
        atelier = AtelierFactory(phase=phase, reunion__debut=timezone.now() - timedelta(days=365 * annees))
        remplir(AxeFactory(atelier=atelier, nom=nom), *comptes)
        remplir(AxeFactory(atelier=atelier, nom=f"Seul {annees}", ordre=1), 4, 0)


def test_boards_of_one_name_are_followed_across_the_workshops_given_back():
    _deux_ateliers()
    comparaison = comparer(Atelier.objects.rendus())
    assert [ligne.nom for ligne in comparaison.lignes] == ["MISE EN RESEAUX", "Seul 2", "Seul 1"]
    reseau, seul = comparaison.lignes[:2]
    assert [(r.pourcent, r.rang) for r in reseau.resultats] == [(Decimal("66.7"), 2), (Decimal("33.3"), 2)]
    assert [resultat and resultat.rang for resultat in seul.resultats] == [1, None]
    assert [point.avant is None for point in reseau.points] == [True, False]
    assert reseau.points[0].y < reseau.points[1].y
    assert reseau.description == "66,7 % à court terme, puis 33,3 % à court terme"


def test_the_comparison_shows_nothing_that_the_reader_may_not_see(client):
    adresse = reverse("reunions:comparaison")
    assert "Aucun atelier" in client.get(adresse).content.decode()
    _deux_ateliers()
    Reunion.objects.filter(atelier__phase="restitution").update(audience="invites")
    page = client.get(adresse).content.decode()
    assert "66,7&nbsp;%" in page
    assert "33,3&nbsp;%" not in page
    assert "Seul 0" not in page


@pytest.mark.parametrize("taille", [1, 9])
def test_the_comparison_takes_as_many_queries_whatever_the_workshops(taille, client, django_assert_num_queries):
    for _ in range(taille):
        atelier_de((2, 1), (1, 0), phase="clos")
    adresse = reverse("reunions:comparaison")
    client.get(adresse)
    with django_assert_num_queries(4):
        client.get(adresse)


def test_long_names_are_drawn_in_lines_that_a_phone_holds():
    atelier = AtelierFactory()
    AxeFactory(atelier=atelier, nom="Promotion et développement de partenariats")
    AxeFactory(atelier=atelier, nom="x" * 120, ordre=1)
    vue = vue_d_ensemble(calculer(atelier))
    assert [mots for _, mots in vue.barres[0].lignes] == ["Promotion et développement", "de partenariats"]
    assert all(len(mots) <= 28 for barre in vue.barres for _, mots in barre.lignes)
    assert vue.barres[1].lignes[0][0] > vue.barres[0].y_barre
    assert vue.hauteur > vue.barres[1].y_barre


@pytest.mark.parametrize(("phase", "dit"), [("regroupement", False), ("restitution", True), ("clos", True)])
def test_the_page_of_the_meeting_leads_to_the_results_once_given_back(phase, dit, client):
    atelier = AtelierFactory(phase=phase)
    page = client.get(reverse("reunions:reunion_detail", args=[atelier.reunion_id])).content.decode()
    assert (reverse("reunions:atelier_resultats", args=[atelier.reunion_id]) in page) is dit
