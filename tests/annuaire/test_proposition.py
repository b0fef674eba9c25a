import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import proposition, publication
from annuaire.models import Echange, Rattachement, Structure
from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
URL = reverse("annuaire:proposer")


@pytest.fixture
def vichy():
    return CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"], latitude=46.1278, longitude=3.4264)


@pytest.fixture
def saisie(vichy):
    return {
        "cle": str(uuid.uuid4()),
        "nom": "Les Jardins imaginaires",
        "commune": "Vichy",
        "presentation": "Un jardin partagé d'exemple.",
        "telephone": "0470000000",
        "telephone_public": "on",
        "courriel": "jardins@structure.example.org",
        "site": "jardins.example.org",
        "siret": "732 829 320 00074",
        "rna": "w 032 000 001",
        "courriel_proposition": "Camille@example.org",
    }


def lien(gabarit):
    """The path of the page that the last mail of this kind points to."""
    texte = Courriel.objects.filter(gabarit=gabarit).latest("pk").texte
    return re.search(r"http://testserver(/annuaire/\S+)", texte)[1]


def test_proposer_par_un_visiteur_attend_la_confirmation(client, saisie, vichy):
    activite = ActiviteFactory()
    reponse = client.post(URL, saisie | {"activite": activite.pk, "fait_partie": "on"})
    assert (reponse.status_code, reponse.url) == (302, f"{URL}?envoyee=a_confirmer")
    structure = Structure.objects.get()
    assert (structure.etat, structure.slug) == ("brouillon", "les-jardins-imaginaires")
    assert (structure.telephone, structure.rna, structure.siret) == ("04 70 00 00 00", "W032000001", "73282932000074")
    assert structure.site == "https://jardins.example.org"
    assert (structure.telephone_public, structure.courriel_public) == (True, False)
    assert structure.public_source.startswith("Accord donné en proposant la fiche, le ")
    assert (structure.commune, structure.position_origine) == (vichy, "commune")
    assert (structure.latitude, structure.longitude) == (46.1278, 3.4264)
    assert list(structure.activites.all()) == [activite]
    assert structure.courriel_proposition == "camille@example.org"
    place = structure.rattachements.get()
    assert (place.etat, place.role, place.courriel) == ("invite", "referent", "camille@example.org")
    assert [(c.gabarit, c.destinataire) for c in Courriel.objects.all()] == [
        ("proposition_confirmer", "Camille@example.org")
    ]
    assert "Il reste à confirmer votre adresse" in client.get(reponse.url).content.decode()


def test_confirmer_get_montre_post_agit_une_fois(client, saisie):
    client.post(URL, saisie)
    url = lien("proposition_confirmer")
    page = client.get(url)
    assert page.status_code == 200
    assert "Les Jardins imaginaires" in page.content.decode()
    assert Structure.objects.get().etat == "brouillon"
    assert client.post(url).status_code == 200
    assert Structure.objects.get().etat == "a_valider"
    assert Courriel.objects.filter(gabarit="proposition_equipe").count() == 1
    for reponse in (client.get(url), client.post(url)):
        assert reponse.status_code == 410
        assert "déjà servi" in reponse.content.decode()
    assert Courriel.objects.filter(gabarit="proposition_equipe").count() == 1


def test_confirmer_lien_casse_autre_usage_expire_ou_efface(client, saisie, monkeypatch):
    client.post(URL, saisie)
    url = lien("proposition_confirmer")
    structure = Structure.objects.get()
    casses = [url[:-8] + "/", url.replace("confirmer/", "confirmer/x")]
    autre_usage = liens.signer("invitation", {"s": structure.pk})
    casses.append(reverse("annuaire:proposition_confirmer", args=[autre_usage]))
    for casse in casses:
        assert client.get(casse).status_code == 404
        assert client.post(casse).status_code == 404
    assert Structure.objects.get().etat == "brouillon"
    monkeypatch.setattr(proposition, "JOURS_CONFIRMER", -1)
    assert client.post(url).status_code == 410
    assert "pas été confirmée à temps" in client.get(url).content.decode()
    monkeypatch.undo()
    structure.delete()
    assert client.get(url).status_code == 410
    assert client.post(url).status_code == 410


def test_compte_confirme_sans_message_de_confirmation(client, saisie):
    membre = UtilisateurFactory()
    client.force_login(membre)
    assert "Votre adresse e-mail" not in client.get(URL).content.decode()
    del saisie["courriel_proposition"]
    reponse = client.post(URL, saisie | {"fait_partie": "on"})
    assert reponse.url == f"{URL}?envoyee=a_valider"
    structure = Structure.objects.get()
    assert (structure.etat, structure.courriel_proposition) == ("a_valider", membre.email)
    place = structure.rattachements.get()
    assert (place.utilisateur, place.etat, place.role, place.origine) == (membre, "actif", "referent", "proposition")
    assert list(Courriel.objects.values_list("gabarit", flat=True)) == ["proposition_equipe"]


def test_compte_non_confirme_confirme_comme_un_visiteur(client, saisie):
    client.force_login(UtilisateurFactory(confirme=False))
    client.post(URL, saisie)
    assert Structure.objects.get().etat == "brouillon"


