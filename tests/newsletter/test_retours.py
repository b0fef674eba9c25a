"""Bounces, complaints and departures by mail: what each does to the ledger and to the subscriber, once."""

import base64

import pytest
from django.utils import timezone

from newsletter import liens
from newsletter.actions import abonnements, retours
from newsletter.models import Abonne, Desabonnement, Envoi
from pole_ess.socle import tasks
from pole_ess.socle.courriel import entrant as entrants
from pole_ess.socle.models import CourrielEntrant
from tests.factories.newsletter import AbonneFactory, EnvoiFactory
from tests.socle import avis as a
from tests.socle.prestataires import CLE_MAILGUN, SECRET, mailgun_suivi, postmark, postmark_suivi

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reglages(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": CLE_MAILGUN}
    settings.COURRIER_ENTRANT_DOMAINE = "courrier.example.org"
    settings.LETTRE_EXPEDITEUR = "La lettre <lettre@pole.example.org>"


@pytest.fixture
def envoi():
    return EnvoiFactory(etat="parti", parti_le=timezone.now())


def retour(envoi):
    return f"bounces+{liens.jeton_de_retour(envoi.numero_id, envoi.pk)}@courrier.example.org"


def recevoir(texte, a_qui):
    """One mail in by the provider, handled; the state of its row, or None when it was known."""
    entrant = entrants.recevoir(a.message(texte, a_qui))
    if entrant is None:
        return None
    if entrant.etat == "recu":
        tasks.traiter_entrant(entrant.pk)
        entrant.refresh_from_db()
    assert entrant.rapport is None
    return entrant.etat


def etats(envoi):
    envoi.refresh_from_db()
    abonne = envoi.abonne
    return envoi.etat, abonne.etat, abonne.suspension, abonne.rebonds_durs, abonne.rebonds_mous


@pytest.mark.parametrize("texte", [a.avis(a.POSTFIX), a.avis(a.EXCHANGE), a.avis(a.EXIM), a.QMAIL, a.EXIM_ANCIEN])
def test_hard_bounce_stops_the_subscriber_and_staff_may_resume(envoi, texte):
    assert recevoir(texte, retour(envoi)) == "traite"
    assert etats(envoi) == ("rejete", "suspendu", "rebond", 1, 0)
    assert envoi.abonne.suspension_detail
    assert envoi.erreur.startswith("Revenu sans être remis. ")
    assert "@" not in envoi.erreur
    assert CourrielEntrant.objects.get().texte.startswith("Rebond. ")
    assert abonnements.reprendre(envoi.abonne)
    assert etats(envoi) == ("rejete", "confirme", "", 0, 0)


def test_same_report_twice_and_by_two_ways_counts_once(envoi, client):
    assert recevoir(a.avis(a.PLEINE), retour(envoi)) == "traite"
    assert recevoir(a.avis(a.PLEINE), retour(envoi)) is None
    assert recevoir(a.avis(a.PLEINE).replace("20260101.ABC", "autre"), retour(envoi)) == "ignore"
    assert CourrielEntrant.objects.first().motif == "avis déjà connu, ou lettre qui n'est pas partie"
    assert postmark_suivi(client, **postmark_dit(envoi)).status_code == 200
    assert etats(envoi) == ("rejete", "confirme", "", 0, 1)


def test_known_report_does_not_stop_again_who_was_resumed(envoi):
    recevoir(a.avis(a.POSTFIX), retour(envoi))
    abonnements.reprendre(envoi.abonne)
    recevoir(a.avis(a.POSTFIX).replace("20260101.ABC", "autre"), retour(envoi))
    assert etats(envoi)[1] == "confirme"


def test_soft_ones_stop_at_the_fifth_in_a_row(envoi):
    abonne = envoi.abonne
    lettres = [envoi, *(EnvoiFactory(abonne=abonne, etat="parti", parti_le=timezone.now()) for _ in range(6))]
    suites = []
    for rang, lettre in enumerate(lettres):
        if rang != 1:  # the second one arrives
            recevoir(a.avis(a.PLEINE).replace("20260101.ABC", f"m{rang}"), retour(lettre))
        abonne.refresh_from_db()
        suites.append((abonne.rebonds_mous, abonne.etat))
    oui = "confirme"
    assert suites == [(1, oui), (1, oui), (1, oui), (2, oui), (3, oui), (4, oui), (5, "suspendu")]
    assert abonne.suspension == "rebonds"


@pytest.mark.parametrize("texte", [a.avis(a.RETARD), a.avis(a.REMIS)])
def test_delay_changes_nothing(envoi, texte):
    assert recevoir(texte, retour(envoi)) == "ignore"
    assert etats(envoi) == ("parti", "confirme", "", 0, 0)


def test_out_of_office_changes_nothing(envoi):
    assert recevoir(a.ABSENCE, retour(envoi)) == "ignore"
    assert CourrielEntrant.objects.get().motif == "ni avis de non-remise, ni plainte"
    assert etats(envoi) == ("parti", "confirme", "", 0, 0)


def test_forged_report_about_somebody_else_is_not_believed(envoi):
    """Its author knows the numbers, a signature of theirs, and the victim's address: not the victim's signature."""
    autre = EnvoiFactory(numero=envoi.numero, rendu=envoi.rendu, etat="parti", parti_le=timezone.now())
    _, _, signature = liens.jeton_de_retour(autre.numero_id, autre.pk).split(".")
    for faux in (signature, "0" * 16, "", signature + "0"):
        adresse = f"bounces+{envoi.numero_id}.{envoi.pk}.{faux}@courrier.example.org"
        texte = a.avis(a.POSTFIX, a.RENDU.replace("1.r2", f"{envoi.numero_id}.r{envoi.pk}"))
        recevoir(texte, adresse)
        recevoir(
            texte.replace("bounces+1.2.0123456789abcdef@courrier.example.org", adresse), "autre@courrier.example.org"
        )
    assert etats(envoi) == ("parti", "confirme", "", 0, 0)
    assert set(CourrielEntrant.objects.values_list("etat", flat=True)) == {"ignore"}


def test_return_address_survives_a_change_of_secret_and_of_case(envoi, settings):
    adresse = retour(envoi).upper()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une-autre-cle", [settings.SECRET_KEY]
    assert recevoir(a.avis(a.POSTFIX), adresse) == "traite"
    assert etats(envoi)[0] == "rejete"


def plainte(envoi, **champs):
    jeton = liens.jeton_d_abonne(envoi.abonne_id, envoi.abonne.jeton, envoi.numero_id)
    return a.plainte(rendu=a.RENDU.replace("JETON", jeton), **champs)


def test_complaint_at_the_hubs_address_is_known_by_what_it_encloses(envoi):
    texte = plainte(envoi, retour="").replace("Return-Path", "X-Rien")
    assert recevoir(texte, "plaintes@courrier.example.org") == "traite"
    assert etats(envoi) == ("plainte", "suspendu", "plainte", 0, 0)
    assert recevoir(texte.replace("fbl1", "fbl2"), "plaintes@courrier.example.org") == "ignore"
    abonnements.reprendre(envoi.abonne)
    assert etats(envoi)[1] == "confirme"


def test_complaint_by_the_return_address_that_it_quotes(envoi):
    assert recevoir(a.plainte(retour=f"<{retour(envoi)}>"), "plaintes@courrier.example.org") == "traite"
    assert etats(envoi)[:3] == ("plainte", "suspendu", "plainte")


def test_complaint_without_proof_is_not_believed(envoi):
    """The Message-ID and the address are no secret: anybody may write them."""
    texte = a.plainte(retour="", rendu=a.RENDU.replace("1.r2", f"{envoi.numero_id}.r{envoi.pk}")).replace(
        "Return-Path", "X"
    )
    assert recevoir(texte, "plaintes@courrier.example.org") == "ignore"
    assert CourrielEntrant.objects.get().motif == "avis dont rien ne prouve de quelle lettre il parle"
    assert etats(envoi)[:2] == ("parti", "confirme")


def test_report_that_a_provider_takes_apart(envoi, client):
    """Postmark gives the parts of a report as attachments, without its Content-Type."""
    pieces = [{"Name": "details.txt", "ContentType": "message/delivery-status", "Content": _b64(a.POSTFIX)}]
    assert postmark(client, a=retour(envoi), texte="Undelivered", Attachments=pieces).status_code == 200
    assert tasks.traiter_entrant(CourrielEntrant.objects.get().pk) == "traite"
    assert etats(envoi)[:2] == ("rejete", "suspendu")


def _b64(texte):
    return base64.b64encode(texte.encode()).decode()


def test_report_that_comes_before_the_ledger_is_handed_again():
    neuf = EnvoiFactory(etat="en_vol", ouvrier=1, pris_le=timezone.now(), en_vol_depuis=timezone.now())
    recu = entrants.recevoir(a.message(a.avis(a.POSTFIX), retour(neuf)))
    with pytest.raises(retours.PasEncore):
        tasks.traiter_entrant(recu.pk)
    Envoi.objects.filter(pk=neuf.pk).update(etat="parti", ouvrier=None, en_vol_depuis=None, parti_le=timezone.now())
    assert tasks.traiter_entrant(recu.pk) == "traite"
    assert etats(neuf)[:2] == ("rejete", "suspendu")


def test_uncertain_one_that_bounces_has_left():
    neuf = EnvoiFactory(etat="incertain")
    recevoir(a.avis(a.POSTFIX), retour(neuf))
    assert etats(neuf)[:2] == ("rejete", "suspendu")


def test_subscriber_gone_meanwhile(envoi):
    adresse = retour(envoi)
    abonnements.desabonner(envoi.abonne, voie="lien")
    assert recevoir(a.avis(a.POSTFIX), adresse) == "traite"
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.abonne) == ("rejete", None)


