"""Signed links: purpose, expiry, single use, tampering, garbage."""

import threading
import time

import pytest
from django.db import connection

from pole_ess.socle.liens import (
    LienDejaUtilise,
    LienExpire,
    LienInvalide,
    consommer,
    deja_utilise,
    lire,
    signer,
)
from pole_ess.socle.models import JetonUtilise


def test_lien_se_relit():
    assert lire("invitation", signer("invitation", {"pk": 4, "mot": "été"}), jours=1) == {"pk": 4, "mot": "été"}


def test_lien_d_un_autre_objectif_est_refuse():
    with pytest.raises(LienInvalide):
        lire("revendication", signer("invitation", {"pk": 4}), jours=1)


def test_lien_passe_de_date(monkeypatch):
    jeton = signer("invitation", {"pk": 4})
    vrai = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: vrai + 86_400 - 5)
    assert lire("invitation", jeton, jours=1) == {"pk": 4}
    monkeypatch.setattr("django.core.signing.time.time", lambda: vrai + 86_400 + 5)
    with pytest.raises(LienExpire):
        lire("invitation", jeton, jours=1)


@pytest.mark.parametrize("place", range(0, 60, 3))
def test_lien_altere_est_refuse(place):
    jeton = signer("invitation", {"pk": 4, "remplissage": "abcdefghijklmnop"})
    place %= len(jeton)
    autre = "A" if jeton[place] != "A" else "B"
    with pytest.raises(LienInvalide):
        lire("invitation", jeton[:place] + autre + jeton[place + 1 :], jours=1)


@pytest.mark.parametrize(
    "jeton",
    [
        "",
        ":",
        "::",
        ".",
        "a",
        "é",
        "😀:😀:😀",
        "\x00",
        "a\x00:b:c",
        "\udcff:x:y",
        "%00",
        "../..",
        "=" * 5000,
        ".eJw:1abc:x",
    ],
)
def test_lien_absurde_est_refuse(jeton):
    with pytest.raises(LienInvalide):
        lire("invitation", jeton, jours=1)


def test_lien_signe_par_une_autre_cle_est_refuse(settings):
    jeton = signer("invitation", {"pk": 4})
    settings.SECRET_KEY = "une-autre-cle-secrete-de-plus-de-cinquante-caracteres"
    with pytest.raises(LienInvalide):
        lire("invitation", jeton, jours=1)
    settings.SECRET_KEY_FALLBACKS = ["tests-only-not-a-secret-0123456789abcdefghijklmnopqrstuvwx"]
    assert lire("invitation", jeton, jours=1) == {"pk": 4}


@pytest.mark.django_db
def test_lien_ne_sert_qu_une_fois():
    jeton = signer("invitation", {"pk": 4})
    assert not deja_utilise(jeton)
    consommer(jeton, jours=30)
    assert deja_utilise(jeton)
    with pytest.raises(LienDejaUtilise):
        consommer(jeton, jours=30)
    assert jeton not in JetonUtilise.objects.get().empreinte


@pytest.mark.django_db
def test_refus_laisse_la_transaction_utilisable():
    consommer("jeton", jours=1)
    with pytest.raises(LienDejaUtilise):
        consommer("jeton", jours=1)
    assert JetonUtilise.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_double_envoi_n_agit_qu_une_fois():
    jeton, issues = signer("invitation", {"pk": 4}), []

    def agir():
        try:
            consommer(jeton, jours=1)
            issues.append("agi")
        except LienDejaUtilise:
            issues.append("refus")
        finally:
            connection.close()

    fils = [threading.Thread(target=agir) for _ in range(8)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(issues) == ["agi"] + ["refus"] * 7
