"""Bars: their geometry, what is refused, and the drawing itself."""

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from pole_ess.socle.graphiques import GraphiqueBarres, Serie
from pole_ess.socle.tableaux import Tableau
from pole_ess.socle.templatetags.francais import chiffre


def graphique(*series, etiquettes=("janv. 2026", "févr. 2026"), **reste):
    return GraphiqueBarres("essai", "Un titre", "Une description", etiquettes, series, **reste)


def test_la_plus_longue_barre_laisse_la_place_de_son_chiffre():
    un, deux = graphique(Serie("Offres", (5, 20)), Serie("Besoins", (0, 10))).groupes
    assert [(b.x, b.y, b.largeur, b.bout) for b in un.barres] == [
        ("33.00%", 2, "12.50%", "45.50%"), ("33.00%", 24, "0.00%", "33.00%"),
    ]  # fmt: skip
    assert [(b.y, b.largeur, b.bout) for b in deux.barres] == [(60, "50.00%", "83.00%"), (82, "25.00%", "58.00%")]


def test_la_hauteur_tient_toutes_les_barres():
    for etiquettes in [("mars", "avril", "mai"), ("Artistes et intervenants", "Locaux", "Formations")]:
        dessin = graphique(Serie("A", (1, 2, 3)), Serie("B", (3, 2, 1)), etiquettes=etiquettes)
        dernier = dessin.groupes[-1]
        assert dernier.barres[-1].y + 16 <= dessin.hauteur
        assert dernier.y <= dessin.hauteur


def test_les_etiquettes_longues_sont_au_dessus_des_barres():
    dessin = graphique(Serie("A", (1, 2)), etiquettes=("Artistes et intervenants", "Locaux"))
    assert not dessin.a_cote
    for groupe in dessin.groupes:
        assert groupe.y < groupe.barres[0].y
        assert groupe.barres[0].x == "0.00%"
    assert graphique(Serie("A", (1, 2))).a_cote


def test_chaque_serie_a_son_motif():
    dessin = graphique(*[Serie(nom, (1, 1)) for nom in "ABCD"])
    assert [motif for motif, _ in dessin.legende] == ["plein", "raye", "pointille", "vide"]
    assert graphique(Serie("Court terme", (1, 2), motif="raye")).legende == [("raye", "Court terme")]


def test_rien_a_montrer():
    assert graphique(Serie("A", ()), etiquettes=()).groupes == []
    assert {b.largeur for g in graphique(Serie("A", (0, None))).groupes for b in g.barres} == {"0.00%"}


@pytest.mark.parametrize(
    "series",
    [
        (),
        (Serie("A", (1,)),),
        (Serie("A", (1, -1)),),
        (Serie("A", (1, 1), motif="rose"),),
        tuple(Serie(nom, (1, 1)) for nom in "ABCDE"),
    ],
)
def test_ce_qui_n_est_pas_un_graphique_est_refuse(series):
    with pytest.raises(ValueError):
        graphique(*series)


def test_le_dessin_se_lit_sans_couleur():
    dessin = graphique(Serie("Offres <b>", (1250, None)), Serie("Besoins", (Decimal("2.50"), 0)), unite="kg")
    html = render_to_string("components/_graphique_barres.html", {"graphique": dessin})
    assert 'role="img" aria-labelledby="essai-titre essai-texte"' in html
    assert '<title id="essai-titre">Un titre</title>' in html
    assert '<desc id="essai-texte">Une description</desc>' in html
    textes = [t.replace("\u00a0", " ") for t in re.findall(r"<text[^>]*>([^<]*)</text>", html)]
    assert [t.replace("&nbsp;", " ") for t in textes] == [
        "janv. 2026", "1 250 kg", "2,5 kg", "févr. 2026", "–", "0 kg",
    ]  # fmt: skip
    motifs = re.findall(r'<rect class="barre[^>]* width="5?[\d.]+%"[^>]*fill="url\(#([^)]*)\)"', html)
    assert motifs == ["essai-plein", "essai-raye"]
    assert set(re.findall(r"url\(#([^)]*)\)", html)) <= set(re.findall(r'<pattern id="([^"]*)"', html))
    assert "style=" not in html
    assert "Offres &lt;b&gt;" in html
    assert not re.search(r'(?:width|x)="\d+,\d', html)  # SVG reads no comma


def test_un_tableau_de_chiffres():
    lignes = (("Prêts", (1200, None)), ("Dons", ("moins de 5", 2)))
    tableau = Tableau("t", "Titre", ("Quoi", "A", "B"), lignes, total=(1202, 2), note="Une note.")
    html = re.sub(r"\s+", " ", render_to_string("components/_tableau.html", {"tableau": tableau}))
    assert '<caption id="tableau-t">Titre</caption>' in html
    assert '<th scope="row">Prêts</th><td>1 200</td><td>–</td>' in html
    assert "<td>moins de 5</td><td>2</td>" in html
    assert '<th scope="row">Total</th><td>1 202</td>' in html
    assert '<p class="meta">Une note.</p>' in html


def test_le_tableur_recoit_des_virgules():
    lignes = (("Prêts", (Decimal("12.50"), 3, None, 1.5, "=1+1")),)
    assert list(Tableau("t", "T", ("Q",), lignes).pour_tableur()) == [["Prêts", "12,50", 3, None, "1,5", "=1+1"]]


@pytest.mark.parametrize(
    ("valeur", "dit"),
    [(0, "0"), (1204, "1\u00a0204"), (None, "–"), ("moins de 5", "moins de 5"), (Decimal("12.50"), "12,5"),
     (Decimal("1200.00"), "1\u00a0200"), (Decimal("100"), "100"), (1.0, "1"), (Decimal("0.05"), "0,05")],
)  # fmt: skip
def test_un_chiffre_en_clair(valeur, dit):
    assert chiffre(valeur) == dit
