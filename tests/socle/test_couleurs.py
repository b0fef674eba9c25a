"""The hub's colour: whatever it is, what is drawn from it can be read."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from pole_ess.socle import couleurs
from pole_ess.socle.models.reglages import valider_couleur

JETONS = (Path(__file__).parents[2] / "static/css/jetons.css").read_text()


def rapport(une, autre):
    return couleurs.contraste(couleurs.rvb(une), couleurs.rvb(autre))


def test_contraste_est_celui_de_wcag():
    assert rapport("#000000", "#ffffff") == pytest.approx(21)
    assert rapport("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("teinte", ["#7a1b39", "#123456", "#5a2d0c", "#444444", "#000000", "#0000c0", "#b00000"])
def test_tout_ce_qui_en_est_tire_se_lit(teinte):
    valider_couleur(teinte)
    claires, sombres = couleurs.claires(teinte), couleurs.sombres(teinte)
    assert rapport(claires.on_teal, claires.teal) >= 7
    for encre in (claires.teal, claires.teal_dark):
        assert min(rapport(encre, fond) for fond in ("#ffffff", "#fbfaf6", claires.teal_wash)) >= 7
    assert rapport(sombres.on_teal, sombres.teal) >= 7
    for encre in (sombres.teal, sombres.teal_dark):
        assert min(rapport(encre, fond) for fond in ("#14191e", "#1d242b", sombres.teal_wash)) >= 7


@pytest.mark.parametrize("rang", [0, 1])
def test_la_couleur_de_la_maison_est_celle_de_la_feuille_de_style(rang):
    """`DESSINEES` and jetons.css say the same: mails and pages cannot part."""
    schemas = re.split(r"prefers-color-scheme: dark", JETONS)
    lus = dict(re.findall(r"--(teal|teal-dark|teal-wash|on-teal): (#\w+);", schemas[rang]))
    nuances = couleurs.DESSINEES[rang]
    tires = (nuances.teal, nuances.teal_dark, nuances.teal_wash, nuances.on_teal)
    assert tuple(lus[nom] for nom in ("teal", "teal-dark", "teal-wash", "on-teal")) == tires


@pytest.mark.parametrize("faute", ["0b5c5a", "#0b5c5", "rouge", "#0b5c5a;}", "", "#00000g"])
def test_ce_qui_n_est_pas_une_couleur_est_refuse(faute):
    with pytest.raises(ValidationError, match="six chiffres"):
        valider_couleur(faute)


def test_trop_claire_le_message_donne_la_plus_proche():
    with pytest.raises(ValidationError, match=r"3,8 pour 1.*#b00000"):
        valider_couleur("#ff0000")
    valider_couleur("#b00000")
