"""« Les messages que je reçois »: from the account, from the foot of a mail, in one click; and the header itself."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Avis, PauseNotifications, PreferenceNotification
from annuaire.notifications import liens, notifier, pied, reglages, resumes, sortes
from pole_ess.socle.courriel.expedition import composer_message
from pole_ess.socle.models import Courriel
from ressources.actions import rapprochements
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db
PAGE = "/compte/notifications/"


def choix(utilisateur, **reste):
    """The form as the page shows it, some answers changed."""
    rythmes = reglages.rythmes_de(utilisateur)
    donnees = {f"sorte_{s.cle}": rythmes[s.cle].value for s in reglages.pour(utilisateur)}
    return donnees | {"pause_jusqu_au": ""} | reste


def lien(utilisateur, *cles):
    return reverse("compte_notifications_lien", args=[liens.signer(utilisateur, *cles)])


def arret(utilisateur, *cles):
    return reverse("compte_notifications_arret", args=[liens.signer(utilisateur, *cles)])


def test_page_says_what_happens_and_what_is_always_sent(client, referent):
    client.force_login(referent)
    page = client.get(PAGE).content.decode()
    for mots in ("Toujours envoyés", "Mes alertes sur une recherche", "La lettre du pôle", "Les appels urgents"):
        assert mots in page
    assert page.count("<select") == len(reglages.pour(referent)) == 10
    assert "Le matin, en un seul message (le prochain" in page
    demandes = page.split('name="sorte_demandes"')[1].split("</select>")[0]
    assert "Une fois par jour" in demandes
    assert "Jamais" not in demandes


def test_account_links_to_the_page(client, referent):
    client.force_login(referent)
    assert f'href="{PAGE}"' in client.get("/compte/").content.decode()


def test_citizen_sees_only_what_may_concern_them(client):
    citoyen = UtilisateurFactory()
    client.force_login(citoyen)
    page = client.get(PAGE).content.decode()
    assert "sorte_messages" in page
    assert "sorte_suites" not in page
    client.post(PAGE, {**choix(citoyen), "sorte_suites": "jamais"})
    assert not PreferenceNotification.objects.exists()


def test_saving_writes_and_says_what_comes_next(client, referent):
    Avis.objects.create(utilisateur=referent, sorte="suites", cle="1")
    client.force_login(referent)
    reponse = client.post(PAGE, choix(referent, sorte_messages="hebdomadaire"), follow=True)
    assert reponse.redirect_chain == [(PAGE, 302)]
    page = reponse.content.decode()
    assert "enregistré. Votre prochain message groupé part au plus tôt le" in page
    assert "1 nouvelle y attend déjà" in page
    assert reglages.rythmes_de(referent)["messages"] == "hebdomadaire"


def test_settings_of_other_pages_are_the_same_ones(client, referent):
    client.force_login(referent)
    client.post(PAGE, choix(referent, sorte_rapprochements="jamais", sorte_breves="jamais"))
    assert referent.preference_rapprochements.frequence == "jamais"
    assert referent.sans_rappel_de_breve
    assert not PreferenceNotification.objects.exists()
    rapprochements.choisir_frequence(referent, frequence="quotidienne")
    assert reglages.rythmes_de(referent)["rapprochements"] == "quotidien"


@pytest.mark.parametrize(
    ("reste", "mots"),
    [
        ({"sorte_demandes": "jamais"}, "Quelqu"),
        ({"sorte_messages": "\x00"}, "messages"),
        ({"pause_jusqu_au": "hier"}, "pas comprise"),
        ({"pause_jusqu_au": "2020-01-01"}, "est passé"),
        ({"pause_jusqu_au": "2099-01-01"}, "Trois mois au plus"),
        ({"sorte_suites": ""}, "obligatoire"),
    ],
)
def test_bad_input_is_refused_and_kept(client, referent, reste, mots):
    client.force_login(referent)
    reponse = client.post(PAGE, choix(referent, sorte_achats="hebdomadaire") | reste)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert mots in page
    assert '<option value="hebdomadaire" selected' in page.split('name="sorte_achats"')[1].split("</select>")[0]
    assert (PreferenceNotification.objects.count(), PauseNotifications.objects.count()) == (0, 0)


def test_pause_from_the_page_and_back(client, referent):
    fin = timezone.localdate() + timedelta(days=20)
    client.force_login(referent)
    page = client.post(PAGE, choix(referent, pause_jusqu_au=f"{fin:%d/%m/%Y}"), follow=True).content.decode()
    assert "En pause jusqu" in page
    assert referent.pause_notifications.jusqu_au == fin
    client.post(PAGE, choix(referent))
    assert not PauseNotifications.objects.exists()


@pytest.mark.parametrize("nombre", [1, 30])
def test_page_in_a_constant_number_of_queries(client, referent, nombre, django_assert_num_queries):
    for rang in range(nombre):
        Avis.objects.create(utilisateur=referent, sorte="suites", cle=str(rang))
        PreferenceNotification.objects.get_or_create(utilisateur=referent, sorte="suites", rythme="hebdomadaire")
    client.force_login(referent)
    client.get(PAGE)
    with django_assert_num_queries(REQUETES):
        client.get(PAGE)


REQUETES = 15


# -- signed links


def test_link_chooses_without_signing_in_and_shows_nothing_of_the_account(client, referent):
    url = lien(referent, "suites")
    page = client.get(url).content.decode()
    assert referent.email not in page
    assert "Mes alertes sur une recherche" not in page
    assert "Ne plus recevoir ces messages" in page
    assert not PreferenceNotification.objects.exists()
    reponse = client.post(url, choix(referent, sorte_suites="hebdomadaire"))
    assert (reponse.status_code, reponse.url) == (302, url)
    assert reglages.rythmes_de(referent)["suites"] == "hebdomadaire"


def test_form_of_a_link_is_protected_as_any(referent):
    client = Client(enforce_csrf_checks=True)
    assert client.post(lien(referent, "suites"), choix(referent)).status_code == 403


def test_one_click_needs_neither_cookie_nor_token_and_is_not_redirected(referent):
    client = Client(enforce_csrf_checks=True)
    url = arret(referent, "suites", "demandes", "publications")
    for _ in range(2):
        reponse = client.post(url, {"List-Unsubscribe": "One-Click"})
        assert reponse.status_code == 200
    rythmes = reglages.rythmes_de(referent)
    assert (rythmes["suites"], rythmes["publications"], rythmes["demandes"]) == ("jamais", "jamais", "immediat")


def test_get_of_one_click_only_asks(client, referent):
    page = client.get(arret(referent, "suites")).content.decode()
    assert "Ne plus recevoir ces messages ?" in page
    assert not PreferenceNotification.objects.exists()


def test_one_click_on_settings_kept_elsewhere(client, referent):
    client.post(arret(referent, "rapprochements", "breves", "urgences"))
    assert referent.preference_rapprochements.frequence == "jamais"
    assert referent.sans_rappel_de_breve
    assert referent.preference_urgences.accepte == "jamais"


@pytest.mark.parametrize("nom", ["compte_notifications_lien", "compte_notifications_arret"])
def test_broken_old_or_orphan_links_do_nothing(client, referent, nom, monkeypatch):
    jeton = liens.signer(referent, "suites")
    assert client.post(reverse(nom, args=["x" + jeton])).status_code == 404
    assert client.post(reverse(nom, args=[pied_d_un_autre_objectif(referent)])).status_code == 404
    monkeypatch.setattr(liens, "JOURS", -1)
    assert client.post(reverse(nom, args=[jeton])).status_code == 410
    monkeypatch.undo()
    referent.is_active = False
    referent.save()
    assert client.post(reverse(nom, args=[jeton])).status_code == 410
    assert not PreferenceNotification.objects.exists()


def pied_d_un_autre_objectif(utilisateur):
    from pole_ess.socle.liens import signer

    return signer("rapprochements", {"u": utilisateur.pk, "s": ["suites"]})


# -- the mail itself


def test_header_of_a_mail_that_may_be_stopped(referent):
    bas = pied(referent, "suites")
    courriel = Courriel(destinataire=referent.email, sujet="s", texte="t", message_id="<1@x>", **_sans(bas))
    entetes = composer_message(courriel).message()
    assert entetes["List-Unsubscribe"] == f"<{bas['desabonnement']}>"
    assert entetes["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def _sans(bas):
    return {"desabonnement": bas["desabonnement"]}


def test_no_header_where_somebody_waits(referent):
    assert pied(referent, "demandes")["desabonnement"] == ""
    assert (
        "List-Unsubscribe"
        not in composer_message(
            Courriel(destinataire=referent.email, sujet="s", texte="t", message_id="<1@x>")
        ).message()
    )


def test_one_click_of_a_grouped_mail_stops_each_kind_that_it_holds(client, referent, structure):
    contexte = {"structure": structure, "lien": "/", "jours": 1}
    for sorte in ("suites", "publications"):
        notifier(sorte, "fraicheur", a=referent.email, utilisateur=referent, page="/", contexte=contexte)
    demain = timezone.localtime() + timedelta(days=1)
    assert resumes.envoyer(maintenant=demain.replace(hour=7)) == 1
    adresse = Courriel.objects.get(gabarit="resume").desabonnement
    client.post(adresse.split("//", 1)[1].split("/", 1)[1].join(["/", ""]))
    assert set(PreferenceNotification.objects.values_list("sorte", "rythme")) == {
        ("suites", "jamais"), ("publications", "jamais"),
    }  # fmt: skip


def test_every_kind_has_its_words():
    for sorte in sortes.toutes():
        assert sorte.nom[0].isupper(), sorte.cle
        assert sorte.aide.endswith("."), sorte.cle
    assert 8 <= len(sortes.toutes()) <= 12
