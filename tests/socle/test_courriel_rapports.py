"""Reading reports of failure and complaints, whatever system wrote them, whatever happened to them on the way."""

import time

import pytest

from pole_ess.socle.courriel import rapports
from pole_ess.socle.courriel.statuts import est_dur
from tests.socle import avis as a


@pytest.mark.parametrize(
    ("statut", "sorte", "dur"),
    [
        (a.POSTFIX, "rebond", True),
        (a.EXCHANGE, "rebond", True),
        (a.EXIM, "rebond", True),
        (a.SENDMAIL, "rebond", True),
        (a.DOMAINE, "rebond", True),
        (a.SANS_ACTION, "rebond", True),
        (a.PLEINE, "rebond", False),
        (a.FILTRE, "rebond", False),
        (a.EXPIRE, "rebond", False),
        (a.A_MOITIE, "rebond", False),  # an address for two: one of them has it
        (a.RETARD, "retard", False),
        (a.REMIS, "retard", False),
    ],
)
@pytest.mark.parametrize("crlf", [True, False])
def test_shapes_of_several_systems(statut, sorte, dur, crlf):
    rapport = rapports.lire(a.message(a.avis(statut), crlf=crlf))
    assert (rapport.sorte, rapport.dur) == (sorte, dur)
    assert "@" not in rapport.detail
    assert rapport.retours == ["bounces+1.2.0123456789abcdef@courrier.example.org"]
    assert rapport.desabonnement.startswith("<http://testserver/lettre/desabonner/JETON/>")


def test_detail_is_the_servers_words():
    assert rapports.lire(a.message(a.avis(a.POSTFIX))).detail == (
        "5.1.1 550 5.1.1 <[adresse retirée]>: Recipient address rejected: User unknown in virtual mailbox table"
    )


@pytest.mark.parametrize("sorte", ["text/rfc822-headers", "message/global", "message/rfc822-headers"])
def test_headers_only_came_back(sorte):
    rapport = rapports.lire(a.message(a.avis(a.POSTFIX, a.RENDU.partition("\n\n")[0] + "\n", sorte)))
    assert rapport.retours == ["bounces+1.2.0123456789abcdef@courrier.example.org"]


@pytest.mark.parametrize("texte", [a.QMAIL, a.EXIM_ANCIEN])
def test_words_only_are_a_report_where_reports_go_and_nowhere_else(texte):
    rapport = rapports.lire(a.message(texte), attendu=True)
    assert (rapport.sorte, rapport.dur) == ("rebond", True)
    assert "@" not in rapport.detail
    assert rapports.lire(a.message(texte)) is None


def test_out_of_office_is_no_report():
    assert rapports.lire(a.message(a.ABSENCE), attendu=True) is None
    humain = a.QMAIL.replace("Return-Path: <>\n", "").replace("MAILER-DAEMON", "quelqu-un")
    assert rapports.lire(a.message(humain), attendu=True) is None


@pytest.mark.parametrize(("genre", "sorte"), [("abuse", "plainte"), ("not-spam", "retard"), ("auth-failure", "retard")])
def test_complaints(genre, sorte):
    rapport = rapports.lire(a.message(a.plainte(genre)))
    assert rapport.sorte == sorte
    assert rapport.retours[0] == "bounces+1.2.0123456789abcdef@courrier.example.org"


BASE64 = """RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFAZXhhbXBsZS5vcmcKQWN0aW9uOiBmYWlsZWQKU3Rh
dHVzOiA1LjEuMQo="""


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        (a.avis(a.POSTFIX).partition("--limite\nContent-Type: message/rfc822")[0], ("rebond", True)),  # cut
        (a.avis(a.POSTFIX).replace('boundary="limite"', 'boundary="autre"'), None),
        (a.avis(a.POSTFIX).replace("delivery-status; boundary", "delivery-status boundary"), None),
        (a.avis(""), ("rebond", False)),
        (a.avis("", mots="host mx.example.org said: 550 5.1.1 unknown"), ("rebond", True)),
        (a.avis("Status: n'importe quoi\nAction: failed"), ("rebond", False)),
        (a.avis("\x00\x01\x02: \xff\nAction: failed\nStatus: 5.1.1"), ("rebond", True)),
        (a.avis(a.POSTFIX, tete="Message-ID: <\nTo: @@@;;:\nContent-Disposition: ===;;\n"), ("rebond", True)),
        (
            a.avis(BASE64).replace("delivery-status\n\n", "delivery-status\nContent-Transfer-Encoding: base64\n\n"),
            ("rebond", True),
        ),
        ("", None),
        ("Return-Path: <>\n\n", None),
    ],
)
def test_damaged_ones(texte, attendu):
    rapport = rapports.lire(a.message(texte), attendu=True)
    assert (rapport and (rapport.sorte, rapport.dur)) == attendu


def test_huge_ones_in_bounded_time():
    enorme = a.message(a.avis(a.POSTFIX + "\n" + "X-A: b\n " * 400_000, a.RENDU + "x" * 3_000_000))
    parties = a.message(a.avis("\n\n".join([a.POSTFIX] * 5000)))
    mots = a.message(a.QMAIL.replace("Remote host said:", "said " * 300_000))
    debut = time.process_time()
    assert rapports.lire(enorme).dur
    assert rapports.lire(parties).dur
    rapports.lire(mots, attendu=True)
    assert time.process_time() - debut < 2


def test_what_stdlib_trips_over_is_no_error(monkeypatch):
    monkeypatch.setattr(rapports, "_parties", lambda message: [].index(message))
    assert rapports.lire(a.message(a.QMAIL), attendu=True) == rapports.ILLISIBLE
    assert rapports.lire(a.message(a.QMAIL)) is None


@pytest.mark.parametrize(
    ("statut", "mots", "dur"),
    [
        ("5.1.1", "", True),
        ("", "550 5.1.1 no", True),
        ("5.0.0", "550 5.1.1 no", True),
        ("5.0.0", "550 utilisateur inconnu", True),
        ("", "550 user unknown", True),
        ("5.0.0", "554 refused", False),
        ("5.7.1", "550 5.7.1 Sender address does not exist", False),
        ("5.7.26", "550 5.7.26 unauthenticated, user unknown to SPF", False),
        ("4.2.2", "452 4.2.2 user unknown", False),
        ("", "user unknown", False),
        ("", "", False),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", False),
        ("5.2.1", "mailbox disabled", True),
        ("", "192.5.1.1 refused", False),
    ],
)
def test_what_says_that_the_address_is_gone(statut, mots, dur):
    assert est_dur(statut, mots) is dur
