"""Errors of a provider's HTTP interface: repeat only what is known not to have been accepted."""

import pytest
import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from urllib3.exceptions import NewConnectionError

from pole_ess.socle.courriel.issues import avant_envoi, pendant_envoi


def reponse(code):
    r = requests.Response()
    r.status_code = code
    return AnymailRequestsAPIError("refus", response=r)


def coupure(classe, *arguments):
    """As anymail wraps an error of requests."""
    cause = classe(*arguments)
    erreur = type("AnymailRequestsAPIError", (AnymailRequestsAPIError, classe), {})("coupure")
    erreur.__cause__ = cause
    return erreur


class Detail:
    reason = NewConnectionError(None, "refused")


@pytest.mark.parametrize(
    ("erreur", "etat"),
    [
        (reponse(400), "rejete"),
        (reponse(422), "rejete"),
        (reponse(401), "differe"),
        (reponse(429), "differe"),
        (reponse(503), "differe"),
        (reponse(500), "incertain"),
        (reponse(504), "incertain"),
        (reponse(200), "incertain"),  # accepted, and the answer cannot be read
        (coupure(requests.ConnectTimeout), "differe"),
        (coupure(requests.ConnectionError, Detail()), "differe"),
        (coupure(requests.ConnectionError, "Connection aborted"), "incertain"),
        (coupure(requests.ReadTimeout), "incertain"),
        (AnymailRecipientsRefused(), "rejete"),
        (RuntimeError("quoi ?"), "incertain"),
    ],
)
def test_issue_d_une_erreur(erreur, etat):
    assert pendant_envoi(erreur).etat == etat


def test_reglage_faux_n_est_pas_la_faute_du_message():
    assert avant_envoi(ImportError("pas de tel module")).etat == "differe"
