"""Many people at once on one batch: real threads, real connections, a lock_timeout that would show a deadlock."""

import threading
import uuid

import pytest
from django.db import connection

from ressources.actions import lots
from ressources.models import Annonce, PartDeLot
from tests.factories import StructureFactory
from tests.factories.ressources import LotFactory

pytestmark = pytest.mark.django_db(transaction=True)


def ensemble(actes) -> list:
    """Run the acts at the same moment, a thread and a connection each; the errors, with their rank."""
    depart, erreurs = threading.Barrier(len(actes)), []

    def courir(rang, acte):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'")
            depart.wait(30)
            acte()
        except Exception as erreur:
            erreurs.append((rang, erreur))
        finally:
            connection.close()

    fils = [threading.Thread(target=courir, args=(rang, acte)) for rang, acte in enumerate(actes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    assert not any(fil.is_alive() for fil in fils)
    return erreurs


def demandeur(lot, structure, quantite, **reste):
    return lambda: lots.demander_part(
        Annonce.objects.get(pk=lot.pk),
        structure=structure,
        par=None,
        quantite=quantite,
        **{"cle": uuid.uuid4(), **reste},
    )


def parts(lot, etat):
    return list(lot.parts.filter(etat=etat).order_by("cree_le", "pk"))


def verifier(lot):
    lot.refresh_from_db()
    assert lot.quantite_prise == lot.parts.comptees().total() <= lot.quantite


def test_forty_ask_for_one_of_twenty_computers():
    lot = LotFactory(quantite=20)
    structures = StructureFactory.create_batch(40)
    assert ensemble([demandeur(lot, structure, 1) for structure in structures]) == []
    verifier(lot)
    assert (len(parts(lot, "attribuee")), len(parts(lot, "en_attente"))) == (20, 20)
    assert max(p.pk for p in parts(lot, "attribuee")) < min(p.pk for p in parts(lot, "en_attente"))

    file = parts(lot, "en_attente")
    tenues = parts(lot, "attribuee")[:12]
    assert ensemble([lambda part=part: lots.annuler_part(part, par=None) for part in tenues]) == []
    verifier(lot)
    assert lot.quantite_prise == 20
    assert [p.pk for p in parts(lot, "en_attente")] == [p.pk for p in file[12:]]


def test_forty_ask_for_parts_of_all_sizes_while_others_give_up_and_fetch():
    lot = LotFactory(quantite=20)
    structures = StructureFactory.create_batch(45)
    tenues = [demandeur(lot, structure, 4)() for structure in structures[:5]]
    actes = [demandeur(lot, structure, 1 + rang % 5) for rang, structure in enumerate(structures[5:])]
    actes += [lambda part=part: lots.annuler_part(part, par=None) for part in tenues[:3]]
    actes += [lambda part=part: lots.remettre_part(part, par=None) for part in tenues[3:]]
    assert ensemble(actes) == []
    verifier(lot)
    assert PartDeLot.objects.count() == 45
    assert (lot.parts.filter(etat="annulee").count(), lot.parts.filter(etat="remise").count()) == (3, 2)
    assert all(part.quantite > lot.restant for part in parts(lot, "en_attente")), "someone waits for what is there"
    attente = parts(lot, "en_attente")
    for part in parts(lot, "attribuee"):
        # Nobody passed before an older request of the same size or smaller.
        assert [a.pk for a in attente if a.pk < part.pk and a.quantite <= part.quantite] == []


def test_same_form_sent_ten_times_writes_once():
    lot, structure, cle = LotFactory(), StructureFactory(), uuid.uuid4()
    assert ensemble([demandeur(lot, structure, 3, cle=cle)] * 10) == []
    verifier(lot)
    assert lot.quantite_prise == 3
    assert PartDeLot.objects.count() == 1


def test_ten_forms_of_one_structure_open_one_part():
    lot, structure = LotFactory(), StructureFactory()
    erreurs = ensemble([demandeur(lot, structure, 3) for _ in range(10)])
    assert [type(erreur) for _, erreur in erreurs] == [lots.DejaDemandee] * 9
    verifier(lot)
    assert lot.quantite_prise == 3


def test_giver_who_reduces_while_others_take_never_passes_below():
    lot = LotFactory(quantite=20)
    actes = [demandeur(lot, structure, 1) for structure in StructureFactory.create_batch(15)]
    actes += [lambda n=n: lots.changer_quantite(Annonce.objects.get(pk=lot.pk), par=None, quantite=n) for n in (5, 8)]
    erreurs = ensemble(actes)
    assert {type(erreur) for _, erreur in erreurs} <= {lots.TransitionInterdite}
    assert all(rang >= 15 for rang, _ in erreurs)
    verifier(lot)
