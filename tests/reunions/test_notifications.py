"""The optional mails of meetings, actions and events."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annuaire.models import Avis
from annuaire.notifications import reglages, resumes
from pole_ess.socle.models import Courriel
from reunions.actions import TransitionInterdite, evenements, invitations, rappels_suites, suites
from reunions.models import Action, Evenement
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.reunions import ActionFactory, EvenementFactory, ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db


def _demain_matin():
    return timezone.localtime().replace(hour=7, minute=0) + timedelta(days=1)


def _nouvelle(structure):
    action = ActionFactory(pilote=structure, publique=False)
    suites.ajouter_nouvelle(action, par=UtilisateurFactory(), texte="Les plants sont là.", cle=uuid.uuid4())
    return "suites", action, lambda: Action.objects.update(pilote=StructureFactory())


def _rappel(structure):
    action = ActionFactory(pilote=structure, echeance=timezone.localdate() - timedelta(days=1))
    rappels_suites.rappeler()
    return "relances", action, lambda: Action.objects.update(etat="faite", close_le=timezone.now())


def _publie(structure):
    evenement = EvenementFactory(structure=structure, etat="a_valider")
    evenements.publier(evenement, par=UtilisateurFactory(is_staff=True))
    return "publications", evenement, lambda: Evenement.objects.update(debut=timezone.now() - timedelta(days=1))


@pytest.mark.parametrize("faire", [_nouvelle, _rappel, _publie])
def test_it_waits_for_the_morning_and_leaves_once(referent, structure, faire):
    sorte, objet, _ = faire(structure)
    avis = Avis.objects.get(utilisateur=referent)
    assert (avis.sorte, avis.lien) == (sorte, objet.get_absolute_url())
    assert [resumes.envoyer(maintenant=_demain_matin()) for _ in range(2)] == [1, 0]
    assert avis.titre in Courriel.objects.get(destinataire=referent.email).texte


@pytest.mark.parametrize("faire", [_nouvelle, _rappel, _publie])
def test_it_is_dropped_when_it_no_longer_holds(referent, structure, faire):
    _, _, defaire = faire(structure)
    defaire()
    assert resumes.envoyer(maintenant=_demain_matin()) == 0


@pytest.mark.parametrize("faire", [_nouvelle, _rappel, _publie])
@pytest.mark.parametrize(("rythme", "mails"), [("immediat", 1), ("jamais", 0)])
def test_at_once_or_never(referent, structure, faire, rythme, mails):
    reglages.choisir(referent, dict.fromkeys(["suites", "relances", "publications"], rythme))
    faire(structure)
    assert Courriel.objects.filter(destinataire=referent.email).count() == mails
    assert not Avis.objects.filter(etat="attente").exists()


def test_a_task_given_always_leaves(referent, structure):
    reglages.choisir(referent, {"suites": "jamais", "relances": "jamais"})
    suites.creer(valeurs={"titre": "Planter", "pilote": structure}, par=UtilisateurFactory(), cle=uuid.uuid4())
    assert Courriel.objects.get().gabarit == "action_confiee"


@pytest.mark.parametrize("comment", ["refuse", "pause"])
def test_who_wants_no_reminder_of_a_meeting_is_neither_written_to_nor_counted(comment):
    reunion, personne = ReunionFactory(), UtilisateurFactory()
    for courriel, compte in (("avec@example.org", personne), ("sans@example.org", None)):
        ParticipationFactory(reunion=reunion, courriel=courriel, utilisateur=compte, invitee_le=timezone.now())
    if comment == "refuse":
        reglages.choisir(personne, {"rappels": "jamais"})
    else:
        reglages.suspendre(personne, jusqu_au=timezone.localdate())
    assert invitations.lancer(reunion, acte=invitations.RELANCER) == 1
    invitations.ecrire(reunion.pk, invitations.RELANCER)
    assert [c.destinataire for c in Courriel.objects.all()] == ["sans@example.org"]
    assert Courriel.objects.get().desabonnement == ""
    with pytest.raises(TransitionInterdite):
        invitations.lancer(reunion, acte=invitations.RELANCER)


def test_a_reminder_says_how_to_stop_them_an_invitation_and_a_cancellation_do_not():
    personne = UtilisateurFactory()
    reunion = ReunionFactory()
    participation = ParticipationFactory(reunion=reunion, courriel=personne.email, utilisateur=personne)
    invitations.ecrire(reunion.pk, invitations.INVITER)
    assert Courriel.objects.get().desabonnement == ""
    type(participation).objects.update(invitee_le=timezone.now() - timedelta(days=3))
    invitations.ecrire(reunion.pk, invitations.RELANCER)
    assert "/compte/notifications/arret/" in Courriel.objects.latest("pk").desabonnement
