"""The sending engine against a real SMTP server: who gets what, what each answer does to a row, who may stop it."""

import email
import email.policy
import re
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from newsletter.actions import abonnements, envois, preparation, retours
from newsletter.expedition import moteur
from newsletter.expedition.moule import Expediteur, entetes_communs
from newsletter.expedition.session import Session
from newsletter.liens import lire_abonne, lire_retour
from newsletter.models import Abonne, Envoi, Numero
from pole_ess.socle.courriel.issues import PARTI, Issue
from pole_ess.socle.models import Courriel
from tests.factories.newsletter import AbonneFactory

pytestmark = pytest.mark.django_db(transaction=True)


def lancer(numero, abonnes=3):
    for _ in range(abonnes):
        AbonneFactory()
    assert preparation.lancer(numero)
    numero.refresh_from_db()
    return numero


def lire(enveloppe):
    return email.message_from_bytes(enveloppe.content, policy=email.policy.default)


def test_everybody_gets_it_once_and_the_issue_is_finished(numero, receveur):
    lancer(numero)
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, numero.rang, numero.prevus, numero.envois.bilan()) == ("termine", 1, 3, {"parti": 3})
    assert sorted(e.rcpt_tos[0] for e in receveur.recus) == sorted(Abonne.objects.values_list("courriel", flat=True))
    assert receveur.connexions == 1
    assert moteur.envoyer(numero.pk) == "rien à envoyer"
    assert len(receveur.recus) == 3


def test_headers_on_the_bytes_received(numero, receveur, settings):
    settings.COURRIER_ENTRANT_DOMAINE = "courrier.example.org"
    settings.LETTRE_EXPEDITEUR = "La lettre du pôle <lettre@pole.example.org>"
    lancer(numero, 1)
    moteur.envoyer(numero.pk)
    envoi, abonne = Envoi.objects.get(), Abonne.objects.get()
    (enveloppe,) = receveur.recus
    retour = re.fullmatch(r"bounces\+(\S+)@courrier\.example\.org", enveloppe.mail_from)[1]
    assert retour.startswith(f"{numero.pk}.{envoi.pk}.")
    assert lire_retour(retour) == envoi.pk
    recu = lire(enveloppe)
    entetes = {nom: str(valeur) for nom, valeur in recu.items() if nom not in ("Date", "Content-Type")}
    desabonner = entetes.pop("List-Unsubscribe")
    assert entetes == {
        "To": abonne.courriel,
        "Message-ID": f"<{numero.pk}.r{envoi.pk}@pole.example.org>",
        "From": "La lettre du pôle <lettre@pole.example.org>",
        "Reply-To": "equipe@pole.example.org",
        "Subject": "La lettre d'été",
        "MIME-Version": "1.0",
        "List-Id": "La lettre du pôle <lettre.pole.example.org>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": "<http://testserver/lettre/>",
        "List-Help": "<http://testserver/lettre/>",
        "List-Owner": "<mailto:equipe@pole.example.org>",
        "List-Post": "NO",
        "Precedence": "bulk",
        "Feedback-ID": f"{numero.pk}:lettre:pole.example.org:pole-ess",
        "Content-Language": "fr",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    lien, courriel = re.fullmatch(r"<(\S+)>,\s+<(\S+)>", desabonner).groups()
    jeton = re.fullmatch(r"http://testserver/lettre/desabonner/([\w:-]+)/", lien)[1]
    assert lire_abonne(jeton) == (abonne, numero)
    assert courriel == f"mailto:desabonner+{abonne.jeton}@courrier.example.org"
    assert abs(recu["Date"].datetime - timezone.now()) < timedelta(minutes=1)
    assert recu.get_content_type() == "multipart/alternative"
    for partie in recu.iter_parts():
        assert partie["Content-Transfer-Encoding"] == "quoted-printable"
        corps = partie.get_content()
        assert f"/lettre/preferences/{jeton}/" in corps
        assert abonne.courriel in corps
        assert "PersonnelDeLaLettre" not in corps
        assert "PersonnelleDeLaLettre" not in corps
    assert max(len(ligne) for ligne in enveloppe.content.split(b"\r\n")) <= 200


@pytest.mark.parametrize("nom", ["Pôle ESS, « la maison »", 'Coop "du" <Centre>, ' + "é" * 90])
def test_name_of_the_list_is_words_before_its_id(numero, nom):
    """RFC 2919: whatever the hub's name holds, one pair of brackets, and only around the identifier."""
    expediteur = Expediteur(nom, "lettre@example.org", "example.org", "", "", "equipe@example.org")
    brut = entetes_communs(numero, expediteur)["List-Id"]
    assert brut.isascii()
    assert "\n" not in brut
    assert (brut.count("<"), brut.endswith(" <lettre.example.org>")) == (1, True)
    assert str(make_header(decode_header(brut.partition(" <")[0]))) == " ".join(re.sub(r"[^\w'’-]+", " ", nom).split())


def test_each_has_their_own_tokens(numero, receveur):
    lancer(numero, 5)
    moteur.envoyer(numero.pk)
    for enveloppe in receveur.recus:
        corps = lire(enveloppe).get_body(("plain",)).get_content()
        (jeton,) = set(re.findall(r"/lettre/\w+/([\w:-]+)/", corps))
        assert lire_abonne(jeton)[0].courriel == enveloppe.rcpt_tos[0]
        assert re.findall(r"\S+@example\.org", corps) == enveloppe.rcpt_tos


def test_who_left_or_was_stopped_meanwhile_is_skipped(numero, receveur):
    lancer(numero, 3)
    parti, suspendu, reste = Abonne.objects.order_by("pk")
    abonnements.desabonner(parti, voie="lien")
    abonnements.suspendre(suspendu, raison="equipe")
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert [e.rcpt_tos for e in receveur.recus] == [[reste.courriel]]
    assert sorted(numero.envois.values_list("etat", "motif")) == [
        ("parti", ""),
        ("saute", "desabonne"),
        ("saute", "suspendu"),
    ]
    assert numero.etat == "termine"


@pytest.mark.parametrize(
    ("etape", "reponse", "etat"),
    [
        ("mail", "451 4.7.1 Revenez plus tard", "differe"),
        ("rcpt", "450 4.2.1 Liste grise", "differe"),
        ("rcpt", "550 5.1.1 Boite inconnue", "rejete"),
        ("rcpt", "421 4.3.2 Fermeture", "differe"),
        ("data", "452 4.3.1 Plus de place", "differe"),
        ("data", "554 5.7.1 Indesirable", "rejete"),
        ("data", "raccrocher", "incertain"),
    ],
)
def test_what_an_answer_does_to_the_row(numero, receveur, etape, reponse, etat):
    lancer(numero)
    setattr(receveur, etape, reponse)
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert numero.envois.bilan() == {etat: 3}
    assert receveur.recus == []
    assert numero.etat == ("termine" if etat == "rejete" else "en_cours")


def test_put_off_is_tried_again_at_its_time_then_given_up(numero, receveur):
    lancer(numero, 1)
    receveur.rcpt = "450 4.2.1 Liste grise"
    moteur.envoyer(numero.pk)
    envoi = Envoi.objects.get()
    attente = envoi.prochaine_le - timezone.now()
    assert timedelta(minutes=4, seconds=50) < attente <= timedelta(minutes=5)
    assert ProcrastinateJob.objects.filter(scheduled_at=envoi.prochaine_le, task_name="lettre.envoyer").count() == 1
    assert moteur.envoyer(numero.pk) == "différés"
    for _ in range(5):
        Envoi.objects.filter(etat="differe").update(prochaine_le=timezone.now())
        moteur.envoyer(numero.pk)
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.tentatives) == ("rejete", 4)
    assert envoi.erreur == "Abandonné après 4 essais. Réponse du serveur : 450 4.2.1 Liste grise"


