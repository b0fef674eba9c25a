"""Sending through a real SMTP server: what it receives, and what each of its answers does to the row."""

import email
import email.policy
import socket
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pole_ess.socle.courriel import deposer, expedition
from pole_ess.socle.courriel.smtp import _Temoin
from pole_ess.socle.models import Courriel


def test_message_recu_tel_quel(courriel, receveur, settings):
    assert expedition.expedier(courriel.pk) == "parti"
    (enveloppe,) = receveur.recus
    assert (enveloppe.mail_from, enveloppe.rcpt_tos) == ("portail@pole.example.org", ["a@example.org"])
    recu = email.message_from_bytes(enveloppe.content, policy=email.policy.default)
    entetes = {nom: str(valeur) for nom, valeur in recu.items() if nom not in ("Date", "Content-Type")}
    assert entetes == {
        "Subject": "Des nouvelles de « Les Amis »",
        "From": "Pôle ESS <portail@pole.example.org>",
        "To": "a@example.org",
        "Reply-To": "equipe@pole.example.org",
        "Message-ID": courriel.message_id,
        "MIME-Version": "1.0",
        "Content-Language": "fr",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    assert abs(recu["Date"].datetime - timezone.now()) < timedelta(minutes=1)
    assert recu.get_content_type() == "multipart/alternative"
    texte, html = recu.iter_parts()
    assert (texte.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert texte.get_content() == courriel.texte.replace("\n", "\r\n")
    assert html.get_content().removesuffix("\r\n") == courriel.html.replace("\n", "\r\n")
    assert max(len(ligne) for ligne in enveloppe.content.split(b"\r\n")) <= 998  # RFC 5321, 4.5.3.1.6


def test_ligne_apres_l_envoi(courriel, receveur):
    expedition.expedier(courriel.pk)
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.tentatives, courriel.erreur) == ("parti", 1, "")
    assert timezone.now() - courriel.parti_le < timedelta(minutes=1)
    assert courriel.en_vol_depuis is None
    assert courriel.texte != ""


def test_deuxieme_travail_n_envoie_pas_deux_fois(courriel, receveur):
    assert [expedition.expedier(courriel.pk) for _ in range(3)] == ["parti", "rien à faire", "rien à faire"]
    assert len(receveur.recus) == 1


def test_parole_relayee_peut_recevoir_une_reponse(db, receveur):
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, repondre_a="fil-1@portail.example.org")
    expedition.expedier(courriel.pk)
    recu = email.message_from_bytes(receveur.recus[0].content, policy=email.policy.default)
    assert (recu["Reply-To"], recu["Auto-Submitted"]) == ("fil-1@portail.example.org", None)


@pytest.mark.parametrize(
    ("etape", "reponse", "etat"),
    [
        ("mail", "451 4.7.1 Revenez plus tard", "differe"),
        ("mail", "550 5.7.1 Expediteur refuse", "rejete"),
        ("rcpt", "450 4.2.1 Liste grise", "differe"),
        ("rcpt", "550 5.1.1 Boite inconnue", "rejete"),
        ("rcpt", "421 4.3.2 Fermeture", "differe"),
        ("data", "452 4.3.1 Plus de place", "differe"),
        ("data", "554 5.7.1 Indesirable", "rejete"),
    ],
)
def test_refus_du_serveur(courriel, receveur, etape, reponse, etat):
    setattr(receveur, etape, reponse)
    assert expedition.expedier(courriel.pk) == etat
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.erreur) == (etat, f"Réponse du serveur : {reponse}")
    assert receveur.recus == []
    assert (courriel.prochaine_tentative_le is not None) == (etat == "differe")
    assert courriel.texte != ""


def test_refus_temporaire_reprogramme_et_finit_par_partir(courriel, receveur):
    receveur.rcpt = "450 4.2.1 Liste grise"
    expedition.expedier(courriel.pk)
    courriel.refresh_from_db()
    attente = courriel.prochaine_tentative_le - timezone.now()
    assert timedelta(minutes=4, seconds=50) < attente <= timedelta(minutes=5)
    travail = ProcrastinateJob.objects.order_by("-pk")[0]
    assert (travail.args, travail.scheduled_at) == ({"courriel_id": courriel.pk}, courriel.prochaine_tentative_le)

    receveur.rcpt = None
    assert expedition.expedier(courriel.pk) == "rien à faire"  # not before its time
    assert receveur.recus == []
    Courriel.objects.filter(pk=courriel.pk).update(prochaine_tentative_le=timezone.now())
    assert expedition.expedier(courriel.pk) == "parti"
    courriel.refresh_from_db()
    assert (courriel.tentatives, len(receveur.recus)) == (2, 1)


def test_abandon_apres_le_nombre_d_essais_prevu(courriel, receveur, settings):
    settings.COURRIEL_TENTATIVES_MAX = 3
    receveur.rcpt = "450 4.2.1 Liste grise"
    etats = []
    for _ in range(4):
        etats.append(expedition.expedier(courriel.pk))
        Courriel.objects.filter(pk=courriel.pk).update(prochaine_tentative_le=timezone.now())
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.tentatives) == ("rejete", 3)
    assert courriel.erreur == "Abandonné après 3 essais. Réponse du serveur : 450 4.2.1 Liste grise"
    assert ProcrastinateJob.objects.filter(args={"courriel_id": courriel.pk}).count() == 3


def test_delais_croissants():
    minutes = [expedition.delai(essai).total_seconds() / 60 for essai in range(1, 6)]
    assert minutes == [5, 20, 80, 320, 1280]