# -- the provider's calls


def postmark_dit(envoi, sorte="HardBounce", details="550 5.2.2 full"):
    return {
        "RecordType": "Bounce", "Type": sorte, "ID": 42, "MessageID": "3d2f8b7e-0000-4000-8000-000000000001",
        "Metadata": {"envoi": str(envoi.pk)}, "Email": "a@example.org", "BouncedAt": "2026-01-01T10:00:00Z",
        "Description": "Unable to deliver.", "Details": details,
    }  # fmt: skip


def mailgun_dit(envoi, evenement="failed", severite="permanent", message="550 5.1.1 a@example.org unknown"):
    return {
        "event": evenement, "severity": severite, "timestamp": 1391101200.0, "recipient": "a@example.org",
        "message": {"headers": {"message-id": f"{envoi.numero_id}.r{envoi.pk}@pole.example.org"}},
        "delivery-status": {"message": message, "description": ""}, "reason": "bounce",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sorte", "details", "attendu"),
    [
        ("HardBounce", "550 5.1.1 unknown", ("rejete", "suspendu", "rebond", 1, 0)),
        ("HardBounce", "", ("rejete", "suspendu", "rebond", 1, 0)),
        ("SoftBounce", "", ("rejete", "confirme", "", 0, 1)),
        ("SoftBounce", "552 5.2.2 full", ("rejete", "confirme", "", 0, 1)),
        ("Transient", "451 4.7.1 later", ("parti", "confirme", "", 0, 0)),
    ],
)
def test_postmark(envoi, client, sorte, details, attendu):
    for _ in range(2):
        assert postmark_suivi(client, **postmark_dit(envoi, sorte, details)).status_code == 200
    assert etats(envoi) == attendu


