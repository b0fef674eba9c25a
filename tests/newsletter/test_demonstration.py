"""The demonstration's letter: what it tells is the demonstration's own, and its ledger balances."""

import pytest
from django.core.management import call_command
from django.test import override_settings

from newsletter import bilan
from newsletter.actions import rappels
from newsletter.models import Abonne, Breve, DejaDit, Envoi, Geste, Numero
from pole_ess.socle.models import Courriel
from ressources.models import MiseEnRelation
from reunions.models import Participation
from tests.bases import RESERVE

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


def test_lettres_passees_lecteurs_et_brouillon(client):
    RESERVE.demonstration()
    passees = Numero.objects.archives()
    assert [numero.etat for numero in passees] == ["termine"] * 3
    assert [numero.rang for numero in passees] == [3, 2, 1]
    for numero in passees:
        comptes = numero.envois.bilan()
        assert sum(comptes.values()) == numero.prevus
        assert not set(comptes) & {"pret", "en_vol", "differe", "incertain"}
        assert numero.lance_le < numero.termine_le
        assert numero.deja_dits.count() >= 8
        page = client.get(numero.get_absolute_url())
        assert page.content.decode().count("<h3>") == numero.deja_dits.count()
        connexions, lignes = bilan.connexions(numero)
        assert connexions >= 1
        assert sum(nombre for _, nombre in lignes) == numero.gestes.count()
        assert not numero.gestes.filter(le__lte=numero.lance_le).exists()
        reponses = numero.gestes.filter(genre__in=["aide", "interet"]).count()
        annonces = numero.elements.values("annonce")
        relations = MiseEnRelation.objects.filter(annonce__in=annonces, cree_le__gt=numero.lance_le)
        assert relations.count() == reponses, "an answer that no conversation shows"
        presences = numero.gestes.filter(genre="presence").count()
        venues = Participation.objects.filter(reunion__in=numero.elements.values("reunion"), reponse="present")
        assert presences <= venues.count()
    dits = DejaDit.objects.exclude(sorte="reunion").values_list("sorte", "structure", "annonce", "breve", "evenement")
    assert len(set(dits)) == len(dits), "said twice"

    assert Abonne.objects.filter(est_demonstration=True).count() == 200
    assert not Abonne.objects.exclude(courriel__endswith="example.org").exists()
    assert Abonne.objects.par_etat()["en_attente"] == 8
    assert Abonne.objects.filter(etat="suspendu").values_list("suspension").distinct().count() == 2
    assert Envoi.objects.filter(etat="plainte").count() == 1
    assert numero.rendus.count() >= 4

    brouillon = Numero.objects.get(etat="brouillon")
    assert brouillon.elements.filter(sorte__in=["reunion", "evenement"]).exists()
    assert brouillon.elements.filter(sorte="breve").exists()
    assert Breve.objects.publiees().count() == 9
    assert rappels.a_prevenir(brouillon), "« Prévenir les structures » would have nobody to show"
    assert not Courriel.objects.filter(gabarit__startswith="lettre").exists(), "no mail leaves by loading"

    assert Geste.objects.filter(numero__rang=1, genre="presence").exists()
    avant = (Numero.objects.count(), Abonne.objects.count(), Breve.objects.count())
    with override_settings(DEMO=True):
        call_command("charger_demonstration", verbosity=0)
    assert (Numero.objects.count(), Abonne.objects.count(), Breve.objects.count()) == avant
