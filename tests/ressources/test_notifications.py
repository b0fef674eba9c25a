"""The optional mails of offers and needs: each waits as its reader chose, tells only what holds, nothing private."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annuaire.models import Avis
from annuaire.notifications import reglages, resumes
from pole_ess.socle.models import Courriel
from ressources.actions import (
    alertes,
    annonces_rappels,
    benevolat_profil,
    benevolat_suivi,
    heures_courriels,
    lots,
    mises_en_commun,
    publication,
    rapprochements,
    relations_courriels,
    reservations,
    reservations_suivi,
    urgences_vagues,
)
from ressources.models import (
    Annonce,
    InscriptionBenevole,
    MiseEnCommun,
    MiseEnRelation,
    Mission,
    OperationHeures,
    PartDeLot,
    PriseDeContact,
    Reservation,
)
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.benevolat import CreneauFactory, InscriptionBenevoleFactory, ProfilBenevoleFactory
from tests.factories.heures import CompteHeuresFactory, OperationHeuresFactory
from tests.factories.mises_en_commun import MiseEnCommunFactory
from tests.factories.ressources import (
    AnnonceFactory,
    BesoinFactory,
    CalendrierFactory,
    LotFactory,
    MiseEnRelationFactory,
    ReservationFactory,
    plage,
)
from tests.factories.urgences import BenevoleFactory, UrgenceFactory

pytestmark = pytest.mark.django_db
TEXTE = "Mon numéro est le 01 99 00 12 34."


def _demande_de_reservation(referent, structure):
    demandeuse = RattachementFactory(role="referent")
    debut = timezone.now() + timedelta(days=7)
    reservation = reservations.demander(
        CalendrierFactory(annonce__structure=structure), structure=demandeuse.structure, par=demandeuse.utilisateur,
        debut=debut, fin=debut + timedelta(days=2), message=TEXTE, cle=uuid.uuid4(),
    )  # fmt: skip
    return reservation.get_absolute_url(), lambda: Reservation.objects.update(etat="refusee")


def _demande_qui_attend(referent, structure):
    reservation = ReservationFactory(calendrier__annonce__structure=structure)
    Reservation.objects.update(cree_le=timezone.now() - timedelta(days=3))
    reservations_suivi.rappeler()
    return reservation.get_absolute_url(), lambda: Reservation.objects.update(etat="annulee")


def _relation(evenement, **valeurs):
    def faire(referent, structure):
        relation = MiseEnRelationFactory(annonce__structure=structure, **valeurs)
        relations_courriels.prevenir(relation, "annonceur", evenement, citation=TEXTE)
        fin = {"etat": "declinee", "close_le": timezone.now()}
        return reverse("ressources:conversation", args=[relation.pk]), lambda: MiseEnRelation.objects.update(**fin)

    return faire


def _suites(referent, structure):
    relation = MiseEnRelationFactory(annonce__structure=structure, etat="interessee")
    relations_courriels.prevenir(relation, "annonceur", "suites", unique="suites")
    fin = {"etat": "sans_suite", "close_le": timezone.now()}
    return "/offres-et-besoins/", lambda: MiseEnRelation.objects.update(**fin)


def _part(referent, structure):
    lot, demandeuse = LotFactory(structure=structure, partage="choisi"), RattachementFactory(role="referent")
    lots.demander_part(
        lot, structure=demandeuse.structure, par=demandeuse.utilisateur, quantite=3, message=TEXTE, cle=uuid.uuid4()
    )
    return reverse("ressources:lot", args=[lot.pk]), lambda: PartDeLot.objects.update(etat="refusee")


def _heures(referent, structure):
    operation = OperationHeuresFactory(aide=CompteHeuresFactory(structure=structure))
    heures_courriels.prevenir(operation, "aide", "proposee")
    fin = {"etat": "annulee", "decidee_le": timezone.now()}
    return operation.get_absolute_url(), lambda: OperationHeures.objects.update(**fin)


def _message_de_benevole(referent, structure):
    ecrivante = RattachementFactory(role="referent")
    ProfilBenevoleFactory(utilisateur=referent, visible=True)
    contact = benevolat_profil.ecrire(
        referent.profil_benevole,
        structure=ecrivante.structure,
        par=ecrivante.utilisateur,
        texte=TEXTE,
        cle=uuid.uuid4(),
    )
    return reverse("ressources:contact_benevole", args=[contact.pk]), lambda: PriseDeContact.objects.all().delete()


def _toujours_valable(referent, structure):
    annonce = AnnonceFactory(structure=structure, expire_le=timezone.localdate() + timedelta(days=14))
    Annonce.objects.update(publiee_le=timezone.now() - timedelta(days=30))
    annonces_rappels.rappeler()
    return "/offres-et-besoins/", lambda: publication.prolonger(annonce)


def _publiee(referent, structure):
    annonce = AnnonceFactory(structure=structure, etat="a_valider")
    publication.publier(annonce, par=UtilisateurFactory(is_staff=True))
    return annonce.get_absolute_url(), lambda: Annonce.objects.update(etat="retiree", close_le=timezone.now())


def _matin(referent, structure):
    creneau = CreneauFactory(mission__annonce__structure=structure)
    InscriptionBenevoleFactory(creneau=creneau)
    benevolat_suivi.rappeler()
    page = reverse("ressources:mission_organiser", args=[creneau.mission_id])
    return page, lambda: Mission.objects.update(etat="annulee")


def _achat(referent, structure):
    mise = MiseEnCommunFactory(annonce__structure=structure)
    mises_en_commun.au_pilote(mise, "atteinte")
    fin = {"etat": "abandonnee", "close_le": timezone.now(), "motif": "Non."}
    return reverse("ressources:mise_piloter", args=[mise.pk]), lambda: MiseEnCommun.objects.update(**fin)


CONVERTIS = {
    "réservation": ("demandes", "quotidien", _demande_de_reservation),
    "réservation, rappel": ("demandes", "quotidien", _demande_qui_attend),
    "réponse": ("demandes", "quotidien", _relation("reponse")),
    "part d'un lot": ("demandes", "quotidien", _part),
    "heures": ("demandes", "quotidien", _heures),
    "message": ("messages", "hebdomadaire", _relation("message", etat="interessee")),
    "coordonnées": ("messages", "quotidien", _relation("coordonnees", etat="interessee")),
    "message d'une structure": ("messages", "quotidien", _message_de_benevole),
    "suites": ("relances", "quotidien", _suites),
    "toujours valable": ("relances", "quotidien", _toujours_valable),
    "publiée": ("publications", "hebdomadaire", _publiee),
    "matin": ("benevoles", "quotidien", _matin),
    "achat": ("achats", "quotidien", _achat),
}
cas = pytest.mark.parametrize(("sorte", "rythme", "faire"), CONVERTIS.values(), ids=CONVERTIS)


def _au_matin():
    """The first Monday morning to come, when both rhythms leave."""
    ici = timezone.localtime().replace(hour=7, minute=0)
    return ici + timedelta(days=7 - ici.weekday())


@cas
def test_it_waits_as_its_reader_chose_and_tells_nothing_private(referent, structure, sorte, rythme, faire):
    reglages.choisir(referent, {sorte: rythme})
    page, _ = faire(referent, structure)
    assert not Courriel.objects.filter(destinataire=referent.email).exists()
    avis = Avis.objects.get(utilisateur=referent)
    assert (avis.sorte, avis.etat, avis.lien.startswith(page)) == (sorte, "attente", True)
    assert resumes.envoyer(maintenant=_au_matin()) == 1
    courriel = Courriel.objects.get(gabarit="resume", destinataire=referent.email)
    assert avis.titre in courriel.texte
    assert avis.lien in courriel.texte
    assert "01 99 00 12 34" not in courriel.texte + avis.titre


@cas
def test_it_is_dropped_when_it_no_longer_holds(referent, structure, sorte, rythme, faire):
    reglages.choisir(referent, {sorte: rythme})
    _, defaire = faire(referent, structure)
    defaire()
    assert resumes.envoyer(maintenant=_au_matin()) == 0
    assert not Courriel.objects.filter(gabarit="resume").exists()


OUVERTS = {"message d'une structure", "publiée", "matin", "achat"}
"""Theirs as a person, or public: they may see it still."""
FERMES = {nom: valeurs for nom, valeurs in CONVERTIS.items() if nom not in OUVERTS}


@pytest.mark.parametrize(("sorte", "rythme", "faire"), FERMES.values(), ids=FERMES)
def test_it_is_dropped_for_who_has_left_the_structure(referent, structure, sorte, rythme, faire):
    reglages.choisir(referent, {sorte: rythme})
    faire(referent, structure)
    referent.rattachements.all().delete()
    assert resumes.envoyer(maintenant=_au_matin()) == 0


@cas
def test_at_once_or_never(referent, structure, sorte, rythme, faire):
    autre = RattachementFactory(structure=structure, role="referent").utilisateur
    possibles = {r.value for s in reglages.pour(referent) if s.cle == sorte for r in s.rythmes}
    if "jamais" in possibles:
        reglages.choisir(autre, {sorte: "jamais"})
    if "immediat" in possibles:
        reglages.choisir(referent, {sorte: "immediat"})
    faire(referent, structure)
    assert Courriel.objects.filter(destinataire=referent.email).count() == int("immediat" in possibles)
    if "jamais" in possibles:
        assert not Courriel.objects.filter(destinataire=autre.email).exists()
        assert not Avis.objects.filter(utilisateur=autre).exists()


def test_a_request_that_cannot_wait_for_tomorrow_leaves_at_once(referent, structure):
    reglages.choisir(referent, {"demandes": "quotidien"})
    demandeuse, debut = RattachementFactory(role="referent"), timezone.now() + timedelta(hours=3)
    reservations.demander(
        CalendrierFactory(annonce__structure=structure), structure=demandeuse.structure, par=demandeuse.utilisateur,
        debut=debut, fin=debut + timedelta(hours=2), message="", cle=uuid.uuid4(),
    )  # fmt: skip
    assert Courriel.objects.filter(destinataire=referent.email, gabarit="reservation_demandee").count() == 1


def test_what_was_agreed_and_refusals_always_leave(referent, structure):
    reglages.choisir(referent, {s.cle: s.rythmes[-1].value for s in reglages.pour(referent)})
    annonce = AnnonceFactory(structure=structure, etat="a_valider")
    publication.refuser(annonce, par=UtilisateurFactory(is_staff=True), motif="Hors sujet.")
    reservation = ReservationFactory(structure=structure, etat="confirmee")
    reservations.annuler(reservation, par=UtilisateurFactory(), motif="Panne.")
    gabarits = Courriel.objects.filter(destinataire=referent.email).order_by("pk").values_list("gabarit", flat=True)
    assert list(gabarits) == ["annonce_refusee", "reservation_annulee"]
    assert not Courriel.objects.exclude(desabonnement="").exists()


def test_a_late_return_is_told_even_to_who_wants_no_reminder(referent, structure):
    reglages.choisir(referent, {"rappels": "jamais"})
    hier = timezone.now() - timedelta(days=1)
    reservation = ReservationFactory(structure=structure, etat="remise", periode=plage(hier - timedelta(days=2), hier))
    reservations_suivi.rappeler()
    assert Courriel.objects.filter(destinataire=referent.email).get().sujet.startswith("Retour en retard")
    Courriel.objects.all().delete()
    demain = timezone.now().replace(hour=12) + timedelta(days=1)
    Reservation.objects.filter(pk=reservation.pk).update(
        etat="confirmee", remise_le=None, periode=plage(demain, demain + timedelta(hours=2)),
        blocage=plage(demain, demain + timedelta(hours=2)),
    )  # fmt: skip
    reservations_suivi.rappeler()
    assert not Courriel.objects.filter(destinataire=referent.email).exists()


def test_tomorrows_volunteer_is_reminded_unless_they_refused():
    demain = timezone.localtime().replace(hour=9, minute=0) + timedelta(days=1)
    creneau = CreneauFactory(debut=demain, fin=demain + timedelta(hours=2))
    venues = [InscriptionBenevoleFactory(creneau=creneau) for _ in range(2)]
    reglages.choisir(venues[1].utilisateur, {"rappels": "jamais"})
    benevolat_suivi.rappeler()
    rappels = Courriel.objects.filter(gabarit="benevole")
    assert [c.destinataire for c in rappels] == [venues[0].utilisateur.email]
    assert rappels.get().desabonnement
    assert InscriptionBenevole.objects.filter(etat="inscrite").count() == 2


def test_a_report_that_it_is_gone_asks_at_once(referent, structure):
    reglages.choisir(referent, {"relances": "jamais"})
    annonces_rappels.demander(AnnonceFactory(structure=structure), "signalee", unique="s")
    assert Courriel.objects.filter(destinataire=referent.email, gabarit="annonce_rappel").count() == 1


def test_a_structures_own_address_is_asked_as_before():
    structure = StructureFactory()
    annonces_rappels.demander(AnnonceFactory(structure=structure), "bientot", unique="s")
    assert Courriel.objects.get().destinataire == structure.courriel


# -- engines of their own


def test_a_pause_holds_matches_alerts_and_urgent_calls_and_loses_none(referent, structure):
    AnnonceFactory(structure=structure, titre="Vidéoprojecteur")
    BesoinFactory(titre="Vidéoprojecteur")
    alertes.creer(utilisateur=referent, criteres="", nom="Tout", frequence="quotidienne")
    AnnonceFactory()
    urgence, benevole = UrgenceFactory(), BenevoleFactory()
    for personne in (referent, benevole.utilisateur):
        reglages.suspendre(personne, jusqu_au=timezone.localdate())

    def tout():
        return rapprochements.envoyer(), alertes.envoyer(), urgences_vagues.avancer() and urgence.appels.count()

    assert tout() == (0, 0, 0)
    for personne in (referent, benevole.utilisateur):
        reglages.suspendre(personne, jusqu_au=None)
    assert (rapprochements.envoyer(), alertes.envoyer()) == (1, 1)
    for courriel in Courriel.objects.filter(destinataire=referent.email):
        assert "/compte/notifications/arret/" in courriel.desabonnement
        assert "/compte/notifications/lien/" in courriel.texte


def test_an_urgent_call_held_for_quiet_hours_does_not_leave_in_a_pause():
    urgence, benevole = UrgenceFactory(), BenevoleFactory()
    urgences_vagues.avancer()
    appel = urgence.appels.get()
    assert Courriel.objects.get(gabarit="urgence_appel").desabonnement
    Courriel.objects.all().delete()
    type(appel).objects.update(etat="prevu", envoyer_le=timezone.now(), envoye_le=None, envois=0)
    type(urgence).objects.update(prochaine_vague_le=timezone.now())
    reglages.suspendre(benevole.utilisateur, jusqu_au=timezone.localdate())
    urgences_vagues.avancer()
    appel.refresh_from_db()
    assert (appel.etat, Courriel.objects.filter(gabarit="urgence_appel").count()) == ("trop_tard", 0)


def test_one_click_on_an_alert_pauses_all_of_them(client, referent):
    alertes.creer(utilisateur=referent, criteres="", nom="Tout", frequence="quotidienne")
    AnnonceFactory()
    alertes.envoyer()
    adresse = Courriel.objects.get().desabonnement
    assert client.post("/" + adresse.split("/", 3)[3]).status_code == 200
    assert not referent.alertes.get().active
