"""Answers, the gauge and its waiting list, registrations, and the answers of agendas."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from annuaire import oppositions
from pole_ess.socle import liens
from pole_ess.socle.courriel.entrant import Ignorer
from pole_ess.socle.models import Courriel
from reunions import invitations_entrant, itip
from reunions.actions import TransitionInterdite, invitations, reponses
from reunions.calendrier.ical import uid_de
from tests.factories import CommuneFactory, UtilisateurFactory
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db


def relire(*participations):
    for participation in participations:
        participation.refresh_from_db()
    return [participation.reponse for participation in participations]


def test_a_full_meeting_puts_on_the_waiting_list_and_gives_freed_places_in_order():
    reunion = ReunionFactory(jauge=1)
    une, deux, trois = (ParticipationFactory(reunion=reunion) for _ in range(3))
    for participation in (une, deux, trois):
        reponses.repondre(participation, reponse="present")
    assert relire(une, deux, trois) == ["present", "attente", "attente"]
    assert reponses.places_libres(reunion) == 0
    reponses.repondre(une, reponse="excuse")
    assert relire(une, deux, trois) == ["excuse", "present", "attente"]
    (courriel,) = Courriel.objects.all()
    assert (courriel.destinataire, courriel.sujet[:18]) == (deux.courriel, "Une place pour vou")
    reponses.repondre(une, reponse="present")
    assert relire(une) == ["attente"]


def test_changing_details_keeps_the_place():
    reunion = ReunionFactory(jauge=1)
    une = ParticipationFactory(reunion=reunion)
    reponses.repondre(une, reponse="present")
    reponses.repondre(une, reponse="present", besoins="documents en braille")
    assert relire(une) == ["present"]
    assert une.besoins == "documents en braille"


def test_a_larger_gauge_serves_the_waiting_list():
    reunion = ReunionFactory(jauge=1)
    gens = [ParticipationFactory(reunion=reunion) for _ in range(4)]
    for participation in gens:
        reponses.repondre(participation, reponse="present")
    reunion.jauge = 3
    reunion.save()
    assert [reponses.remplir(reunion), reponses.remplir(reunion)] == [2, 0]
    assert relire(*gens) == ["present", "present", "present", "attente"]


def test_who_no_longer_comes_no_longer_travels():
    une = ParticipationFactory()
    voiture = {"covoiturage": "propose", "covoiturage_places": 2, "covoiturage_depuis": CommuneFactory()}
    reponses.repondre(une, reponse="present", **voiture)
    reponses.repondre(une, reponse="represente", represente_par="Lou")
    une.refresh_from_db()
    assert (une.reponse, une.represente_par) == ("represente", "Lou")
    assert (une.covoiturage, une.covoiturage_places, une.covoiturage_depuis) == ("", None, None)
    reponses.repondre(une, reponse="excuse")
    une.refresh_from_db()
    assert une.represente_par == ""


@pytest.mark.parametrize(
    "reunion", [{"etat": "annulee"}, {"etat": "tenue"}, {"debut": timezone.now() - timedelta(days=1)}]
)
def test_no_answer_once_the_meeting_is_over(reunion):
    une = ParticipationFactory(reunion=ReunionFactory(**reunion))
    with pytest.raises(TransitionInterdite):
        reponses.repondre(une, reponse="present")
    assert relire(une) == ["attendue"]


def test_an_invited_address_that_registers_is_the_same_person():
    reunion, personne = ReunionFactory(), UtilisateurFactory(email="lou@example.org")
    invitee = ParticipationFactory(reunion=reunion, courriel="Lou@example.org", nom="")
    inscrite = reponses.inscrire(reunion, utilisateur=personne)
    assert inscrite == invitee
    assert (inscrite.utilisateur, inscrite.nom) == (personne, personne.nom)
    assert reponses.inscrire(reunion, utilisateur=personne) == invitee


def test_a_visitor_confirms_once_and_gets_an_entry_for_their_agenda():
    reunion = ReunionFactory()
    charge = {"nom": "Lou", "courriel": "lou@example.org", "libelle": "Les Amis"}
    une, deux = (reponses.confirmer_inscription(reunion, **charge) for _ in range(2))
    assert une == deux
    assert (deux.reponse, deux.origine, deux.libelle) == ("present", "inscription", "Les Amis")
    (courriel,) = Courriel.objects.all()
    assert "PARTSTAT=ACCEPTED" in courriel.calendrier.replace("\r\n ", "")


def test_nothing_is_written_before_the_visitor_confirms_and_an_opposed_address_gets_no_mail():
    reunion = ReunionFactory()
    oppositions.enregistrer(courriel="non@example.org")
    for courriel in ("lou@example.org", "non@example.org"):
        reponses.demander_inscription(reunion, nom="Lou", courriel=courriel, libelle="", cle=courriel)
    assert reunion.participations.count() == 0
    assert [c.destinataire for c in Courriel.objects.all()] == ["lou@example.org"]
    jeton = Courriel.objects.get().texte.split("/lien/invitation/")[1].split("/")[0]
    assert liens.lire(reponses.INSCRIPTION, jeton, jours=1)["c"] == "lou@example.org"


# -- agendas


def reponse_d_agenda(participation, partstat, *, courriel=None, uid=None, le=None):
    le = (le or timezone.now()).strftime("%Y%m%dT%H%M%SZ")
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid or uid_de(participation.reunion)}\r\nSEQUENCE:0\r\nDTSTAMP:{le}\r\n"
        f"ATTENDEE;PARTSTAT={partstat};CN=x:mailto:{courriel or participation.courriel}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def repondre_par_agenda(participation, partstat, **valeurs):
    entrant = SimpleNamespace(calendrier=reponse_d_agenda(participation, partstat, **valeurs))
    return reponses.repondre_par_agenda(entrant, itip.jeton_agenda(participation.pk))


@pytest.mark.parametrize(
    ("partstat", "reponse"), [("ACCEPTED", "present"), ("DECLINED", "excuse"), ("accepted", "present")]
)
def test_the_buttons_of_an_agenda_answer(partstat, reponse):
    une = ParticipationFactory(courriel="Lou@example.org", besoins="braille")
    assert repondre_par_agenda(une, partstat, courriel="lou@EXAMPLE.org") == ""
    assert relire(une) == [reponse]
    assert une.besoins == "braille"


def test_an_alias_that_answers_is_the_person_whose_address_it_answered():
    une = ParticipationFactory()
    assert repondre_par_agenda(une, "DECLINED", courriel="alias@example.org") == ""
    assert relire(une) == ["excuse"]


def test_what_an_agenda_may_not_say():
    une, autre = ParticipationFactory(), ParticipationFactory()
    assert repondre_par_agenda(une, "NEEDS-ACTION") == "réponse d'agenda sans effet"
    assert repondre_par_agenda(une, "ACCEPTED", uid=uid_de(autre.reunion)) == "réponse d'agenda illisible"
    assert repondre_par_agenda(ParticipationFactory(courriel=""), "ACCEPTED") == "invitation inconnue"
    reponses.repondre(une, reponse="excuse")
    assert "plus récente" in repondre_par_agenda(une, "ACCEPTED", le=timezone.now() - timedelta(hours=1))
    assert relire(une) == ["excuse"]
    passee = ParticipationFactory(reunion=ReunionFactory(etat="tenue"))
    assert repondre_par_agenda(passee, "ACCEPTED") == reponses.FERMEE


@pytest.mark.parametrize(
    ("partstat", "peut_etre", "delegation"),
    [
        ("TENTATIVE", True, ""),
        ('DELEGATED;DELEGATED-TO="mailto:Zoe@example.org"', False, "zoe@example.org"),
        ('DELEGATED;DELEGATED-TO="mailto:a@example.org","mailto:b@example.org"', False, "a@example.org, b@example.org"),
        ("DELEGATED", False, "une autre personne"),
    ],
)
def test_maybe_and_an_invitation_passed_on_are_seen_and_are_no_answer(partstat, peut_etre, delegation):
    une = ParticipationFactory(invitee_le=timezone.now() - timedelta(days=3))
    assert repondre_par_agenda(une, partstat) == ""
    assert relire(une) == ["attendue"]
    assert (une.peut_etre_le is not None, une.delegation, une.repondue_le) == (peut_etre, delegation, None)
    assert list(invitations.concernes(une.reunion, invitations.RELANCER)) == [une]
    reponses.repondre(une, reponse="excuse")
    relire(une)
    assert (une.peut_etre_le, une.delegation) == (None, "")


def test_maybe_keeps_the_place_that_one_holds_and_an_old_one_is_ignored():
    reunion = ReunionFactory(jauge=1)
    une = ParticipationFactory(reunion=reunion)
    reponses.repondre(une, reponse="present")
    assert "plus récente" in repondre_par_agenda(une, "TENTATIVE", le=timezone.now() - timedelta(hours=1))
    relire(une)
    assert une.peut_etre_le is None
    assert repondre_par_agenda(une, "TENTATIVE", le=timezone.now() + timedelta(seconds=5)) == ""
    assert relire(une) == ["present"]
    assert une.peut_etre_le is not None
    assert reponses.places_libres(reunion) == 0
    assert repondre_par_agenda(une, "ACCEPTED", le=timezone.now() + timedelta(seconds=9)) == ""
    assert (relire(une), une.peut_etre_le) == (["present"], None)
    passee = ParticipationFactory(reunion=ReunionFactory(etat="tenue"))
    assert repondre_par_agenda(passee, "TENTATIVE") == reponses.FERMEE


def test_whom_it_was_passed_to_is_forgotten_a_month_later():
    une = ParticipationFactory(
        reunion=ReunionFactory(debut=timezone.now() - timedelta(days=31)), delegation="a@example.org"
    )
    assert (invitations.oublier_les_besoins(), invitations.oublier_les_besoins()) == (1, 0)
    relire(une)
    assert une.delegation == ""


# -- noted by the staff


def test_what_the_staff_note_follows_the_same_rules_and_says_who_and_how(animateur):
    reunion = ReunionFactory(jauge=1)
    une, deux = (ParticipationFactory(reunion=reunion, invitee_le=timezone.now()) for _ in range(2))
    dit = {"par": animateur, "moyen": "telephone", "vue": "attendue"}
    for _ in range(2):  # a repeated press is one
        reponses.repondre(une, reponse="present", **dit)
        reponses.repondre(deux, reponse="present", **dit)
    assert relire(une, deux) == ["present", "attente"]
    assert (une.reponse_notee_par, une.get_reponse_moyen_display()) == (animateur, "par téléphone")
    assert list(invitations.concernes(reunion, invitations.RELANCER)) == []
    reponses.repondre(une, reponse="represente", represente_par="Lou", **(dit | {"vue": "present"}))
    assert relire(une, deux) == ["represente", "present"]
    assert une.represente_par == "Lou"


def test_details_that_the_person_gave_stay_and_their_own_answer_takes_over(animateur):
    une = ParticipationFactory(besoins="documents en braille", message="À bientôt")
    reponses.repondre(une, reponse="present", par=animateur, moyen="vive_voix")
    relire(une)
    assert (une.besoins, une.message, une.reponse_moyen) == ("documents en braille", "À bientôt", "vive_voix")
    reponses.repondre(une, reponse="present")
    relire(une)
    assert (une.reponse_moyen, une.reponse_notee_par) == ("", None)


def test_an_answer_given_meanwhile_is_not_overwritten_unseen(animateur):
    une = ParticipationFactory()
    reponses.repondre(une, reponse="excuse")
    with pytest.raises(reponses.ReponseChangee, match="excusé"):
        reponses.repondre(une, reponse="present", par=animateur, moyen="telephone", vue="attendue")
    relire(une)
    assert (une.reponse, une.reponse_moyen) == ("excuse", "")


def test_nobody_without_an_address_is_written_to(animateur):
    une = ParticipationFactory(courriel="", origine="inscription")
    reponses.repondre(une, reponse="present", par=animateur, moyen="telephone")
    assert (relire(une), Courriel.objects.count()) == (["present"], 0)


def test_accepting_in_the_agenda_does_not_jump_the_queue():
    reunion = ReunionFactory(jauge=1)
    une, deux = (ParticipationFactory(reunion=reunion) for _ in range(2))
    repondre_par_agenda(une, "ACCEPTED")
    repondre_par_agenda(deux, "ACCEPTED")
    repondre_par_agenda(deux, "ACCEPTED")
    assert relire(une, deux) == ["present", "attente"]


@pytest.mark.parametrize("calendrier", ["", "BEGIN:VCALENDAR"])
def test_a_mail_without_an_answer_goes_no_further(calendrier):
    une = ParticipationFactory()
    with pytest.raises(Ignorer):
        invitations_entrant.traiter(SimpleNamespace(calendrier=calendrier), itip.jeton_agenda(une.pk))
