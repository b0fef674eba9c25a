"""The optional mails around the letter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annuaire.models import Avis
from annuaire.notifications import reglages, resumes
from newsletter.actions import breves, rappels
from newsletter.models import Breve
from pole_ess.socle.models import Courriel
from tests.factories import UtilisateurFactory
from tests.factories.newsletter import AbonneFactory, BreveFactory, NumeroFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("retiree", "mails"), [(False, 1), (True, 0)])
def test_a_published_piece_of_news_waits_for_the_morning_and_holds_only_while_it_is(
    referent, structure, retiree, mails
):
    breve = BreveFactory(structure=structure, etat="a_valider")
    breves.publier(breve, par=UtilisateurFactory(is_staff=True))
    assert Avis.objects.get().sorte == "publications"
    if retiree:
        Breve.objects.update(etat="retiree", close_le=timezone.now())
    demain = timezone.localtime().replace(hour=7) + timedelta(days=1)
    assert resumes.envoyer(maintenant=demain) == mails


def test_a_refusal_always_leaves(referent, structure):
    reglages.choisir(referent, {"publications": "jamais"})
    breves.refuser(BreveFactory(structure=structure, etat="a_valider"), par=UtilisateurFactory(), motif="Non.")
    assert Courriel.objects.get().desabonnement == ""


def test_the_invitation_to_write_is_held_by_a_pause_and_has_its_way_out(referent, structure):
    numero = NumeroFactory(etat="brouillon")
    reglages.suspendre(referent, jusqu_au=timezone.localdate())
    assert rappels.a_prevenir(numero) == []
    reglages.suspendre(referent, jusqu_au=None)
    assert rappels.rappeler(numero) == 1
    assert "/compte/notifications/arret/" in Courriel.objects.get().desabonnement


def test_the_page_says_what_becomes_of_the_letter(client, referent):
    client.force_login(referent)
    assert "Vous ne la recevez pas." in client.get("/compte/notifications/").content.decode()
    AbonneFactory(courriel=referent.email, utilisateur=referent)
    assert "Vous la recevez : chaque lettre." in client.get("/compte/notifications/").content.decode()
