"""Missions and volunteers: the acts, their rules, their mails."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from ressources import agendas_benevoles, attentes_membre
from ressources.actions import TransitionInterdite, benevolat, benevolat_places, benevolat_suivi
from ressources.actions.benevolat_courriels import DESISTEMENT
from ressources.agenda import minuit
from ressources.models import (
    Creneau,
    InscriptionBenevole,
    MessageBenevole,
    Mission,
)
from tests.factories import UtilisateurFactory
from tests.factories.benevolat import (
    BesoinDeBenevolesFactory,
    CreneauFactory,
    InscriptionBenevoleFactory,
    MissionFactory,
    PriseDeContactFactory,
)
from tests.factories.ressources import AnnonceFactory, BesoinFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]
VALEURS = {"evenement": "La fête", "lien": "", "lieu": "Place du marché", "consignes": "Bonnes chaussures"}


def demain(heure=9, **plus):
    jour = timezone.localdate() + timedelta(days=1)
    return minuit(jour) + timedelta(hours=heure, **plus)


def prendre(creneau, personne=None, **reste):
    personne = personne or UtilisateurFactory()
    return benevolat_places.prendre(creneau, utilisateur=personne, nom=personne.nom, **{"cle": uuid.uuid4(), **reste})


def sujets(personne=None):
    mails = Courriel.objects.filter(gabarit__startswith="benevole").order_by("pk")
    return list((mails.filter(utilisateur=personne) if personne else mails).values_list("sujet", flat=True))


def places(creneau):
    creneau.refresh_from_db()
    return creneau.places_prises


# -- missions and shifts


def test_a_mission_opens_once_on_a_need_of_volunteers(referent):
    annonce, cle = BesoinDeBenevolesFactory(), uuid.uuid4()
    mission = benevolat.ouvrir(annonce, par=referent, valeurs=VALEURS, competences=["Cuisine"], cle=cle)
    assert benevolat.ouvrir(annonce, par=referent, valeurs=VALEURS, cle=uuid.uuid4()) == mission
    assert [c.nom for c in mission.competences.all()] == ["Cuisine"]
    assert (mission.evenement, str(mission)) == ("La fête", annonce.titre)
    with pytest.raises(benevolat.CleDejaUtilisee):
        benevolat.ouvrir(BesoinDeBenevolesFactory(), par=referent, valeurs=VALEURS, cle=cle)


@pytest.mark.parametrize("fabrique", [BesoinFactory, AnnonceFactory])
def test_other_announcements_have_no_mission(referent, fabrique):
    annonce = fabrique()
    with pytest.raises(TransitionInterdite):
        benevolat.ouvrir(annonce, par=referent, valeurs=VALEURS, cle=uuid.uuid4())
    with pytest.raises(IntegrityError, match="is not a need of volunteers"), transaction.atomic():
        Mission.objects.create(annonce=annonce, cle=uuid.uuid4())


def test_a_series_of_shifts_is_written_once(referent):
    mission, cle = MissionFactory(), uuid.uuid4()
    plages = [(demain(9), demain(12)), (demain(12), demain(15))]
    ajouter = {"par": referent, "plages": plages, "places": 3, "intitule": "Buvette", "cle": cle}
    assert len(benevolat.ajouter_creneaux(mission, **ajouter)) == 2
    assert len(benevolat.ajouter_creneaux(mission, **ajouter)) == 2
    assert mission.creneaux.count() == 2
    with pytest.raises(TransitionInterdite, match="existe déjà"):
        benevolat.ajouter_creneaux(mission, **ajouter | {"cle": uuid.uuid4()})
    with pytest.raises(benevolat.CleDejaUtilisee):
        benevolat.ajouter_creneaux(MissionFactory(), **ajouter)


def test_a_past_shift_is_refused(referent):
    hier = timezone.now() - timedelta(days=1)
    with pytest.raises(TransitionInterdite, match="déjà commencé"):
        benevolat.ajouter_creneaux(
            MissionFactory(), par=referent, plages=[(hier, timezone.now())], places=1, cle=uuid.uuid4()
        )


def modifier(creneau, **change):
    valeurs = {nom: getattr(creneau, nom) for nom in ("debut", "fin", "places", "intitule", "lieu")}
    return benevolat.modifier_creneau(creneau, par=None, **valeurs | change)


def test_new_hours_follow_in_the_registrations_and_are_told():
    creneau = CreneauFactory(places=1)
    tenue, attend = (InscriptionBenevoleFactory(creneau=creneau, etat=e) for e in ("inscrite", "en_attente"))
    modifier(creneau, debut=demain(8), fin=demain(10), lieu="Salle basse")
    tenue.refresh_from_db()
    assert (tenue.periode.lower, tenue.periode.upper) == (demain(8), demain(10))
    assert sujets() == [f"Votre créneau change : {creneau.mission}"] * 2
    textes = [c.texte for c in Courriel.objects.order_by("pk")]
    assert "Votre place est gardée." in textes[0] and "Vous gardez votre rang" in textes[1]
    assert "de 8\u00a0h à 10\u00a0h" in textes[0] and "Salle basse" in textes[0]
    modifier(creneau, intitule="Accueil")
    assert len(sujets()) == 2, "another name is no news"
    assert attend.utilisateur.email == Courriel.objects.order_by("pk")[1].destinataire


def test_fewer_places_never_pass_below_those_taken_and_more_move_the_list_up():
    creneau = CreneauFactory(places=2)
    for etat in ("inscrite", "inscrite", "en_attente"):
        InscriptionBenevoleFactory(creneau=creneau, etat=etat)
    with pytest.raises(TransitionInterdite, match="2 places sont déjà prises"):
        modifier(creneau, places=1)
    modifier(creneau, places=3)
    assert places(creneau) == 3
    assert sujets() == [f"Une place s'est libérée pour vous : {creneau.mission}"]


def test_new_hours_that_put_somebody_in_two_places_are_refused():
    creneau, autre = CreneauFactory(), CreneauFactory(debut=demain(9))
    inscription = InscriptionBenevoleFactory(creneau=creneau)
    InscriptionBenevoleFactory(creneau=autre, utilisateur=inscription.utilisateur)
    with pytest.raises(TransitionInterdite, match="un autre créneau à ces heures-là"):
        modifier(creneau, debut=demain(10), fin=demain(12))
    with pytest.raises(IntegrityError, match="inscription_jamais_deux"), transaction.atomic():
        Creneau.objects.filter(pk=creneau.pk).update(debut=demain(10), fin=demain(12))


def test_a_cancelled_shift_tells_everybody_once():
    creneau = CreneauFactory(places=1)
    personnes = [InscriptionBenevoleFactory(creneau=creneau, etat=e) for e in ("inscrite", "en_attente", "annulee")]
    assert benevolat.annuler_creneau(creneau, par=None, motif="Orage") == 2
    assert benevolat.annuler_creneau(creneau, par=None, motif="Orage") == 0
    assert places(creneau) == 0
    assert sujets() == [f"Créneau annulé : {creneau.mission}"] * 2
    personnes[0].refresh_from_db()
    assert (personnes[0].etat, personnes[0].annulee_par, personnes[0].motif) == ("annulee", "creneau", "Orage")
    assert "« Orage »" in Courriel.objects.first().texte
    with pytest.raises(TransitionInterdite):
        prendre(creneau)


def test_a_cancelled_mission_tells_each_person_once_for_all_their_shifts():
    creneau = CreneauFactory()
    autre = CreneauFactory(mission=creneau.mission, debut=creneau.debut + timedelta(days=1))
    passe = CreneauFactory(mission=creneau.mission, debut=timezone.now() - timedelta(days=2))
    fait = InscriptionBenevoleFactory(creneau=passe)
    deux = InscriptionBenevoleFactory(creneau=creneau)
    InscriptionBenevoleFactory(creneau=autre, utilisateur=deux.utilisateur)
    assert benevolat.annuler_mission(creneau.mission, par=None, motif="Plus de salle") == 1
    assert benevolat.annuler_mission(creneau.mission, par=None, motif="Plus de salle") == 0
    assert sujets() == [f"Mission annulée : {creneau.mission}"]
    assert Courriel.objects.get().texte.count("\n- le ") == 2
    fait.refresh_from_db()
    assert fait.etat == "inscrite", "what took place stays"


# -- places


def test_taking_a_place_then_the_waiting_list():
    creneau = CreneauFactory(places=1)
    premiere = prendre(creneau)
    seconde = prendre(creneau, telephone="01 99 00 12 34")
    assert [premiere.etat, seconde.etat] == ["inscrite", "en_attente"]
    assert benevolat_places.rang_d_attente(seconde) == 1
    assert sujets(premiere.utilisateur) == [f"Votre place est notée : {creneau.mission}"]
    assert sujets(seconde.utilisateur) == [f"Vous êtes en liste d'attente : {creneau.mission}"]
    assert prendre(creneau, premiere.utilisateur) == premiere


@pytest.mark.parametrize(
    "changer",
    [
        lambda c: Creneau.objects.filter(pk=c.pk).update(debut=timezone.now() - timedelta(hours=1)),
        lambda c: Creneau.objects.filter(pk=c.pk).update(etat="annule"),
        lambda c: Mission.objects.filter(pk=c.mission_id).update(etat="annulee"),
        lambda c: type(c.mission.annonce).objects.filter(pk=c.mission.annonce_id).update(etat="retiree"),
        lambda c: type(c.mission.annonce).objects.filter(pk=c.mission.annonce_id).update(expire_le="2020-01-01"),
    ],
    ids=["begun", "cancelled", "mission cancelled", "announcement retired", "announcement expired"],
)
def test_no_place_is_taken_where_nobody_is_expected_any_more(changer):
    creneau = CreneauFactory()
    changer(creneau)
    with pytest.raises(TransitionInterdite, match="n'accueille plus"):
        prendre(creneau)
    assert not InscriptionBenevole.objects.exists() and not sujets()


def test_two_shifts_at_once_are_refused_in_words_and_by_the_database():
    creneau, personne = CreneauFactory(), UtilisateurFactory()
    prendre(creneau, personne)
    autre = CreneauFactory(mission=creneau.mission, debut=creneau.debut + timedelta(hours=2))
    with pytest.raises(benevolat_places.DejaPrise):
        prendre(autre, personne)
    with pytest.raises(IntegrityError, match="inscription_jamais_deux"), transaction.atomic():
        InscriptionBenevoleFactory(creneau=autre, utilisateur=personne)
    suivant = CreneauFactory(mission=creneau.mission, debut=creneau.fin)
    assert prendre(suivant, personne).etat == "inscrite", "one after the other is fine"


def test_giving_up_moves_the_list_up_past_whoever_is_taken_elsewhere():
    creneau = CreneauFactory(places=1)
    tenue = InscriptionBenevoleFactory(creneau=creneau)
    prise, libre = (InscriptionBenevoleFactory(creneau=creneau, etat="en_attente") for _ in range(2))
    ailleurs = CreneauFactory(debut=creneau.debut)
    autre = InscriptionBenevoleFactory(creneau=ailleurs, utilisateur=prise.utilisateur)
    benevolat_places.renoncer(tenue, motif="Grippe")
    for inscription in (prise, libre):
        inscription.refresh_from_db()
    assert (prise.etat, libre.etat) == ("en_attente", "inscrite")
    # Once free, the passed one is served by the sweep as soon as there is room.
    benevolat_places.renoncer(autre)
    modifier(Creneau.objects.get(pk=creneau.pk), places=2)
    prise.refresh_from_db()
    assert prise.etat == "inscrite"
    assert sujets(prise.utilisateur) == [f"Une place s'est libérée pour vous : {creneau.mission}"]


def test_the_sweep_serves_who_was_passed_over():
    creneau = CreneauFactory(places=2)
    attend = InscriptionBenevoleFactory(creneau=creneau, etat="en_attente")
    assert benevolat_places.avancer_les_listes() == 1
    assert benevolat_places.avancer_les_listes() == 0
    attend.refresh_from_db()
    assert (attend.etat, places(creneau)) == ("inscrite", 1)


@pytest.mark.parametrize(("heures", "dits"), [(24, 1), (24 * 5, 0)])
def test_the_structure_hears_at_once_of_a_place_given_up_just_before(referent, structure, heures, dits):
    debut = timezone.now() + timedelta(hours=heures)
    creneau = CreneauFactory(mission__annonce=BesoinDeBenevolesFactory(structure=structure), debut=debut)
    inscription = InscriptionBenevoleFactory(creneau=creneau, nom="Alix")
    benevolat_places.renoncer(inscription, motif="Grippe")
    mails = Courriel.objects.filter(gabarit="benevole_structure", destinataire=referent.email)
    assert mails.count() == dits
    assert all("Alix ne peut plus venir" in m.texte and "Grippe" in m.texte for m in mails)


def test_nobody_gives_up_once_it_has_begun():
    inscription = InscriptionBenevoleFactory(creneau__debut=timezone.now() - timedelta(hours=1))
    with pytest.raises(TransitionInterdite, match="a commencé"):
        benevolat_places.renoncer(inscription)


def test_taken_off_by_the_structure_reads_why():
    creneau = CreneauFactory(places=1)
    inscription = InscriptionBenevoleFactory(creneau=creneau)
    attend = InscriptionBenevoleFactory(creneau=creneau, etat="en_attente")
    with pytest.raises(ValueError, match="why"):
        benevolat_places.retirer(inscription, par=None, motif=" ")
    benevolat_places.retirer(inscription, par=None, motif="Âge minimum")
    assert sujets(inscription.utilisateur) == [f"Votre place est retirée : {creneau.mission}"]
    assert "« Âge minimum »" in Courriel.objects.filter(utilisateur=inscription.utilisateur).get().texte
    attend.refresh_from_db()
    assert attend.etat == "inscrite"


def test_the_mailed_link_names_its_registration_only():
    inscription = prendre(CreneauFactory())
    jeton = Courriel.objects.get(gabarit="benevole").texte.split("/benevolat/lien/")[1].split("/")[0]
    assert liens.lire(DESISTEMENT, jeton, jours=1) == {"i": inscription.pk}


# -- the day itself, and after


@pytest.fixture
def passe(structure):
    """A shift that has just ended, of the référent's structure."""
    annonce = BesoinDeBenevolesFactory(structure=structure)
    debut = timezone.now() - timedelta(hours=4)
    return CreneauFactory(mission__annonce=annonce, debut=debut, fin=debut + timedelta(hours=2, minutes=30))


