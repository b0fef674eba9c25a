"""The rules of a calendar and its closures: what bookings allow, what becomes of those in the way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle.models import Courriel
from ressources.actions import calendriers as actions
from ressources.actions import reservations
from ressources.actions.calendriers import CalendrierImpossible, ConflitsADecider
from ressources.actions.reservations import ReservationImpossible
from ressources.agenda import FUSEAU, jours, minuit
from ressources.models import Calendrier, Fermeture, Reservation
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory

pytestmark = pytest.mark.django_db
REGLES = {
    "actif": "on", "genre": "exclusif", "capacite": "", "pas": "jour", "preavis_jours": "2", "duree_max_jours": "4",
    "battement_heures": "12", "horizon_jours": "90", "consignes": "Au dépôt.",
}  # fmt: skip


def dans(nombre):
    return timezone.localdate() + timedelta(days=nombre)


@pytest.fixture
def calendrier(structure):
    return CalendrierFactory(annonce=AnnonceFactory(structure=structure, titre="Barnum"))


@pytest.fixture
def chaises(structure):
    return CalendrierFactory(annonce=AnnonceFactory(structure=structure), genre="pool", capacite=100)


def tenue(calendrier, debut=5, fin=6, etat="confirmee", nom="La Fanfare", **valeurs):
    emprunteur = StructureFactory(nom=nom)
    RattachementFactory(structure=emprunteur, role="referent")
    return ReservationFactory(
        calendrier=calendrier, structure=emprunteur, etat=etat, periode=jours(dans(debut), dans(fin)), **valeurs
    )


def regles(calendrier, **plus):
    gardees = [
        "actif",
        "genre",
        "capacite",
        "pas",
        "battement_heures",
        "preavis_jours",
        "duree_max_jours",
        "horizon_jours",
        "consignes",
    ]
    return {nom: getattr(calendrier, nom) for nom in gardees} | plus


def page(vue, calendrier, *suite):
    return reverse(f"ressources:{vue}", args=[calendrier.annonce_id, *suite])


# -- rules


def test_opening_then_changing_the_rules(client, structure, referent):
    annonce = AnnonceFactory(structure=structure, quantite=12)
    url = reverse("ressources:calendrier_reglages", args=[annonce.pk])
    client.force_login(referent)
    assert client.get(url).context["form"]["capacite"].value() == 12
    assert "capacite" in client.post(url, REGLES | {"genre": "pool"}).context["form"].errors
    client.post(url, REGLES | {"genre": "pool", "capacite": "1 200"})
    calendrier = Calendrier.objects.get()
    assert (calendrier.genre, calendrier.capacite, calendrier.battement_heures) == ("pool", 1200, 12)
    jeton = calendrier.jeton_agenda
    client.post(url, REGLES)
    calendrier.refresh_from_db()
    assert (calendrier.genre, calendrier.capacite, calendrier.actif, calendrier.jeton_agenda) == ("exclusif", 1, True, jeton)  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("genre", "autre"), ("pas", ""), ("capacite", "0"), ("capacite", "9" * 40), ("preavis_jours", "-1"),
        ("preavis_jours", "95"), ("battement_heures", "800"), ("duree_max_jours", "0"), ("horizon_jours", "0"),
        ("horizon_jours", "1e3"), ("consignes", "a" * 2001),
    ],
)  # fmt: skip
def test_bad_rules_change_nothing_and_keep_what_was_typed(client, calendrier, referent, champ, valeur):
    client.force_login(referent)
    avant = Calendrier.objects.values().get()
    reponse = client.post(page("calendrier_reglages", calendrier), REGLES | {"genre": "pool", "capacite": "3", champ: valeur})  # fmt: skip  # noqa: E501
    assert reponse.context["form"].errors
    assert "Au dépôt." in reponse.content.decode() or champ == "consignes"
    assert Calendrier.objects.values().get() == avant


def test_the_kind_stays_while_bookings_hold_it(client, calendrier, referent):
    tenue(calendrier)
    with pytest.raises(CalendrierImpossible, match="La Fanfare, du ") as refus:
        actions.regler(calendrier.annonce, **regles(calendrier, genre="pool", capacite=3))
    assert refus.value.champ == "genre"
    client.force_login(referent)
    reponse = client.post(page("calendrier_reglages", calendrier), REGLES | {"genre": "pool", "capacite": "3"})
    assert "La Fanfare" in reponse.context["form"].errors["genre"][0]
    with pytest.raises(IntegrityError, match="its kind stays"), transaction.atomic():
        Calendrier.objects.filter(pk=calendrier.pk).update(genre="pool")
    actions.regler(calendrier.annonce, **regles(calendrier, consignes="Autre"))  # the rest may change


def test_a_pool_is_never_lowered_under_its_peak(chaises):
    petite, grande = tenue(chaises, 5, 6, quantite=30, nom="Le Bal"), tenue(chaises, 6, 7, quantite=40)
    tenue(chaises, 20, 21, quantite=60, nom="Le Judo")
    for capacite, nommes in ((69, {"Le Bal", "La Fanfare"}), (50, {"Le Bal", "La Fanfare", "Le Judo"})):
        with pytest.raises(CalendrierImpossible) as refus:
            actions.regler(chaises.annonce, **regles(chaises, capacite=capacite))
        assert {nom for nom in ("Le Bal", "La Fanfare", "Le Judo") if nom in str(refus.value)} == nommes
        with pytest.raises(IntegrityError), transaction.atomic():
            Calendrier.objects.filter(pk=chaises.pk).update(capacite=capacite)
    assert actions.regler(chaises.annonce, **regles(chaises, capacite=70)).capacite == 70
    reservations.annuler(petite, par=None)
    reservations.annuler(grande, par=None)
    assert actions.regler(chaises.annonce, **regles(chaises, capacite=60)).capacite == 60


def test_requests_follow_the_kind_or_forbid_it(chaises):
    grande = tenue(chaises, quantite=5, etat="demandee")
    with pytest.raises(CalendrierImpossible, match="demandes en attente"):
        actions.regler(chaises.annonce, **regles(chaises, genre="exclusif"))
    reservations.refuser(grande, par=None, motif="Non")
    une = tenue(chaises, quantite=1, etat="demandee")
    assert actions.regler(chaises.annonce, **regles(chaises, genre="exclusif")).capacite == 1
    une.refresh_from_db()
    assert une.exclusive
    assert reservations.confirmer(une, par=None).etat == "confirmee"
    autre = tenue(chaises, etat="demandee", nom="Le Bal", exclusive=True)
    with pytest.raises(ReservationImpossible, match="déjà prises"):
        reservations.confirmer(autre, par=None)


def test_a_refusal_names_six_bookings_and_counts_the_rest(calendrier):
    for rang in range(9):
        tenue(calendrier, 5 + rang, 5 + rang, nom=f"Structure {rang}")
    with pytest.raises(CalendrierImpossible, match=r"Structure 5, .* ; et 3 autres\."):
        actions.regler(calendrier.annonce, **regles(calendrier, genre="pool", capacite=3))


def test_a_changed_step_or_buffer_leaves_bookings_as_they_are(calendrier):
    reservation = tenue(calendrier)
    avant = (reservation.periode, reservation.blocage)
    actions.regler(calendrier.annonce, **regles(calendrier, pas="heure", battement_heures=48))
    reservation.refresh_from_db()
    assert (reservation.periode, reservation.blocage) == avant


# -- closures


def dates(debut=5, fin=6, **plus):
    return {"genre": "fermeture", "debut": dans(debut).isoformat(), "fin": dans(fin).isoformat(), "motif": "Congés"} | plus  # fmt: skip  # noqa: E501


def test_closing_days_once_then_reopening(client, calendrier, referent):
    client.force_login(referent)
    for _ in range(2):
        assert client.post(page("fermeture_creer", calendrier), dates()).url == page("calendrier", calendrier)
    fermeture = Fermeture.objects.get()
    assert (fermeture.periode, fermeture.par, fermeture.motif) == (jours(dans(5), dans(6)), referent, "Congés")
    assert reservations.disponible(calendrier, minuit(dans(6)), minuit(dans(7))) == 0
    url = page("fermeture_modifier", calendrier, fermeture.pk)
    assert "Congés" in client.get(url).content.decode()
    client.post(url, dates(5, 9, motif="Longs congés"))
    fermeture.refresh_from_db()
    assert (fermeture.periode, fermeture.motif) == (jours(dans(5), dans(9)), "Longs congés")
    client.post(url, {"geste": "supprimer"})
    assert not Fermeture.objects.exists()


@pytest.mark.parametrize(
    ("heures", "attendues"),
    [
        ({"heure_debut": "14 h 30", "heure_fin": "18h"}, (14.5, 42)),
        ({"heure_debut": "midi"}, (12, 48)),
        ({"heure_fin": "9 h", "fin": ""}, (0, 9)),
        ({"fin": ""}, (0, 24)),
    ],
)
def test_closing_hours(client, calendrier, referent, heures, attendues):
    client.force_login(referent)
    client.post(page("fermeture_creer", calendrier), dates() | heures)
    fermeture = Fermeture.objects.get()
    bornes = [minuit(dans(5)) + timedelta(hours=h) for h in attendues]
    assert [fermeture.periode.lower, fermeture.periode.upper] == [b.replace(tzinfo=FUSEAU) for b in bornes]
    url = page("fermeture_modifier", calendrier, fermeture.pk)
    form = client.get(url).context["form"]
    client.post(url, {nom: form[nom].value() or "" for nom in ("genre", "debut", "heure_debut", "fin", "heure_fin", "motif")})  # fmt: skip  # noqa: E501
    assert Fermeture.objects.get().periode == fermeture.periode


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({"debut": ""}, "debut"), ({"fin": "hier"}, "fin"), ({"debut": "2027-02-30"}, "debut"),
        ({"genre": "x"}, "genre"),
        ({"heure_debut": "25 h"}, "heure_debut"), ({"motif": "a" * 201}, "motif"), ({"fin": "2001-01-01"}, "fin"),
        ({"debut": "2001-01-01", "fin": "2001-01-02"}, "fin"),
        ({"fin": "", "heure_debut": "18 h", "heure_fin": "9 h"}, "heure_fin"),
    ],
)  # fmt: skip
def test_bad_dates_close_nothing(client, calendrier, referent, saisie, champ):
    client.force_login(referent)
    reponse = client.post(page("fermeture_creer", calendrier), dates() | saisie)
    assert champ in reponse.context["form"].errors
    assert not Fermeture.objects.exists()


def test_bookings_in_the_way_are_listed_then_decided(client, calendrier, referent):
    annulee, gardee = tenue(calendrier, 5, 6), tenue(calendrier, 8, 8, nom="Le Bal")
    tenue(calendrier, 12, 12, nom="Hors des dates")
    client.force_login(referent)
    url = page("fermeture_creer", calendrier)
    texte = client.post(url, dates(4, 9)).content.decode()
    assert "2 réservations confirmées tombent à ces dates" in texte
    assert ("La Fanfare" in texte, "Le Bal" in texte, "Hors des dates" in texte) == (True, True, False)
    assert not Fermeture.objects.exists()
    # One decision of two, then a cancellation without its reason: still nothing.
    client.post(url, dates(4, 9) | {f"decision_{annulee.pk}": "annuler", "raison": "x"})
    decide = {f"decision_{annulee.pk}": "annuler", f"decision_{gardee.pk}": "garder"}
    refus = client.post(url, dates(4, 9) | decide | {"raison": ""})
    assert "raison" in refus.context["form"].errors
    assert refus.context["form"][f"decision_{gardee.pk}"].value() == "garder"
    assert not Fermeture.objects.exists()
    Courriel.objects.all().delete()
    reponse = client.post(url, dates(4, 9) | decide | {"raison": "Travaux urgents."}, follow=True)
    assert "Restent prévues : Le Bal" in reponse.content.decode()
    annulee.refresh_from_db()
    gardee.refresh_from_db()
    assert (annulee.etat, annulee.motif, gardee.etat) == ("annulee", "Travaux urgents.", "confirmee")
    courriel = Courriel.objects.get()
    assert courriel.destinataire == annulee.structure.rattachements.get().utilisateur.email
    assert "Travaux urgents." in courriel.texte
    # What was kept is not asked about again when the closure changes.
    fermeture = Fermeture.objects.get()
    assert client.post(page("fermeture_modifier", calendrier, fermeture.pk), dates(4, 9, motif="Autre")).status_code == 302  # fmt: skip  # noqa: E501
    texte = client.post(page("fermeture_modifier", calendrier, fermeture.pk), dates(4, 13)).content.decode()
    assert ("Hors des dates" in texte, "decision_" in texte, "Le Bal" in texte) == (True, True, False)


def test_a_breakdown_cancels_unless_told_otherwise(client, calendrier, referent):
    reservation = tenue(calendrier)
    client.force_login(referent)
    form = client.post(page("fermeture_creer", calendrier), dates(genre="panne", motif="Toit déchiré")).context["form"]
    assert form[f"decision_{reservation.pk}"].value() == "annuler"
    assert form["raison"].value() == "Panne, réparation : Toit déchiré."
    form = client.post(page("fermeture_creer", calendrier), dates()).context["form"]
    assert form[f"decision_{reservation.pk}"].value() is None


def test_a_warning_leaves_bookings_and_is_said_to_them(client, calendrier, referent):
    reservation = tenue(calendrier)
    client.force_login(referent)
    client.post(page("fermeture_creer", calendrier), dates(genre="avis", motif="Sans les lests"))
    reservation.refresh_from_db()
    assert reservation.etat == "confirmee"
    assert reservations.disponible(calendrier, minuit(dans(20)), minuit(dans(21))) == 1
    client.force_login(reservation.structure.rattachements.get().utilisateur)
    assert "Sans les lests" in client.get(reservation.get_absolute_url()).content.decode()


def test_what_is_handed_over_already_stays(client, calendrier, referent):
    dehors = tenue(calendrier, -1, 3, etat="remise")
    client.force_login(referent)
    reponse = client.post(page("fermeture_creer", calendrier), dates(1, 5), follow=True)
    assert "Restent prévues : La Fanfare" in reponse.content.decode()
    dehors.refresh_from_db()
    assert (dehors.etat, Fermeture.objects.count()) == ("remise", 1)


def test_decisions_about_somebody_else_s_booking_do_nothing(client, calendrier, referent):
    ailleurs = tenue(CalendrierFactory())
    client.force_login(referent)
    donnees = dates() | {
        f"decision_{ailleurs.pk}": "annuler",
        "decision_" + "9" * 30: "annuler",
        "decision_x": "annuler",
    }
    client.post(page("fermeture_creer", calendrier), donnees | {"raison": "Pour nuire"})
    ailleurs.refresh_from_db()
    assert ailleurs.etat == "confirmee"
    assert Fermeture.objects.count() == 1


def test_a_closure_of_another_calendar_is_not_found(client, calendrier, referent):
    autre = CalendrierFactory().fermetures.create(periode=jours(dans(3), dans(4)))
    client.force_login(referent)
    for donnees in (dates(), {"geste": "supprimer"}):
        assert client.post(page("fermeture_modifier", calendrier, autre.pk), donnees).status_code == 404
    assert Fermeture.objects.count() == 1


def test_nothing_is_done_while_one_booking_is_undecided(calendrier):
    une, deux = tenue(calendrier, 5, 5), tenue(calendrier, 6, 6)
    with pytest.raises(ConflitsADecider) as refus:
        actions.fermer(
            calendrier, par=None, genre="panne", debut=minuit(dans(5)), fin=minuit(dans(8)),
            decisions={une.pk: "annuler"}, raison="Panne",
        )  # fmt: skip
    assert refus.value.reservations == [une, deux]
    assert Reservation.objects.filter(etat="confirmee").count() == 2
    assert not Fermeture.objects.exists()
