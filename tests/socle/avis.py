"""Reports as several mail systems write them; every address and host is invented."""

from anymail.inbound import AnymailInboundMessage

RENDU = """Return-Path: <bounces+1.2.0123456789abcdef@courrier.example.org>
From: La lettre <lettre@pole.example.org>
To: a@example.org
Message-ID: <1.r2@pole.example.org>
List-Unsubscribe: <http://testserver/lettre/desabonner/JETON/>,
 <mailto:desabonner+x@courrier.example.org>
Subject: La lettre

Bonjour
"""


def avis(statut, rendu=RENDU, sorte_du_rendu="message/rfc822", mots="Votre message n'a pas pu être remis.", tete=""):
    """multipart/report in three parts, as RFC 3464 asks; `statut`: the fields, blocks apart by an empty line."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: bounces@courrier.example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <20260101.ABC@mx.example.org>
Auto-Submitted: auto-replied
{tete}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limite"

--limite
Content-Type: text/plain; charset=utf-8

{mots}

--limite
Content-Type: message/delivery-status

{statut}

--limite
Content-Type: {sorte_du_rendu}

{rendu}
--limite--
"""


POSTFIX = """Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4F5B2C0A
Arrival-Date: Thu, 1 Jan 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; a@example.org
Original-Recipient: rfc822;a@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx2.example.org
Diagnostic-Code: smtp; 550 5.1.1 <a@example.org>: Recipient address rejected:
    User unknown in virtual mailbox table"""

EXCHANGE = """Reporting-MTA: dns;EXCH1.example.org
Received-From-MTA: dns;mx.example.org

Final-Recipient: rfc822;a@example.org
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; a@example.org not found by SMTP address lookup"""

EXIM = """Reporting-MTA: dns; exim.example.org

Action: failed
Final-Recipient: rfc822;a@example.org
Status: 5.0.0
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 No such user here"""

SENDMAIL = """Reporting-MTA: dns; sendmail.example.org
Received-From-MTA: DNS; pole.example.org

Final-Recipient: RFC822; a@example.org
Action: failed
Status: 5.1.1 (bad destination mailbox address)
Diagnostic-Code: SMTP; 550 5.1.1 <a@example.org>... User unknown"""

PLEINE = POSTFIX.replace("Status: 5.1.1", "Status: 5.2.2").replace(
    "550 5.1.1 <a@example.org>: Recipient address rejected:\n    User unknown in virtual mailbox table",
    "552 5.2.2 <a@example.org>: Mailbox full",
)
FILTRE = POSTFIX.replace("Status: 5.1.1", "Status: 5.7.1").replace(
    "550 5.1.1 <a@example.org>: Recipient address rejected:\n    User unknown in virtual mailbox table",
    "550 5.7.1 Message refused as spam; sender domain does not exist",
)
EXPIRE = POSTFIX.replace("Status: 5.1.1", "Status: 4.4.1").replace(
    "smtp; 550 5.1.1", "X-Postfix; connection timed out to"
)
RETARD = EXPIRE.replace("failed", "delayed")
REMIS = POSTFIX.replace("failed", "relayed").replace("5.1.1", "2.0.0")
SANS_ACTION = "\n".join(ligne for ligne in POSTFIX.splitlines() if not ligne.startswith("Action"))
A_MOITIE = POSTFIX + "\n\n" + POSTFIX.split("\n\n")[1].replace("failed", "delivered").replace("5.1.1", "2.1.5")
DOMAINE = """Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; a@parti.example.org
Action: failed
Status: 5.4.4
Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error for name=parti.example.org"""

QMAIL = (
    """Return-Path: <>
From: MAILER-DAEMON@qmail.example.org
To: bounces@courrier.example.org
Subject: failure notice
Message-ID: <q1@qmail.example.org>

Hi. This is the qmail-send program at qmail.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<a@example.org>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

"""
    + RENDU
)

EXIM_ANCIEN = """Return-path: <>
X-Failed-Recipients: a@example.org
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@exim.example.org>
To: bounces@courrier.example.org
Subject: Mail delivery failed: returning message to sender
Message-ID: <e1@exim.example.org>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients.

  a@example.org
    SMTP error from remote mail server after RCPT TO:<a@example.org>:
    host mx.example.org [192.0.2.1]: 550 Unknown user
"""

ABSENCE = """Return-Path: <>
From: a@example.org
To: bounces@courrier.example.org
Subject: Absente
Auto-Submitted: auto-replied
Message-ID: <abs1@example.org>

Je suis absente jusqu'au 12. En cas d'urgence, appelez le 550.
"""


def plainte(genre="abuse", rendu=RENDU, retour="<bounces+1.2.0123456789abcdef@courrier.example.org>"):
    """RFC 5965, as a feedback loop sends it."""
    return f"""From: fbl@fai.example.org
To: plaintes@courrier.example.org
Subject: FW: La lettre
Message-ID: <fbl1@fai.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="limite"

--limite
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--limite
Content-Type: message/feedback-report

Feedback-Type: {genre}
User-Agent: UneBoucle/1.0
Version: 1
Original-Mail-From: {retour}
Original-Rcpt-To: <a@example.org>

--limite
Content-Type: message/rfc822
Content-Disposition: inline

{rendu}
--limite--
"""


def message(texte: str, a: str = "", crlf: bool = True) -> AnymailInboundMessage:
    """As anymail parses it; `a`: the address of the envelope."""
    recu = AnymailInboundMessage.parse_raw_mime(texte.replace("\n", "\r\n") if crlf else texte)
    recu.envelope_recipient = a or None
    return recu
