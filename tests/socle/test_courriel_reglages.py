"""What `check --deploy` says about mail, and that every mail of the portal has its three parts."""

from pathlib import Path

import pytest
from django.conf import settings as reglages

from pole_ess.checks import mail_is_ready

EMAILS = Path(reglages.BASE_DIR) / "templates" / "emails"
BON = {
    "DEMO": False,
    "EMAIL_BACKEND": "pole_ess.socle.courriel.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Pôle <portail@pole.test>",
    "COURRIER_ENTRANT_DOMAINE": "courrier.pole.test",
    "ANYMAIL": {"WEBHOOK_SECRET": "portail:secret"},
}


@pytest.mark.parametrize(
    ("change", "attendus"),
    [
        ({}, []),
        ({"EMAIL_BACKEND": "pole_ess.socle.boite_demo.EmailBackend"}, ["pole_ess.W001"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["pole_ess.W001"]),
        ({"DEFAULT_FROM_EMAIL": "Pôle ESS <portail@pole.example.org>"}, ["pole_ess.I001"]),
        ({"ANYMAIL": {}}, ["pole_ess.W002", "pole_ess.I002"]),
        ({"ANYMAIL": {}, "COURRIER_ENTRANT_DOMAINE": ""}, ["pole_ess.I002"]),
        ({"ANYMAIL": {"WEBHOOK_SECRET": "sans-deux-points"}}, ["pole_ess.W003"]),
        ({"DEMO": True, "ANYMAIL": {}, "EMAIL_BACKEND": "pole_ess.socle.boite_demo.EmailBackend"}, []),
    ],
)
def test_verifications_du_courrier(settings, change, attendus):
    for nom, valeur in (BON | change).items():
        setattr(settings, nom, valeur)
    assert [message.id for message in mail_is_ready(None)] == attendus


HERITIERS = {"lettre_essai": "lettre_numero"}
"""Mails that are another one with some words before."""


def test_chaque_message_a_ses_trois_parties():
    sujets = {f.name.removesuffix(".sujet.txt") for f in EMAILS.rglob("*.sujet.txt")}
    assert len(sujets) > 10
    for nom in sujets:
        commun = HERITIERS.get(nom, "base")
        for suffixe in (".txt", ".mjml"):
            base = f"{commun}{suffixe}"
            source = (EMAILS / f"{nom}{suffixe}").read_text()
            assert source.startswith(f'{{% extends "emails/{base}" %}}'), f"{nom}{suffixe}"
    parties = {f.name for f in EMAILS.iterdir()} - {"base.txt", "base.mjml"}
    phrases = {nom for nom in parties if nom.endswith("_phrase.txt")}
    assert parties - phrases == {f"{nom}{suffixe}" for nom in sujets for suffixe in (".sujet.txt", ".txt", ".mjml")}
    for phrase in phrases:  # a sentence that the two bodies of one mail share
        for suffixe in (".txt", ".mjml"):
            source = (EMAILS / f"{phrase.removesuffix('_phrase.txt')}{suffixe}").read_text()
            assert f'{{% include "emails/{phrase}" %}}' in source, f"{phrase}: not in its mail's {suffixe}"


def test_aucun_message_n_appelle_un_tiers():
    for gabarit in EMAILS.glob("*.mjml"):
        source = gabarit.read_text()
        if gabarit.name == "lettre_numero.mjml":  # its pictures are the portal's own: newsletter.rendu
            source = source.replace('<mj-image css-class="encre" src="{{ image.url }}"', "")
        for interdit in ("<mj-image", "<mj-font", "<img", "<script", "http://", "https://"):
            assert interdit not in source, f"{gabarit.name}: {interdit}"
