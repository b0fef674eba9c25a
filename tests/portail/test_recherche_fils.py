"""Real threads: whoever renames and whoever writes at the same time leave an entry that says both."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from annuaire.models import Structure
from pole_ess.portail.models import EntreeRecherche
from reunions.models import Evenement
from tests.factories import StructureFactory
from tests.factories.reunions import EvenementFactory

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]
ATTENTE = 30


def pendant(premier, second):
    """`second` begins, and waits, while `premier` has written and not committed."""
    ecrit, lance = threading.Event(), threading.Event()

    def tenir():
        with transaction.atomic():
            premier()
            ecrit.set()
            assert lance.wait(ATTENTE)
            _attendre_un_verrou()
        connection.close()

    fil = threading.Thread(target=tenir)
    fil.start()
    assert ecrit.wait(ATTENTE)
    autre = threading.Thread(target=lambda: (second(), connection.close()))
    autre.start()
    lance.set()
    for un in (fil, autre):
        un.join(ATTENTE)
        assert not un.is_alive()


def _attendre_un_verrou():
    """Until another session waits for this one's lock."""
    with connection.cursor() as cursor:
        for _ in range(ATTENTE * 20):
            # Not pg_stat_activity: a transaction reads it once.
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("renommer_d_abord", [True, False])
def test_a_rename_and_an_edit_at_the_same_time_are_both_read(renommer_d_abord):
    structure = StructureFactory(nom="Avant")
    evenement = EvenementFactory(structure=structure, titre="Ancien")

    def renommer():
        Structure.objects.filter(pk=structure.pk).update(nom="Après")

    def ecrire():
        Evenement.objects.filter(pk=evenement.pk).update(titre="Nouveau")

    pendant(*((renommer, ecrire) if renommer_d_abord else (ecrire, renommer)))
    entree = EntreeRecherche.objects.get(genre="evenement", objet=evenement.pk)
    assert (entree.titre, entree.texte.split("\n")[-1]) == ("Nouveau", "Après")
    call_command("reindexer", verifier=True, verbosity=0)


def test_an_event_born_during_a_rename_reads_the_new_name():
    structure = StructureFactory(nom="Avant")
    pendant(
        lambda: Structure.objects.filter(pk=structure.pk).update(nom="Après"),
        lambda: EvenementFactory(structure=structure, titre="Né"),
    )
    assert EntreeRecherche.objects.get(titre="Né").texte.split("\n")[-1] == "Après"
