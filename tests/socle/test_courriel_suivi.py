"""What the provider reports about a mail that has left."""

import pytest
from django.utils import timezone

from pole_ess.socle.courriel import expedition
from pole_ess.socle.models import Courriel
from tests.socle.prestataires import CLE_MAILGUN, SECRET, mailgun_suivi, postmark_suivi


@pytest.fixture
def parti(courriel, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": CLE_MAILGUN}
    Courriel.objects.filter(pk=courriel.pk).update(etat="parti", parti_le=timezone.now(), tentatives=1)
    courriel.refresh_from_db()
    return courriel


def rebond_postmark(courriel, sorte="HardBounce"):
    return {
        "RecordType": "Bounce",
        "Type": sorte,
        "ID": 42,
        "MessageID": "3d2f8b7e-0000-4000-8000-000000000001",  # Postmark's own; ours comes back in the metadata
        "Metadata": {"courriel": courriel.message_id},
        "Email": "a@example.org",
        "BouncedAt": "2026-01-01T10:00:00Z",
        "Description": "The server was unable to deliver your message.",
        "Details": "550 5.1.1 unknown",
    }


def rebond_mailgun(courriel, severite="permanent"):
    return {
        "event": "failed",
        "severity": severite,
        "timestamp": 1391101200.0,
        "recipient": "a@example.org",
        "message": {"headers": {"message-id": courriel.message_id.strip("<>")}},
        "delivery-status": {"message": "550 5.1.1 unknown", "description": ""},
        "reason": "bounce",
    }


def test_rebond_definitif_chez_postmark(client, parti):
    assert postmark_suivi(client, **rebond_postmark(parti)).status_code == 200
    parti.refresh_from_db()
    assert (parti.etat, parti.erreur) == (
        "rejete",
        "Revenu sans être remis. The server was unable to deliver your message. 550 5.1.1 unknown",
    )


def test_rebond_definitif_chez_mailgun(client, parti):
    assert mailgun_suivi(client, rebond_mailgun(parti)).status_code == 200
    parti.refresh_from_db()
    assert (parti.etat, parti.erreur) == ("rejete", "Revenu sans être remis. 550 5.1.1 unknown")


def test_retard_ne_change_rien(client, parti):
    mailgun_suivi(client, rebond_mailgun(parti, "temporary"))
    postmark_suivi(client, **rebond_postmark(parti, "Transient"))
    parti.refresh_from_db()
    assert (parti.etat, parti.erreur) == ("parti", "")


def test_message_inconnu_ne_change_rien(client, parti):
    inconnu = Courriel(message_id="<inconnu@example.org>")
    assert postmark_suivi(client, **rebond_postmark(inconnu)).status_code == 200
    assert mailgun_suivi(client, rebond_mailgun(inconnu)).status_code == 200
    parti.refresh_from_db()
    assert parti.etat == "parti"


def test_remise_leve_le_doute(client, parti):
    Courriel.objects.filter(pk=parti.pk).update(etat="incertain", parti_le=None, erreur="coupure")
    mailgun_suivi(client, {**rebond_mailgun(parti), "event": "delivered", "severity": ""})
    parti.refresh_from_db()
    assert (parti.etat, parti.erreur, parti.parti_le.isoformat()) == ("parti", "", "2014-01-30T17:00:00+00:00")


def test_plainte_est_ecrite(client, parti):
    mailgun_suivi(client, {**rebond_mailgun(parti), "event": "complained"})
    parti.refresh_from_db()
    assert (parti.etat, parti.erreur) == ("parti", "Son destinataire l'a signalé comme indésirable.")


def test_envoi_par_un_prestataire_porte_notre_identifiant(courriel, settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    connexion = expedition.get_connection()
    message = expedition.composer_message(courriel, connexion)
    assert message.metadata == {"courriel": courriel.message_id}
    assert expedition.expedier(courriel.pk) == "parti"