def test_server_down_blames_nobody(numero, receveur, settings):
    lancer(numero)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert moteur.envoyer(numero.pk).startswith("serveur d'envoi injoignable")
    numero.refresh_from_db()
    assert "ConnectionRefusedError" in numero.panne
    assert list(numero.envois.values_list("etat", "tentatives", "ouvrier")) == [("pret", 0, None)] * 3
    settings.EMAIL_PORT = port
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, numero.panne, numero.envois.bilan()) == ("termine", "", {"parti": 3})


def test_server_that_refuses_everything_stops_the_sending(numero, receveur, mailoutbox, monkeypatch):
    monkeypatch.setattr(moteur, "REFUS_DE_SUITE", 5)
    lancer(numero, 12)
    receveur.mail = "550 5.7.1 Expediteur refuse"
    assert moteur.envoyer(numero.pk) == "suspendu : le serveur refuse tout"
    numero.refresh_from_db()
    assert (numero.etat, numero.suspension) == ("suspendu", "refus")
    assert numero.envois.bilan() == {"rejete": 5, "pret": 7}
    receveur.mail = None
    assert envois.renvoyer_echecs(numero, par=None) == 5
    envois.reprendre(numero)
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, len(receveur.recus)) == ("termine", 12)


def test_server_that_puts_everything_off_is_left_alone_for_a_while(numero, receveur, monkeypatch):
    monkeypatch.setattr(moteur, "RETARDS_DE_SUITE", 4)
    lancer(numero, 12)
    receveur.rcpt = "452 4.3.1 Plus de place"
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert numero.envois.bilan() == {"differe": 4, "pret": 8}
    assert numero.panne.startswith("Le serveur d'envoi remet tous les messages à plus tard.")


