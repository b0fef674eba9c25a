"""iCalendar messages, read by another library, as they reach a mailbox and as agendas answer them."""

from datetime import UTC, datetime, timedelta

import pytest
import vobject
from django.core import mail
from django.utils import timezone

from pole_ess.socle.courriel import expedition
from pole_ess.socle.models import Courriel
from reunions import itip
from reunions.actions import invitations
from reunions.calendrier.ical import uid_de
from reunions.models import Participation
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db


def lire(texte):
    return vobject.readOne(texte)


def inviter(**valeurs):
    participation = ParticipationFactory(nom="Zoé « l'Amie » Durand", **valeurs)
    invitations.ecrire(participation.reunion_id, invitations.INVITER)
    participation.refresh_from_db()
    return participation, Courriel.objects.get(destinataire=participation.courriel)


def test_the_request_names_its_organiser_and_its_only_guest():
    participation, courriel = inviter()
    agenda = lire(courriel.calendrier)
    assert (courriel.calendrier_methode, agenda.method.value) == ("REQUEST", "REQUEST")
    (evenement,) = agenda.vevent_list
    (invite,) = evenement.attendee_list
    assert invite.value == f"mailto:{participation.courriel}"
    assert invite.params["CN"] == ["Zoé « l'Amie » Durand"]
    assert (invite.params["RSVP"], invite.params["PARTSTAT"]) == (["TRUE"], ["NEEDS-ACTION"])
    assert evenement.organizer.value == "mailto:equipe@pole.example.org"
    assert evenement.uid.value == uid_de(participation.reunion)
    assert (evenement.sequence.value, evenement.status.value) == ("0", "CONFIRMED")
    assert evenement.summary.value == participation.reunion.titre
    assert "/rencontres/lien/invitation/" in evenement.url.value


@pytest.mark.parametrize(
    ("debut", "heure", "decalage"),
    [
        (datetime(2027, 3, 27, 17, tzinfo=UTC), 18, 1),  # the day before summer time
        (datetime(2027, 3, 28, 16, tzinfo=UTC), 18, 2),
        (datetime(2027, 10, 31, 17, tzinfo=UTC), 18, 1),  # the day that it ends
        (datetime(2014, 1, 30, 17, tzinfo=UTC), 18, 1),
    ],
)
def test_hours_are_those_of_paris_across_summer_time(debut, heure, decalage):
    participation = ParticipationFactory(reunion=ReunionFactory(debut=debut, fin=debut + timedelta(hours=2)))
    texte = itip.message("REQUEST", participation)[1]
    assert f"DTSTART;TZID=Europe/Paris:{debut:%Y%m%d}T{heure}0000" in texte
    evenement = lire(texte).vevent
    assert evenement.dtstart.value.astimezone(UTC) == debut
    assert evenement.dtstart.value.utcoffset() == timedelta(hours=decalage)
    assert evenement.dtend.value - evenement.dtstart.value == timedelta(hours=2)


def test_lines_fold_at_75_octets_and_end_in_crlf():
    reunion = ReunionFactory(titre="Élargir le réseau " * 8, objectif="à; b, c\nd" * 40)
    texte = itip.message("REQUEST", ParticipationFactory(reunion=reunion))[1]
    assert max(len(ligne.encode()) for ligne in texte.split("\r\n")) <= 75
    assert "\n" not in texte.replace("\r\n", "")
    assert lire(texte).vevent.description.value == reunion.objectif


def test_updates_and_cancellation_keep_the_uid_and_grow_the_sequence():
    participation, premier = inviter()
    reunion = participation.reunion
    reunion.sequence, reunion.lieu = 1, "Ailleurs"
    reunion.save()
    invitations.ecrire(reunion.pk, invitations.METTRE_A_JOUR)
    reunion.sequence, reunion.etat, reunion.motif, reunion.close_le = 2, "annulee", "Neige", timezone.now()
    reunion.save()
    invitations.ecrire(reunion.pk, invitations.ANNULER)
    courriels = list(Courriel.objects.order_by("pk"))
    vus = [(c.calendrier_methode, lire(c.calendrier).vevent) for c in courriels]
    assert {evenement.uid.value for _, evenement in vus} == {lire(premier.calendrier).vevent.uid.value}
    assert [(m, e.sequence.value, e.status.value) for m, e in vus] == [
        ("REQUEST", "0", "CONFIRMED"),
        ("REQUEST", "1", "CONFIRMED"),
        ("CANCEL", "2", "CANCELLED"),
    ]
    assert vus[1][1].location.value == "Ailleurs"
    assert "Neige" in courriels[2].texte


def test_the_invitation_leaves_with_its_part_for_agendas():
    _, courriel = inviter()
    assert expedition.expedier(courriel.pk) == "parti"
    recu = mail.outbox[0].message()
    parties = {partie.get_content_type(): partie for partie in recu.walk()}
    assert parties["text/calendar"].get_param("method") == "REQUEST"
    assert lire(parties["text/calendar"].get_payload(decode=True).decode()).method.value == "REQUEST"
    courriel.refresh_from_db()
    assert (courriel.texte, courriel.html, courriel.calendrier) == ("", "", "")  # it held a personal link


def test_agendas_answer_to_an_address_of_that_person_where_the_hub_receives_mail(settings):
    settings.COURRIER_ENTRANT_DOMAINE = "courrier.example.org"
    participation, courriel = inviter()
    adresse = lire(courriel.calendrier).vevent.organizer.value
    assert adresse == f"mailto:reunion+{itip.jeton_agenda(participation.pk)}@courrier.example.org"


@pytest.mark.parametrize("jeton", ["1-abc", "abc", "-", "9" * 40, "1", "\u0661-abc", ""])
def test_a_token_of_another_s_making_is_nobody(jeton):
    assert itip.lire_jeton_agenda(jeton) is None


def test_a_token_of_ours_is_read_in_any_case():
    assert itip.lire_jeton_agenda(itip.jeton_agenda(12)) == 12


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        "\x00",
        "BEGIN:VEVENT\r\nEND:VEVENT",
    ],
)
def test_an_unreadable_reply_is_none(texte):
    assert itip.lire_reponse(texte, courriel="a@example.org") is None


def test_every_answer_has_its_partstat():
    assert set(itip.PARTSTAT) == set(Participation.Reponse)
