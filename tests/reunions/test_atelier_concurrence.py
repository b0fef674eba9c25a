"""Real threads and connections on one workshop: the quota holds, a retried request writes once, nothing deadlocks."""

import random
import uuid
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from reunions.actions import TransitionInterdite, atelier, postits, regroupement
from reunions.models import Atelier, Participant, PostIt
from tests.factories.reunions import AtelierFactory, ParticipantFactory, PostItFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]


def ensemble(actes):
    """Run the callables at the same moment, each on its own connection: (what they gave, what went wrong)."""
    depart, donnes, surprises = Barrier(len(actes)), [], []

    def lancer(acte):
        try:
            connection.ensure_connection()
            depart.wait(60)
            donnes.append(acte())
        except (TransitionInterdite, PostIt.DoesNotExist):
            pass
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
    return donnes, surprises


def interblocages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def ecrire(participant, axe, couleur="rose", cle=None):
    cle = cle or uuid.uuid4()
    return lambda: postits.ecrire(participant, axe=axe, couleur=couleur, texte="Idée", cle=cle)


@pytest.fixture
def un_atelier():
    return AtelierFactory(axes=3)


def test_thirty_parallel_requests_of_one_person_write_three_notes(un_atelier):
    participant, axes = ParticipantFactory(atelier=un_atelier), list(un_atelier.axes.all())
    donnes, surprises = ensemble([ecrire(participant, axes[n % 3]) for n in range(30)])
    assert (len(donnes), surprises, PostIt.objects.count()) == (3, [], 3)


def test_one_form_sent_twenty_times_at_once_writes_one_note_and_joins_once(un_atelier):
    participant, axe, cle = ParticipantFactory(atelier=un_atelier), un_atelier.axes.first(), uuid.uuid4()
    donnes, surprises = ensemble([ecrire(participant, axe, cle=cle) for _ in range(20)])
    assert ({n.pk for n in donnes}, surprises) == ({PostIt.objects.get().pk}, [])
    donnes, surprises = ensemble([lambda: atelier.rejoindre(code=un_atelier.code, cle=cle) for _ in range(20)])
    assert ({p.pk for p in donnes}, surprises) == ({Participant.objects.get(cle=cle).pk}, [])


def test_changing_colours_in_parallel_never_passes_the_quota(un_atelier):
    participant, axe = ParticipantFactory(atelier=un_atelier), un_atelier.axes.first()
    for _ in range(2):
        ecrire(participant, axe)()
    jaunes = [ecrire(participant, axe, "jaune")() for _ in range(3)]
    changer = [
        lambda note=note: postits.modifier(participant, postit=note, axe=axe, couleur="rose", texte="x")
        for note in jaunes
    ]
    donnes, surprises = ensemble([*changer, *[ecrire(participant, axe) for _ in range(9)]])
    assert (len(donnes), surprises, PostIt.objects.filter(couleur="rose").count()) == (1, [], 3)


def test_a_phase_changed_by_two_facilitators_moves_once(un_atelier):
    avancer = [lambda: atelier.changer_phase(un_atelier, vers="regroupement", depuis="ecriture") for _ in range(10)]
    _, surprises = ensemble(avancer)
    un_atelier.refresh_from_db()
    assert (un_atelier.phase, un_atelier.version, surprises) == ("regroupement", 2, [])


@pytest.mark.parametrize("graine", range(3))
def test_writing_grouping_moving_and_phases_never_deadlock(un_atelier, graine):
    hasard, avant = random.Random(graine), interblocages()
    axes = list(un_atelier.axes.all())
    personnes = [ParticipantFactory(atelier=un_atelier) for _ in range(8)]
    notes = [
        PostItFactory(axe=hasard.choice(axes), participant=p, couleur=c) for p in personnes for c in ("rose", "jaune")
    ]
    ids = [note.pk for note in notes]

    def un_acte():
        axe, autre = hasard.sample(axes, 2)
        note, choisies = hasard.choice(notes), hasard.sample(ids, 6)
        sorte = hasard.randrange(6)
        if sorte == 0:
            return ecrire(hasard.choice(personnes), axe)
        if sorte == 1:
            return lambda: postits.modifier(
                note.participant, postit=note, axe=axe, couleur=note.couleur, texte=str(uuid.uuid4())
            )
        if sorte == 2:
            return lambda: regroupement.deplacer(axe, postits=choisies, vers=autre)
        if sorte == 3:
            return lambda: regroupement.categoriser(axe, postits=choisies, nouvelle=hasard.choice("AB"))
        if sorte == 4:
            return lambda: postits.saisir_papier(
                un_atelier, lignes=[(axe, "jaune", "Papier")], cle=uuid.uuid4(), participant=note.participant
            )
        return lambda: atelier.prolonger(un_atelier, minutes=5, fin_vue=None)

    for _ in range(6):
        _, surprises = ensemble([un_acte() for _ in range(20)])
        assert surprises == []
    assert interblocages() == avant
    assert set(ids) <= set(PostIt.objects.values_list("pk", flat=True))  # no note lost
    for personne in personnes:
        for couleur in ("rose", "jaune"):
            assert personne.postits.filter(couleur=couleur).count() <= 3


def test_no_note_lands_in_a_workshop_that_closes_meanwhile(un_atelier):
    axe, personnes = un_atelier.axes.first(), [ParticipantFactory(atelier=un_atelier) for _ in range(20)]

    def clore():
        for depuis, vers in [("ecriture", "regroupement"), ("regroupement", "restitution"), ("restitution", "clos")]:
            atelier.changer_phase(un_atelier, vers=vers, depuis=depuis)
        return set(PostIt.objects.values_list("pk", flat=True))

    donnes, surprises = ensemble([clore, *[ecrire(personne, axe) for personne in personnes]])
    assert surprises == []
    a_la_cloture = next(donne for donne in donnes if isinstance(donne, set))
    assert set(PostIt.objects.values_list("pk", flat=True)) == a_la_cloture
    assert Atelier.objects.get(pk=un_atelier.pk).phase == "clos"
