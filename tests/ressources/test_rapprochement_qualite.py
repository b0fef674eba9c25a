"""Is the engine right? Precision and recall on the labelled set, against plain full text. Run with -s to read them."""

import pytest

from ressources.rapprochement import chercher_tous
from tests.ressources import jeu_rapprochements as jr

pytestmark = pytest.mark.django_db


@pytest.fixture
def jeu():
    return jr.charger_le_jeu()


def moteur(jeu):
    trouves = chercher_tous(list(jeu.besoins.values()), limite=jr.LIMITE)
    return lambda besoin: [accord.annonce.pk for accord in trouves[besoin.pk] if accord.annonce]


def test_le_jeu_est_assez_grand_et_ses_moities_ne_se_melent_pas():
    besoins, offres = jr.lire("besoins"), jr.lire("offres")
    cles = {offre["cle"] for offre in offres}
    assert len(besoins) >= 70 and len(offres) >= 120
    assert {b["nature"] for b in besoins} == {o["nature"] for o in offres} and len({o["nature"] for o in offres}) == 8
    assert sum(not b["bonnes"] for b in besoins) >= 8
    for besoin in besoins:
        assert set(besoin["bonnes"].split()) | set(besoin["passables"].split()) <= cles, besoin["cle"]
    justes = {m: {o for b in besoins if b["moitie"] == m for o in b["bonnes"].split()} for m in ("reglage", "controle")}
    assert not justes["reglage"] & justes["controle"]


def test_le_moteur_bat_le_plein_texte(jeu):
    repondre = moteur(jeu)
    mesures = {}
    for moitie in ("reglage", "controle"):
        print(f"\n{moitie}")
        mesures[moitie] = {
            "engine": jr.mesurer(jeu, moitie, repondre),
            "full text": jr.mesurer(jeu, moitie, jr.plein_texte),
            "full text, same nature": jr.mesurer(jeu, moitie, lambda b: jr.plein_texte(b, meme_nature=True)),
        }
        for nom, mesure in mesures[moitie].items():
            print(f"  {nom:24}{mesure}")
        print(*jr.fautes(jeu, moitie, repondre), sep="\n") if moitie == "reglage" else None
    tenue = mesures["controle"]
    assert tenue["engine"].precision >= 0.7 and tenue["engine"].rappel >= 0.9 and tenue["engine"].mrr >= 0.9
    for autre in ("full text", "full text, same nature"):
        assert tenue["engine"].precision > tenue[autre].precision
        assert tenue["engine"].rappel > tenue[autre].rappel
        assert tenue["engine"].mrr > tenue[autre].mrr
