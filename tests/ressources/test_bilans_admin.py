"""The staff's table of all structures, its file, and the coefficients."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from ressources.models import CoefficientEstime
from tests.factories.bilans import CoefficientEstimeFactory
from tests.factories.ressources import AnnonceFactory, CategorieFactory

from .test_bilans import PARIS, echange, pret
from .test_bilans_pages import au_jour, lire, tableau

__all__ = ["au_jour"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("au_jour")]
PAGE, FICHIER = "/admin/ressources/bilan/structures/", "/admin/ressources/bilan/structures.csv"


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


def test_toutes_les_structures_une_ligne_par_base(equipe):
    CoefficientEstimeFactory(genre="euros_pret", valeur=Decimal(1))
    offre = AnnonceFactory(structure__nom="Le Verger")
    relation = echange(offre, heures=Decimal("2.5"))
    echange(offre, deux=False, heures=Decimal(4))
    pret(AnnonceFactory(structure=offre.structure), duree=2)
    lignes = {nom: cellules[:5] for nom, cellules in tableau(lire(equipe, PAGE), "bilans").items()}
    assert lignes["Le Verger : donné, dit par les deux"] == ["1", "2,5", "–", "–", "1"]
    assert lignes["Le Verger : donné, dit par une seule"] == ["1", "4", "–", "–", "–"]
    assert lignes["Le Verger : donné, estimé"] == ["–", "–", "2", "–", "–"]
    assert lignes[f"{relation.structure.nom} : reçu, dit par les deux"] == ["1", "2,5", "–", "–", "–"]
    assert "6,5" not in str(lignes)
    assert "Total" not in lignes


def test_le_fichier_de_toutes(equipe):
    offre = AnnonceFactory(structure__nom="=Verger()", structure__slug="verger")
    echange(offre, heures=Decimal("2.5"), quand=datetime(2025, 1, 1, tzinfo=PARIS))
    offre.publiee_le = datetime(2025, 1, 1, tzinfo=PARIS)
    offre.save()
    reponse = equipe.get(FICHIER, {"annee": "2025"})
    octets = reponse.getvalue()
    assert octets.startswith(b"\xef\xbb\xbf")
    lignes = list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    siennes = next(ligne for ligne in lignes if ligne["Fiche"] == "verger")
    assert (siennes["Structure"], siennes["Côté"], siennes["Base"], siennes["Heures (h)"]) == (
        "'=Verger()", "donné", "dit par les deux", "2,50",
    )  # fmt: skip
    assert reponse["Content-Disposition"] == 'attachment; filename="bilans-2025.csv"'


@pytest.mark.parametrize("annee", ["1999", "2027", "x", "9" * 5000, "", "20\u202e26"])
def test_une_annee_fausse_est_dite(equipe, annee):
    texte = lire(equipe, PAGE, annee=annee)
    assert ("Cette année n'existe pas : voici 2026." in texte) == bool(annee)
    assert "Bilans 2026 des structures" in texte
    assert equipe.get(FICHIER, {"annee": annee}).status_code == 200


@pytest.mark.parametrize("nombre", [1, 33])
def test_requetes_de_la_page(equipe, nombre, django_assert_num_queries):
    for _ in range(nombre):
        echange(AnnonceFactory(), heures=Decimal(1))
    lire(equipe, PAGE)
    with django_assert_num_queries(19):
        texte = lire(equipe, PAGE)
    assert ("Page 1 sur 3" in texte) == (nombre == 33)


@pytest.mark.parametrize("role", ["referent", "sans_groupe"])
def test_l_equipe_seule(client, referent, role):
    if role == "sans_groupe":
        referent.is_staff = True
        referent.save()
    client.force_login(referent)
    for adresse in (PAGE, FICHIER, reverse("admin:ressources_coefficientestime_changelist")):
        assert client.get(adresse).status_code in (302, 403)


# -- coefficients


AJOUT = "/admin/ressources/coefficientestime/add/"
SAISIE = {"genre": "kilos_objet", "categorie": "", "valeur": "2,5", "du": "01/01/2026", "au": "", "source": "Étude",
          "source_url": "example.org/etude"}  # fmt: skip


def test_l_equipe_ecrit_un_coefficient(equipe):
    assert equipe.post(AJOUT, SAISIE).status_code == 302
    coefficient = CoefficientEstime.objects.get()
    assert (coefficient.valeur, coefficient.du) == (Decimal("2.5"), date(2026, 1, 1))
    assert coefficient.source_url == "https://example.org/etude"
    texte = lire(equipe, "/admin/ressources/coefficientestime/")
    assert "2,5 kg par objet" in texte


@pytest.mark.parametrize(
    ("faux", "dit"),
    [
        ({"du": "15/03/2026"}, "Un autre coefficient vaut déjà pour la même chose à ces dates"),
        ({"source": ""}, "obligatoire"),
        ({"source_url": "javascript:alert(1)"}, "URL"),
        ({"valeur": "0"}, "supérieure ou égale"),
        ({"du": "01/01/2030", "au": "01/01/2029"}, "Le dernier jour vient après le premier."),
        ({"valeur": "NaN"}, "nombre"),
    ],
    ids=str,
)
def test_ce_qui_est_refuse_est_dit_et_garde(equipe, faux, dit):
    CoefficientEstimeFactory(du=date(2026, 3, 1))
    reponse = equipe.post(AJOUT, SAISIE | {"au": "31/12/2027"} | faux)
    assert reponse.status_code == 200
    texte = reponse.content.decode().replace("&#x27;", "'")
    assert dit in texte
    assert next(iter(faux.values())) in texte
    assert CoefficientEstime.objects.count() == 1


def test_une_categorie_qui_sert_ne_se_supprime_pas(equipe):
    categorie = CategorieFactory()
    CoefficientEstimeFactory(categorie=categorie)
    reponse = equipe.post(reverse("admin:ressources_categorie_delete", args=[categorie.pk]), {"post": "yes"})
    assert reponse.status_code == 200
    assert CoefficientEstime.objects.get().categorie == categorie
