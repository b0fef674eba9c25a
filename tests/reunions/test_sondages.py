"""Date polls: asking, answering without an account, one's own link, the best date in words, keeping one."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.models import Compteur
from reunions.actions import TransitionInterdite
from reunions.actions import sondages as actes
from reunions.models import ChoixDate, ReponseSondage, Reunion, Sondage
from tests.factories import UtilisateurFactory
from tests.factories.reunions import ReunionFactory, SondageFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def url(nom, *arguments):
    return reverse(f"reunions:{nom}", args=arguments)


def formulaire(**autres):
    return {
        "titre": "Quelle date ?",
        "cle": str(uuid.uuid4()),
        "jour_0": "12/03/2099",
        "heure_0": "18 h",
        "fin_0": "20 h",
        "jour_1": "13 mars 2099",
        "heure_1": "14 h 30",
        **autres,
    }


@pytest.fixture
def sondage(db):
    sondage = SondageFactory()
    for jour in (12, 13, 14):
        sondage.dates.create(debut=datetime(2099, 3, jour, 18, tzinfo=PARIS))
    return sondage


def reponse(sondage, *mots, nom="Lou", **autres):
    dates = sondage.dates.all()
    return {
        "nom": nom,
        "cle": str(uuid.uuid4()),
        **{f"date_{d.pk}": mot for d, mot in zip(dates, mots, strict=False)},
        **autres,
    }


# -- asking


def test_a_referent_asks_in_french_dates_and_a_retried_form_asks_once(client, referent):
    client.force_login(referent)
    donnees = formulaire()
    client.post(url("sondage_creer"), donnees)
    client.post(url("sondage_creer"), donnees)
    sondage = Sondage.objects.get()
    assert [(d.debut, d.fin) for d in sondage.dates.all()] == [
        (datetime(2099, 3, 12, 18, tzinfo=PARIS), datetime(2099, 3, 12, 20, tzinfo=PARIS)),
        (datetime(2099, 3, 13, 14, 30, tzinfo=PARIS), None),
    ]
    assert len(sondage.jeton) == 24


@pytest.mark.parametrize(
    ("valeurs", "message"),
    [
        ({"titre": ""}, "Donnez un titre"),
        ({"jour_1": "", "heure_1": ""}, "au moins deux dates"),
        ({"jour_1": "13/03/2019"}, "est passée"),
        ({"jour_1": "jamais"}, "pas comprise"),
        ({"heure_1": ""}, "Donnez l&#x27;heure"),
        ({"jour_1": ""}, "Donnez le jour"),
        ({"fin_0": "17 h"}, "avant le début"),
        ({"jour_1": "12/03/2099", "heure_1": "18:00"}, "déjà proposée"),
        ({"cle": "x"}, "abîmé"),
    ],
)
def test_asking_says_what_is_wrong_and_keeps_the_rest(client, referent, valeurs, message):
    client.force_login(referent)
    texte = client.post(url("sondage_creer"), formulaire(precisions="Gardées", **valeurs)).content.decode()
    assert message in texte
    assert "Gardées" in texte
    assert Sondage.objects.count() == 0


# -- answering


def test_anybody_answers_then_changes_then_takes_back_by_their_own_link(client, sondage):
    envoi = reponse(sondage, "oui", "si_besoin", "non")
    premiere = client.post(sondage.get_absolute_url(), envoi)
    client.post(sondage.get_absolute_url(), envoi)
    la_reponse = ReponseSondage.objects.get()
    assert premiere["Location"] == url("sondage_reponse", sondage.jeton, la_reponse.jeton)
    assert list(la_reponse.choix.values_list("valeur", flat=True)) == ["oui", "si_besoin", "non"]
    client.post(premiere["Location"], reponse(sondage, "non", "oui", "oui", nom="Lou et Sam"))
    la_reponse.refresh_from_db()
    assert (la_reponse.nom, list(la_reponse.choix.values_list("valeur", flat=True))) == (
        "Lou et Sam",
        ["non", "oui", "oui"],
    )
    client.post(premiere["Location"], {"geste": "retirer"})
    assert (ReponseSondage.objects.count(), ChoixDate.objects.count()) == (0, 0)


def test_each_date_is_a_question_with_three_radios_and_nothing_is_chosen_beforehand(client, sondage):
    texte = client.get(sondage.get_absolute_url()).content.decode()
    assert texte.count("<fieldset") == 3
    assert texte.count('type="radio"') == 9
    assert 'type="radio" name="date' in texte
    assert "checked" not in texte
    assert "<legend>Jeudi 12 mars 2099 à 18\u00a0h</legend>" in texte


@pytest.mark.parametrize(
    ("mots", "autres", "message"),
    [
        (["oui", "oui"], {}, "Dites oui, si besoin ou non."),
        (["oui", "oui", "peut-être"], {}, "Dites oui, si besoin ou non."),
        (["oui", "oui", "oui"], {"nom": ""}, "Écrivez un nom"),
        (["oui", "oui", "oui"], {"piege": "x"}, "arrêter les robots"),
        (["oui", "oui", "oui"], {"cle": ""}, "incomplet"),
    ],
)
def test_an_incomplete_answer_is_kept_and_says_what_is_missing(client, sondage, mots, autres, message):
    texte = client.post(sondage.get_absolute_url(), reponse(sondage, *mots, **autres)).content.decode()
    assert message in texte
    assert "checked" in texte
    assert ReponseSondage.objects.count() == 0


def test_links_are_secret_and_of_one_poll(client, sondage):
    autre = SondageFactory()
    la_reponse = ReponseSondage.objects.create(sondage=sondage, nom="Lou", jeton="r" * 24, cle=uuid.uuid4())
    assert client.get(url("sondage", "x" * 24)).status_code == 404
    assert client.get(url("sondage_reponse", autre.jeton, la_reponse.jeton)).status_code == 404
    page = client.get(sondage.get_absolute_url())
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert "private" in page["Cache-Control"]
    assert la_reponse.jeton not in page.content.decode()


def test_too_many_answers_from_one_place_wait(client, sondage):
    client.post(sondage.get_absolute_url(), reponse(sondage, "oui", "oui", "oui"))
    Compteur.objects.filter(cle__startswith="reponse-sondage").update(compte=1000)
    texte = client.post(sondage.get_absolute_url(), reponse(sondage, "oui", "oui", "oui", nom="Sam"))
    assert texte.status_code == 429
    assert "Sam" in texte.content.decode()
    assert ReponseSondage.objects.count() == 1


# -- the best date, and keeping one


def test_the_best_date_is_said_in_words(client, sondage):
    for mots in (["oui", "si_besoin", "oui"], ["non", "oui", "si_besoin"], ["non", "oui", "oui"]):
        client.post(sondage.get_absolute_url(), reponse(sondage, *mots))
    bilans, _ = actes.resultats(sondage)
    assert [(b.oui, b.si_besoin, b.non, b.meilleure) for b in bilans] == [
        (1, 0, 2, False),
        (2, 1, 0, True),
        (2, 1, 0, True),
    ]
    texte = client.get(sondage.get_absolute_url()).content.decode()
    assert texte.count("convient au plus grand nombre") == 2
    assert '<th scope="row">' in texte


def test_the_date_kept_becomes_the_meeting_s_and_closes_the_poll(client, animateur, sondage):
    reunion = ReunionFactory(etat="brouillon", debut=None, fin=None)
    Sondage.objects.filter(pk=sondage.pk).update(reunion=reunion)
    date = sondage.dates.all()[1]
    client.force_login(animateur)
    client.post(url("sondage_gerer", sondage.jeton), {"geste": "retenir", "date": date.pk})
    reunion.refresh_from_db()
    assert (reunion.debut, reunion.sequence) == (date.debut, 0)
    texte = client.post(sondage.get_absolute_url(), reponse(sondage, "oui", "oui", "oui")).content.decode()
    assert "clos" in texte
    assert ReponseSondage.objects.count() == 0
    client.post(url("sondage_gerer", sondage.jeton), {"geste": "rouvrir"})
    client.post(sondage.get_absolute_url(), reponse(sondage, "oui", "oui", "oui"))
    assert ReponseSondage.objects.count() == 1
    assert Reunion.objects.get().debut == date.debut


def test_an_announced_meeting_that_takes_another_date_tells_calendars(animateur, sondage):
    reunion = ReunionFactory()
    Sondage.objects.filter(pk=sondage.pk).update(reunion=reunion)
    sondage.refresh_from_db()
    actes.retenir(sondage, par=animateur, date=sondage.dates.first().pk)
    assert Reunion.objects.get().sequence == 1


@pytest.mark.parametrize("date", ["", "0", "abc", "9" * 30])
def test_keeping_a_date_of_another_poll_is_refused(client, animateur, sondage, date):
    client.force_login(animateur)
    client.post(url("sondage_gerer", sondage.jeton), {"geste": "retenir", "date": date})
    sondage.refresh_from_db()
    assert (sondage.clos_le, sondage.date_retenue) == (None, None)


def test_a_poll_holds_two_hundred_answers(sondage, monkeypatch):
    monkeypatch.setattr(actes, "REPONSES_MAX", 1)
    choix = {date.pk: "oui" for date in sondage.dates.all()}
    actes.repondre(sondage, nom="Un", choix=choix, cle=uuid.uuid4())
    with pytest.raises(TransitionInterdite, match="déjà 1 réponses"):
        actes.repondre(sondage, nom="Deux", choix=choix, cle=uuid.uuid4())


def test_one_poll_per_meeting(client, animateur):
    reunion = ReunionFactory(etat="brouillon", debut=None, fin=None)
    client.force_login(animateur)
    for _ in range(2):
        client.post(f"{url('sondage_creer')}?rencontre={reunion.pk}", formulaire())
    assert Sondage.objects.get().reunion == reunion


@pytest.mark.parametrize("compte", [1, 8])
def test_queries_of_the_pages(client, sondage, django_assert_num_queries, compte):
    auteur = UtilisateurFactory(is_staff=True)
    for rang in range(compte):
        choix = {date.pk: "oui" for date in sondage.dates.all()}
        actes.repondre(sondage, nom=f"Personne {rang}", choix=choix, cle=uuid.uuid4())
        SondageFactory()
    with django_assert_num_queries(6):
        client.get(sondage.get_absolute_url())
    client.force_login(auteur)
    with django_assert_num_queries(7):
        client.get(url("sondage_gerer", sondage.jeton))
    with django_assert_num_queries(4):
        client.get(url("mes_sondages"))
    assert timezone.now() - sondage.cree_le < timedelta(hours=1)


def test_the_newest_poll_comes_first_in_its_author_s_list(animateur):
    sondages = [SondageFactory(auteur=animateur) for _ in range(4)]
    assert list(Sondage.objects.gerables_par(animateur).pour_listes()) == sondages[::-1]