def test_publication_invite_le_proposeur_sans_compte(client, saisie, animateur):
    client.post(URL, saisie | {"fait_partie": "on"})
    client.post(lien("proposition_confirmer"))
    assert not Courriel.objects.filter(gabarit="invitation").exists()
    publication.publier(Structure.objects.get(), par=animateur)
    assert Courriel.objects.get(gabarit="invitation").destinataire == "camille@example.org"
    camille = UtilisateurFactory(email="camille@example.org")
    client.force_login(camille)
    assert client.post(lien("invitation")).status_code == 302
    place = Rattachement.objects.get()
    assert (place.utilisateur, place.etat, place.role) == (camille, "actif", "referent")


def test_double_envoi_cree_une_fois(client, saisie):
    premiere, seconde = client.post(URL, saisie), client.post(URL, saisie)
    assert premiere.url == seconde.url
    assert Structure.objects.count() == 1
    assert Courriel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_double_envoi_en_parallele_cree_une_fois():
    cle = uuid.uuid4()
    trouvees, erreurs = [], []
    depart = threading.Barrier(4)

    def un_envoi():
        try:
            depart.wait(10)
            trouvees.append(
                proposition.proposer(valeurs={"nom": "Jumelles"}, cle=cle, courriel="camille@example.org").pk
            )
        except Exception as erreur:
            erreurs.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=un_envoi) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert erreurs == []
    assert len(set(trouvees)) == 1
    assert Structure.objects.count() == 1
    assert Courriel.objects.count() == 1


def test_robot_est_refuse_et_une_personne_sait_pourquoi(client, saisie):
    page = client.post(URL, saisie | {"piege": "achetez"}).content.decode()
    assert "elle sert à arrêter les robots" in page
    assert saisie["nom"] in page
    assert (Structure.objects.count(), Courriel.objects.count()) == (0, 0)


def test_limite_par_reseau_garde_la_saisie(client, saisie):
    for rang in range(5):
        envoi = saisie | {
            "cle": str(uuid.uuid4()),
            "nom": f"Atelier {'abcde'[rang] * 9}",
            "courriel_proposition": f"p{rang}@example.org",
        }
        for identifiant in ("siret", "rna", "courriel", "telephone", "telephone_public"):
            del envoi[identifiant]
        assert client.post(URL, envoi).status_code == 302
    reponse = client.post(URL, envoi | {"cle": str(uuid.uuid4()), "nom": "Une sixième structure"})
    page = reponse.content.decode()
    assert reponse.status_code == 429
    assert "Votre proposition n'est pas partie : il y a eu trop d'envois" in page
    assert int(reponse["Retry-After"]) > 0
    assert "Une sixième structure" in page
    assert Structure.objects.count() == 5


@pytest.mark.parametrize(
    ("champ", "valeur", "message"),
    [
        ("nom", "", "Ce champ est obligatoire"),
        ("commune", "Nulle-Part", "Nous ne connaissons pas cette commune"),
        ("telephone", "04 70", "pas complet"),
        ("siret", "12345678901234", "SIRET"),
        ("rna", "W12", "9 chiffres"),
        ("site", "pas une adresse", "adresse web"),
        ("site", "javascript:alert(1)", "adresse web"),
        ("courriel_proposition", "camille", "pas complète"),
        ("presentation", "x" * 4001, "4000"),
        ("nom", "a\x00b", "aractère"),
    ],
)
def test_erreur_dit_quoi_et_garde_tout(client, saisie, champ, valeur, message):
    reponse = client.post(URL, saisie | {champ: valeur})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert message in page
    assert "Rien n&#x27;est perdu" in page or "Rien n'est perdu" in page
    autre = "presentation" if champ != "presentation" else "nom"
    assert saisie[autre].replace("'", "&#x27;") in page
    assert saisie["cle"] in page
    assert (Structure.objects.count(), Courriel.objects.count()) == (0, 0)


@pytest.mark.parametrize("cle", ["", "pas-un-uuid", "%00"])
def test_cle_fausse_ne_casse_rien(client, saisie, cle):
    reponse = client.post(URL, saisie | {"cle": cle})
    assert reponse.status_code in (200, 302)


@pytest.mark.parametrize("texte", ["vichy", "VICHY (03200)", "03200", "03200 Vichy", "03310", "Vichy 03200"])
def test_commune_de_toutes_facons(client, saisie, vichy, texte):
    client.post(URL, saisie | {"commune": texte})
    assert Structure.objects.get().commune == vichy


def test_commune_homonyme_demande_laquelle(client, saisie):
    CommuneFactory(code="03271", nom="Saint-Rémy", codes_postaux=["03110"])
    CommuneFactory(code="01385", nom="Saint-Rémy", codes_postaux=["01310"])
    page = client.post(URL, saisie | {"commune": "st remy"}).content.decode()
    assert "Saint-Rémy (03110)" in page
    assert "Saint-Rémy (01310)" in page
    client.post(URL, saisie | {"commune": "Saint Rémy (01310)"})
    assert Structure.objects.get().commune_id == "01385"


# Duplicates


