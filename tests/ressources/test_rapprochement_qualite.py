"""Is the engine right? Precision and recall on the labelled set, against plain full text. Run with -s to read them."""

from contextlib import contextmanager

import pytest

from ressources.rapprochement import chercher_tous, lexique
from tests.ressources import jeu_rapprochements as jr

pytestmark = pytest.mark.django_db


@pytest.fixture
def jeu():
    return jr.charger_le_jeu()


def moteur(jeu):
    trouves = chercher_tous(list(jeu.besoins.values()), limite=jr.LIMITE)
    return lambda besoin: [accord.annonce.pk for accord in trouves[besoin.pk] if accord.annonce]


@pytest.fixture
def sans_synonymes(monkeypatch, tmp_path):
    """`with sans_synonymes():` the engine knows the banal words only: what the list of synonyms is worth."""

    @contextmanager
    def couper():
        lignes = lexique.FICHIER.read_text(encoding="utf-8").splitlines()
        coupe = tmp_path / "vocabulaire.csv"
        coupe.write_text("\n".join(ligne for ligne in lignes if not ligne.startswith("meme,")), encoding="utf-8")
        with monkeypatch.context() as m:
            m.setattr(lexique, "FICHIER", coupe)
            lexique.vocabulaire.cache_clear()
            yield
        lexique.vocabulaire.cache_clear()

    return couper


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


def test_le_moteur_bat_le_plein_texte(jeu, sans_synonymes):
    repondre = moteur(jeu)
    with sans_synonymes():
        nu = moteur(jeu)
    mesures = {}
    for moitie in ("reglage", "controle"):
        print(f"\n{moitie}")
        mesures[moitie] = {
            "engine": jr.mesurer(jeu, moitie, repondre),
            "engine, no synonyms": jr.mesurer(jeu, moitie, nu),
            "full text": jr.mesurer(jeu, moitie, jr.plein_texte),
            "full text, same nature": jr.mesurer(jeu, moitie, lambda b: jr.plein_texte(b, meme_nature=True)),
        }
        for nom, mesure in mesures[moitie].items():
            print(f"  {nom:24}{mesure}")
    print(*jr.fautes(jeu, "reglage", repondre), sep="\n")
    tenue = mesures["controle"]
    assert tenue["engine"].precision >= 0.7 and tenue["engine"].rappel >= 0.9 and tenue["engine"].mrr >= 0.9
    for autre in ("full text", "full text, same nature"):
        assert tenue["engine"].precision > tenue[autre].precision
        assert tenue["engine"].rappel > tenue[autre].rappel
        assert tenue["engine"].mrr > tenue[autre].mrr
