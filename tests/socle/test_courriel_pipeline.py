"""Commands sent in a row to servers that take it (RFC 2920): the same outcomes as one at a time, in two exchanges."""

import smtplib
import socket
import threading

import pytest

from pole_ess.socle.courriel.smtp import _SMTP, IssueInconnue

LETTRE = b"Subject: x\r\n\r\nBonjour\r\n..point\r\n"


class Serveur:
    """Plays `reponses` (MAIL, RCPT, DATA, body, then more); None hangs up. Keeps what each read brought."""

    def __init__(self, enfilees: bool):
        self.enfilees, self.lectures, self.reponses = enfilees, [], []
        self.ecoute = socket.create_server(("127.0.0.1", 0))
        self.fil = threading.Thread(target=self._servir)
        self.fil.start()

    def _servir(self):
        liaison, _ = self.ecoute.accept()
        with liaison:
            liaison.sendall(b"220 pret\r\n")
            liaison.recv(4096)
            liaison.sendall(b"250-puits\r\n250-SIZE 1000\r\n250 PIPELINING\r\n" if self.enfilees else b"250 puits\r\n")
            attendu = 0
            while lu := liaison.recv(4096):
                self.lectures.append(lu)
                attendu += sum(lu.count(mot) for mot in (b"MAIL FROM", b"RCPT TO", b"DATA\r\n", b"RSET", b"rset"))
                attendu += lu.endswith(b"\r\n.\r\n") or lu == b".\r\n"
                while attendu and self.reponses:
                    attendu -= 1
                    reponse = self.reponses.pop(0)
                    if reponse is None:
                        return
                    liaison.sendall(reponse.encode() + b"\r\n")

    def fermer(self):
        self.ecoute.close()
        self.fil.join(timeout=10)
        assert not self.fil.is_alive()


@pytest.fixture(params=[True, False], ids=["in a row", "one at a time"])
def talk(request):
    serveur = Serveur(request.param)
    client = _SMTP("127.0.0.1", serveur.ecoute.getsockname()[1], timeout=5)
    yield serveur, client
    client.close()
    serveur.fermer()


def remettre(talk, *reponses, octets=LETTRE):
    serveur, client = talk
    serveur.reponses[:] = reponses
    client.remettre("bounces+1.2@example.org", "a@example.org", octets)


def test_two_messages_on_one_talk(talk):
    for _ in range(2):
        remettre(talk, "250 ok", "250 ok", "354 allez", "250 pris")
    serveur, client = talk
    recu = b"".join(serveur.lectures)
    assert recu.count(LETTRE + b".\r\n") == 2
    assert client.sock is not None
    assert len(serveur.lectures) == (4 if serveur.enfilees else 8)
    if serveur.enfilees:
        taille = b" SIZE=%d" % len(LETTRE)
        assert serveur.lectures[0] == (
            b"MAIL FROM:<bounces+1.2@example.org>" + taille + b"\r\nRCPT TO:<a@example.org>\r\nDATA\r\n"
        )


@pytest.mark.parametrize(
    ("en_ligne", "un_a_un", "erreur", "code"),
    [
        (["550 non", "503 suite", "503 suite", "250 rset"], ["550 non", "250 rset"], smtplib.SMTPSenderRefused, 550),
        (["250 ok", "550 inconnue", "554 personne", "250 rset"], ["250 ok", "550 inconnue", "250 rset"], None, 550),
        # The server waits for a body all the same: it gets an empty one, for nobody.
        (
            ["250 ok", "450 gris", "354 allez", "554 personne", "250 rset"],
            ["250 ok", "450 gris", "250 rset"],
            None,
            450,
        ),
        (["250 ok", "250 ok", "451 plus tard", "250 rset"], None, smtplib.SMTPDataError, 451),
        (["250 ok", "250 ok", "354 allez", "554 spam", "250 rset"], None, smtplib.SMTPDataError, 554),
    ],
)
def test_refusals_leave_the_talk_ready(talk, en_ligne, un_a_un, erreur, code):
    serveur, client = talk
    reponses = en_ligne if serveur.enfilees else (un_a_un or en_ligne)
    with pytest.raises(erreur or smtplib.SMTPRecipientsRefused) as leve:
        remettre(talk, *reponses)
    lu = leve.value.smtp_code if erreur else leve.value.recipients["a@example.org"][0]
    assert lu == code
    remettre(talk, "250 ok", "250 ok", "354 allez", "250 pris")
    assert client.sock is not None


@pytest.mark.parametrize(
    ("reponses", "incertain"),
    [
        ([None], False),
        (["250 ok", "250 ok", None], False),
        (["250 ok", "250 ok", "354 allez", None], True),
        (["250 ok", "250 ok", "354 allez", "n'importe quoi"], True),
    ],
)
def test_a_cut_is_uncertain_once_the_body_has_begun(talk, reponses, incertain):
    with pytest.raises(OSError) as leve:
        remettre(talk, *reponses)
    assert isinstance(leve.value, IssueInconnue) == incertain


def test_server_that_leaves_is_left(talk):
    with pytest.raises(smtplib.SMTPSenderRefused):
        remettre(talk, "421 je ferme", "421 je ferme", "421 je ferme")
    assert talk[1].sock is None


def test_line_break_in_an_address_is_refused(talk):
    with pytest.raises(ValueError, match="line break"):
        talk[1].remettre("a@example.org>\r\nRCPT TO:<b@example.org", "a@example.org", LETTRE)
