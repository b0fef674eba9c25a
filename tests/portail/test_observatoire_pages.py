"""The observatory as it is read: pages, files, the report; bad years, what it costs."""

import csv
import io
import re
from html import unescape

import page as validateur
import pikepdf
import pytest
from django.core.cache import cache
from django.urls import reverse

from annuaire.models import Activite
from pole_ess.portail.observatoire.chapitres import CHAPITRES, MESURES
from pole_ess.portail.views import observatoire as vues
from pole_ess.socle.models import ReglagesPole
from tests.factories import CommuneFactory
from tests.factories.ressources import AnnonceFactory

from .observatoire import Monde, structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def monde(monkeypatch):
    monde = Monde(monkeypatch)
    forum = monde.rencontre(3, personnes=4, structures=[monde.coop, monde.amicale], titre="Forum")
    monde.atelier(forum, **{"Mise en réseau": (2, 1), "Outils *[de] #tous": (0, 1)})
    AnnonceFactory.create_batch(2, structure=monde.coop)
    return monde


def lire(client, adresse, **parametres) -> str:
    reponse = client.get(adresse, parametres)
    assert reponse.status_code == 200, adresse
    return re.sub(r"\s+", " ", unescape(reponse.content.decode()))


def chapitre(client, cle, **parametres) -> str:
    return lire(client, reverse("observatoire_chapitre", args=[cle]), **parametres)


def fichier(client, cle, **parametres) -> list[list[str]]:
    reponse = client.get(reverse("observatoire_csv", args=[cle]), parametres)
    assert reponse.status_code == 200
    assert reponse.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))


# -- pages


def test_l_annee_en_bref(client, monde):
    texte = lire(client, reverse("observatoire"))
    reperes = re.findall(
        r"<dt><a href=\"([^\"]*)\">([^<]*)</a></dt><dd>([^<]*?)(?: <span class=\"meta\">([^<]*)</span>)?</dd>", texte
    )
    assert [repere[1:] for repere in reperes] == [
        ("Structures", "4", "2 domaines"),
        ("Communes", "3", "où sont 3 structures"),
        ("Bénévoles", "15", "dits par 2 structures sur 4"),
        ("Emplois (ETP)", "14,5", "dits par 3 structures sur 4"),
        ("Offres parues", "2", "et 0 pourvue"),
        ("Rencontre", "1", "2 structures y sont venues"),
    ]
    assert "Chiffres relevés le mercredi 25 novembre 2026 à 12 h." in texte.replace("\xa0", " ")
    for adresse, *_ in reperes:
        assert client.get(adresse).status_code == 200
    assert texte.count("rapport.pdf") == 2
    assert reverse("ressources:chiffres") in texte


def test_chaque_graphique_a_ses_chiffres_en_tableau(client, monde):
    for cle in CHAPITRES:
        for annee in ("2026", "2025", "toutes"):
            texte = chapitre(client, cle, annee=annee)
            for morceau in texte.split('<section class="section" id="')[1:]:
                if "<svg" in morceau:
                    assert "<table" in morceau, (cle, annee)
                    assert "Télécharger (CSV)" in morceau
                assert ("<table" in morceau) != ('<p class="vide">' in morceau)
            ids = re.findall(r'\bid="([^"]*)"', texte)
            assert len(ids) == len(set(ids)), (cle, annee)


def test_le_lien_du_pied_mene_a_l_observatoire(client):
    assert f'<a href="{reverse("observatoire")}">En chiffres</a>' in client.get("/mentions-legales/").content.decode()


def test_un_pole_vide(client):
    assert "Il n'y a encore rien à compter" in lire(client, reverse("observatoire"))
    for cle in CHAPITRES:
        for annee in ("", "toutes"):
            texte = chapitre(client, cle, annee=annee)
            assert 'class="vide"' in texte
            assert "graphique-valeur" not in texte


@pytest.mark.parametrize("annee", ["0", "99999", "2024", "-1", "NaN", "٢٠٢٦", "9" * 5000, "2026.0", "<b>"])
def test_une_annee_impossible_est_dite(client, monde, annee):
    texte = lire(client, reverse("observatoire"), annee=annee)
    assert "Il n'y a pas de chiffres pour cette année : voici 2026." in texte
    assert "<h1>2026 en chiffres</h1>" in texte
    assert fichier(client, "formes", annee=annee) == fichier(client, "formes")


@pytest.mark.parametrize(
    "adresse",
    ["inconnu/", "inconnue.csv", "0/rapport.pdf", "99999/rapport.pdf", f"{'9' * 5000}/rapport.pdf", "2024/rapport.pdf",
     "-1/rapport.pdf", "quoi", "emplois.csv"],
)  # fmt: skip
def test_une_adresse_qui_ne_mene_a_rien(client, monde, adresse):
    assert client.get(f"/observatoire/{adresse}").status_code in (301, 404)
    assert client.get(f"/observatoire/{adresse}", follow=True).status_code in (200, 404)


def test_un_nul_est_refuse_en_francais(client, monde):
    for adresse in ("?annee=%00", "%00/", "quoi/?annee=%00", "formes.csv?annee=%00"):
        reponse = client.get(f"/observatoire/{adresse}")
        assert reponse.status_code == 400
        assert 'lang="fr"' in reponse.content.decode()


def test_tout_autre_verbe_est_refuse(client, monde):
    for adresse in ("", "quoi/", "formes.csv", "2026/rapport.pdf"):
        assert client.post(f"/observatoire/{adresse}").status_code == 405


# -- files


