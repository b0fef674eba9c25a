"""Writing to a structure through the portal: once, within limits, without showing anyone's address."""

import threading
import uuid
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import relais
from annuaire.models import MessageRelaye, Rattachement
from annuaire.tasks import purger_demandes
from pole_ess.socle.limites import LimiteDepassee
from pole_ess.socle.models import Compteur, Courriel, ReglagesPole
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

ROLES = ["visiteur", "etranger", "membre", "referent", "animateur", "administrateur"]


def adresse(structure):
    return reverse("annuaire:ecrire", args=[structure.slug])


def balises(html):
    """The elements that a mail reader would build."""
    vues = set()
    lecteur = HTMLParser()
    lecteur.handle_starttag = lambda nom, attributs: vues.add(nom)
    lecteur.feed(html)
    return vues


def saisie(**valeurs):
    return {
        "nom": "Claude Inventé",
        "courriel": "claude@example.org",
        "texte": "Bonjour,\nprêtez-vous votre salle ?",
        "cle": str(uuid.uuid4()),
        "piege": "",
        **valeurs,
    }


@pytest.fixture
def sans_adresse(db):
    return StructureFactory(courriel="")


@pytest.mark.parametrize("role", ROLES)
def test_chacun_peut_ecrire(client, request, structure, role):
    utilisateur = request.getfixturevalue(role)
    if utilisateur:
        client.force_login(utilisateur)
    response = client.get(adresse(structure))
    assert response.status_code == 200
    assert structure.courriel not in response.content.decode()
    initial = response.context["form"].initial
    assert initial.get("courriel") == (utilisateur.email if utilisateur else None)
    assert client.post(adresse(structure), saisie()).status_code == 302
    assert MessageRelaye.objects.count() == 1


@pytest.mark.parametrize("etat", ["brouillon", "a_valider", "a_corriger", "refusee", "archivee"])
@pytest.mark.parametrize("role", ROLES)
def test_personne_n_ecrit_a_une_fiche_cachee(client, request, structure, role, etat):
    utilisateur = request.getfixturevalue(role)
    if utilisateur:
        client.force_login(utilisateur)
    structure.etat = etat
    structure.save()
    assert client.get(adresse(structure)).status_code == 404
    assert client.post(adresse(structure), saisie()).status_code == 404
    assert MessageRelaye.objects.count() == 0
    assert Courriel.objects.count() == 0


def test_un_get_n_ecrit_rien(client, structure):
    client.get(adresse(structure), saisie())
    assert MessageRelaye.objects.count() == 0
    assert Compteur.objects.count() == 0


def test_message_part_a_la_structure_et_a_ses_referents(client, structure):
    referent = RattachementFactory(structure=structure, role="referent").utilisateur
    inactif = RattachementFactory(structure=structure, role="referent").utilisateur
    inactif.is_active = False
    inactif.save()
    RattachementFactory(structure=structure, role="membre")
    RattachementFactory(structure=structure, role="referent", etat="demande")
    response = client.post(adresse(structure), saisie())
    message = MessageRelaye.objects.get()
    assert response["Location"] == f"{adresse(structure)}?envoye={message.cle}"
    assert message.destinataires == 2
    mails = Courriel.objects.order_by("pk")
    assert [(m.destinataire, m.utilisateur, m.repondre_a) for m in mails] == [
        (structure.courriel, None, "claude@example.org"),
        (referent.email, referent, "claude@example.org"),
    ]
    assert {m.sujet for m in mails} == {f"Message de Claude Inventé pour {structure.nom}"}
    assert "prêtez-vous votre salle ?" in mails[0].texte
    assert referent.email not in mails[0].texte
    assert structure.courriel not in mails[1].texte
    succes = client.get(response["Location"]).content.decode()
    assert "Votre message est parti" in succes
    assert structure.courriel not in succes


def test_une_adresse_deux_fois_ne_recoit_qu_un_message(client, structure):
    structure.courriel = "Equipe@structure.example.org"
    structure.save()
    referent = UtilisateurFactory(email="equipe@structure.example.org")
    RattachementFactory(structure=structure, role="referent", utilisateur=referent)
    client.post(adresse(structure), saisie())
    assert [m.destinataire for m in Courriel.objects.all()] == ["Equipe@structure.example.org"]


