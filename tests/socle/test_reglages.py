"""The hub's settings in the admin: logo, colour, durations, words of its own."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from annuaire.actions.images import purger_orphelins
from annuaire.models import Structure
from pole_ess.socle.admin_reglages import ReglagesPoleForm
from pole_ess.socle.models import ReglagesPole
from ressources.actions import publication
from tests.factories import StructureFactory
from tests.factories.ressources import AnnonceFactory
from tests.images import image

pytestmark = pytest.mark.django_db
FICHE = "/admin/socle/reglagespole/1/change/"


@pytest.fixture
def ecrire(client, administrateur):
    """Post the form with these values over what it shows; the response."""
    client.force_login(administrateur)

    def _ecrire(**valeurs):
        pole = ReglagesPole.actuels()
        donnees = {nom: getattr(pole, nom) for nom in ReglagesPoleForm._meta.fields if nom != "logo"}
        return client.post(FICHE, {**donnees, "territoire": ",".join(pole.territoire), **valeurs})

    return _ecrire


def test_une_couleur_habille_les_pages_et_les_e_mails(ecrire, client):
    assert "habillage.css" not in client.get("/").content.decode()
    assert ecrire(couleur="#7A1B39").status_code == 302
    assert ReglagesPole.actuels().couleur == "#7a1b39"
    assert '<link rel="stylesheet" href="/habillage.css?7a1b39">' in client.get("/").content.decode()
    feuille = client.get("/habillage.css?7a1b39")
    assert feuille["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in feuille["Cache-Control"]
    assert client.get("/habillage.css")["Cache-Control"] == "public, max-age=300"  # as the admin links it
    assert 'href="/habillage.css"' in client.get("/admin/").content.decode()
    assert "--teal: #7a1b39;" in feuille.content.decode()
    assert "prefers-color-scheme: dark" in feuille.content.decode()


def test_une_couleur_illisible_est_refusee_et_rien_n_est_perdu(ecrire):
    reponse = ecrire(couleur="#ffe27a", accroche="Ici et maintenant")
    page = reponse.content.decode()
    assert "trop claire pour écrire" in page
    assert "Ici et maintenant" in page
    assert not ReglagesPole.objects.exists()


def test_le_logo_est_nettoye_montre_et_remplace(ecrire, client):
    ecrire(logo=image(nom="logo.png", taille=(2000, 1000)))
    pole = ReglagesPole.actuels()
    assert pole.logo.name.startswith("pole/") and pole.logo.name.endswith(".webp")
    assert max(pole.logo.width, pole.logo.height) == 480
    page = client.get("/").content.decode()
    assert f'<img class="marque-logo" src="{pole.logo.url}" alt=""' in page
    assert f'<link rel="icon" href="{pole.logo.url}"' in page
    ancien = pole.logo.name
    ecrire()
    assert ReglagesPole.actuels().logo.name == ancien
    purger_orphelins(jours=-1)
    assert default_storage.exists(ancien)
    ecrire(**{"logo-clear": "on"})
    purger_orphelins(jours=-1)
    assert not default_storage.exists(ancien)


def test_un_faux_logo_est_refuse(ecrire):
    from django.core.files.uploadedfile import SimpleUploadedFile

    reponse = ecrire(logo=SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", content_type="image/png"))
    assert reponse.status_code == 200
    assert not ReglagesPole.objects.exists()


def test_les_textes_du_pole_s_ajoutent_et_ne_se_moquent_de_personne(ecrire, client):
    ecrire(
        mentions_plus="## Médiation\n\nÉcrivez au **médiateur**.<script>alert(1)</script>",
        donnees_plus="- une durée",
        delegue_donnees="dpo@pole.example.org",
    )
    mentions = client.get(reverse("mentions_legales")).content.decode()
    assert "<strong>médiateur</strong>" in mentions
    assert "<script>alert" not in mentions
    donnees = client.get(reverse("donnees_personnelles")).content.decode()
    assert "<li>une durée</li>" in donnees
    assert "dpo@pole.example.org" in donnees


def test_les_durees_du_pole_valent_partout(ecrire, administrateur):
    ecrire(jours_annonce=45, mois_confirmation=6, urgence_delai_minutes=10, urgences_par_semaine=2)
    annonce = AnnonceFactory(etat="a_valider", expire_le=None, publiee_le=None)
    publication.publier(annonce, par=administrateur)
    annonce.refresh_from_db()
    assert annonce.expire_le == timezone.localdate() + timedelta(days=45)
    aujourd_hui = timezone.localdate()
    vue = StructureFactory(etat="publiee", verifiee_le=aujourd_hui - timedelta(days=200), verifiee_par="equipe")
    assert vue in Structure.objects.a_confirmer(aujourd_hui)
    ecrire(mois_confirmation=12)
    assert vue not in Structure.objects.a_confirmer(aujourd_hui)


@pytest.mark.parametrize("faute", [{"jours_annonce": 3}, {"mois_confirmation": 7}, {"couleur": "rouge"}])
def test_la_base_refuse_ce_que_le_formulaire_refuse(ecrire, faute):
    assert ecrire(**faute).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        ReglagesPole(pk=1, **faute).save()


def test_un_code_de_commune_faux_est_nomme(ecrire):
    reponse = ecrire(territoire="03310,Vichy")
    assert "« Vichy » n&#x27;est pas un code de commune" in reponse.content.decode()