def test_doublon_montre_puis_assume(client, saisie, vichy):
    existante = StructureFactory(nom="Jardins imaginaires", commune=vichy)
    reponse = client.post(URL, saisie)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert existante.get_absolute_url() in page
    assert "une autre structure" in page
    assert Structure.objects.count() == 1
    client.post(URL, saisie | {"autre_structure": "on"})
    nouvelle = Structure.objects.exclude(pk=existante.pk).get()
    note = Echange.objects.get(structure=nouvelle).note
    assert "Jardins imaginaires" in note
    assert "autre structure" in note


def test_doublon_cache_ne_fuit_pas(client, saisie, vichy):
    """A visitor learns neither of an unpublished sheet, nor whose a hidden address or phone is."""
    StructureFactory(nom="Les Jardins imaginaires", commune=vichy, etat="a_valider")
    StructureFactory(nom="Tout autre nom", courriel=saisie["courriel"], telephone="04 70 00 00 00")
    assert client.post(URL, saisie).status_code == 302
    assert Structure.objects.count() == 3


def test_doublon_par_telephone_public_montre(client, saisie):
    autre = StructureFactory(nom="Tout autre nom", telephone="04 70 00 00 00", telephone_public=True)
    page = client.post(URL, saisie).content.decode()
    assert autre.get_absolute_url() in page


def test_equipe_donne_une_raison(client, saisie, vichy, animateur):
    StructureFactory(nom="Jardins imaginaires", commune=vichy)
    client.force_login(animateur)
    del saisie["courriel_proposition"]
    assert "Dites pourquoi" in client.post(URL, saisie).content.decode()
    assert Structure.objects.count() == 1
    assert client.post(URL, saisie | {"motif_doublon": "Deux associations sœurs."}).status_code == 302
    assert "Deux associations sœurs." in Echange.objects.get().note


def test_suggestions_pendant_la_frappe(client, vichy):
    existante = StructureFactory(nom="Jardins imaginaires", commune=vichy)
    StructureFactory(nom="Jardin imaginaire", commune=vichy, etat="brouillon")
    url = reverse("annuaire:doublons_suggestions")
    page = client.get(url, {"nom": "Jardins imaginair", "commune": "Vichy"}, headers={"HX-Request": "true"})
    assert existante.get_absolute_url() in page.content.decode()
    assert page.content.decode().count("<li>") == 1
    assert "HX-Request" in page["Vary"]
    assert client.get(url).content.strip() == b""
    assert client.get(url, {"nom": "Ja"}).content.strip() == b""
    assert client.get(url, {"nom": "%" * 300, "commune": "(((", "siret": "x", "rna": "🙂"}).status_code == 200
    assert client.post(url).status_code == 405


# What staff write in its name; what is kept no longer than needed


def test_creer_au_nom_de_publie_et_previent(animateur, vichy):
    structure = proposition.creer_au_nom_de(
        valeurs={"nom": "Sans compte", "courriel": "sans@structure.example.org", "commune": vichy},
        par=animateur,
        activites=[ActiviteFactory()],
        competences=["soudure"],
    )
    assert (structure.etat, structure.source) == ("publiee", "equipe")
    assert [c.nom for c in structure.competences.all()] == ["soudure"]
    message = Courriel.objects.get()
    assert (message.gabarit, message.destinataire) == ("au_nom_de", "sans@structure.example.org")
    assert proposition.prevenir_structure(structure) is True
    assert Courriel.objects.count() == 1
    muette = proposition.creer_au_nom_de(valeurs={"nom": "Sans adresse"}, par=animateur)
    assert proposition.prevenir_structure(muette) is False


def test_deux_fiches_du_meme_nom_au_meme_instant_ont_chacune_la_leur(animateur, monkeypatch):
    """The slug looked free when each was asked for: the second to write takes the next one."""
    slug_libre, vus = type(Structure.objects).slug_libre, []

    def trop_tard(manager, nom):
        vus.append(nom)
        return "sans-compte" if len(vus) < 3 else slug_libre(manager, nom)

    monkeypatch.setattr(type(Structure.objects), "slug_libre", trop_tard)
    fiches = [proposition.creer_au_nom_de(valeurs={"nom": "Sans compte"}, par=animateur) for _ in range(2)]
    assert [fiche.slug for fiche in fiches] == ["sans-compte", "sans-compte-2"]
    assert Structure.history.filter(slug="sans-compte").count() == 1


def test_purge_seulement_les_brouillons_anciens_et_leur_historique(client, saisie):
    client.post(URL, saisie | {"fait_partie": "on"})
    gardee = StructureFactory(etat="brouillon", source="equipe")
    ancienne = Structure.objects.get(source="proposition")
    il_y_a_31_jours = timezone.now() - timedelta(days=31)
    assert proposition.purger_brouillons() == 0
    Structure.objects.update(cree_le=il_y_a_31_jours)
    assert proposition.purger_brouillons() == 1
    assert list(Structure.objects.all()) == [gardee]
    assert not Structure.history.filter(id=ancienne.pk).exists()
    assert not Rattachement.history.filter(courriel="camille@example.org").exists()
