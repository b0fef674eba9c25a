"""The staff's pages: what is typed and refused, what two people write, previews, the gate, the sending."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from newsletter.actions import preparation, redaction
from newsletter.models import Bloc, Element, Envoi, Interets, Numero
from pole_ess.socle.models import Courriel
from tests.factories.newsletter import AbonneFactory, BreveFactory, EnvoiFactory, NumeroFactory, RenduFactory
from tests.factories.ressources import AnnonceFactory
from tests.images import image

pytestmark = pytest.mark.django_db
MAINTENANT = {"geste": "maintenant", "version": "1"}


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


@pytest.fixture
def numero(db):
    numero = NumeroFactory(sujet="La lettre d'été", preheader="Trois offres")
    Bloc.objects.create(numero=numero, genre="texte", titre="Édito", texte="Bonjour à **toutes** et à tous.")
    return numero


def url(nom, *args):
    return reverse(f"newsletter:{nom}", args=args)


def lu(reponse) -> str:
    return reponse.content.decode()


def test_preparing_opens_the_draft_and_doing_it_twice_too(equipe):
    AnnonceFactory(titre="Une perceuse")
    premiere = equipe.post(url("redaction"))
    assert equipe.post(url("redaction")).url == premiere.url
    assert "Une perceuse" in lu(equipe.get(premiere.url))
    assert Numero.objects.count() == 1


@pytest.mark.parametrize("lettres", [1, 12])
def test_the_list_costs_the_same(equipe, nombre_de_requetes, lettres):
    for _ in range(lettres):
        NumeroFactory(etat="termine")
    assert nombre_de_requetes(lambda: equipe.get(url("redaction"))) == 8


@pytest.mark.parametrize("elements", [1, 9])
def test_the_page_costs_the_same_for_one_item_and_for_many(equipe, numero, nombre_de_requetes, elements):
    for _ in range(elements):
        AnnonceFactory()
        BreveFactory()
    redaction.remplir(numero)
    assert nombre_de_requetes(lambda: equipe.get(url("rediger", numero.pk))) == 19


def test_a_subject_left_empty_keeps_the_rest(equipe, numero):
    donnees = {"geste": "entete", "sujet": "", "preheader": "Un forum", "vue": redaction.empreinte("x")}
    page = lu(equipe.post(url("rediger", numero.pk), donnees))
    assert "Donnez un sujet à la lettre." in page
    assert 'value="Un forum"' in page
    numero.refresh_from_db()
    assert numero.sujet == "La lettre d'été"


def test_two_people_on_the_same_block(equipe, numero):
    bloc = numero.blocs.get()
    donnees = {"geste": "enregistrer", "titre": "Édito", "texte": "Mon texte", "vue": redaction.empreinte("Avant", "")}
    reponse = equipe.post(url("bloc", numero.pk, bloc.pk), donnees)
    assert reponse.status_code == 409
    assert "Mon texte" in lu(reponse)
    assert "Bonjour à **toutes**" in lu(reponse)
    vue = re.search(rf'name="vue" value="([0-9a-f]+)"[^>]*id="bloc{bloc.pk}_vue"', lu(reponse))[1]
    assert equipe.post(url("bloc", numero.pk, bloc.pk), {**donnees, "vue": vue}).status_code == 302
    bloc.refresh_from_db()
    assert bloc.texte == "Mon texte"


@pytest.mark.parametrize("donnees", [{}, {"geste": "voler"}, {"geste": "ranger", "ordre": "1,x"}, {"geste": "ranger"}])
def test_buttons_that_are_not_understood_change_nothing(equipe, numero, donnees):
    avant = list(Bloc.objects.values())
    for page in (url("rediger", numero.pk), url("bloc", numero.pk, numero.blocs.get().pk)):
        assert "recommencez" in lu(equipe.post(page, donnees, follow=True))
    assert list(Bloc.objects.values()) == avant


def test_items_by_buttons(equipe, numero):
    AnnonceFactory(titre="Une perceuse"), AnnonceFactory(titre="Une scie")
    redaction.remplir(numero)
    un, deux = Element.objects.filter(sorte="annonce").order_by("ordre")
    equipe.post(url("element", numero.pk, un.pk), {"geste": "descendre", "rang": 0})
    assert list(Element.objects.filter(sorte="annonce").order_by("ordre")) == [deux, un]
    equipe.post(url("element", numero.pk, un.pk), {"geste": "mot", "mot": "À ne pas manquer"})
    assert "À ne pas manquer" in lu(equipe.get(url("rediger", numero.pk)))
    equipe.post(url("element", numero.pk, un.pk), {"geste": "ecarter"})
    assert "1 élément écarté" in lu(equipe.get(url("rediger", numero.pk)))
    equipe.post(url("element", numero.pk, un.pk), {"geste": "reprendre"})
    assert not Element.objects.filter(ecarte=True).exists()


def test_a_picture_needs_its_description_and_becomes_a_jpeg(equipe, numero):
    bloc = numero.blocs.get()
    page = url("bloc_images", numero.pk, bloc.pk)
    assert "Rien n" not in lu(equipe.get(page))
    refus = equipe.post(page, {"geste": "ajouter", "fichier": image(), "alternative": ""})
    assert "n'est pas ajoutée" in lu(refus).replace("&#x27;", "'")
    assert not bloc.images.exists()
    equipe.post(page, {"geste": "ajouter", "fichier": image(), "alternative": "La salle"})
    posee = bloc.images.get()
    assert posee.fichier.name.endswith(".jpg")
    assert (posee.largeur, posee.hauteur) == (40, 30)
    html = lu(equipe.get(url("apercu_cadre", numero.pk)))
    assert f'src="http://testserver/media/{posee.fichier.name}"' in html
    assert 'alt="La salle"' in html
    equipe.post(page, {"geste": "decrire", "ligne": posee.pk, "alternative": "La grande salle"})
    equipe.post(page, {"geste": "retirer", "ligne": posee.pk})
    assert not bloc.images.exists()


def test_previews(equipe, numero):
    locale, outil = AnnonceFactory(nature="local", titre="Une salle"), AnnonceFactory(titre="Une perceuse")
    assert outil.nature != locale.nature
    redaction.remplir(numero)
    abonne = AbonneFactory(courriel="lectrice@example.org", interets=Interets.objects.pour(natures=["local"]))
    cadre = url("apercu_cadre", numero.pk)
    entier = equipe.get(cadre)
    assert "Une perceuse" in lu(entier)
    assert "unsafe-inline" in entier["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in entier["Content-Security-Policy"]
    assert "prefers-color-scheme" in lu(entier)
    assert "prefers-color-scheme" not in lu(equipe.get(cadre + "?vue=sombre"))
    sienne = lu(equipe.get(cadre, {"comme": " Lectrice@example.org "}))
    assert "Une salle" in sienne
    assert "Une perceuse" not in sienne
    assert abonne.jeton[:6] not in sienne
    page = url("apercu", numero.pk)
    assert "Telle que la recevra lectrice@example.org" in lu(equipe.get(page, {"comme": "lectrice@example.org"}))
    assert "pas abonnée" in lu(equipe.get(page, {"comme": "personne@example.org"}))
    assert "# Édito" in lu(equipe.get(page, {"vue": "texte"}))
    assert equipe.get(page, {"vue": "autre", "comme": "a@@b"}).status_code == 200


def test_an_essai_goes_to_the_team_only_and_once(equipe, numero, animateur, membre):
    cle = "6f0c3a3e-0000-4000-8000-000000000002"
    for _ in range(2):
        equipe.post(url("essai", numero.pk), {"a": animateur.pk, "cle": cle})
    courriel = Courriel.objects.get()
    assert courriel.destinataire == animateur.email
    assert courriel.sujet == "[Essai] La lettre d'été"
    assert "Bonjour à toutes" in courriel.texte
    assert "/lettre/desabonner/-/" in courriel.html
    reponse = equipe.post(url("essai", numero.pk), {"a": membre.pk, "cle": cle}, follow=True)
    assert "Choisissez une personne" in lu(reponse)
    assert Courriel.objects.count() == 1


def test_the_gate_keeps_it_and_says_where(equipe, numero):
    numero.blocs.update(texte="Tout est [ici](https://exemple.example.org/).")
    page = lu(equipe.get(url("envoyer", numero.pk)))
    assert f"#bloc-{numero.blocs.get().pk}" in page
    assert "Envoyer maintenant" not in page
    assert "Envoyer maintenant" not in lu(equipe.get(url("envoyer", numero.pk), MAINTENANT))
    reponse = equipe.post(url("envoyer", numero.pk), {"geste": "partir", "version": 1})
    assert "corrigez d" in lu(reponse)
    numero.refresh_from_db()
    assert numero.etat == "brouillon"


def test_leaving_now_is_told_then_confirmed_and_done_once(equipe, numero):
    AbonneFactory(), AbonneFactory(), AbonneFactory(etat="suspendu")
    page, depart = url("envoyer", numero.pk), {**MAINTENANT, "debit": "60"}
    demande = equipe.post(page, depart)
    assert demande.url == f"{page}?geste=maintenant&version=1&debit=60"
    dit = unescape(lu(equipe.get(demande.url)))
    for mots in (numero.sujet, "2 personnes abonnées", "ne se rattrape pas", "suspendre", "60 messages par minute"):
        assert mots in dit
    numero.refresh_from_db()
    assert (numero.etat, ProcrastinateJob.objects.count()) == ("brouillon", 0)
    for _ in range(2):  # sent again by an impatient finger
        assert equipe.post(page, {**depart, "geste": "partir"}).url == url("suivi", numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, numero.debit) == ("programme", 60)
    assert [preparation.lancer(numero) for _ in range(2)] == [True, False]
    assert equipe.post(page, {**depart, "geste": "partir"}).url == url("suivi", numero.pk)
    assert numero.envois.count() == 2


@pytest.mark.parametrize("change", [{"version": "2"}, {"version": "x"}, {"debit": "0"}, {"geste": "partir"}])
def test_a_demand_that_is_old_or_broken_shows_the_check_again(equipe, numero, change):
    reponse = equipe.get(url("envoyer", numero.pk), {**MAINTENANT, **change})
    assert (reponse.status_code, "Oui, " in lu(reponse)) == (200, False)
    numero.refresh_from_db()
    assert numero.etat == "brouillon"


def test_scheduling(equipe, numero, animateur):
    page = url("envoyer", numero.pk)
    assert "Rien ne retient" in lu(equipe.get(page))
    jour = timezone.localdate() + timedelta(days=2)
    donnees = {"geste": "programmer", "version": 1, "jour": f"{jour:%Y-%m-%d}", "heure": "9 h 30", "debit": "600"}
    assert "Choisissez le jour" in lu(equipe.post(page, {**donnees, "jour": ""}))
    assert "passé" in lu(equipe.post(page, {**donnees, "jour": "2020-01-01"}))
    assert "a changé depuis" in lu(equipe.post(page, {**donnees, "version": 2}))
    assert equipe.post(page, donnees).url == url("suivi", numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, numero.debit, numero.lance_par) == ("programme", 600, animateur)
    assert timezone.localtime(numero.programme_le).strftime("%H:%M") == "09:30"
    equipe.post(url("suivi", numero.pk), {"geste": "deprogrammer"})
    numero.refresh_from_db()
    assert numero.etat == "brouillon"


@pytest.mark.parametrize("envois", [1, 6])
def test_the_sending_page_costs_the_same(equipe, nombre_de_requetes, envois):
    numero = NumeroFactory(etat="en_cours", prevus=2 * envois)
    rendu = RenduFactory(numero=numero)
    for _ in range(envois):
        EnvoiFactory(numero=numero, rendu=rendu, etat="incertain")
        EnvoiFactory(numero=numero, rendu=rendu, etat="rejete", erreur="550 inconnu")
    assert nombre_de_requetes(lambda: equipe.get(url("suivi", numero.pk))) == 13


def test_uncertain_and_failed_ones(equipe, animateur):
    numero = NumeroFactory(etat="en_cours", prevus=4)
    rendu = RenduFactory(numero=numero)
    un, deux, trois = (EnvoiFactory(numero=numero, rendu=rendu, etat="incertain") for _ in range(3))
    refuse = EnvoiFactory(numero=numero, rendu=rendu, etat="rejete", erreur="550 boîte inconnue")
    page = lu(equipe.get(url("suivi", numero.pk)))
    for mots in ("3 messages incertains", un.abonne.courriel, "550 boîte inconnue", "Renvoyer aux échecs (1)"):
        assert mots in page
    assert "Le total ne tombe pas juste" not in page
    equipe.post(url("envoi", numero.pk, un.pk), {"geste": "laisser"})
    equipe.post(url("envoi", numero.pk, deux.pk), {"geste": "renvoyer"})
    assert "déjà prise" in lu(equipe.post(url("envoi", numero.pk, deux.pk), {"geste": "renvoyer"}, follow=True))
    equipe.post(url("suivi", numero.pk), {"geste": "renvoyer_incertains"})
    equipe.post(url("suivi", numero.pk), {"geste": "renvoyer_echecs"})
    etats = dict(Envoi.objects.values_list("pk", "etat"))
    assert etats == {un.pk: "incertain", deux.pk: "pret", trois.pk: "pret", refuse.pk: "pret"}
    assert Envoi.objects.get(pk=un.pk).decide_par == animateur


def test_the_list_says_which_letters_wait_for_the_staff(equipe):
    numero = NumeroFactory(etat="en_cours", prevus=1)
    envoi = EnvoiFactory(numero=numero, rendu=RenduFactory(numero=numero), etat="incertain")
    assert "Des messages sont incertains" in lu(equipe.get(reverse("newsletter:redaction")))
    equipe.post(url("envoi", numero.pk, envoi.pk), {"geste": "laisser"})
    page = lu(equipe.get(reverse("newsletter:redaction")))
    assert "Des messages sont incertains" not in page
    assert "Envoi suspendu" not in page
    NumeroFactory(etat="suspendu", prevus=0)
    assert "Envoi suspendu" in lu(equipe.get(reverse("newsletter:redaction")))


def test_a_total_that_does_not_balance_is_said(equipe):
    numero = NumeroFactory(etat="en_cours", prevus=3)
    EnvoiFactory(numero=numero, rendu=RenduFactory(numero=numero))
    assert "Le total ne tombe pas juste" in lu(equipe.get(url("suivi", numero.pk)))


def test_progress_comes_again_by_itself_while_it_goes_on(equipe, numero):
    AbonneFactory()
    Numero.objects.filter(pk=numero.pk).update(etat="programme", programme_le=timezone.now())
    preparation.lancer(numero)
    page = url("suivi", numero.pk)
    assert 'hx-trigger="every 3s"' in lu(equipe.get(page))
    partie = equipe.get(page, headers={"HX-Request": "true"})
    assert "<html" not in lu(partie)
    assert "0 sur 1" in lu(partie).replace("\u202f", " ")
    assert "HX-Request" in partie["Vary"]
    equipe.post(page, {"geste": "suspendre"})
    assert 'hx-trigger="every 3s"' not in lu(equipe.get(page))
    equipe.post(page, {"geste": "reprendre"})
    equipe.post(page, {"geste": "suspendre"})
    equipe.post(page, {"geste": "annuler"})
    numero.refresh_from_db()
    assert numero.etat == "annule"
    assert "envoi annulé (1)" in lu(equipe.get(page))


def test_staff_without_the_right_stay_out(client, animateur):
    animateur.groups.clear()
    client.force_login(animateur)
    assert client.get(url("redaction")).status_code == 403


def test_the_admin_leads_there(equipe, numero):
    assert url("redaction") in lu(equipe.get(reverse("admin:index")))
    assert url("redaction") in lu(equipe.get(reverse("admin:newsletter_numero_changelist")))
    assert url("rediger", numero.pk) in lu(equipe.get(reverse("admin:newsletter_numero_change", args=[numero.pk])))
