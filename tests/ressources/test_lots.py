"""The acts on a batch: who gets what, in which order, who is told."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, lots
from ressources.models import Annonce, PartDeLot
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, LotFactory, PartDeLotFactory

pytestmark = pytest.mark.django_db


def membre_de(structure, role="referent"):
    return RattachementFactory(structure=structure, role=role).utilisateur


@pytest.fixture
def lot():
    return LotFactory()


@pytest.fixture
def choisi():
    return LotFactory(partage="choisi")


def demander(annonce, quantite, *, structure=None, cle=None, **reste):
    structure = structure or StructureFactory()
    par = membre_de(structure)
    return lots.demander_part(
        annonce, structure=structure, par=par, quantite=quantite, cle=cle or uuid.uuid4(), **reste
    )


def prise(annonce):
    """What the row says; it always is what the parts say."""
    annonce.refresh_from_db()
    assert annonce.quantite_prise == annonce.parts.comptees().total()
    return annonce.quantite_prise


def mails(part=None):
    """(address, subject) of what left, oldest first."""
    return list(Courriel.objects.order_by("pk").values_list("destinataire", "sujet"))


# -- asking


def test_first_come_is_attributed_at_once_and_both_are_told(lot):
    donneur = membre_de(lot.structure)
    part = demander(lot, 5, message="Pour notre atelier")
    assert (part.etat, part.quantite, prise(lot)) == ("attribuee", 5, 5)
    assert lot.restant == 15
    assert mails() == [
        (donneur.email, f"{part.structure.nom} en prend 5 : Ordinateurs de bureau"),
        (part.par.email, "C'est oui, pour 5 : Ordinateurs de bureau"),
    ]
    assert "Pour notre atelier" in Courriel.objects.order_by("pk").first().texte


def test_not_enough_left_waits_and_does_not_hold_smaller_requests_back(lot):
    demander(lot, 18)
    grande = demander(lot, 5)
    assert (grande.etat, grande.quantite, prise(lot)) == ("en_attente", 5, 18)
    assert demander(lot, 2).etat == "attribuee"
    assert prise(lot) == 20
    assert lot.est_complete


def test_what_is_left_is_taken_only_by_who_accepts_less(lot):
    demander(lot, 17)
    part = demander(lot, 5, accepte_moins=True)
    assert (part.etat, part.quantite, prise(lot)) == ("attribuee", 3, 20)
    attend = demander(lot, 5, accepte_moins=True)
    assert (attend.etat, attend.quantite) == ("en_attente", 5)


def test_chosen_waits_for_the_giver(choisi):
    donneur = membre_de(choisi.structure)
    part = demander(choisi, 5, accepte_moins=True)
    assert (part.etat, prise(choisi)) == ("demandee", 0)
    assert mails()[0] == (donneur.email, f"{part.structure.nom} en demande 5 : Ordinateurs de bureau")


def test_same_key_asks_once(lot):
    cle, structure = uuid.uuid4(), StructureFactory()
    premiere = demander(lot, 5, structure=structure, cle=cle)
    envoyes = len(mails())
    assert demander(lot, 5, structure=structure, cle=cle) == premiere
    assert (prise(lot), PartDeLot.objects.count(), len(mails())) == (5, 1, envoyes)
    with pytest.raises(lots.CleDejaUtilisee):
        demander(lot, 5, cle=cle)


def test_one_open_part_per_structure_and_another_once_it_is_over(lot):
    structure = StructureFactory()
    premiere = demander(lot, 5, structure=structure)
    with pytest.raises(lots.DejaDemandee, match="déjà une demande en cours"):
        demander(lot, 1, structure=structure)
    lots.remettre_part(premiere, par=None)
    assert demander(lot, 1, structure=structure).etat == "attribuee"


@pytest.mark.parametrize("quantite", [0, -1, 21])
def test_quantity_is_one_to_the_whole_batch(lot, quantite):
    with pytest.raises(TransitionInterdite, match="entre 1 et 20"):
        demander(lot, quantite)


@pytest.mark.parametrize(
    "valeurs",
    [
        {"etat": "brouillon"},
        {"etat": "a_valider"},
        {"etat": "pourvue"},
        {"etat": "retiree"},
        {"etat": "archivee"},
        {"expire_le": timezone.localdate() - timedelta(days=1)},
        {"partage": ""},
    ],
    ids=str,
)
def test_only_an_open_batch_can_be_asked(valeurs):
    annonce = LotFactory(**valeurs)
    with pytest.raises(TransitionInterdite, match="n'est plus proposé"):
        demander(annonce, 1)
    assert PartDeLot.objects.count() == 0


def test_giver_does_not_take_from_itself(lot):
    with pytest.raises(TransitionInterdite, match="donne ce lot"):
        demander(lot, 1, structure=lot.structure)


# -- the giver decides


def test_giver_attributes_less_than_asked(choisi):
    donneur, part = membre_de(choisi.structure), demander(choisi, 8)
    Courriel.objects.all().delete()
    lots.attribuer(part, par=donneur, quantite=3)
    assert (part.etat, part.quantite, prise(choisi)) == ("attribuee", 3, 3)
    assert mails() == [(part.par.email, "C'est oui, pour 3 : Ordinateurs de bureau")]
    assert "sur les 8 que vous demandiez" in Courriel.objects.get().texte


@pytest.mark.parametrize(("quantite", "message"), [(0, "entre 1 et 8"), (9, "entre 1 et 8"), (6, "il en reste 5")])
def test_giver_never_attributes_more_than_asked_or_left(choisi, quantite, message):
    PartDeLotFactory(annonce=choisi, quantite=15, etat="attribuee")
    part = demander(choisi, 8)
    with pytest.raises(TransitionInterdite, match=message):
        lots.attribuer(part, par=None, quantite=quantite)
    assert prise(choisi) == 15


def test_giver_may_take_someone_out_of_the_waiting_list(lot):
    PartDeLotFactory(annonce=lot, quantite=18, etat="attribuee")
    part = demander(lot, 5)
    lots.attribuer(part, par=None, quantite=2)
    assert (part.etat, prise(lot)) == ("attribuee", 20)


def test_refusing_asks_for_a_reason_and_mails_it(choisi):
    part = demander(choisi, 5)
    with pytest.raises(ValueError, match="raison"):
        lots.refuser_part(part, par=None, motif="  ")
    Courriel.objects.all().delete()
    lots.refuser_part(part, par=None, motif="Réservé aux écoles")
    assert (part.etat, part.motif) == ("refusee", "Réservé aux écoles")
    assert "Réservé aux écoles" in Courriel.objects.get(destinataire=part.par.email).texte


def test_part_never_fetched_is_taken_back_and_the_list_moves(lot):
    part, suivante = demander(lot, 20), demander(lot, 4)
    Courriel.objects.all().delete()
    lots.refuser_part(part, par=None, motif="Pas venus")
    suivante.refresh_from_db()
    assert (suivante.etat, prise(lot)) == ("attribuee", 4)
    assert ("Votre part est reprise : Ordinateurs de bureau") in [sujet for _, sujet in mails()]


# -- giving up, and the waiting list


def test_giving_up_moves_the_waiting_list_in_its_order(lot):
    donneur = membre_de(lot.structure)
    tient = demander(lot, 20)
    a, b, c, d = (demander(lot, n) for n in [8, 15, 4, 9])
    Courriel.objects.all().delete()
    lots.annuler_part(tient, par=tient.par)
    etats = [PartDeLot.objects.get(pk=p.pk).etat for p in (a, b, c, d)]
    assert etats == ["attribuee", "en_attente", "attribuee", "en_attente"]
    assert prise(lot) == 12
    au_donneur = Courriel.objects.filter(destinataire=donneur.email)
    assert "ne prend plus sa part" in au_donneur.order_by("-pk").first().sujet
    assert f"{a.structure.nom} en reçoit 8" in au_donneur.order_by("-pk").first().texte
    assert {destinataire for destinataire, _ in mails()} == {donneur.email, a.par.email, c.par.email}


def test_giving_up_a_wish_frees_nothing_and_moves_nobody(lot):
    demander(lot, 19)
    attend, autre = demander(lot, 5), demander(lot, 6)
    lots.annuler_part(attend, par=attend.par)
    autre.refresh_from_db()
    assert (autre.etat, prise(lot)) == ("en_attente", 19)


def test_chosen_giver_is_told_and_chooses_again(choisi):
    donneur = membre_de(choisi.structure)
    part, autre = demander(choisi, 20), demander(choisi, 4)
    lots.attribuer(part, par=donneur)
    Courriel.objects.all().delete()
    lots.annuler_part(part, par=part.par)
    autre.refresh_from_db()
    assert (autre.etat, prise(choisi)) == ("demandee", 0)
    assert "à vous de choisir" in Courriel.objects.get(destinataire=donneur.email).texte


def test_waiting_one_takes_what_is_left(lot):
    demander(lot, 18)
    attend = demander(lot, 5)
    lots.prendre_le_reste(attend, par=attend.par)
    assert (attend.etat, attend.quantite, prise(lot)) == ("attribuee", 2, 20)


def test_nothing_left_keeps_the_place(lot):
    demander(lot, 20)
    attend = demander(lot, 5)
    with pytest.raises(TransitionInterdite, match="vous gardez votre place"):
        lots.prendre_le_reste(attend, par=attend.par)
    attend.refresh_from_db()
    assert (attend.etat, attend.quantite) == ("en_attente", 5)


def test_no_one_helps_oneself_to_a_chosen_batch(choisi):
    part = demander(choisi, 5)
    with pytest.raises(TransitionInterdite, match="décision du donneur"):
        lots.prendre_le_reste(part, par=part.par)


def test_closed_batch_does_not_move_its_list(lot):
    tient, attend = demander(lot, 20), demander(lot, 5)
    Annonce.objects.filter(pk=lot.pk).update(etat="retiree", close_le=timezone.now())
    lots.annuler_part(tient, par=tient.par)
    attend.refresh_from_db()
    assert (attend.etat, prise(lot)) == ("en_attente", 0)


# -- every act from every state


ACTES = {
    "attribuer": lambda part: lots.attribuer(part, par=None),
    "refuser": lambda part: lots.refuser_part(part, par=None, motif="Non"),
    "annuler": lambda part: lots.annuler_part(part, par=None),
    "remettre": lambda part: lots.remettre_part(part, par=None),
}


@pytest.mark.parametrize("etat", PartDeLot.Etat.values)
@pytest.mark.parametrize("acte", ACTES)
def test_each_act_starts_from_its_states_and_twice_is_once(choisi, acte, etat):
    part = PartDeLotFactory(annonce=choisi, etat=etat)
    departs, arrivee = lots.TRANSITIONS[acte]
    if etat == arrivee:
        ACTES[acte](part)
        assert mails() == []
    elif etat in departs:
        ACTES[acte](part)
        assert PartDeLot.objects.get(pk=part.pk).etat == arrivee
        envoyes = len(mails())
        assert envoyes == 1
        ACTES[acte](part)
        assert len(mails()) == envoyes
    else:
        with pytest.raises(TransitionInterdite, match="ce n'est plus possible"):
            ACTES[acte](part)
        assert PartDeLot.objects.get(pk=part.pk).etat == etat
        assert mails() == []
    assert prise(choisi) == (5 if PartDeLot.objects.get().etat in ("attribuee", "remise") else 0)


# -- the size of the batch


def test_more_pieces_move_the_list_and_leave_a_trace(lot, referent):
    demander(lot, 20)
    attend = demander(lot, 4)
    lots.changer_quantite(lot, par=referent, quantite=24)
    attend.refresh_from_db()
    assert (attend.etat, prise(lot), lot.quantite) == ("attribuee", 24, 24)
    assert lot.history.first().history_user == referent


def test_never_fewer_pieces_than_taken(lot):
    demander(lot, 6)
    lots.changer_quantite(lot, par=None, quantite=6)
    assert lot.est_complete
    with pytest.raises(TransitionInterdite, match="6 sont déjà attribués"):
        lots.changer_quantite(lot, par=None, quantite=5)
    lot.refresh_from_db()
    assert lot.quantite == 6


def test_whoever_waits_is_served_before_a_newcomer_even_when_an_edit_freed_something(lot):
    demander(lot, 20)
    attend = demander(lot, 4)
    Annonce.objects.filter(pk=lot.pk).update(quantite=25)
    nouvelle = demander(Annonce.objects.get(pk=lot.pk), 5)
    attend.refresh_from_db()
    assert (attend.etat, nouvelle.etat, prise(lot)) == ("attribuee", "en_attente", 24)


def test_an_edit_that_frees_something_moves_the_list(lot):
    demander(lot, 20)
    attend = demander(lot, 4)
    Annonce.objects.filter(pk=lot.pk).update(quantite=25)
    lots.avancer(lot)
    attend.refresh_from_db()
    assert (attend.etat, prise(lot)) == ("attribuee", 24)


def test_only_a_batch_has_a_size_to_change():
    with pytest.raises(TransitionInterdite, match="pas un lot"):
        lots.changer_quantite(AnnonceFactory(), par=None, quantite=2)


def test_saying_no_to_all_who_still_wait(lot):
    prend, attend, autre = demander(lot, 20), demander(lot, 4), demander(lot, 5)
    Courriel.objects.all().delete()
    assert lots.refuser_les_autres(lot, par=None, motif="Tout est parti, merci !") == 2
    assert set(lot.parts.values_list("pk", "etat")) == {
        (prend.pk, "attribuee"),
        (attend.pk, "refusee"),
        (autre.pk, "refusee"),
    }
    assert {destinataire for destinataire, _ in mails()} == {attend.par.email, autre.par.email}


def test_without_a_referent_the_structures_address_is_written_to(lot):
    part = PartDeLotFactory(annonce=lot)
    lots.refuser_part(part, par=None, motif="Non")
    assert [adresse for adresse, _ in mails()] == [part.structure.courriel]
