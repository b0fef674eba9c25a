import pytest
from django.test import RequestFactory

from pole_ess.socle.limites import adresse_reseau
from pole_ess.socle.proxy import AdresseClientMiddleware, adresse_transmise


@pytest.mark.parametrize(
    ("entete", "proxys", "attendu"),
    [
        ("198.51.100.7", 0, ""),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("10.0.0.1, 198.51.100.7", 1, "198.51.100.7"),
        ("1.1.1.1, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("198.51.100.7", 2, ""),
        ("", 1, ""),
        ("inconnu", 1, ""),
        ("198.51.100.7:4711", 1, "198.51.100.7"),
        ("[2001:db8::1]:4711", 1, "2001:db8::1"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("::ffff:198.51.100.7", 1, "198.51.100.7"),
        ("198.51.100.7,", 1, ""),
        ("' OR 1=1 --", 1, ""),
    ],
)
def test_forwarded_address(entete, proxys, attendu):
    assert adresse_transmise(entete, proxys) == attendu


@pytest.mark.parametrize(("proxys", "attendu"), [(0, "127.0.0.1"), (1, "198.51.100.7")])
def test_a_forged_header_counts_only_behind_a_declared_proxy(settings, proxys, attendu):
    settings.PROXYS_DE_CONFIANCE = proxys
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert AdresseClientMiddleware(adresse_reseau)(request) == attendu


@pytest.mark.django_db
def test_the_middleware_is_in_place(client, settings):
    seen = []
    settings.PROXYS_DE_CONFIANCE = 1
    response = client.get("/sante/", headers={"X-Forwarded-For": "198.51.100.7"})
    seen.append(response.wsgi_request.META["REMOTE_ADDR"])
    settings.PROXYS_DE_CONFIANCE = 0
    response = client.get("/sante/", headers={"X-Forwarded-For": "198.51.100.7"})
    seen.append(response.wsgi_request.META["REMOTE_ADDR"])
    assert seen == ["198.51.100.7", "127.0.0.1"]