def test_an_address_refused_for_good_while_sending_is_stopped_once(numero, receveur):
    """As if its mail had come back; who the staff resumes is left alone; a full mailbox says nothing of the address."""
    lancer(numero, 2)
    receveur.rcpt = "550 5.1.1 Boite inconnue"
    moteur.envoyer(numero.pk)
    assert list(Abonne.objects.values_list("etat", "suspension", "rebonds_durs")) == [("suspendu", "rebond", 1)] * 2
    abonnements.reprendre(Abonne.objects.first())
    assert retours.noter_refus(numero) == 0
    assert sorted(Abonne.objects.values_list("etat", flat=True)) == ["confirme", "suspendu"]
    Abonne.objects.update(dernier_rebond_le=None, etat="confirme", suspension="", suspendu_le=None)
    Envoi.objects.update(erreur="Réponse du serveur : 552 5.2.2 Boite pleine")
    assert retours.noter_refus(numero) == 0


def test_send_again_to_the_failed_only(numero, receveur):
    lancer(numero, 1)
    receveur.rcpt = "552 5.2.2 Boite pleine"
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert numero.etat == "termine"
    receveur.rcpt = None
    assert envois.renvoyer_echecs(numero, par=None) == 1
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, len(receveur.recus)) == ("termine", 1)
    assert envois.renvoyer_echecs(numero, par=None) == 0


def test_uncertain_waits_for_a_decision(numero, receveur, animateur):
    lancer(numero, 2)
    receveur.data = "raccrocher"
    moteur.envoyer(numero.pk)
    un, deux = numero.envois.order_by("pk")
    receveur.data = None
    for _ in range(3):
        assert moteur.envoyer(numero.pk) == "en attente de décisions"
        envois.veiller()
    assert receveur.recus == []
    assert envois.renvoyer(un, par=animateur)
    assert not envois.renvoyer(un, par=animateur)
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert (len(receveur.recus), numero.etat) == (1, "en_cours")
    assert envois.laisser(deux, par=animateur)
    numero.refresh_from_db()
    assert (numero.etat, numero.envois.bilan()) == ("termine", {"parti": 1, "incertain": 1})


def test_pause_and_cancel_act_on_the_next_message(numero, receveur, monkeypatch):
    lancer(numero, 6)
    compter = moteur.Tranche._compter

    def remettre_puis(acte):
        def _compter(self, ligne, issue):
            issue = compter(self, ligne, issue)
            if len(receveur.recus) in (2, 4):
                acte(numero)
            return issue

        monkeypatch.setattr(moteur.Tranche, "_compter", _compter)

    remettre_puis(envois.suspendre)
    moteur.envoyer(numero.pk)
    assert (len(receveur.recus), numero.envois.bilan()) == (2, {"parti": 2, "pret": 4})
    assert not numero.envois.exclude(ouvrier=None).exists()
    assert moteur.envoyer(numero.pk) == "rien à envoyer"
    envois.reprendre(numero)
    remettre_puis(envois.annuler)
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, numero.envois.bilan()) == ("annule", {"parti": 4, "saute": 2})


