"""Requests that no view should have to think about."""

import pytest
from django.test import Client

from pole_ess.socle.limites import adresse_reseau


@pytest.mark.django_db
@pytest.mark.parametrize(
    "adresse",
    [
        "/annuaire/?q=%00",
        "/annuaire/?q=a%00b&page=2",
        "/annuaire/?%00=1",
        "/annuaire/%00/",
        "/annuaire/?q=%ED%A0%80",
        "/?q=1&q=%00",
    ],
)
def test_nul_et_demi_caracteres_sont_refuses_en_francais(client, adresse):
    reponse = client.get(adresse)
    assert reponse.status_code in (200, 302, 404) if "%ED" in adresse else reponse.status_code == 400
    if reponse.status_code == 400:
        assert "pas lisible" in reponse.content.decode()


@pytest.mark.django_db
def test_demande_refusee_n_interroge_pas_la_base(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/annuaire/?q=%00").status_code == 400


@pytest.mark.django_db
def test_adresse_saine_passe(client):
    assert client.get("/mentions-legales/?q=été😀").status_code == 200


@pytest.mark.parametrize(
    ("adresse", "reseau"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_adresse_reseau(rf, adresse, reseau):
    assert adresse_reseau(rf.get("/", REMOTE_ADDR=adresse)) == reseau


def test_en_tete_forgee_n_est_pas_lue(rf):
    requete = rf.get("/", REMOTE_ADDR="192.0.2.7", headers={"x-forwarded-for": "203.0.113.9"})
    assert adresse_reseau(requete) == "192.0.2.7"


@pytest.mark.django_db
def test_trop_de_champs_et_corps_trop_long_sont_refuses_en_francais():
    client = Client(raise_request_exception=False)
    beaucoup = client.post("/compte/login/", {f"c{rang}": "x" for rang in range(2100)})
    assert beaucoup.status_code == 400
    assert "Rien n'a été enregistré" in beaucoup.content.decode()
    long = client.post("/compte/login/", "a=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    assert long.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["pirate.example.org", "a b", "testserver@pirate.example.org"])
def test_hote_inconnu_est_refuse(client, adresse):
    assert client.get("/", headers={"host": adresse}).status_code == 400