def test_checking_in_proposes_the_shift_s_hours(passe, referent):
    inscription = InscriptionBenevoleFactory(creneau=passe)
    pointer = benevolat_suivi.pointer
    assert pointer(inscription, par=referent, etat="venue", vue="inscrite").heures == Decimal("2.50")
    with pytest.raises(benevolat_suivi.DejaPointee, match="entre-temps"):
        pointer(inscription, par=referent, etat="absente", vue="inscrite")
    assert pointer(inscription, par=referent, etat="venue", vue="venue", heures=Decimal("3")).heures == 3
    assert pointer(inscription, par=referent, etat="absente", vue="venue").heures is None
    assert places(passe) == 1, "an absent person held the place"


def test_checking_in_waits_for_the_day(referent):
    inscription = InscriptionBenevoleFactory()
    with pytest.raises(TransitionInterdite, match="une heure avant"):
        benevolat_suivi.pointer(inscription, par=referent, etat="venue", vue="inscrite")


def test_both_say_the_hours_or_each_their_own(passe, referent):
    inscription = InscriptionBenevoleFactory(creneau=passe, etat="venue", heures=Decimal("2.5"), nom="Alix")
    assert [a.phrase for a in attentes_membre.benevolat(inscription.utilisateur)] == [
        "Une mission de bénévolat attend votre accord."
    ]
    dite = benevolat_suivi.dire_les_heures(inscription, heures=Decimal("2.50"))
    assert dite.heures_dites_par_les_deux and not sujets()
    dite = benevolat_suivi.dire_les_heures(inscription, heures=Decimal("4"), mot="Rangement compris")
    assert dite.heures_contestees and (dite.heures, dite.heures_benevole) == (Decimal("2.50"), Decimal("4"))
    courriel = Courriel.objects.get(gabarit="benevole_structure", destinataire=referent.email)
    assert "4 h au lieu de 2,5 h" in courriel.texte and "Rangement compris" in courriel.texte
    assert len([*attentes_membre.benevolat(referent)]) == 1
    assert not [*attentes_membre.benevolat(inscription.utilisateur)]


