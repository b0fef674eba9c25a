"""Closing in one step: with whom, what it was worth, who is told; batches, bookings, two people at once."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import TransitionInterdite, cloture, lots, moderation, publication, relations
from ressources.models import Annonce, Bilan
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import (
    AnnonceFactory,
    CalendrierFactory,
    LotFactory,
    MiseEnRelationFactory,
    PartDeLotFactory,
    ReservationFactory,
)
from tests.ressources.test_lots_fils import ensemble

pytestmark = pytest.mark.django_db


def recus(structure) -> list[str]:
    return list(Courriel.objects.filter(destinataire=structure.courriel).order_by("pk").values_list("sujet", flat=True))


@pytest.mark.parametrize("etat", ["proposee", "vue", "interessee"])
def test_the_chosen_one_is_concluded_and_the_others_thanked_once(etat):
    annonce = AnnonceFactory()
    choisie = MiseEnRelationFactory(annonce=annonce, etat=etat)
    attendent = [MiseEnRelationFactory(annonce=annonce, etat=e) for e in ("proposee", "vue")]
    discute = MiseEnRelationFactory(annonce=annonce, etat="interessee")
    finies = [MiseEnRelationFactory(annonce=annonce, etat=e) for e in ("declinee", "conclue", "sans_suite")]
    cloture.pourvoir(annonce, par=None, avec=choisie.structure, heures=Decimal("3.5"))
    for relation in [choisie, *attendent, discute, *finies]:
        relation.refresh_from_db()
    assert (annonce.etat, choisie.etat, discute.etat) == ("pourvue", "conclue", "sans_suite")
    assert [relation.etat for relation in attendent] == ["declinee", "declinee"]
    assert [relation.etat for relation in finies] == ["declinee", "conclue", "sans_suite"]
    assert recus(choisie.structure) == [f"{annonce.structure.nom} note que c'est fait : {annonce.titre}"]
    for relation in [*attendent, discute]:
        assert len(recus(relation.structure)) == 1
        assert "merci de votre proposition" in Courriel.objects.get(destinataire=relation.structure.courriel).texte
    assert [recus(relation.structure) for relation in finies] == [[], [], []]
    ligne = Bilan.objects.get()
    assert (ligne.mise_en_relation, ligne.structure, ligne.avec, ligne.heures) == (
        choisie, annonce.structure, choisie.structure, Decimal("3.5"),
    )  # fmt: skip


def test_discussions_may_go_on():
    discute = MiseEnRelationFactory(etat="interessee")
    cloture.pourvoir(discute.annonce, par=None, clore_discussions=False)
    discute.refresh_from_db()
    assert (discute.etat, discute.annonce.etat, Courriel.objects.count()) == ("interessee", "pourvue", 0)
    relations.conclure(discute, par=None, cote="annonceur", kilos=Decimal("2"))
    assert discute.etat == "conclue"


def test_figures_given_in_the_conversation_are_kept():
    relation = MiseEnRelationFactory(etat="interessee")
    relations.conclure(relation, par=None, cote="annonceur", heures=Decimal("2"))
    cloture.pourvoir(relation.annonce, par=None, avec=relation.structure, euros=Decimal("40"))
    ligne = Bilan.objects.get()
    assert (ligne.heures, ligne.euros) == (Decimal("2"), Decimal("40"))


def test_with_somebody_else_or_nobody_said():
    annonce, autre = AnnonceFactory(), AnnonceFactory()
    cloture.pourvoir(annonce, par=None, avec_libre="La Roue")
    cloture.pourvoir(autre, par=None)
    ligne = Bilan.objects.get()
    assert (ligne.annonce, ligne.avec_libre, ligne.mise_en_relation) == (annonce, "La Roue", None)
    assert Courriel.objects.count() == 0


@pytest.mark.parametrize("etat", [etat for etat in Annonce.Etat.values if etat != "publiee"])
def test_only_a_published_one_is_met(etat):
    annonce = AnnonceFactory(etat=etat)
    relation = MiseEnRelationFactory(annonce=annonce)
    with pytest.raises(TransitionInterdite):
        cloture.pourvoir(annonce, par=None, avec_libre="La Roue", heures=1)
    relation.refresh_from_db()
    assert (relation.etat, Bilan.objects.count(), Courriel.objects.count()) == ("proposee", 0, 0)


def test_an_expired_one_may_still_be_met():
    annonce = AnnonceFactory(expire_le=timezone.localdate() - timedelta(days=3))
    assert cloture.pourvoir(annonce, par=None).etat == "pourvue"


def test_partners_are_those_who_answered_or_booked():
    calendrier = CalendrierFactory()
    annonce = calendrier.annonce
    discute = MiseEnRelationFactory(annonce=annonce, etat="interessee", structure__nom="Bêta")
    MiseEnRelationFactory(annonce=annonce, etat="declinee")
    emprunte = ReservationFactory(calendrier=calendrier, etat="rendue", structure__nom="Alpha")
    ReservationFactory(calendrier=calendrier, etat="refusee")
    MiseEnRelationFactory()
    assert list(cloture.partenaires(annonce)) == [emprunte.structure, discute.structure]


def test_a_batch_tells_who_waits_and_keeps_what_it_promised():
    lot = LotFactory(partage="choisi")
    etats = ("demandee", "en_attente", "attribuee", "remise")
    parts = {etat: PartDeLotFactory(annonce=lot, etat=etat) for etat in etats}
    lot.refresh_from_db()
    assert cloture.consequences(lot)["parts_demandees"] == 2
    assert cloture.consequences(lot)["parts_a_remettre"] == 1
    cloture.pourvoir(lot, par=None, kilos=Decimal("12.5"))
    for part in parts.values():
        part.refresh_from_db()
    assert [part.etat for part in parts.values()] == ["refusee", "refusee", "attribuee", "remise"]
    assert recus(parts["demandee"].structure) != []
    assert recus(parts["remise"].structure) == []
    lots.remettre_part(parts["attribuee"], par=None, kilos=Decimal("3"))
    assert sorted(Bilan.objects.values_list("kilos", flat=True)) == [Decimal("3"), Decimal("12.5")]


def test_a_bookable_one_refuses_requests_and_keeps_confirmed_bookings():
    calendrier = CalendrierFactory()
    demandee = ReservationFactory(calendrier=calendrier)
    confirmee = ReservationFactory(calendrier=calendrier, etat="confirmee")
    suites = cloture.consequences(calendrier.annonce)
    assert (suites["reservations_demandees"], suites["reservations_promises"]) == (1, 1)
    cloture.fermer(calendrier.annonce, "retirer", par=None)
    demandee.refresh_from_db()
    confirmee.refresh_from_db()
    assert (demandee.etat, confirmee.etat) == ("refusee", "confirmee")
    assert len(recus(demandee.structure)) == 1
    assert recus(confirmee.structure) == []


@pytest.mark.parametrize(
    ("acte", "etat", "arrivee"),
    [("retirer", "publiee", "retiree"), ("refuser", "a_valider", "refusee"), ("archiver", "publiee", "archivee")],
)
def test_taken_off_by_staff_the_reason_goes_to_its_structure_only(acte, etat, arrivee):
    relation = MiseEnRelationFactory(annonce=AnnonceFactory(etat=etat))
    cloture.fermer(relation.annonce, acte, par=UtilisateurFactory(is_staff=True), motif="Hors sujet, et plus")
    relation.refresh_from_db()
    assert (relation.annonce.etat, relation.etat) == (arrivee, "declinee")
    annonceur = Courriel.objects.get(destinataire=relation.annonceur.courriel)
    repondante = Courriel.objects.get(destinataire=relation.structure.courriel)
    assert "Hors sujet, et plus" in annonceur.texte
    assert "Hors sujet" not in repondante.texte
    assert "n'est plus en ligne" in repondante.texte


def test_a_closing_is_one_of_three():
    with pytest.raises(ValueError, match="closing"):
        cloture.fermer(AnnonceFactory(), "publier", par=None)


# --- opening again does not go round the staff -----------------------------------------------------------------


def rouverte(annonce, par) -> str:
    publication.rouvrir(annonce, par=par)
    return Annonce.objects.get(pk=annonce.pk).etat


def test_what_staff_took_off_waits_for_them_again():
    referent, staff = RattachementFactory(role="referent"), UtilisateurFactory(is_staff=True)
    annonce = AnnonceFactory(structure=referent.structure)
    publication.retirer(annonce, par=staff, motif="Hors sujet")
    assert rouverte(annonce, referent.utilisateur) == "a_valider"
    assert Courriel.objects.filter(gabarit="annonce_equipe").count() == 1
    autre = AnnonceFactory(structure=referent.structure)
    publication.retirer(autre, par=staff)
    assert rouverte(autre, staff) == "publiee"


@pytest.mark.parametrize("depart", ["a_valider", "a_corriger"])
def test_what_was_taken_off_under_their_eyes_too(depart):
    referent = RattachementFactory(role="referent")
    annonce = AnnonceFactory(structure=referent.structure)
    publication.remettre_en_validation(annonce, raison="Signalée")
    if depart == "a_corriger":
        publication.demander_correction(annonce, par=None, motif="Corrigez")
    publication.retirer(annonce, par=referent.utilisateur)
    assert rouverte(annonce, referent.utilisateur) == "a_valider"


@pytest.mark.parametrize("acte", ["retirer", "marquer_pourvue"])
def test_one_s_own_closing_is_undone_at_once(acte):
    referent = RattachementFactory(role="referent").utilisateur
    annonce = AnnonceFactory()
    getattr(publication, acte)(annonce, par=referent)
    assert rouverte(annonce, referent) == "publiee"


def test_a_correction_asked_of_a_trusted_structure_is_read_again(structure, referent, animateur):
    moderation.faire_confiance(structure, par=animateur)
    annonce = AnnonceFactory(structure=structure, etat="a_corriger")
    publication.soumettre(annonce, par=referent)
    assert annonce.etat == "a_valider"


# --- two at once -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_people_close_at_once_one_acts_and_mails_leave_once():
    annonce = AnnonceFactory()
    choisie, autre = MiseEnRelationFactory.create_batch(2, annonce=annonce)
    actes = [
        lambda: cloture.pourvoir(Annonce.objects.get(pk=annonce.pk), par=None, avec=choisie.structure, heures=1),
        lambda: cloture.pourvoir(Annonce.objects.get(pk=annonce.pk), par=None, avec=choisie.structure, heures=2),
        lambda: cloture.fermer(Annonce.objects.get(pk=annonce.pk), "retirer", par=None),
    ]
    erreurs = ensemble(actes)
    assert [type(erreur) for _, erreur in erreurs] == [TransitionInterdite] * 2
    assert Annonce.objects.get().etat in ("pourvue", "retiree")
    assert Courriel.objects.filter(destinataire=autre.structure.courriel).count() == 1
    assert Courriel.objects.filter(destinataire=choisie.structure.courriel).count() == 1


@pytest.mark.django_db(transaction=True)
def test_closing_while_others_answer_ask_and_book_never_deadlocks():
    lot = LotFactory()
    MiseEnRelationFactory.create_batch(4, annonce=lot)
    parts = PartDeLotFactory.create_batch(3, annonce=lot)
    discutees = MiseEnRelationFactory.create_batch(4, annonce=lot, etat="interessee")
    actes = [lambda: cloture.pourvoir(Annonce.objects.get(pk=lot.pk), par=None)]
    actes += [lambda r=r: relations.conclure(r, par=None, cote="structure", heures=1) for r in discutees]
    actes += [lambda part=part: lots.annuler_part(part, par=None) for part in parts]
    actes += [
        lambda s=s: relations.repondre(
            Annonce.objects.get(pk=lot.pk), structure=s, par=None, texte="?", cle=uuid.uuid4()
        )
        for s in StructureFactory.create_batch(4)
    ]
    erreurs = ensemble(actes)
    assert all(isinstance(erreur, TransitionInterdite) for _, erreur in erreurs), erreurs
    assert Annonce.objects.get(pk=lot.pk).etat == "pourvue"
    assert not lot.mises_en_relation.filter(etat__in=relations.OUVERTS).exists()
    assert not lot.parts.filter(etat__in=["demandee", "en_attente"]).exists()