def test_le_fichier_dit_les_memes_chiffres_que_la_page(client, monde):
    texte = chapitre(client, "qui")
    tableau = re.search(r'id="tableau-communes">.*?</table>', texte)[0]
    lues = [[nom, *re.findall(r"<td>([^<]*)</td>", reste)]
            for nom, reste in re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', tableau)]  # fmt: skip
    entetes, *lignes = fichier(client, "communes")
    assert entetes == [
        "Commune", "Structures", "Emplois (ETP)", "Structures qui disent leurs emplois", "Bénévoles",
        "Structures qui disent leurs bénévoles", "Années comptées", "Relevé le",
    ]  # fmt: skip
    assert lignes[2] == ["Vichy (03310)", "1", "2,50", "1", "10", "1", "2026", "2026-11-25"]

    def en_page(cellule):
        return "–" if cellule == "" else re.sub(r",?0+$", "", cellule) if "," in cellule else cellule

    assert [[en_page(c) for c in ligne[:-2]] for ligne in lignes] == lues[:-1]  # the page has a total besides


def test_chaque_fichier_se_lit(client, monde):
    for cle in MESURES:
        for annee in ("2026", "2025", "toutes"):
            entetes, *lignes = fichier(client, cle, annee=annee)
            assert len(entetes) == len(set(entetes)), cle
            assert {len(ligne) for ligne in lignes} <= {len(entetes)}, cle
            assert {ligne[-2] for ligne in lignes} <= {{"toutes": "2025-2026"}.get(annee, annee)}


def test_une_formule_n_est_pas_executee(client, monde):
    Activite.objects.filter(slug="culture").update(nom="=1+1")
    assert fichier(client, "activites")[1][0] == "'=1+1"


def test_un_fichier_deja_lu_n_est_pas_envoye_de_nouveau(client, monde):
    adresse = reverse("observatoire_csv", args=["formes"])
    premiere = client.get(adresse)
    assert premiere["Link"] == '<https://www.etalab.gouv.fr/licence-ouverte-open-licence/>; rel="license"'
    assert client.get(adresse, headers={"if-none-match": premiere["ETag"]}).status_code == 304
    cache.clear()
    structure(forme_juridique="association")
    assert client.get(adresse, headers={"if-none-match": premiere["ETag"]}).status_code == 200


# -- the report


def genres(noeud):
    for enfant in noeud if isinstance(noeud, pikepdf.Array) else [noeud]:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            yield str(enfant.S), str(enfant.get("/Alt", ""))
            if "/K" in enfant:
                yield from genres(enfant.K)


def rapport(client, annee):
    reponse = client.get(reverse("observatoire_rapport", args=[annee]))
    assert reponse.status_code == 200
    dit = validateur.validate_pdf_bytes(reponse.content, profile=validateur.ValidationProfile.PDF_UA_1)
    assert dit.is_compliant, list(dit.failures)
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        return str(pdf.docinfo.Title), str(pdf.Root.Lang), list(genres(pdf.Root.StructTreeRoot.K))


@pytest.mark.parametrize("annee", [2026, 2025])
def test_le_rapport_est_un_pdf_accessible(client, monde, annee):
    ReglagesPole(pk=1, territoire_nom="Vallée *[de] #la $Sioule 🍎", editeur="Le _pôle_").save()
    titre, langue, vus = rapport(client, annee)
    assert (titre, langue) == (f"L'économie sociale et solidaire en {annee}, Vallée *[de] #la $Sioule ", "fr-FR")
    alternatives = [alt for genre, alt in vus if genre == "/Figure"]
    assert all(alternatives) and len(alternatives) >= (9 if annee == 2026 else 4)
    noms = [genre for genre, _ in vus]
    assert noms.count("/H1") == len(CHAPITRES) + 1 + 1  # the method; the table of contents
    assert noms.count("/H2") == len(MESURES) + 1


def test_le_rapport_d_un_pole_vide(client):
    annee = vues.releves.lire_commun().annees[0]
    *_, vus = rapport(client, annee)
    assert not [genre for genre, _ in vus if genre == "/Figure"]


def test_un_rapport_deja_compose_ne_compte_pas(client, monde, monkeypatch):
    monkeypatch.setattr(vues, "RAPPORTS_MAX", 1)
    adresse = reverse("observatoire_rapport", args=[2026])
    premiere = client.get(adresse)
    assert premiere["Content-Disposition"] == 'attachment; filename="observatoire-2026.pdf"'
    assert client.get(adresse).content == premiere.content
    assert client.get(adresse, headers={"if-none-match": premiere["ETag"]}).status_code == 304
    assert client.get(reverse("observatoire_rapport", args=[2025])).status_code == 429


# -- what it costs


@pytest.mark.parametrize("adresse", ["", "qui/", "echanges/", "axes/?annee=toutes", "communes.csv"])
def test_une_page_lit_deux_lignes_quelle_que_soit_la_taille_du_pole(client, monde, adresse, nombre_de_requetes):
    def cout():
        cache.clear()
        client.get(f"/observatoire/{adresse}")
        return nombre_de_requetes(lambda: client.get(f"/observatoire/{adresse}"))

    petit = cout()
    for _ in range(12):
        nouvelle = structure(commune=CommuneFactory(), benevoles=2)
        nouvelle.activites.set(Activite.objects.all())
        AnnonceFactory(structure=nouvelle)
        monde.rencontre(5, personnes=3, structures=[nouvelle])
    assert cout() == petit <= 5


def test_compter_coute_autant_de_requetes_pour_un_grand_pole(monde, nombre_de_requetes):
    def cout():
        cache.clear()
        return nombre_de_requetes(lambda: vues.releves.lire(2026))

    petit = cout()
    for _ in range(12):
        monde.rencontre(5, personnes=3, structures=[structure(commune=CommuneFactory())])
    assert cout() == petit