def test_the_reminder_of_the_day_before_comes_once(referent, structure):
    annonce = BesoinDeBenevolesFactory(structure=structure)
    creneau = CreneauFactory(mission__annonce=annonce, debut=demain(9), fin=demain(11), places=1)
    tenue = InscriptionBenevoleFactory(creneau=creneau)
    InscriptionBenevoleFactory(creneau=creneau, etat="en_attente")
    InscriptionBenevoleFactory(creneau__debut=demain(9) + timedelta(days=1))
    for _ in range(2):
        benevolat_suivi.rappeler()
    assert sujets(tenue.utilisateur) == [f"C'est demain : {creneau.mission}"]
    assert Courriel.objects.filter(gabarit="benevole").count() == 1
    matin = Courriel.objects.get(gabarit="benevole_structure", destinataire=referent.email)
    assert matin.sujet == f"Demain, vos bénévoles : {creneau.mission}"
    assert "de 9\u00a0h à 11\u00a0h" in matin.texte and "1 sur 1" in matin.texte
    modifier(creneau, lieu="Ailleurs")
    benevolat_suivi.rappeler()
    assert sujets(tenue.utilisateur).count(f"C'est demain : {creneau.mission}") == 1


def test_phones_are_forgotten_after_a_month():
    vieille = InscriptionBenevoleFactory(telephone="01 99 00 12 34", creneau__debut=timezone.now() - timedelta(days=40))
    fraiche = InscriptionBenevoleFactory(telephone="01 99 00 12 34")
    ancien = MessageBenevole.objects.create(
        contact=PriseDeContactFactory(), cote="structure", texte="Bonjour", cle=uuid.uuid4()
    )
    MessageBenevole.objects.filter(pk=ancien.pk).update(cree_le=timezone.now() - timedelta(days=400))
    benevolat_suivi.oublier()
    assert [InscriptionBenevole.objects.get(pk=i.pk).telephone for i in (vieille, fraiche)] == ["", "01 99 00 12 34"]
    assert not MessageBenevole.objects.exists()


def test_the_agenda_holds_one_s_own_shifts_in_utc():
    personne = UtilisateurFactory()
    debut = datetime(2031, 7, 5, 7, 0, tzinfo=UTC)
    InscriptionBenevoleFactory(utilisateur=personne, creneau__debut=debut, creneau__intitule="Buvette")
    InscriptionBenevoleFactory(creneau__debut=debut)
    texte = agendas_benevoles.de(personne).decode()
    assert texte.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20310705T070000Z" in texte and "STATUS:CONFIRMED" in texte
