"""Many people at once on one shift: real threads, real connections, a lock_timeout that would show a deadlock."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from pole_ess.socle.models import Courriel
from ressources.actions import benevolat, benevolat_places
from ressources.models import Creneau, InscriptionBenevole
from tests.factories import UtilisateurFactory
from tests.factories.benevolat import CreneauFactory, InscriptionBenevoleFactory
from tests.ressources.test_lots_fils import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def preneur(creneau, personne, **reste):
    return lambda: benevolat_places.prendre(
        Creneau.objects.get(pk=creneau.pk),
        utilisateur=personne,
        nom=personne.nom,
        **{"cle": uuid.uuid4(), **reste},
    )


def etats(creneau, etat):
    return list(creneau.inscriptions.filter(etat=etat).order_by("cree_le", "pk"))


def verifier(creneau):
    creneau.refresh_from_db()
    assert creneau.places_prises == creneau.inscriptions.tenues().count() <= creneau.places
    for personne in set(InscriptionBenevole.objects.values_list("utilisateur", flat=True)):
        mails = Courriel.objects.filter(gabarit="benevole", utilisateur=personne)
        sujets = list(mails.values_list("sujet", "objet_id"))
        assert len(sujets) == len(set(sujets)), "somebody was told the same thing twice"


def test_sixty_people_for_the_last_place():
    creneau = CreneauFactory(places=5)
    for _ in range(4):
        InscriptionBenevoleFactory(creneau=creneau)
    personnes = UtilisateurFactory.create_batch(60)
    assert ensemble([preneur(creneau, personne) for personne in personnes]) == []
    verifier(creneau)
    assert (len(etats(creneau, "inscrite")), len(etats(creneau, "en_attente"))) == (5, 59)
    assert Courriel.objects.filter(gabarit="benevole").count() == 60
    assert Courriel.objects.filter(gabarit="benevole", sujet__startswith="Votre place").count() == 1


def test_leaving_moves_the_list_up_each_once_and_in_order():
    creneau = CreneauFactory(places=12)
    tenues = [InscriptionBenevoleFactory(creneau=creneau) for _ in range(12)]
    file = [InscriptionBenevoleFactory(creneau=creneau, etat="en_attente") for _ in range(20)]
    assert ensemble([lambda i=i: benevolat_places.renoncer(i) for i in [*tenues[:10], *tenues[:10]]]) == []
    verifier(creneau)
    assert [i.pk for i in etats(creneau, "en_attente")] == [i.pk for i in file[10:]]
    assert Courriel.objects.filter(gabarit="benevole", sujet__startswith="Une place s'est libérée").count() == 10


def test_people_take_leave_and_places_change_at_the_same_moment():
    creneau = CreneauFactory(places=10)
    tenues = [InscriptionBenevoleFactory(creneau=creneau) for _ in range(10)]
    actes = [preneur(creneau, personne) for personne in UtilisateurFactory.create_batch(30)]
    actes += [lambda i=i: benevolat_places.renoncer(i) for i in tenues[:6]]
    actes += [lambda i=i: benevolat_places.retirer(i, par=None, motif="Doublon") for i in tenues[6:8]]
    valeurs = {"debut": creneau.debut, "fin": creneau.fin, "intitule": creneau.intitule, "lieu": ""}
    actes += [
        lambda: benevolat.modifier_creneau(Creneau.objects.get(pk=creneau.pk), par=None, places=14, **valeurs),
        lambda: benevolat_places.avancer_les_listes(),
        lambda: benevolat_places.avancer_les_listes(),
    ]
    assert ensemble(actes) == []
    verifier(creneau)
    assert creneau.places_prises == 14
    assert len(etats(creneau, "annulee")) == 8


def test_two_overlapping_shifts_never_both_confirm_one_person():
    """Sixty people ask for both shifts at once, in either order: each is confirmed in one at most."""
    matin = CreneauFactory(places=40)
    aussi = CreneauFactory(mission=matin.mission, places=40, debut=matin.debut + timedelta(hours=1))
    actes = []
    for rang, personne in enumerate(UtilisateurFactory.create_batch(30)):
        paire = [preneur(matin, personne), preneur(aussi, personne)]
        actes += paire if rang % 2 else paire[::-1]
    erreurs = ensemble(actes)
    assert {type(erreur) for _, erreur in erreurs} == {benevolat_places.DejaPrise}
    assert len(erreurs) == 30
    for creneau in (matin, aussi):
        verifier(creneau)
    inscrites = InscriptionBenevole.objects.filter(etat="inscrite")
    assert inscrites.count() == inscrites.values("utilisateur").distinct().count() == 30


def test_lists_of_two_shifts_that_share_their_people_never_deadlock():
    """Everybody waits for both; leaving both in opposite orders moves both lists up."""
    premier = CreneauFactory(places=10)
    second = CreneauFactory(mission=premier.mission, places=10, debut=premier.debut + timedelta(hours=1))
    partants = [InscriptionBenevoleFactory(creneau=c) for c in (premier, second) for _ in range(10)]
    attendent = UtilisateurFactory.create_batch(15)
    for rang, personne in enumerate(attendent):
        for creneau in (premier, second) if rang % 2 else (second, premier):
            InscriptionBenevoleFactory(creneau=creneau, utilisateur=personne, etat="en_attente")
    actes = [lambda i=i: benevolat_places.renoncer(i) for i in partants]
    assert ensemble(actes) == []
    for creneau in (premier, second):
        verifier(creneau)
    inscrites = InscriptionBenevole.objects.filter(etat="inscrite")
    assert sorted(inscrites.values_list("utilisateur", flat=True)) == sorted(p.pk for p in attendent)


def test_same_form_sent_ten_times_takes_one_place():
    creneau, personne, cle = CreneauFactory(), UtilisateurFactory(), uuid.uuid4()
    assert ensemble([preneur(creneau, personne, cle=cle)] * 10) == []
    assert ensemble([preneur(creneau, personne) for _ in range(10)]) == []
    verifier(creneau)
    assert (creneau.places_prises, InscriptionBenevole.objects.count()) == (1, 1)
    assert Courriel.objects.filter(gabarit="benevole").count() == 1


def test_cancelling_while_others_take_leaves_nobody_behind():
    creneau = CreneauFactory(places=5)
    actes = [preneur(creneau, personne) for personne in UtilisateurFactory.create_batch(20)]
    actes.append(lambda: benevolat.annuler_mission(creneau.mission, par=None, motif="Orage"))
    erreurs = ensemble(actes)
    assert {type(erreur) for _, erreur in erreurs} <= {benevolat_places.TransitionInterdite}
    verifier(creneau)
    assert creneau.places_prises == 0
    touches = creneau.inscriptions.filter(etat="annulee").count()
    assert touches + len(erreurs) == 20
    assert Courriel.objects.filter(gabarit="benevole", sujet__startswith="Mission annulée").count() == touches


@pytest.mark.parametrize("etat", ["inscrite", "venue", "absente"])
def test_the_database_itself_refuses_one_place_too_many(etat):
    creneau = CreneauFactory(places=1)
    InscriptionBenevoleFactory(creneau=creneau)
    with pytest.raises(IntegrityError, match="creneau_jamais_depasse"), transaction.atomic():
        InscriptionBenevoleFactory(creneau=creneau, etat=etat)
    verifier(creneau)
