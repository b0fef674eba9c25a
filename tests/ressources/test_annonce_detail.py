"""The page of an announcement: for whom, in which state, at which address."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pole_ess.socle.images import nettoyer_image
from ressources import fiche
from ressources.models import PhotoAnnonce
from tests.factories.ressources import AnnonceFactory, BesoinFactory, CategorieFactory
from tests.images import image

pytestmark = pytest.mark.django_db


def texte(reponse):
    return re.sub(r"[ \n]+", " ", reponse.content.decode())


def test_la_page_dit_tout(client):
    annonce = AnnonceFactory(
        titre="Vidéoprojecteur", mode="location", prix=Decimal("1250.5"), prix_unite="week_end", caution=Decimal(80),
        categorie=CategorieFactory(nom="Projection"), etat_materiel="bon", quantite=3,
    )  # fmt: skip
    annonce.periodes.create(debut=timezone.localdate(), fin=timezone.localdate() + timedelta(days=2))
    page = texte(client.get(annonce.get_absolute_url()))
    for mot in [
        "<h1>Vidéoprojecteur</h1>",
        "Location, 1\u00a0250,50\u00a0€ le week-end, caution 80\u00a0€",
        annonce.structure.nom,
        "<dt>Catégorie</dt><dd>Projection</dd>",
        "<dt>Quantité</dt><dd>3</dd>",
        "bon état",
        'rel="canonical"',
        '"@type": "Offer"',
    ]:
        assert mot in page
    assert "noindex" not in page


def test_un_autre_titre_mene_a_la_bonne_adresse(client):
    annonce = AnnonceFactory(titre="Vingt chaises")
    reponse = client.get(f"/offres-et-besoins/{annonce.pk}-autre-chose/")
    assert reponse.status_code == 302
    assert reponse.url == annonce.get_absolute_url() == f"/offres-et-besoins/{annonce.pk}-vingt-chaises/"


def test_expiree_elle_le_dit_et_reste(client):
    annonce = AnnonceFactory(expire_le=timezone.localdate() - timedelta(days=1))
    page = texte(client.get(annonce.get_absolute_url()))
    assert "Annonce expirée depuis le" in page
    assert "On ne peut plus y répondre" in page
    assert "noindex" in page


def test_pourvue_elle_le_dit_et_reste(client):
    page = texte(client.get(BesoinFactory(etat="pourvue").get_absolute_url()))
    assert "Ce besoin a trouvé réponse" in page


@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"])
def test_ce_qui_n_est_pas_public_n_est_vu_que_des_siens(client, membre, etranger, structure, etat):
    annonce = AnnonceFactory(structure=structure, etat=etat, motif="Précisez la date.")
    assert client.get(annonce.get_absolute_url()).status_code == 404
    client.force_login(etranger)
    assert client.get(annonce.get_absolute_url()).status_code == 404
    client.force_login(membre)
    page = texte(client.get(annonce.get_absolute_url()))
    assert "Précisez la date." in page
    assert "noindex" in page
    assert "ld+json" not in page


def test_le_motif_d_une_annonce_publique_ne_se_montre_pas(client):
    assert "secret" not in texte(client.get(AnnonceFactory(motif="secret", etat="pourvue").get_absolute_url()))


def test_un_lot_dit_ce_qui_reste(client):
    annonce = AnnonceFactory(mode="don", partage="choisi", quantite=20, quantite_prise=8)
    assert "Reste <strong>12</strong> sur 20" in texte(client.get(annonce.get_absolute_url()))


def test_les_memes_requetes_quoi_qu_elle_porte(client, nombre_de_requetes):
    petite, grande = AnnonceFactory(), AnnonceFactory(categorie=CategorieFactory())
    for rang in range(5):
        jour = timezone.localdate() + timedelta(days=10 * rang)
        grande.periodes.create(debut=jour, fin=jour)
        PhotoAnnonce.objects.create(
            annonce=grande, fichier=nettoyer_image(image()), vignette=nettoyer_image(image()), alternative="Vue"
        )
    comptes = [nombre_de_requetes(lambda a=a: client.get(a.get_absolute_url())) for a in (petite, grande)]
    assert comptes[0] == comptes[1]


@pytest.mark.parametrize(
    ("valeurs", "attendu"),
    [
        ({"mode": "don"}, "Don"),
        ({"mode": "pret", "caution": Decimal(50)}, "Prêt, caution 50\u00a0€"),
        ({"mode": "vente", "prix_sur_demande": True}, "Vente, prix sur demande"),
        ({"mode": "vente", "prix": Decimal(0), "prix_unite": "total"}, "Vente, gratuit"),
        ({"mode": "vente", "prix": Decimal("1250.5"), "prix_unite": "total"}, "Vente, 1\u00a0250,50\u00a0€"),
        ({"mode": "echange", "contrepartie": "du terreau"}, "Échange, contre du terreau"),
        (
            {"sens": "besoin", "mode": "location", "prix": 30, "prix_unite": "jour"},
            "Location, budget 30\u00a0€ le jour",
        ),
        ({"sens": "besoin", "mode": "vente"}, "Vente"),
    ],
)
def test_le_prix_en_clair(valeurs, attendu):
    assert fiche.prix_en_clair(AnnonceFactory.build(structure=None, commune=None, **valeurs)) == attendu


@pytest.mark.parametrize(("minutes", "dit"), [(45, "45 minutes"), (60, "1 heure"), (90, "1 h 30"), (125, "2 h 05")])
def test_la_duree_en_clair(minutes, dit):
    assert fiche.duree(minutes) == dit
