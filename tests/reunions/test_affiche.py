"""Posters: one accessible page whatever was typed, for whoever sees the meeting, naming nobody."""

import io

import page
import pikepdf
import pytest
from django.utils import timezone

from pole_ess.socle.documents import pdf
from pole_ess.socle.models import ReglagesPole
from reunions import affiche
from reunions.models import AnimateurReunion, Evenement, PointOrdreDuJour
from tests.factories import StructureFactory
from tests.factories.reunions import ReunionFactory

pytestmark = pytest.mark.django_db
HOSTILE = '#panic("x") ] $x$ *gras* <e> @r 😀 العربية ' + "Mississippi" * 20


def ouvrir(octets):
    assert page.validate_pdf_bytes(octets, profile=page.ValidationProfile.PDF_UA_1).is_compliant
    return pikepdf.open(io.BytesIO(octets))


@pytest.fixture
def reunion():
    reunion = ReunionFactory(titre="Par où commencer ?", accessible_pmr=True, jauge=60, acces="Bus C.")
    for rang in range(9):
        PointOrdreDuJour.objects.create(reunion=reunion, ordre=rang, titre=f"Point {rang}")
    AnimateurReunion.objects.create(reunion=reunion, nom="Une animatrice")
    return reunion


@pytest.mark.parametrize(("format_papier", "largeur"), [("a4", 595), ("a3", 842), ("gros", 595)])
def test_une_page_accessible(client, reunion, format_papier, largeur):
    reponse = client.get(f"/rencontres/{reunion.pk}/affiche.pdf", {"format": format_papier})
    assert reponse["Content-Disposition"] == f'attachment; filename="affiche-par-ou-commencer-{format_papier}.pdf"'
    with ouvrir(reponse.content) as lu:
        assert len(lu.pages) == 1
        assert round(float(lu.pages[0].MediaBox[2])) == largeur
        assert str(lu.Root.Lang) == "fr-FR"
        with lu.open_metadata() as meta:
            assert meta["dc:title"] == "Par où commencer ?"


def test_ce_que_dit_l_affiche(reunion):
    dit = affiche.de_la_rencontre(reunion, pole=ReglagesPole.actuels(), format="a4")
    assert dit["points"] == [f"Point {rang}" for rang in range(7)] and dit["reste"] == "et 2 autres points"
    assert dit["venir"] == ["Accessible en fauteuil", "Bus C.", "60 places"]
    assert dit["lien"] == f"http://testserver/rencontres/{reunion.pk}/"
    assert dit["qr"].startswith("<svg") and "Une animatrice" not in str(dit)


@pytest.mark.parametrize("format_papier", affiche.FORMATS)
def test_quoi_qu_on_ait_tape(reunion, format_papier):
    reunion.titre, reunion.lieu, reunion.adresse, reunion.acces = HOSTILE[:160], HOSTILE[:160], HOSTILE, HOSTILE * 3
    reunion.points.update(titre=HOSTILE[:200])
    with ouvrir(
        pdf("affiche", affiche.de_la_rencontre(reunion, pole=ReglagesPole.actuels(), format=format_papier))
    ) as lu:
        assert len(lu.pages) == 1


def test_pas_d_affiche_sans_date(client, animateur):
    client.force_login(animateur)
    sans_date = ReunionFactory(etat="brouillon", debut=None)
    assert client.get(f"/rencontres/{sans_date.pk}/affiche.pdf").status_code == 404
    assert "affiche.pdf" not in client.get(f"/rencontres/{sans_date.pk}/preparer/").content.decode()


def test_le_lien_est_sur_la_page_et_dans_preparer(client, animateur, reunion):
    lien = f'href="/rencontres/{reunion.pk}/affiche.pdf?format=gros"'
    assert lien in client.get(reunion.get_absolute_url()).content.decode()
    client.force_login(animateur)
    assert lien in client.get(f"/rencontres/{reunion.pk}/preparer/").content.decode()
    annulee = ReunionFactory(etat="annulee")
    assert "affiche.pdf" not in client.get(annulee.get_absolute_url()).content.decode()


def test_un_evenement_a_son_affiche(client):
    evenement = Evenement.objects.create(
        structure=StructureFactory(nom="Fanfare"),
        titre="Concert",
        debut=timezone.now(),
        etat="publie",
        publie_le=timezone.now(),
        tarif="5 €",
        description="Un concert. " * 60,
    )
    lien = f"/rencontres/evenements/{evenement.pk}/affiche.pdf"
    assert lien in client.get(evenement.get_absolute_url()).content.decode()
    with ouvrir(client.get(lien).content) as lu:
        assert len(lu.pages) == 1
    dit = affiche.de_l_evenement(evenement, pole=ReglagesPole.actuels(), format="a4")
    assert dit["invite"] == "Par Fanfare. Pour en savoir plus :" and dit["venir"] == ["Tarif : 5 €"]
