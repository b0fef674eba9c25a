"""The list, the mails that leave from it, and that nobody is written to twice or against their will."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from annuaire import oppositions
from annuaire.models import Structure
from pole_ess.socle.models import Courriel
from reunions.actions import TransitionInterdite, invitations, invitations_liste
from reunions.models import Participation
from reunions.tasks import invitations as taches
from tests.factories import RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db
PASSE = timezone.now() - timedelta(days=5)


def toutes():
    return Structure.objects.order_by("pk")


def ecrits(**filtre):
    return sorted(
        Courriel.objects.filter(gabarit="reunion_invitation", **filtre).values_list("destinataire", flat=True)
    )


def invitee(reunion, **valeurs):
    return ParticipationFactory(reunion=reunion, **{"invitee_le": PASSE, "sequence_envoyee": 0, **valeurs})


def test_a_person_who_stands_for_two_structures_is_on_the_list_once():
    reunion, personne = ReunionFactory(), UtilisateurFactory(email="Camille@example.org")
    deux = [RattachementFactory(utilisateur=personne, role="referent").structure for _ in range(2)]
    bilan = invitations_liste.ajouter_structures(reunion, structures=toutes())
    assert (bilan.nouvelles, bilan.deja) == (1, 0)
    (participation,) = reunion.participations.all()
    assert (participation.utilisateur, participation.courriel) == (personne, "Camille@example.org")
    assert set(participation.structures.all()) == set(deux)
    assert invitations_liste.ajouter_structures(reunion, structures=toutes()).deja == 1
    assert reunion.participations.count() == 1
    assert Courriel.objects.count() == 0


def test_without_a_referent_the_structure_s_own_address_else_nobody():
    reunion = ReunionFactory()
    generique = StructureFactory(courriel="bureau@example.org")
    RattachementFactory(structure=generique, role="membre")
    RattachementFactory(structure=generique, role="referent", utilisateur__is_active=False)
    muette = StructureFactory(courriel="")
    bilan = invitations_liste.ajouter_structures(reunion, structures=toutes())
    assert list(reunion.participations.values_list("courriel", flat=True)) == ["bureau@example.org"]
    assert bilan.sans_adresse == [muette]


def test_an_opposed_person_is_neither_listed_nor_written_to():
    reunion = ReunionFactory()
    StructureFactory(courriel="Non@example.org")
    oppositions.enregistrer(courriel="non@example.org")
    assert invitations_liste.apercu(reunion, toutes()).opposees == 1
    assert invitations_liste.ajouter_structures(reunion, structures=toutes()).opposees == 1
    assert reunion.participations.count() == 0
    ParticipationFactory(reunion=reunion, courriel="plus-tard@example.org")
    oppositions.enregistrer(courriel="plus-tard@example.org")
    with pytest.raises(TransitionInterdite):
        invitations.lancer(reunion, acte=invitations.INVITER)
    assert invitations.ecrire(reunion.pk, invitations.INVITER) == 0
    assert ecrits() == []


def test_a_pasted_list_says_what_became_of_each_line():
    reunion = ReunionFactory()
    ParticipationFactory(reunion=reunion, courriel="deja@example.org")
    oppositions.enregistrer(courriel="non@example.org")
    texte = (
        "Camille Durand <camille@example.org>, Les Amis du pont\n"
        "DEJA@example.org\n\n"
        "Non, non@example.org\n"
        "Lou;CAMILLE@example.org\n"
        "Personne sans adresse\n"
        "seule@example.org\tClaude Martin"
    )
    lignes = invitations_liste.ajouter_liste(reunion, texte=texte)
    assert [(ligne.numero, ligne.cas) for ligne in lignes] == [
        (1, "ajoutee"), (2, "deja"), (4, "opposee"), (5, "double"), (6, "illisible"), (7, "ajoutee"),
    ]  # fmt: skip
    camille = reunion.participations.get(courriel="camille@example.org")
    assert (camille.nom, camille.libelle, camille.origine) == ("Camille Durand", "Les Amis du pont", "invitation")
    assert reunion.participations.get(courriel="seule@example.org").nom == "Claude Martin"


def test_five_hundred_lines_cost_few_queries(django_assert_max_num_queries):
    reunion = ReunionFactory()
    texte = "\n".join(f"p{n}@example.org" for n in range(600))
    with django_assert_max_num_queries(8):
        lignes = invitations_liste.ajouter_liste(reunion, texte=texte)
    assert len(lignes) == reunion.participations.count() == 500


@pytest.mark.parametrize("etat", ["tenue", "annulee"])
def test_nobody_is_added_to_a_meeting_that_is_over(etat):
    with pytest.raises(TransitionInterdite):
        invitations_liste.ajouter_liste(ReunionFactory(etat=etat), texte="a@example.org")


def test_invitations_leave_once_and_only_when_the_meeting_is_announced():
    reunion = ReunionFactory(etat="brouillon")
    participation = ParticipationFactory(reunion=reunion)
    assert invitations.ecrire(reunion.pk, invitations.INVITER) == 0
    reunion.etat, reunion.annoncee_le = "annoncee", timezone.now()
    reunion.save()
    assert invitations.lancer(reunion, acte=invitations.INVITER) == 1
    travail = ProcrastinateJob.objects.get(task_name=invitations.TACHE)
    assert taches.ecrire_aux_invites(**travail.args) == "1 messages"
    assert taches.ecrire_aux_invites(**travail.args) == "0 messages"
    participation.refresh_from_db()
    assert (participation.sequence_envoyee, participation.invitee_le is not None) == (0, True)
    (courriel,) = Courriel.objects.all()
    assert (courriel.confidentiel, courriel.destinataire) == (True, participation.courriel)
    assert invitations.lien(participation).rsplit("/", 2)[0] in courriel.texte


def test_an_update_goes_only_to_those_who_have_an_older_one():
    reunion = ReunionFactory(sequence=2)
    invitee(reunion, courriel="vieille@example.org", reponse="present")
    invitee(reunion, courriel="excusee@example.org", reponse="excuse", sequence_envoyee=1)
    invitee(reunion, courriel="a-jour@example.org", sequence_envoyee=2)
    ParticipationFactory(reunion=reunion, courriel="jamais@example.org")
    for _ in range(2):
        invitations.ecrire(reunion.pk, invitations.METTRE_A_JOUR)
    assert ecrits() == ["excusee@example.org", "vieille@example.org"]
    assert "Votre réponse actuelle : vient" in Courriel.objects.get(destinataire="vieille@example.org").texte


def test_the_update_leaves_by_itself_ten_minutes_after_a_change():
    reunion = ReunionFactory(sequence=1)
    invitations.mettre_a_jour(reunion)
    travail = ProcrastinateJob.objects.get(task_name=invitations.TACHE)
    assert travail.args == {"reunion_id": reunion.pk, "acte": "mettre-a-jour"}
    assert timedelta(minutes=9) < travail.scheduled_at - timezone.now() <= timedelta(minutes=10)


def test_a_cancellation_reaches_whoever_holds_the_meeting():
    reunion = ReunionFactory(etat="annulee", sequence=1, motif="Neige")
    invitee(reunion, courriel="a@example.org")
    ParticipationFactory(reunion=reunion, courriel="jamais@example.org")
    invitations.annuler(reunion)
    travail = ProcrastinateJob.objects.get(task_name=invitations.TACHE)
    assert [taches.ecrire_aux_invites(**travail.args) for _ in range(2)] == ["1 messages", "0 messages"]
    assert ecrits(calendrier_methode="CANCEL") == ["a@example.org"]


def test_reminders_only_to_those_who_have_not_answered_once_a_day_three_in_all():
    reunion = ReunionFactory()
    muette = invitee(reunion, courriel="muette@example.org")
    for reponse in ("present", "excuse", "represente", "attente"):
        invitee(reunion, reponse=reponse)
    ParticipationFactory(reunion=reunion, courriel="pas-invitee@example.org")
    for _ in range(2):
        invitations.ecrire(reunion.pk, invitations.RELANCER)
    assert ecrits() == ["muette@example.org"]
    for _ in range(4):
        Participation.objects.filter(pk=muette.pk).update(relancee_le=timezone.localdate() - timedelta(days=1))
        invitations.ecrire(reunion.pk, invitations.RELANCER)
    muette.refresh_from_db()
    assert (muette.relances, len(ecrits())) == (invitations.RELANCES_MAX, 3)


@pytest.mark.parametrize(
    ("jours", "relances", "attendues"), [(8, 0, 0), (7, 0, 1), (6, 0, 1), (6, 1, 0), (2, 1, 1), (2, 2, 0)]
)
def test_the_daily_job_reminds_seven_and_two_days_before(jours, relances, attendues):
    debut = timezone.localtime().replace(hour=18, minute=0) + timedelta(days=jours)
    reunion = ReunionFactory(debut=debut)
    invitee(reunion, relances=relances)
    assert [invitations.rappeler(), invitations.rappeler()] == [attendues, 0]
    assert len(ecrits()) == attendues


def test_the_daily_job_leaves_alone_whoever_was_invited_yesterday_and_meetings_that_are_off():
    invitee(ReunionFactory(debut=timezone.now() + timedelta(days=3)), invitee_le=timezone.now() - timedelta(days=1))
    invitee(ReunionFactory(debut=timezone.now() + timedelta(days=3), etat="annulee"))
    assert invitations.rappeler() == 0


def test_needs_are_erased_a_month_after_the_meeting():
    vieille = ParticipationFactory(reunion__debut=timezone.now() - timedelta(days=31), besoins="braille", message="x")
    recente = ParticipationFactory(reunion__debut=timezone.now() - timedelta(days=29), besoins="braille")
    assert taches.oublier_les_besoins(0) == "1 besoins effacés"
    vieille.refresh_from_db()
    recente.refresh_from_db()
    assert (vieille.besoins, vieille.message, recente.besoins) == ("", "", "braille")


def test_somebody_already_invited_stays_on_the_list():
    reunion = ReunionFactory()
    with pytest.raises(TransitionInterdite):
        invitations_liste.retirer(invitee(reunion))
    invitations_liste.retirer(ParticipationFactory(reunion=reunion))
    assert reunion.participations.count() == 1
