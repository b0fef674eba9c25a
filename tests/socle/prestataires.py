"""Calls as two mail providers make them: Postmark (JSON) and Mailgun (signed form)."""

import base64
import hashlib
import hmac
import json

SECRET = "portail:un-secret-d-essai"
CLE_MAILGUN = "cle-d-essai"


def basic(secret=SECRET):
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()}


def _avec_message_id(entetes):
    return list(({"Message-ID": "<m1@b.example.org>"} | dict(entetes)).items())


def postmark(client, a="relais+abcdefgh12@courrier.example.org", texte="Merci !", entetes=(), secret=SECRET, **champs):
    """A mail that Postmark received; `entetes` are (name, value)."""
    charge = {
        "FromFull": {"Email": "b@example.org", "Name": "Quelqu'un"},
        "ToFull": [{"Email": a, "Name": ""}],
        "OriginalRecipient": a,
        "Subject": "Re : votre annonce",
        "MessageID": "3d2f8b7e-0000-4000-8000-000000000001",
        "Date": "Thu, 30 Jan 2014 18:00:00 +0100",
        "TextBody": texte,
        "Headers": [{"Name": nom, "Value": valeur} for nom, valeur in _avec_message_id(entetes)],
        "Attachments": [],
    } | champs
    auth = basic(secret) if secret else {}
    return client.post("/courrier/postmark/entrant/", json.dumps(charge), content_type="application/json", **auth)


def postmark_suivi(client, **champs):
    """What became of a mail that left through Postmark."""
    return client.post("/courrier/postmark/suivi/", json.dumps(champs), content_type="application/json", **basic())


def signature_mailgun(cle=CLE_MAILGUN):
    horodatage, jeton = "1391101200", "j" * 50
    signe = hmac.new(cle.encode(), f"{horodatage}{jeton}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": horodatage, "token": jeton, "signature": signe}


def mailgun(client, a="relais+abcdefgh12@courrier.example.org", texte="Merci !", entetes=(), cle=CLE_MAILGUN, **champs):
    """A mail that Mailgun received and parsed."""
    tous = [
        ["From", "Quelqu'un <b@example.org>"],
        ["To", a],
        ["Subject", "Re : votre annonce"],
        *[list(paire) for paire in _avec_message_id(entetes)],
    ]
    charge = {
        "sender": "b@example.org",
        "recipient": a,
        "body-plain": texte,
        "message-headers": json.dumps(tous),
        "attachment-count": "0",
        **signature_mailgun(cle),
        **champs,
    }
    return client.post("/courrier/mailgun/entrant/", charge, **basic())


def mailgun_suivi(client, evenement):
    charge = {"signature": signature_mailgun(), "event-data": evenement}
    return client.post("/courrier/mailgun/suivi/", json.dumps(charge), content_type="application/json", **basic())