def test_throttle(numero, receveur):
    lancer(numero, 12)
    Numero.objects.filter(pk=numero.pk).update(debit=120)
    fils = [threading.Thread(target=_dans_un_fil, args=(numero.pk, 3)) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert 2 <= len(receveur.recus) <= 8  # two a second, both workers together


def _dans_un_fil(numero_id, duree):
    try:
        moteur.envoyer(numero_id, duree=duree)
    finally:
        connection.close()


def test_two_workers_at_once_never_send_twice(numero, receveur):
    lancer(numero, 300)
    fils = [threading.Thread(target=_dans_un_fil, args=(numero.pk, 60)) for _ in range(3)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    moteur.envoyer(numero.pk)
    adresses = [e.rcpt_tos[0] for e in receveur.recus]
    assert len(adresses) == len(set(adresses)) == 300
    numero.refresh_from_db()
    assert numero.etat == "termine"


def test_statements_per_recipient(numero, receveur, monkeypatch):
    lancer(numero, 400)
    sessions = []
    monkeypatch.setattr(moteur, "Session", lambda: sessions.append(Session()) or sessions[-1])
    moteur.envoyer(numero.pk, duree=60)
    assert len(receveur.recus) == 400
    assert sum(session.requetes for session in sessions) <= 1.1 * 400


@contextmanager
def session_qui_meurt():
    """A session whose end, on return, has reached the server: closing only asks for it, and the server takes its time.

    pg_stat_activity forgets a process after it has let its locks go.
    """
    with Session() as session:
        pid = session._liaison.info.backend_pid
        yield session
    fin = time.monotonic() + 60
    while _sert(pid):
        assert time.monotonic() < fin, "the server has not ended the session"
        time.sleep(0.01)


def _sert(pid) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return bool(cursor.fetchone()[0])


def test_dead_session_is_seen_at_once(numero, receveur):
    lancer(numero, 5)
    with session_qui_meurt() as morte:
        lot = morte.prendre(numero.pk, taille=3)
        assert morte.suivre(numero.pk, None, None, None, lot[0]) == "en_vol"
        assert envois.relever_morts() == 0  # alive
    assert envois.relever_morts() == 1
    assert numero.envois.bilan() == {"incertain": 1, "pret": 4}
    moteur.envoyer(numero.pk)
    assert numero.envois.bilan() == {"incertain": 1, "parti": 4}


def test_batch_held_through_a_crash_of_the_server_is_uncertain_but_not_at_once(numero, receveur):
    """Its last moves may be lost: newsletter_ouvrier, unlogged, is what says that there was a crash."""
    lancer(numero, 5)
    with session_qui_meurt() as morte:
        lot = morte.prendre(numero.pk, taille=3)
        morte.suivre(numero.pk, None, None, None, lot[0])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsletter_ouvrier")
    assert envois.relever_morts() == 0  # its worker may come back
    assert moteur.envoyer(numero.pk) == "2 envoyés"
    Envoi.objects.filter(ouvrier=morte.cle).update(pris_le=timezone.now() - timedelta(seconds=61))
    assert envois.relever_morts() == 3
    assert numero.envois.bilan() == {"incertain": 3, "parti": 2}


def test_worker_that_lives_through_a_crash_writes_what_it_knows(numero, receveur):
    lancer(numero, 6)
    with Session() as coupee:
        un, deux, trois, quatre, cinq = coupee.prendre(numero.pk, taille=5)
        coupee.suivre(numero.pk, None, None, None, un)
        coupee.suivre(numero.pk, un, PARTI, None, deux)  # known to the database, the next two are not
    sus = [
        (un, PARTI),
        (deux, PARTI),
        (trois, Issue("rejete", "non")),
        (quatre, Issue("differe", "plus tard")),
    ]
    with Session() as session:
        session.reprendre(coupee.cle, sus)
    etats = dict(Envoi.objects.filter(pk__lte=cinq.id).values_list("pk", "etat"))
    assert etats == {un.id: "parti", deux.id: "parti", trois.id: "rejete", quatre.id: "pret", cinq.id: "pret"}
    assert not Envoi.objects.exclude(ouvrier=None).exists()
    assert list(Envoi.objects.order_by("pk").values_list("tentatives", flat=True)) == [1, 1, 1, 0, 0, 0]


def test_keys_of_ended_sessions_go(numero):
    envois.oublier_sessions()  # those of other tests: Django's flush does not know this table
    with Session(), connection.cursor() as cursor:
        with session_qui_meurt():
            pass
        assert envois.oublier_sessions() == 1
        cursor.execute("SELECT count(*) FROM newsletter_ouvrier")
        assert cursor.fetchone() == (1,)


def test_any_django_backend(numero, settings, mailoutbox):
    lancer(numero, 2)
    moteur.envoyer(numero.pk)
    numero.refresh_from_db()
    assert (numero.etat, len(mailoutbox)) == ("termine", 2)
    for message in mailoutbox:
        recu = message.message()
        assert recu["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert lire_abonne(re.search(r"/desabonner/([\w:-]+)/", recu["List-Unsubscribe"])[1])[0].courriel == recu["To"]
        assert recu["To"] in message.body


def test_anymail_backend_carries_the_row_in_its_metadata(numero, settings, mailoutbox):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    lancer(numero, 1)
    moteur.envoyer(numero.pk)
    (message,) = mailoutbox
    assert message.anymail_test_params["metadata"] == {"envoi": str(Envoi.objects.get().pk)}
    assert message.anymail_test_params["envelope_sender"].startswith("bounces+")


def test_stalled_sending_tells_the_staff_once(numero, receveur):
    lancer(numero, 1)
    Numero.objects.filter(pk=numero.pk).update(progres_le=timezone.now() - timedelta(minutes=11))
    assert envois.veiller() == [f"{numero.pk} : calé"]
    assert envois.veiller() == [f"{numero.pk} : à suivre"]
    assert Courriel.objects.filter(gabarit="lettre_equipe").count() == 1


@pytest.mark.parametrize(
    "fichier",
    [
        "deploy/pole-ess-worker.service",
        "deploy/compose.yaml",
        "pole_ess/portail/management/commands/demo.py",
    ],
)
def test_workers_poll_each_second_wherever_they_are_started(fichier, settings):
    """A dead worker's rows are taken over by the job that was queued two seconds ahead: found by polling only."""
    texte = (settings.BASE_DIR / fichier).read_text().lower().replace("_", "-")
    assert re.search(r'fetch-job-polling-interval="?=?"?1\b', texte)
