"""The mechanism of optional mails: each rhythm, once whatever happens, two weeks of a person's mailbox."""

import threading
from datetime import date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from annuaire.models import Avis, PauseNotifications, PreferenceNotification, Resume, Rythme, Structure
from annuaire.notifications import moments, notifier, reglages, resumes
from pole_ess.socle.models import Courriel
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
LUNDI = date(2027, 3, 1)


def a(jour, heure=7, minute=0):
    """A moment of Europe/Paris, `jour` days after LUNDI."""
    jour = LUNDI + timedelta(days=jour)
    return timezone.make_aware(datetime(jour.year, jour.month, jour.day, heure, minute))


@pytest.fixture
def horloge(monkeypatch):
    """`horloge(moment)`: from then on it is that time for Python; moments of this file come after the last one."""

    def regler(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment

    regler(a(0, 10))
    return regler


@pytest.fixture
def lea(db):
    """A référent, who keeps the defaults: « suites » once a day, « messages » at once."""
    return RattachementFactory(role="referent", utilisateur__email="lea@example.org").utilisateur


def choisir(personne, **rythmes):
    reglages.choisir(personne, rythmes, pause=None)


def dire(personne, sorte="suites", *, cle=None, quoi="Le jardin", **reste):
    """A kind with the mail of an action's news; the structure is only what it is about."""
    structure = reste.pop("structure", None) or StructureFactory(nom=quoi)
    contexte = {"structure": structure, "lien": "/fiche/", "jours": 30}
    return notifier(
        sorte, "fraicheur", a=personne.email if personne else "generique@example.org", utilisateur=personne,
        page="/annuaire/x/", objet=structure, contexte=contexte, cle_unicite=cle, **reste,
    )  # fmt: skip


def recus(personne):
    return list(Courriel.objects.filter(destinataire=personne.email).order_by("pk").values_list("sujet", flat=True))


def titre(quoi):
    return f"La fiche de {quoi} est-elle encore juste ?"


# -- each rhythm


def test_at_once_the_mail_leaves_with_its_way_out(lea):
    courriel = dire(lea, "messages")
    assert (courriel.gabarit, courriel.destinataire) == ("fraicheur", "lea@example.org")
    assert courriel.desabonnement.startswith("http")
    assert "/compte/notifications/arret/" in courriel.desabonnement
    assert "/compte/notifications/lien/" in courriel.texte
    assert "/compte/notifications/lien/" in courriel.html
    assert not Avis.objects.exists()  # nothing waits, and no key was given


@pytest.mark.parametrize(("rythme", "jour"), [("quotidien", 1), ("hebdomadaire", 7)])
def test_grouped_it_waits_for_its_morning(lea, horloge, rythme, jour):
    choisir(lea, suites=rythme)
    dire(lea, quoi="Le jardin")
    dire(lea, quoi="La ruche")
    assert recus(lea) == []
    assert [resumes.envoyer(maintenant=horloge(a(passe, 8))) for passe in range(1, jour)] == [0] * (jour - 1)
    assert [resumes.envoyer(maintenant=horloge(a(jour, heure))) for heure in (5, 6, 7, 8, 9)] == [0, 1, 0, 0, 0]
    (courriel,) = Courriel.objects.all()
    assert (courriel.gabarit, courriel.cle_unicite) == (
        "resume",
        f"resume-{lea.pk}-{rythme}-{LUNDI + timedelta(days=jour):%Y%m%d}",
    )
    for quoi in ("Le jardin", "La ruche"):
        assert titre(quoi) in courriel.texte
        assert courriel.html.count(titre(quoi)) == 1
    assert set(Avis.objects.values_list("etat", flat=True)) == {"resume"}


def test_never_writes_nothing(lea):
    choisir(lea, suites="jamais")
    assert dire(lea) is None
    assert (Avis.objects.count(), Courriel.objects.count()) == (0, 0)


def test_a_structures_own_address_is_written_to_as_before(db):
    courriel = dire(None)
    assert (courriel.destinataire, courriel.desabonnement) == ("generique@example.org", "")
    assert "/compte/notifications/" not in courriel.texte


def test_a_service_mail_asks_nobody(lea):
    reglages.suspendre(lea, jusqu_au=timezone.localdate())
    assert dire(lea, "").desabonnement == ""


def test_unknown_kind_is_a_mistake(lea):
    with pytest.raises(KeyError):
        dire(lea, "inconnue")


# -- once


@pytest.mark.parametrize("avant", ["immediat", "quotidien", "hebdomadaire"])
@pytest.mark.parametrize("apres", ["immediat", "quotidien", "hebdomadaire"])
def test_a_key_is_told_once_whatever_is_chosen_meanwhile(lea, horloge, avant, apres):
    choisir(lea, suites=avant)
    dire(lea, cle="k")
    choisir(lea, suites=apres)
    assert dire(lea, cle="k") is None
    for jour in range(1, 15):
        resumes.envoyer(maintenant=horloge(a(jour)))
    assert len(recus(lea)) == 1
    assert dire(lea, cle="k") is None


def test_the_same_key_for_two_people_is_two(lea):
    autre = UtilisateurFactory()
    assert dire(lea, cle="k") is not None
    assert dire(autre, cle="k") is not None


def test_the_database_refuses_a_second_notice_and_a_second_mail(lea):
    dire(lea, cle="k")
    with pytest.raises(IntegrityError, match="avis_une_fois"), transaction.atomic():
        Avis.objects.create(utilisateur=lea, sorte="suites", cle="k")
    Resume.objects.create(utilisateur=lea, rythme="hebdomadaire", periode=LUNDI)
    with pytest.raises(IntegrityError, match="resume_une_fois"), transaction.atomic():
        Resume.objects.create(utilisateur=lea, rythme="hebdomadaire", periode=LUNDI)
    with pytest.raises(IntegrityError, match="resume_periode"), transaction.atomic():
        Resume.objects.create(utilisateur=lea, rythme="hebdomadaire", periode=LUNDI + timedelta(days=1))


@pytest.mark.parametrize(
    "valeurs",
    [
        {"etat": "resume", "regle_le": timezone.now()},
        {"etat": "ecarte"},
        {"etat": "attente", "regle_le": timezone.now()},
        {"etat": "perdu", "regle_le": timezone.now()},
    ],
)
def test_the_database_refuses_a_notice_in_no_state(lea, valeurs):
    with pytest.raises(IntegrityError), transaction.atomic():
        Avis.objects.create(utilisateur=lea, sorte="suites", cle="k", **valeurs)


def test_undone_act_leaves_no_notice(lea):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        dire(lea)
        1 / 0  # noqa: B018
    assert not Avis.objects.exists()


def test_a_crash_while_composing_leaves_all_as_it_was(lea, horloge, monkeypatch):
    dire(lea)
    monkeypatch.setattr(resumes, "deposer", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        resumes.envoyer(maintenant=horloge(a(1)))
    assert (Avis.objects.get().etat, Resume.objects.count(), Courriel.objects.count()) == ("attente", 0, 0)
    monkeypatch.undo()
    assert resumes.envoyer(maintenant=a(1, 7, 20)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_in_mid_mail_loses_nothing_and_the_next_one_sends_it_once(lea, monkeypatch):
    """Its session is cut with the notices locked and settled, as a kill -9 does: all of it is undone."""
    dire(lea)
    Avis.objects.update(cree_le=a(0))
    pris, mort, bilan = threading.Event(), threading.Event(), []
    vraie = resumes.deposer

    def deposer_et_mourir(*args, **options):
        vraie(*args, **options)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            bilan.append(cursor.fetchone()[0])
        pris.set()
        mort.wait(30)
        Courriel.objects.exists()  # the dead session answers no more

    def travailler():
        try:
            resumes.envoyer(maintenant=a(1))
        except DatabaseError as erreur:
            bilan.append(type(erreur))
        finally:
            connection.close()

    monkeypatch.setattr(resumes, "deposer", deposer_et_mourir)
    fil = threading.Thread(target=travailler)
    fil.start()
    assert pris.wait(30)
    monkeypatch.setattr(resumes, "deposer", vraie)
    assert resumes.envoyer(maintenant=a(1)) == 0  # the other one holds the notices
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [bilan[0]])
    mort.set()
    fil.join(60)
    assert issubclass(bilan[1], DatabaseError)
    assert (Avis.objects.get().etat, Courriel.objects.count()) == ("attente", 0)
    assert [resumes.envoyer(maintenant=a(1, 7, rang)) for rang in range(3)] == [1, 0, 0]
    assert Courriel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_make_one_mail_each(lea):
    autre = UtilisateurFactory()
    for personne in (lea, autre):
        for rang in range(5):
            dire(personne, cle=f"k{rang}")
    depart, bilans = threading.Barrier(4), []

    def travailler():
        depart.wait()
        try:
            bilans.append(resumes.envoyer(maintenant=a(1)))
        finally:
            connection.close()

    Avis.objects.update(cree_le=a(0))
    fils = [threading.Thread(target=travailler) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    assert sum(bilans) == 2
    assert Courriel.objects.filter(gabarit="resume").count() == Resume.objects.count() == 2
    assert {r.avis.count() for r in Resume.objects.all()} == {5}


@pytest.mark.django_db(transaction=True)
def test_two_acts_at_once_with_one_key_tell_once(lea):
    structure, depart = StructureFactory(), threading.Barrier(2)
    choisir(lea, suites="quotidien")

    def agir():
        depart.wait()
        try:
            dire(lea, cle="k", structure=structure)
        finally:
            connection.close()

    fils = [threading.Thread(target=agir) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    assert Avis.objects.count() == 1


# -- what no longer holds


def test_what_is_gone_is_dropped_and_an_empty_mail_does_not_leave(lea, horloge):
    structure = StructureFactory()
    dire(lea, structure=structure)
    Structure.objects.filter(pk=structure.pk).delete()
    assert resumes.envoyer(maintenant=horloge(a(1))) == 0
    assert (Avis.objects.get().etat, Resume.objects.count()) == ("ecarte", 0)


def test_too_late_for_the_next_morning_leaves_at_once(lea, horloge):
    assert isinstance(dire(lea, avant=a(1, 6)), Courriel)
    assert isinstance(dire(lea, avant=a(1, 9)), Avis)
    choisir(lea, suites="hebdomadaire")
    assert isinstance(dire(lea, avant=a(6)), Courriel)
    assert isinstance(dire(lea, avant=a(8)), Avis)


def test_over_when_the_mail_leaves_is_dropped(lea, horloge):
    dire(lea, avant=a(1, 9))
    assert resumes.envoyer(maintenant=horloge(a(2))) == 0
    assert Avis.objects.get().etat == "ecarte"


@pytest.mark.parametrize("comment", ["ferme", "non_confirme"])
def test_closed_or_unconfirmed_account_gets_none(lea, horloge, comment):
    dire(lea)
    if comment == "ferme":
        lea.is_active = False
        lea.save()
    else:
        EmailAddress.objects.filter(user=lea).update(verified=False)
    assert dire(lea) is dire(lea, "messages") is None
    assert resumes.envoyer(maintenant=horloge(a(1))) == 0
    assert (list(Avis.objects.values_list("etat", flat=True)), Courriel.objects.count()) == (["ecarte"], 0)


def test_refusing_drops_what_waits(lea, horloge):
    dire(lea)
    choisir(lea, suites="jamais")
    assert Avis.objects.get().etat == "ecarte"
    choisir(lea, suites="quotidien")
    assert resumes.envoyer(maintenant=horloge(a(1))) == 0


def test_what_waits_follows_a_new_choice(lea, horloge):
    dire(lea)
    choisir(lea, suites="hebdomadaire")
    assert resumes.envoyer(maintenant=horloge(a(1))) == 0
    choisir(lea, suites="immediat")
    assert resumes.envoyer(maintenant=horloge(a(2))) == 1


def test_a_long_mail_shows_the_first_and_counts_the_rest(lea, horloge):
    for rang in range(resumes.LIGNES_MAX + 4):
        dire(lea, quoi=f"Atelier {rang:02}")
    resumes.envoyer(maintenant=horloge(a(1)))
    courriel = Courriel.objects.get()
    assert "Atelier 14 " in courriel.texte
    assert "Atelier 15 " not in courriel.texte
    assert "Et 4 autres" in courriel.texte
    assert courriel.sujet == "Ce matin : 19 nouvelles pour vous"


# -- choices and pause


def test_only_what_differs_from_the_default_is_written(lea):
    choisir(lea, suites="hebdomadaire", messages="immediat")
    assert list(PreferenceNotification.objects.values_list("sorte", "rythme")) == [("suites", "hebdomadaire")]
    choisir(lea, suites="quotidien")
    assert not PreferenceNotification.objects.exists()


@pytest.mark.parametrize(("sorte", "rythme"), [("demandes", "jamais"), ("rappels", "hebdomadaire"), ("suites", "oui")])
def test_a_rhythm_that_is_not_offered_is_a_mistake(lea, sorte, rythme):
    with pytest.raises(ValueError, match=rythme):
        choisir(lea, **{sorte: rythme})


def test_a_choice_no_longer_offered_counts_as_the_default(lea):
    PreferenceNotification.objects.create(utilisateur=lea, sorte="demandes", rythme="jamais")
    assert reglages.rythmes_de(lea)["demandes"] == Rythme.IMMEDIAT
    assert isinstance(dire(lea, "demandes"), Courriel)


def test_a_pause_holds_what_may_be_refused_and_tells_it_afterwards(lea, horloge):
    reglages.suspendre(lea, jusqu_au=LUNDI + timedelta(days=3))
    assert isinstance(dire(lea, "messages", quoi="Un mot"), Avis)
    dire(lea, quoi="Le jardin")
    assert isinstance(dire(lea, "demandes", quoi="Une demande"), Courriel)  # somebody waits
    for jour in (1, 2, 3):
        assert resumes.envoyer(maintenant=horloge(a(jour))) == 0
    assert resumes.envoyer(maintenant=horloge(a(4))) == 1
    assert recus(lea) == [titre("Une demande"), "Ce matin : 2 nouvelles pour vous"]


def test_a_pause_lasts_three_months_at_most(lea):
    aujourdhui = timezone.localdate()
    for jours in (-1, 93):
        with pytest.raises(IntegrityError, match="trois_mois"), transaction.atomic():
            PauseNotifications.objects.create(utilisateur=lea, jusqu_au=aujourdhui + timedelta(days=jours))
    reglages.suspendre(lea, jusqu_au=aujourdhui + timedelta(days=92))
    reglages.suspendre(lea, jusqu_au=None)
    assert not PauseNotifications.objects.exists()


# -- moments


@pytest.mark.parametrize(
    ("jour", "heure", "quotidien", "hebdomadaire"), [(0, 5, 0, 0), (0, 6, 1, 7), (2, 12, 3, 7), (6, 23, 7, 7)]
)
def test_next_departures(jour, heure, quotidien, hebdomadaire):
    prochains = [(moments.prochain_jour(r, a(jour, heure)) - LUNDI).days for r in ("quotidien", "hebdomadaire")]
    assert prochains == [quotidien, hebdomadaire]


@pytest.mark.parametrize("moment", [a(27, 5, 59), a(28, 9, 0)])
def test_nothing_leaves_out_of_hours_on_the_days_the_clocks_change(moment):
    assert moments.echeances(moment) == []  # 28 March 2027: two o'clock becomes three


def test_a_monday_without_worker_is_made_up_for_and_only_that(lea, horloge):
    choisir(lea, suites="hebdomadaire")
    dire(lea, quoi="Avant")
    horloge(a(8, 3))
    dire(lea, quoi="Après")
    assert resumes.envoyer(maintenant=horloge(a(8))) == 1
    assert recus(lea) == [f"Cette semaine : {titre('Avant')}"]
    assert [resumes.envoyer(maintenant=horloge(a(jour))) for jour in (9, 13, 14)] == [0, 0, 1]


def test_purged_after_half_a_year(lea, horloge):
    dire(lea)
    resumes.envoyer(maintenant=horloge(a(1)))
    assert resumes.purger(maintenant=a(150)) == 0
    assert resumes.purger(maintenant=a(182)) == 2
    assert (Avis.objects.count(), Resume.objects.count()) == (0, 0)


# -- two weeks


def test_two_weeks_of_a_mailbox(lea, horloge):
    """Four kinds, a change of mind, a pause: exactly these mails, once each, at these days."""
    choisir(lea, achats="hebdomadaire", publications="jamais")
    boite, jours = [], {}

    def matin(jour):
        for heure, minute in [(5, 40), (6, 0), (6, 20), (7, 0), (8, 40), (9, 0), (12, 0)]:
            resumes.envoyer(maintenant=horloge(a(jour, heure, minute)))
        horloge(a(jour, 14))

    for jour in range(1, 15):
        matin(jour)
        dire(lea, "suites", quoi=f"suite {jour}", cle=f"suite-{jour}")
        dire(lea, "suites", quoi=f"encore {jour}", cle=f"suite-{jour}")  # the job was run again
        dire(lea, "publications", quoi=f"publiée {jour}")
        if jour % 3 == 0:
            dire(lea, "achats", quoi=f"achat {jour}")
        if jour == 4:
            dire(lea, "messages", quoi="message")
        if jour == 6:
            reglages.suspendre(lea, jusqu_au=LUNDI + timedelta(days=8))
            dire(lea, "messages", quoi="pendant la pause")
        if jour == 11:
            choisir(lea, suites="jamais")
        for sujet in recus(lea)[len(boite) :]:
            boite.append(sujet)
            jours.setdefault(jour, []).append(sujet)
    assert jours == {
        2: [f"Ce matin : {titre('suite 1')}"],
        3: [f"Ce matin : {titre('suite 2')}"],
        4: [f"Ce matin : {titre('suite 3')}", titre("message")],
        5: [f"Ce matin : {titre('suite 4')}"],
        6: [f"Ce matin : {titre('suite 5')}"],
        # Monday the 7th falls in the pause: what it should have told comes when the pause is over, on the 9th
        9: ["Ce matin : 4 nouvelles pour vous", "Cette semaine : 2 nouvelles pour vous"],
        10: [f"Ce matin : {titre('suite 9')}"],
        11: [f"Ce matin : {titre('suite 10')}"],
        14: ["Cette semaine : 2 nouvelles pour vous"],
    }
    texte = "\n".join(Courriel.objects.filter(destinataire=lea.email).values_list("texte", flat=True))
    dits = [f"suite {jour}" for jour in range(1, 11)] + [f"achat {jour}" for jour in (3, 6, 9, 12)]
    for quoi in [*dits, "message", "pendant la pause"]:
        assert texte.count(f"de {quoi} ") == 1, quoi
    assert "publiée" not in texte
    assert "de encore" not in texte