def test_serveur_arrete(courriel, settings):
    settings.EMAIL_BACKEND = "pole_ess.socle.courriel.smtp.EmailBackend"
    with socket.socket() as prise:  # bound, not listening: refuses every connection
        prise.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = prise.getsockname()
        assert expedition.expedier(courriel.pk) == "differe"
    courriel.refresh_from_db()
    assert courriel.erreur.startswith("Serveur d'envoi injoignable : ConnectionRefusedError")


def test_raccroche_au_milieu_du_message(courriel, receveur):
    receveur.data = "raccrocher"
    assert expedition.expedier(courriel.pk) == "incertain"
    courriel.refresh_from_db()
    assert courriel.erreur.startswith("La liaison s'est coupée pendant la remise du message")
    assert expedition.expedier(courriel.pk) == "rien à faire"
    assert receveur.connexions == 1


@pytest.fixture
def serveur_bavard(settings):
    """A server that plays a script: each line answers one of the client's, None hangs up, "..." says nothing."""
    ecoute = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_BACKEND = "pole_ess.socle.courriel.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = ecoute.getsockname()
    settings.EMAIL_TIMEOUT = 1
    fils = []

    def jouer(repliques):
        def tenir():
            liaison, _ = ecoute.accept()
            with liaison, liaison.makefile("rb") as lu:
                liaison.sendall(b"220 pret\r\n")
                for replique in repliques:
                    ligne = lu.readline()
                    if replique is None:
                        return
                    if replique == "...":
                        continue
                    if replique == "CORPS":
                        while ligne.strip() != b".":
                            ligne = lu.readline()
                        continue
                    liaison.sendall(replique.encode() + b"\r\n")
                lu.read()

        fils.append(threading.Thread(target=tenir))
        fils[-1].start()

    yield jouer
    ecoute.close()
    for fil in fils:
        fil.join(timeout=10)
        assert not fil.is_alive()


POLI = ["250 bonjour", "250 ok", "250 ok"]  # EHLO, MAIL, RCPT


@pytest.mark.parametrize(
    ("repliques", "etat"),
    [
        ([None], "differe"),
        (["250 bonjour", None], "differe"),
        (["250 bonjour", "..."], "differe"),
        ([*POLI, None], "differe"),  # hangs up on DATA: no byte of the body has left
        ([*POLI, "354 allez", None], "incertain"),
        ([*POLI, "354 allez", "CORPS"], "incertain"),  # took it all, answers nothing
        ([*POLI, "354 allez", "n'importe quoi"], "incertain"),
        ([*POLI, "354 allez", "554 non"], "rejete"),
        ([*POLI, "354 allez", "451 plus tard"], "differe"),
    ],
)
def test_silence_ou_coupure_a_chaque_etape(courriel, serveur_bavard, monkeypatch, repliques, etat):
    monkeypatch.setattr(_Temoin, "attente_finale", 1)
    serveur_bavard(repliques)
    assert expedition.expedier(courriel.pk) == etat


def test_au_revoir_manque_ne_change_pas_l_issue(courriel, receveur, monkeypatch):
    from smtplib import SMTP, SMTPResponseException

    def quit_casse(self):
        self.close()
        raise SMTPResponseException(500, "Line too long.")

    monkeypatch.setattr(SMTP, "quit", quit_casse)
    assert expedition.expedier(courriel.pk) == "parti"
    assert len(receveur.recus) == 1


@pytest.mark.parametrize(("reponse", "etat"), [(None, "parti"), ("554 non", "rejete"), ("raccrocher", "incertain")])
def test_message_confidentiel_efface_quand_son_sort_est_connu(db, receveur, reponse, etat):
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "code 1234"}, confidentiel=True)
    receveur.data = reponse
    assert expedition.expedier(courriel.pk) == etat
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.texte, courriel.html) == (etat, "", "")


def test_message_confidentiel_differe_garde_son_corps(db, receveur):
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "code 1234"}, confidentiel=True)
    receveur.rcpt = "450 plus tard"
    expedition.expedier(courriel.pk)
    courriel.refresh_from_db()
    assert "code 1234" in courriel.texte


AGENDA = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nSUMMARY:Réunion d'été\r\nEND:VCALENDAR\r\n"


def test_invitation_d_agenda_telle_que_recue(db, receveur):
    """RFC 6047, 2.4: a text/calendar alternative, its method in the Content-Type, after the text and the HTML."""
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, calendrier=("REQUEST", AGENDA))
    assert expedition.expedier(courriel.pk) == "parti"
    octets = receveur.recus[0].content
    recu = email.message_from_bytes(octets, policy=email.policy.default)
    assert recu.get_content_type() == "multipart/alternative"
    assert [partie.get_content_type() for partie in recu.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    agenda = list(recu.iter_parts())[-1]
    assert dict(agenda["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert agenda.get_payload(decode=True).decode() == AGENDA


def test_invitation_d_agenda_par_un_prestataire(db, settings):
    """Providers' APIs take no such alternative: it goes as a file."""
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "x"}, calendrier=("CANCEL", AGENDA))
    assert expedition.expedier(courriel.pk) == "parti"
    (envoye,) = mail.outbox
    (fichier,) = envoye.attachments
    assert (fichier.get_content_type(), fichier.get_param("method"), fichier.get_filename()) == (
        "text/calendar",
        "CANCEL",
        "invitation.ics",
    )
    assert fichier.get_payload(decode=True).decode() == AGENDA
