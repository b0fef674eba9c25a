"""Importing a structure's calendar: what is read, what is refused, line by line; again without copies."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import vRecur

from pole_ess.socle.models import Courriel
from reunions.actions import evenements, imports
from reunions.imports import ics as lecture
from reunions.imports.repetition import Regle
from reunions.models import Evenement
from tests.factories import CommuneFactory, StructureFactory
from tests.reunions.calendriers import dans, ics, vevent

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
ADRESSE = "/rencontres/evenements/importer/"


def sorts(texte, structure):
    return [verdict.sort for verdict in imports.apercevoir(texte, structure)]


def test_importing_again_updates_and_copies_nothing(structure, referent):
    texte = ics(vevent("a@x", "Bal", LOCATION="Salle des fêtes"), vevent("b@x", "Forum"))
    assert sorts(texte, structure) == ["nouveau", "nouveau"]
    assert Evenement.objects.count() == 0
    imports.importer(texte, structure, par=referent)
    assert set(Evenement.objects.values_list("titre", "etat")) == {("Bal", "a_valider"), ("Forum", "a_valider")}
    assert Courriel.objects.filter(gabarit="evenement_equipe").count() == 1
    assert sorts(texte, structure) == ["inchange", "inchange"]
    change = ics(vevent("a@x", "Grand bal", LOCATION="Salle des fêtes"), vevent("b@x", "Forum"))
    assert sorts(change, structure) == ["change", "inchange"]
    imports.importer(change, structure, par=referent)
    assert set(Evenement.objects.values_list("titre", flat=True)) == {"Grand bal", "Forum"}
    assert sorts(texte, StructureFactory()) == ["nouveau", "nouveau"]  # each structure has its own calendar


def test_a_published_event_that_moves_tells_calendars_and_a_cancelled_one_is_cancelled(structure, animateur):
    imports.importer(ics(vevent("a@x"), vevent("b@x", "Forum")), structure, par=animateur)
    imports.importer(
        ics(vevent("a@x", debut=dans(11)), vevent("b@x", "Forum", STATUS="CANCELLED")), structure, par=animateur
    )
    bal, forum = Evenement.objects.order_by("source_uid")
    assert (bal.etat, bal.sequence, bal.debut) == ("publie", 1, dans(11))
    assert (forum.etat, forum.sequence) == ("annule", 1)
    assert sorts(ics(vevent("b@x", "Forum")), structure) == ["laisse"]


def test_what_staff_refused_does_not_come_back(structure, referent, animateur):
    texte = ics(vevent())
    imports.importer(texte, structure, par=referent)
    evenements.refuser(Evenement.objects.get(), par=animateur, motif="Hors sujet")
    imports.importer(texte, structure, par=referent)
    assert [evenement.etat for evenement in Evenement.objects.all()] == ["refuse"]


def test_a_commune_corrected_here_is_kept_and_one_in_the_place_is_found(structure, referent):
    vichy = CommuneFactory(code="03310", nom="Vichy", codes_postaux=["03200"])
    texte = ics(
        vevent("a@x", LOCATION="Salle des fêtes\\, 1 rue du Pont\\, 03200 Vichy"), vevent("b@x", LOCATION="Chez nous")
    )
    verdicts = imports.importer(texte, structure, par=referent)
    assert "non reconnue" in verdicts[1].remarque
    salle, chez_nous = Evenement.objects.order_by("source_uid")
    assert (salle.commune, chez_nous.commune) == (vichy, structure.commune)
    Evenement.objects.filter(pk=chez_nous.pk).update(commune=vichy)
    imports.importer(ics(vevent("b@x", "Autre titre", LOCATION="Chez nous")), structure, par=referent)
    chez_nous.refresh_from_db()
    assert (chez_nous.titre, chez_nous.commune) == ("Autre titre", vichy)


# -- reading


def test_times_are_those_of_their_zone():
    lus = [
        ligne.lu.debut.astimezone(PARIS)
        for ligne in lecture.lire(
            ics(
                vevent("a", debut="TZID=Europe/Paris:20990701T203000"),
                vevent("b", debut="TZID=Europe/London:20990701T193000"),
                vevent("c", debut="VALUE=DATE-TIME:20990701T183000Z"),
                vevent("d", debut="VALUE=DATE-TIME:20990701T203000"),
                vevent("e", debut="TZID=Nulle/Part:20990701T203000"),
            )
        )
    ]
    assert lus == [datetime(2099, 7, 1, 20, 30, tzinfo=PARIS)] * 5


def test_whole_days_and_durations():
    fete, nuit, instant = (
        ligne.lu
        for ligne in lecture.lire(
            ics(
                vevent("a", debut="VALUE=DATE:20990328", fin="VALUE=DATE:20990330"),
                vevent("b", debut="TZID=Europe/Paris:20990328T220000", DURATION="PT5H"),
                vevent("c", debut="TZID=Europe/Paris:20990701T200000"),
            )
        )
    )
    assert (fete.journee_entiere, fete.debut, fete.fin) == (
        True,
        datetime(2099, 3, 28, tzinfo=PARIS),
        datetime(2099, 3, 30, tzinfo=PARIS),
    )
    # Five hours of the night when clocks go forward: 22 h + 5 h is 4 h.
    assert (nuit.fin, instant.fin) == (datetime(2099, 3, 29, 4, tzinfo=PARIS), None)


def test_a_weekly_event_stays_at_its_hour_across_the_change_of_time():
    depart = dans(1, heure=18)
    lus = [ligne.lu for ligne in lecture.lire(ics(vevent(debut=depart, RRULE="FREQ=WEEKLY;COUNT=40")))]
    assert len(lus) == 40
    assert {timezone.localtime(lu.debut).hour for lu in lus} == {18}
    assert len({lu.debut.astimezone(ZoneInfo("UTC")).hour for lu in lus}) == 2
    assert len({lu.uid for lu in lus}) == 40


def test_excluded_and_moved_occurrences():
    depart = dans(2, heure=18)
    exclue, deplacee = depart + timedelta(days=1), depart + timedelta(days=2)
    lignes = lecture.lire(
        ics(
            vevent(
                "a",
                debut=depart,
                RRULE="FREQ=DAILY;COUNT=4",
                **{"EXDATE;TZID=Europe/Paris": f"{exclue:%Y%m%dT%H%M%S}"},
            ),
            vevent(
                "a",
                "Déplacé",
                debut=deplacee.replace(hour=20),
                **{"RECURRENCE-ID;TZID=Europe/Paris": f"{deplacee:%Y%m%dT%H%M%S}"},
            ),
        )
    )
    assert sorted((ligne.lu.debut.day, ligne.lu.debut.hour, ligne.titre) for ligne in lignes) == sorted(
        [
            (depart.day, 18, "Bal folk"),
            ((depart + timedelta(days=3)).day, 18, "Bal folk"),
            (deplacee.day, 20, "Déplacé"),
        ]
    )


INCONNUE = "ne savons pas lire"


@pytest.mark.parametrize(
    ("regle", "mot"),
    [
        ("FREQ=DAILY", "plus de 60 fois"),
        ("FREQ=SECONDLY;COUNT=3", INCONNUE),
        ("FREQ=DAILY;BYHOUR=1,2,3;COUNT=3", INCONNUE),
        ("FREQ=DAILY;INTERVAL=0;COUNT=3", INCONNUE),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1", INCONNUE),
        ("FREQ=YEARLY;BYDAY=20MO", INCONNUE),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "passées"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9", "passées"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=9", "passées"),
        ("FREQ=WEEKLY;UNTIL=20200101T000000Z", "passées"),
        ("FREQ=QUOTIDIEN", ""),
    ],
)
def test_recurrences_are_bounded_or_refused_clearly(regle, mot):
    depart = time.perf_counter()
    lignes = lecture.lire(ics(vevent(debut="TZID=Europe/Paris:20200101T180000", RRULE=regle), vevent("b")))
    assert time.perf_counter() - depart < 2
    assert mot in lignes[0].refus
    assert (lignes[0].lu, bool(lignes[0].refus), lignes[-1].titre) == (None, True, "Bal folk")


def test_a_file_full_of_hopeless_rules_does_not_hold_a_process():
    regle = "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=999999999"
    texte = ics(*[vevent(f"{n}@x", debut="TZID=Europe/Paris:20000101T180000", RRULE=regle) for n in range(60)])
    depart = time.perf_counter()
    assert len(lecture.lire(texte)) == 60
    assert time.perf_counter() - depart < 10
    with pytest.raises(lecture.FichierIllisible, match="60 événements répétés"):
        lecture.lire(ics(*[vevent(f"{n}@x", RRULE="FREQ=DAILY;COUNT=2") for n in range(61)]))


@pytest.mark.parametrize(
    "regle",
    [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;BYDAY=SA,SU",
        "FREQ=DAILY;BYMONTH=3",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
        "FREQ=MONTHLY;BYDAY=1SU,-1FR",
        "FREQ=MONTHLY;INTERVAL=5;BYDAY=WE",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=1,6",
        "FREQ=YEARLY;BYMONTH=5;BYDAY=-1SU",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYDAY=MO",
    ],
)
def test_rules_give_the_days_that_dateutil_gives(regle):
    depart, dernier = date(2024, 1, 31), date(2030, 12, 31)
    lue = Regle.lire(vRecur.from_ical(regle))
    moment, fin = datetime.combine(depart, datetime.min.time()), datetime.combine(dernier, datetime.min.time())
    attendus = [jour.date() for jour in rrulestr(regle, dtstart=moment).between(moment, fin, inc=True)]
    assert list(lue.entre(depart, depart, dernier)) == attendus
    assert attendus


@pytest.mark.parametrize(
    ("evenement", "mot"),
    [
        (vevent(titre=""), "pas de titre"),
        ("BEGIN:VEVENT\nUID:a\nSUMMARY:Bal\nEND:VEVENT", "pas de date"),
        (vevent(debut="VALUE=DATE:18990101"), "année"),
        (vevent(debut="TZID=Europe/Paris:20990102T100000", fin="TZID=Europe/Paris:20990101T100000"), "avant de"),
        (vevent(debut="TZID=Europe/Paris:20990102T100000", fin="TZID=Europe/Paris:20991001T100000"), "deux mois"),
        (vevent(debut="VALUE=DATE:20990102", fin="TZID=Europe/Paris:20990103T100000"), "fin n'est pas"),
    ],
)
def test_a_bad_line_says_why_and_the_others_are_read(evenement, mot):
    lignes = lecture.lire(ics(evenement, vevent("bon")))
    assert mot in lignes[0].refus
    assert lignes[1].lu.uid == "bon"


@pytest.mark.parametrize(
    ("texte", "mot"),
    [
        ("bonjour", "pas un calendrier"),
        ("", "pas un calendrier"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY", "abîmé"),
        (ics(), "aucun événement"),
        (ics(*[vevent(f"{n}@x") for n in range(301)]), "300 événements"),
        ("BEGIN:VCALENDAR" + "x" * 300_001, "trop lourd"),
    ],
)
def test_a_file_that_is_not_a_calendar_is_refused_in_french(client, referent, structure, texte, mot):
    with pytest.raises(lecture.FichierIllisible, match=mot):
        lecture.lire(texte)
    client.force_login(referent)
    fichier = SimpleUploadedFile("agenda.ics", texte.encode() or b" ")
    page = client.post(ADRESSE, {"structure": structure.pk, "fichier": fichier}).content.decode()
    assert mot in page


def test_what_a_file_says_of_time_zones_is_not_computed():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Europe/Paris\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n"
        "TZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE"
    )
    depart = time.perf_counter()
    lignes = lecture.lire(ics(zone, vevent(debut="TZID=Europe/Paris:20990701T203000")))
    assert time.perf_counter() - depart < 2
    assert lignes[0].lu.debut == datetime(2099, 7, 1, 20, 30, tzinfo=PARIS)


# -- the page


def test_page_shows_line_by_line_then_imports(client, referent, structure):
    client.force_login(referent)
    texte = ics(vevent("a@x", "Bal du 14"), vevent("b@x", ""), vevent("c@x", "Vieux", debut="VALUE=DATE:20200101"))
    fichier = SimpleUploadedFile("agenda.ics", texte.encode())
    apercu = client.post(ADRESSE, {"structure": structure.pk, "fichier": fichier})
    page = apercu.content.decode()
    assert ("Rien n'est encore écrit" in page, "Bal du 14" in page, "pas de titre" in page) == (True, True, True)
    assert "Cette date est passée" in page
    assert Evenement.objects.count() == 0
    envoi = {"structure": structure.pk, "texte": apercu.context["texte"], "geste": "importer"}
    rapport = client.post(ADRESSE, envoi).content.decode()
    assert "C'est importé" in rapport
    client.post(ADRESSE, envoi)
    assert [evenement.titre for evenement in Evenement.objects.all()] == ["Bal du 14"]


def test_one_imports_only_for_one_s_own_structures(client, etranger, structure):
    client.force_login(etranger)
    client.post(ADRESSE, {"structure": structure.pk, "texte": ics(vevent()), "geste": "importer"})
    assert Evenement.objects.count() == 0


def test_queries_do_not_grow_with_the_lines(structure, referent, nombre_de_requetes):
    def texte(combien):
        return ics(*[vevent(f"{n}@x", LOCATION="Salle des fêtes") for n in range(combien)])

    un, dix = (nombre_de_requetes(lambda t=t: imports.apercevoir(t, structure)) for t in (texte(1), texte(10)))
    assert un == dix
    assert reverse("reunions:evenements_importer") == ADRESSE