def test_referent_seul_suffit(client, sans_adresse):
    referent = RattachementFactory(structure=sans_adresse, role="referent").utilisateur
    client.post(adresse(sans_adresse), saisie())
    assert [m.destinataire for m in Courriel.objects.all()] == [referent.email]


def test_auteur_ne_recoit_pas_de_copie_et_la_page_le_dit(client, structure):
    assert "Vous ne recevez pas de copie" in client.get(adresse(structure)).content.decode()
    client.post(adresse(structure), saisie())
    assert not Courriel.objects.filter(destinataire="claude@example.org").exists()


# --- a structure without any address ------------------------------------------------------------------------


def test_sans_adresse_la_page_dit_que_faire_et_l_equipe_transmet(client, sans_adresse):
    reglages = ReglagesPole.actuels()
    reglages.telephone_equipe = "04 70 00 00 99"
    reglages.save()
    sans_adresse.telephone, sans_adresse.telephone_public = "04 70 00 00 01", True
    sans_adresse.save()
    html = client.get(adresse(sans_adresse)).content.decode()
    for attendu in ["tel:+33470000001", "tel:+33470000099", reglages.courriel_equipe, "Envoyer à l'équipe du pôle"]:
        assert attendu in html
    assert reverse("annuaire:signaler", args=[sans_adresse.slug]) in html
    response = client.post(adresse(sans_adresse), saisie())
    mail = Courriel.objects.get()
    assert mail.destinataire == reglages.courriel_equipe
    assert mail.repondre_a == "claude@example.org"
    assert mail.sujet == f"À transmettre : message de Claude Inventé pour {sans_adresse.nom}"
    assert MessageRelaye.objects.get().destinataires == 0
    assert "L'équipe du pôle le reçoit" in client.get(response["Location"]).content.decode()


def test_sans_adresse_le_telephone_non_public_reste_cache(client, sans_adresse):
    sans_adresse.telephone = "04 70 00 00 01"
    sans_adresse.save()
    assert "04 70 00 00 01" not in client.get(adresse(sans_adresse)).content.decode()


# --- once --------------------------------------------------------------------------------------------------


def test_double_envoi_agit_une_fois_et_montre_le_meme_succes(client, structure):
    valeurs = saisie()
    premier = client.post(adresse(structure), valeurs)
    second = client.post(adresse(structure), valeurs)
    assert premier["Location"] == second["Location"]
    assert MessageRelaye.objects.count() == 1
    assert Courriel.objects.count() == 1
    assert Compteur.objects.get(cle__endswith=":heure").compte == 1


def test_meme_cle_autre_texte_n_est_pas_perdu(client, structure):
    valeurs = saisie()
    client.post(adresse(structure), valeurs)
    response = client.post(adresse(structure), {**valeurs, "texte": "Autre chose"})
    assert response.status_code == 200
    html = response.content.decode()
    assert "Votre premier message est déjà parti" in html
    assert "Autre chose" in html
    nouvelle = response.context["form"]["cle"].value()
    assert nouvelle != valeurs["cle"]
    client.post(adresse(structure), {**valeurs, "texte": "Autre chose", "cle": nouvelle})
    assert [m.texte for m in MessageRelaye.objects.order_by("pk")] == [valeurs["texte"], "Autre chose"]


