"""Real threads: two workers reminding, the last place, one person answering twice, two people checking in."""

import uuid
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.utils import timezone

from pole_ess.socle.models import Courriel
from reunions.actions import TransitionInterdite, invitations, invitations_liste, presences, reponses
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]


def ensemble(actes):
    """Run the callables at the same moment, each on its own connection; what they refused, and what went wrong."""
    depart, refus, surprises = Barrier(len(actes)), [], []

    def lancer(acte):
        try:
            connection.ensure_connection()
            depart.wait(60)
            acte()
        except TransitionInterdite as non:
            refus.append(non)
        except Exception as erreur:
            surprises.append(erreur)
        finally:
            connections.close_all()

    fils = [Thread(target=lancer, args=[acte]) for acte in actes]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(120)
    assert not any(fil.is_alive() for fil in fils)
    assert surprises == []
    return refus


@pytest.mark.parametrize("acte", [invitations.INVITER, invitations.RELANCER, invitations.METTRE_A_JOUR])
def test_four_workers_write_once_to_each(acte):
    reunion = ReunionFactory(sequence=1)
    envoyee = (
        {} if acte == invitations.INVITER else {"invitee_le": timezone.now() - timedelta(days=3), "sequence_envoyee": 0}
    )
    gens = ParticipationFactory.create_batch(6, reunion=reunion, **envoyee)
    ensemble([lambda: invitations.ecrire(reunion.pk, acte)] * 4)
    destinataires = sorted(Courriel.objects.values_list("destinataire", flat=True))
    assert destinataires == sorted(p.courriel for p in gens)


def test_twenty_people_for_three_places():
    reunion = ReunionFactory(jauge=3)
    gens = ParticipationFactory.create_batch(20, reunion=reunion)
    ensemble([lambda p=p: reponses.repondre(p, reponse="present") for p in gens])
    comptes = [reunion.participations.filter(reponse=r).count() for r in ("present", "attente")]
    assert comptes == [3, 17]


def test_the_places_given_up_together_go_to_as_many():
    reunion = ReunionFactory(jauge=4)
    gens = ParticipationFactory.create_batch(10, reunion=reunion)
    for participation in gens:
        reponses.repondre(participation, reponse="present")
    ensemble([lambda p=p: reponses.repondre(p, reponse="excuse") for p in gens[:4]])
    assert reunion.participations.filter(reponse="present").count() == 4
    assert Courriel.objects.count() == 4


def test_one_person_answering_and_registering_many_times_at_once_is_one():
    reunion = ReunionFactory()
    charge = {"nom": "Lou", "courriel": "lou@example.org", "libelle": ""}
    ensemble([lambda: reponses.confirmer_inscription(reunion, **charge)] * 8)
    une = reunion.participations.get()
    assert (une.reponse, Courriel.objects.count()) == ("present", 1)
    ensemble([lambda r=r: reponses.repondre(une, reponse=r) for r in ("present", "excuse") * 4])
    une.refresh_from_db()
    assert une.reponse in ("present", "excuse")


def test_the_same_list_pasted_by_four_people_is_one_list():
    reunion = ReunionFactory()
    texte = "\n".join(f"p{n}@example.org" for n in range(20))
    ensemble([lambda: invitations_liste.ajouter_liste(reunion, texte=texte)] * 4)
    assert reunion.participations.count() == 20


def test_two_people_at_the_door_do_not_overwrite_each_other():
    une = ParticipationFactory()
    actes = [
        lambda p=p: presences.noter(une.reunion, pk=une.pk, presence=p, vue="inconnue")
        for p in ("present", "absent") * 4
    ]
    refus = ensemble(actes)
    une.refresh_from_db()
    assert une.presence in ("present", "absent")
    assert len(refus) == 4


def test_a_walk_in_sent_eight_times_is_one():
    reunion, cle = ReunionFactory(), uuid.uuid4()
    ensemble([lambda: presences.accueillir(reunion, nom="Lou", structure="", cle=cle)] * 8)
    assert reunion.participations.count() == 1
