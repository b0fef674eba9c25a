"""Inviting from the admin."""

import pytest

from annuaire.models import Rattachement
from pole_ess.socle.models import Courriel


@pytest.mark.django_db
def test_inviter_un_membre_le_dit(client, animateur, structure, membre):
    client.force_login(animateur)
    donnees = {"structure": structure.pk, "courriel": membre.email.upper(), "role": "referent"}
    reponse = client.post("/admin/annuaire/rattachement/add/", donnees)
    assert reponse.status_code == 200
    assert "Cette personne est déjà membre" in reponse.content.decode()
    assert Rattachement.objects.count() == 1
    assert Courriel.objects.count() == 0


@pytest.mark.django_db
def test_inviter_une_adresse_inconnue_ecrit(client, animateur, structure):
    client.force_login(animateur)
    donnees = {"structure": structure.pk, "courriel": "nouvelle@example.org", "role": "membre"}
    reponse = client.post("/admin/annuaire/rattachement/add/", donnees)
    assert reponse.status_code == 302
    assert Rattachement.objects.get().courriel == "nouvelle@example.org"
    assert Courriel.objects.get().destinataire == "nouvelle@example.org"