@pytest.mark.django_db(transaction=True)
def test_deux_envois_en_meme_temps_n_ecrivent_qu_une_fois():
    structure = StructureFactory()
    valeurs, reponses = saisie(), []

    def envoyer():
        try:
            reponses.append(Client().post(adresse(structure), valeurs)["Location"])
        finally:
            connection.close()

    fils = [threading.Thread(target=envoyer) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert reponses == [f"{adresse(structure)}?envoye={valeurs['cle']}"] * 4
    assert MessageRelaye.objects.count() == 1
    assert Courriel.objects.count() == 1


@pytest.mark.parametrize("envoye", ["", "x", "%00", "0" * 5000, str(uuid.UUID(int=1, version=4)), "{}", "é"])
def test_succes_ne_se_devine_pas(client, structure, envoye):
    response = client.get(f"{adresse(structure)}?envoye={envoye}")
    assert response.status_code in (200, 400)
    assert "Votre message est parti" not in response.content.decode()


def test_succes_d_une_autre_structure_ne_se_montre_pas(client, structure, sans_adresse):
    client.post(adresse(sans_adresse), saisie(cle=(cle := str(uuid.uuid4()))))
    assert "est parti" not in client.get(f"{adresse(structure)}?envoye={cle}").content.decode()


# --- bad input ---------------------------------------------------------------------------------------------

HOSTILE = "</textarea><script>alert(1)</script> ' OR 1=1; DROP TABLE annuaire_structure; --"


@pytest.mark.parametrize(
    ("valeurs", "champ", "message"),
    [
        ({"nom": ""}, "nom", "Dites qui vous êtes"),
        ({"nom": "é" * 121}, "nom", "Ce texte fait 121 caractères : 120 au plus"),
        ({"courriel": ""}, "courriel", "Donnez votre adresse e-mail"),
        ({"courriel": "claude"}, "courriel", "pas complète"),
        ({"courriel": "a@example.org\r\nBcc: b@example.org"}, "courriel", "pas complète"),
        ({"courriel": "a@example.org\nb@example.org"}, "courriel", "pas complète"),
        ({"courriel": "a@example.org,b@example.org"}, "courriel", "pas complète"),
        ({"courriel": "é" * 300 + "@example.org"}, "courriel", "254 au plus"),
        ({"texte": ""}, "texte", "Écrivez votre message"),
        ({"texte": " \r\n "}, "texte", "Écrivez votre message"),
        ({"texte": "é" * 5000}, "texte", "Ce texte fait 5000 caractères : 4000 au plus"),
        ({"texte": "a\x00b"}, "texte", "caractère invisible"),
        ({"nom": "a\x00b"}, "nom", "caractère invisible"),
        ({"cle": "pas-une-cle"}, "cle", "abîmé"),
        ({"cle": ""}, "cle", "incomplet"),
        ({"piege": "https://spam.example.org"}, "piege", "arrêter les robots"),
    ],
)
def test_saisie_refusee_est_gardee(client, structure, valeurs, champ, message):
    tout = saisie(**valeurs)
    response = client.post(adresse(structure), tout)
    assert response.status_code == 200
    html = response.content.decode()
    form = response.context["form"]
    assert list(form.errors) == [champ]
    assert message in html.replace("&#x27;", "'")
    assert form["texte"].value() == tout["texte"]
    assert MessageRelaye.objects.count() == 0
    assert Courriel.objects.count() == 0
    assert Compteur.objects.count() == 0


def test_cle_abimee_est_remplacee(client, structure):
    response = client.post(adresse(structure), saisie(cle="abc"))
    neuve = response.context["form"]["cle"].value()
    assert uuid.UUID(neuve)
    assert client.post(adresse(structure), saisie(cle=neuve)).status_code == 302


def test_texte_hostile_est_echappe_et_transmis(client, structure):
    reponse = client.post(adresse(structure), saisie(nom=HOSTILE[:100], texte=HOSTILE, courriel="x"))
    assert "<script>alert" not in reponse.content.decode()
    client.post(adresse(structure), saisie(nom=HOSTILE[:100], texte=HOSTILE))
    assert MessageRelaye.objects.get().texte == HOSTILE
    mail = Courriel.objects.get()
    assert HOSTILE in mail.texte
    assert "script" not in balises(mail.html)


@pytest.mark.parametrize(
    "nom", ["Claude\r\nBcc: x@example.org", "Claude\nBcc: x@example.org", "Claude\x0bBcc: x@example.org"]
)
def test_nom_ne_s_injecte_pas_dans_les_entetes(client, structure, nom):
    client.post(adresse(structure), saisie(nom=nom))
    assert MessageRelaye.objects.get().nom == "Claude Bcc: x@example.org"
    assert "\n" not in Courriel.objects.get().sujet


def test_4000_caracteres_avec_retours_a_la_ligne_passent(client, structure):
    texte = "\r\n".join(["a" * 99] * 40)
    assert client.post(adresse(structure), saisie(texte=texte)).status_code == 302
    assert len(MessageRelaye.objects.get().texte) == 3999


@pytest.mark.parametrize("methode", ["put", "delete", "patch"])
def test_autres_methodes_refusees(client, structure, methode):
    assert getattr(client, methode)(adresse(structure)).status_code == 405


def test_sans_jeton_csrf_rien_ne_part(structure):
    response = Client(enforce_csrf_checks=True).post(adresse(structure), saisie())
    assert response.status_code == 403
    assert MessageRelaye.objects.count() == 0


# --- limits ------------------------------------------------------------------------------------------------


def _refuse(response, texte):
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    html = response.content.decode()
    assert "trop d'envois" in html
    assert texte in html
    assert "votre saisie est gardée" in html


def test_cinq_messages_par_heure_et_par_reseau(client, structure):
    for n in range(5):
        assert client.post(adresse(structure), saisie(courriel=f"a{n}@example.org")).status_code == 302
    _refuse(client.post(adresse(structure), saisie(texte="Mon sixième message")), "Mon sixième message")
    assert MessageRelaye.objects.count() == 5
    autre = client.post(adresse(structure), saisie(), REMOTE_ADDR="192.0.2.7")
    assert autre.status_code == 302


def test_limite_passee_on_peut_renvoyer_le_meme_formulaire(client, structure):
    for n in range(5):
        client.post(adresse(structure), saisie(courriel=f"a{n}@example.org"))
    valeurs = saisie()
    assert client.post(adresse(structure), valeurs).status_code == 429
    Compteur.objects.all().delete()
    assert client.post(adresse(structure), valeurs).status_code == 302


@pytest.mark.parametrize(("maximum", "change"), [(20, "courriel"), (10, "reseau"), (30, "les deux")])
def test_limites_du_jour(structure, maximum, change):
    """20 for a network, 10 for a sender's address, 30 for a structure; hours apart for the network's hour."""
    envois = []
    for n in range(maximum + 1):
        Compteur.objects.filter(cle__endswith=":heure").delete()
        reseau = "192.0.2.1" if change == "courriel" else f"192.0.2.{n}"
        courriel = "a@example.org" if change == "reseau" else f"a{n}@example.org"
        try:
            relais.compter_envoi(structure, reseau=reseau, courriel=courriel)
            envois.append(True)
        except LimiteDepassee:
            envois.append(False)
    assert envois == [True] * maximum + [False]


def test_compteurs_ne_gardent_pas_l_adresse_de_l_auteur(client, structure):
    client.post(adresse(structure), saisie())
    assert not Compteur.objects.filter(cle__contains="claude").exists()


# --- after twelve months -----------------------------------------------------------------------------------


def test_purge_apres_douze_mois(client, structure):
    client.post(adresse(structure), saisie())
    client.post(adresse(structure), saisie(texte="Récent"))
    vieux, recent = MessageRelaye.objects.order_by("pk")
    MessageRelaye.objects.filter(pk=vieux.pk).update(cree_le=timezone.now() - timedelta(days=366))
    MessageRelaye.objects.filter(pk=recent.pk).update(cree_le=timezone.now() - timedelta(days=364))
    purger_demandes(timestamp=0)
    assert list(MessageRelaye.objects.all()) == [recent]
    assert [m.objet_id for m in Courriel.objects.all()] == [str(recent.pk)]


def test_destinataires_dans_un_ordre_stable(structure):
    referents = [RattachementFactory(structure=structure, role="referent").utilisateur for _ in range(3)]
    assert relais.destinataires(structure) == [
        (structure.courriel, None),
        *[(r.email, r) for r in sorted(referents, key=lambda r: r.pk)],
    ]
    Rattachement.objects.all().delete()
    assert relais.destinataires(structure) == [(structure.courriel, None)]
