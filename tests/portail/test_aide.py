"""Help: every anchor exists, every link leads somewhere, every picture is described; staff pages stay staff's."""

import re

import pytest
from django.conf import settings
from django.template import engines
from PIL import Image

from pole_ess.portail.aide import contextes, pages
from pole_ess.portail.aide.markdown import lire

pytestmark = pytest.mark.django_db
GABARITS = settings.BASE_DIR / "templates"


def test_chaque_formulaire_difficile_mene_a_une_ancre(client, animateur):
    client.force_login(animateur)
    for cle in [*contextes.PUBLIQUES, *contextes.EQUIPE]:
        renvoi = contextes.renvoi(cle)
        adresse, _, ancre = renvoi.url.partition("#")
        reponse = client.get(adresse)
        assert reponse.status_code == 200, cle
        assert f' id="{ancre}"' in reponse.content.decode(), cle
        assert renvoi.resume and len(renvoi.resume) <= contextes.RESUME_MAX + 4, cle


def test_chaque_cle_est_employee_et_connue():
    employees = {
        cle for gabarit in GABARITS.rglob("*.html") for cle in re.findall(r'{% aide "(\w+)" %}', gabarit.read_text())
    }
    assert employees == {*contextes.PUBLIQUES, *contextes.EQUIPE}


def test_une_cle_inconnue_est_une_erreur():
    with pytest.raises(KeyError):
        engines["django"].from_string('{% load aide %}{% aide "perdue" %}').render()


def test_l_aide_est_a_cote_du_formulaire(client):
    html = client.get("/annuaire/proposer/").content.decode()
    assert "Besoin d'aide ?" in html and "/aide/proposer-une-structure/#ce-qu-il-faut-remplir" in html


def test_chaque_page_a_un_groupe_un_titre_et_un_resume(client):
    toutes = pages.pages().values()
    assert {p.groupe for p in toutes} == set(pages.GROUPES.values())
    accueil = client.get("/aide/").content.decode()
    for p in toutes:
        assert p.titre.endswith("?") and p.document.resume and p.document.sections, p.slug
        assert f'href="{p.get_absolute_url()}"' in accueil
        html = client.get(p.get_absolute_url()).content.decode()
        assert html.count("<h1>") == 1 and "<script>" not in html


def test_les_liens_de_l_aide_menent_quelque_part(client, animateur):
    client.force_login(animateur)
    textes = [p.document.html for p in pages.pages().values()] + [pages.guide().html]
    liens = {lien for texte in textes for lien in re.findall(r'href="([^"]+)"', texte)}
    assert "/annuaire-papier/" in liens
    for lien in liens:
        assert lien.startswith("/"), lien
        assert client.get(lien).status_code == 200, lien


def test_le_sommaire_du_guide(client, animateur):
    client.force_login(animateur)
    html = client.get("/aide/equipe/").content.decode()
    ancres = re.findall(r'<li><a href="#([^"]+)"', html)
    assert len(ancres) == len(set(ancres)) > 20
    for ancre in ancres:
        assert f'<h2 id="{ancre}"' in html


def test_les_images_du_guide_sont_decrites_et_servies(client, animateur, referent):
    images = re.findall(r"<img ([^>]*)>", pages.guide().html)
    assert len(images) >= 6
    client.force_login(animateur)
    for balise in images:
        attributs = dict(re.findall(r'(\w+)="([^"]*)"', balise))
        assert len(attributs["alt"]) > 25, attributs["src"]
        reponse = client.get(attributs["src"])
        assert reponse.status_code == 200 and reponse["Content-Type"] == "image/webp"
        assert len(reponse.content) < 120_000, "too heavy"
    fichiers = list((pages.DOSSIER / "guide").iterdir())
    assert sorted(f.name for f in fichiers) == sorted(re.findall(r'images/([^"]+)"', pages.guide().html))
    with Image.open(fichiers[0]) as image:
        assert image.width <= 1280
    client.force_login(referent)
    assert client.get(attributs["src"]).status_code == 403


@pytest.mark.parametrize("nom", ["..%2Fstaff-guide.fr.md", "perdue.webp", "accueil-equipe.png"])
def test_une_image_inconnue(client, animateur, nom):
    client.force_login(animateur)
    assert client.get(f"/aide/equipe/images/{nom}").status_code == 404


@pytest.mark.parametrize(
    ("q", "slug"),
    [
        ("desabonner", "recevoir-la-lettre"),
        ("CODE six lettres", "participer-a-un-atelier"),
        ("clavier", "accessibilite"),
    ],
)
def test_chercher_dans_l_aide(client, q, slug):
    html = client.get("/aide/", {"q": q}).content.decode()
    assert f'href="/aide/{slug}/"' in html


def test_chercher_en_vain(client):
    html = client.get("/aide/", {"q": "<script>zz"}).content.decode()
    assert "Rien dans l'aide ne contient ces mots" in html and "<script>zz" not in html


def test_le_markdown():
    document = lire("# Titre\n\nResumé.\n\n## L'été\n\nUn `code`.\n\n## L'été\n\n| A |\n|-|\n| <b x=x>1</b> |\n")
    assert document.titre == "Titre" and document.resume == "Resumé."
    assert [s.ancre for s in document.sections] == ["l-ete", "l-ete-2"]
    assert document.sections[0].resume == "Un code."
    assert '<th scope="col">A</th>' in document.html and "<b " not in document.html and "<h1" not in document.html


def test_une_image_absente_du_dossier_est_une_erreur():
    with pytest.raises(FileNotFoundError):
        lire("![Rien](guide/perdue.webp)", image=lambda nom: None)


def test_l_aide_est_dans_le_menu_et_le_pied(client):
    assert client.get("/").content.decode().count('href="/aide/"') == 2