def test_postmark_complaint(envoi, client):
    dit = postmark_dit(envoi, "SpamComplaint", "") | {"RecordType": "SpamComplaint"}
    assert postmark_suivi(client, **dit).status_code == 200
    assert etats(envoi)[:3] == ("plainte", "suspendu", "plainte")


def test_mailgun_by_message_id(envoi, client):
    mailgun_suivi(client, mailgun_dit(envoi, severite="temporary"))
    assert etats(envoi)[0] == "parti"
    mailgun_suivi(client, mailgun_dit(envoi))
    assert etats(envoi) == ("rejete", "suspendu", "rebond", 1, 0)
    assert "@" not in envoi.erreur + envoi.abonne.suspension_detail


def test_mailgun_delivery_settles_an_uncertain_one(envoi, client):
    neuf = EnvoiFactory(etat="incertain", erreur="coupure")
    mailgun_suivi(client, mailgun_dit(neuf, "delivered", ""))
    neuf.refresh_from_db()
    assert (neuf.etat, neuf.erreur, neuf.parti_le.year) == ("parti", "", 2014)


def test_mailgun_unsubscription(envoi, client):
    mailgun_suivi(client, mailgun_dit(envoi, "unsubscribed", ""))
    assert not Abonne.objects.exists()
    assert Desabonnement.objects.get().numero == envoi.numero


def test_unknown_row_is_left_alone(envoi, client):
    absent = Envoi(pk=envoi.pk + 999, numero_id=envoi.numero_id)
    for dit in (mailgun_dit(absent), mailgun_dit(absent, "complained", "")):
        assert mailgun_suivi(client, dit).status_code == 200
    assert postmark_suivi(client, **postmark_dit(envoi) | {"Metadata": {"envoi": "9" * 40}}).status_code == 200
    assert etats(envoi)[0] == "parti"


# -- departures by mail

DEPART = """From: x@example.org
To: {a}
Subject: unsubscribe
Message-ID: <d1@example.org>
{tete}
"""


@pytest.mark.parametrize("tete", ["", "Auto-Submitted: auto-generated\n", "Precedence: bulk\n", "X-Spam-Status: Yes\n"])
def test_departure_by_mail(tete):
    abonne = AbonneFactory()
    adresse = f"desabonner+{abonne.jeton}@courrier.example.org"
    assert recevoir(DEPART.format(a=adresse, tete=tete), adresse.upper()) == "traite"
    assert not Abonne.objects.exists()
    assert Desabonnement.objects.get().voie == "courriel"
    assert recevoir(DEPART.format(a=adresse, tete=tete).replace("d1", "d2"), adresse) == "ignore"


def test_departure_with_another_token():
    abonne = AbonneFactory()
    assert recevoir(DEPART.format(a="", tete=""), f"desabonner+{abonne.jeton[:-1]}a@courrier.example.org") == "ignore"
    assert Abonne.objects.get() == abonne


def test_the_address_in_the_letter_is_the_one_that_is_read():
    from newsletter.expedition.moule import Expediteur, Pli
    from newsletter.expedition.session import Ligne

    abonne = AbonneFactory()
    ligne = Ligne(7, abonne.pk, abonne.courriel, abonne.jeton, 1, 0)
    pli = Pli(Expediteur.actuel(), 3, ligne)
    assert liens.lire_retour(pli.retour.partition("+")[2].partition("@")[0]) == 7
    assert len(pli.retour.partition("@")[0]) <= 64
