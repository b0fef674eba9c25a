"""Volunteers' profiles, the relay, and what erasing, merging and exporting do of volunteering."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from annuaire.actions.effacement import effacer_utilisateur
from annuaire.actions.fusion import fusionner
from annuaire.donnees_personnelles import exporter
from pole_ess.socle.courriel.entrant import Ignorer
from pole_ess.socle.models import Courriel, CourrielEntrant
from ressources import benevolat_entrant
from ressources.actions import TransitionInterdite, benevolat_places, benevolat_profil
from ressources.models import (
    Creneau,
    InscriptionBenevole,
    MessageBenevole,
    Mission,
    PriseDeContact,
    ProfilBenevole,
)
from tests.bases import RESERVE
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.benevolat import (
    BesoinDeBenevolesFactory,
    CreneauFactory,
    InscriptionBenevoleFactory,
    MissionFactory,
    ProfilBenevoleFactory,
)

pytestmark = pytest.mark.django_db


def prendre(creneau, personne=None, **reste):
    personne = personne or UtilisateurFactory()
    return benevolat_places.prendre(creneau, utilisateur=personne, nom=personne.nom, **{"cle": uuid.uuid4(), **reste})


def places(creneau):
    creneau.refresh_from_db()
    return creneau.places_prises


# -- profiles and the relay


PROFIL = {
    "nom_montre": "Camille", "demi_journees": ["samedi_matin"], "commune": None, "rayon_km": 20, "a_distance": False,
    "presentation": "", "visible": True, "en_pause_jusqu_au": None,
}  # fmt: skip


def test_hidden_paused_or_inactive_profiles_are_not_found():
    trouve = ProfilBenevoleFactory()
    ProfilBenevoleFactory(visible=False)
    ProfilBenevoleFactory(en_pause_jusqu_au=timezone.localdate())
    ProfilBenevoleFactory(utilisateur__is_active=False)
    revenu = ProfilBenevoleFactory(en_pause_jusqu_au=timezone.localdate() - timedelta(days=1))
    assert set(ProfilBenevole.objects.trouvables()) == {trouve, revenu}


def test_search_respects_both_distances():
    vichy = {"latitude": 46.13, "longitude": 3.42}
    pres = ProfilBenevoleFactory(commune=CommuneFactory(latitude=46.14, longitude=3.43), rayon_km=5)
    loin = ProfilBenevoleFactory(commune=CommuneFactory(latitude=46.40, longitude=3.42), rayon_km=5)
    mobile = ProfilBenevoleFactory(commune=CommuneFactory(latitude=46.40, longitude=3.42), rayon_km=50)
    distance = ProfilBenevoleFactory(commune=None, a_distance=True)
    autour = ProfilBenevole.objects.autour
    assert set(autour(*vichy.values())) == {pres, mobile, distance}
    assert set(autour(*vichy.values(), km=10)) == {pres, distance}
    assert loin not in autour(*vichy.values(), km=100)


def ecrire(profil, structure, texte="Bonjour", **reste):
    return benevolat_profil.ecrire(profil, structure=structure, par=None, texte=texte, **{"cle": uuid.uuid4(), **reste})


def test_the_relay_shows_no_address_and_answers_come_back(settings, structure, referent):
    settings.COURRIER_ENTRANT_DOMAINE = "reponse.example.org"
    profil, cle = ProfilBenevoleFactory(nom_montre="Camille"), uuid.uuid4()
    contact = ecrire(profil, structure, cle=cle)
    assert ecrire(profil, structure, cle=cle) == contact
    recu = Courriel.objects.get(gabarit="benevole_message")
    assert (recu.destinataire, recu.confidentiel) == (profil.utilisateur.email, True)
    assert recu.repondre_a == f"benevole+{contact.jeton_benevole}@reponse.example.org"
    assert referent.email not in recu.texte + recu.html and structure.courriel not in recu.texte + recu.html

    entrant = CourrielEntrant.objects.create(identifiant="e1", texte="Oui, samedi !")
    benevolat_entrant.traiter(entrant, contact.jeton_benevole)
    reponse = Courriel.objects.filter(gabarit="benevole_message", destinataire=referent.email).get()
    assert "Camille" in reponse.sujet and "Oui, samedi !" in reponse.texte
    assert profil.utilisateur.email not in reponse.texte + reponse.html
    entrant.refresh_from_db()
    assert entrant.texte == ""
    entrant.texte = "Oui, samedi !"
    benevolat_entrant.traiter(entrant, contact.jeton_benevole)  # the provider calls twice
    assert contact.messages.count() == 2


def test_a_refused_structure_writes_no_more(structure):
    profil = ProfilBenevoleFactory()
    contact = ecrire(profil, structure)
    benevolat_profil.refuser(contact)
    for essai in (
        lambda: ecrire(profil, structure),
        lambda: benevolat_profil.repondre(contact, cote="structure", par=None, texte="Et ?", cle=uuid.uuid4()),
    ):
        with pytest.raises(TransitionInterdite, match="ne souhaite plus"):
            essai()
    with pytest.raises(Ignorer):
        benevolat_entrant.traiter(CourrielEntrant(identifiant="e2", texte="Et ?"), contact.jeton_structure)
    assert contact.messages.count() == 1
    ecrire(profil, StructureFactory())
    benevolat_profil.refuser(contact, oui=False)
    ecrire(profil, structure)
    assert contact.messages.count() == 2


def test_a_hidden_volunteer_is_not_written_to_unless_they_answered(structure):
    profil = ProfilBenevoleFactory()
    contact = ecrire(profil, structure)
    ProfilBenevole.objects.filter(pk=profil.pk).update(visible=False)
    with pytest.raises(TransitionInterdite, match="ne cherche plus"):
        benevolat_profil.repondre(contact, cote="structure", par=None, texte="Alors ?", cle=uuid.uuid4())
    benevolat_profil.repondre(contact, cote="benevole", par=profil.utilisateur, texte="Oui", cle=uuid.uuid4())
    benevolat_profil.repondre(contact, cote="structure", par=None, texte="Merci", cle=uuid.uuid4())
    assert contact.messages.count() == 3


def test_leaving_frees_the_places_and_keeps_a_refusal(structure):
    personne = UtilisateurFactory()
    profil = benevolat_profil.enregistrer(personne, valeurs=PROFIL, competences=["Cuisine", "cuisine"])
    assert profil.competences.count() == 1
    refusee = ecrire(profil, structure)
    benevolat_profil.refuser(refusee)
    ecrire(profil, StructureFactory())
    creneau = CreneauFactory(places=1)
    prendre(creneau, personne)
    attend = InscriptionBenevoleFactory(creneau=creneau, etat="en_attente")
    fait = InscriptionBenevoleFactory(
        utilisateur=personne, etat="venue", heures=2, creneau__debut=timezone.now() - timedelta(days=3)
    )
    assert benevolat_profil.quitter(personne) == 1
    attend.refresh_from_db()
    assert attend.etat == "inscrite"
    assert not ProfilBenevole.objects.exists() and not MessageBenevole.objects.exists()
    assert list(PriseDeContact.objects.all()) == [refusee]
    assert InscriptionBenevole.objects.filter(pk=fait.pk, heures=2).exists()


# -- rights, erasure, merge


def test_erasing_somebody_serves_who_waits_and_keeps_the_hours(administrateur):
    personne = UtilisateurFactory(nom="Alix Exemple-Martin")
    RattachementFactory(utilisateur=personne, role="referent")
    proche = CreneauFactory(places=1, debut=timezone.now() + timedelta(hours=20))
    prendre(proche, personne, telephone="01 99 00 12 34")
    attend = InscriptionBenevoleFactory(creneau=proche, etat="en_attente")
    passe = CreneauFactory(debut=timezone.now() - timedelta(days=3), places=1)
    fait = InscriptionBenevoleFactory(
        creneau=passe, utilisateur=personne, etat="venue", heures=2, heures_benevole=2, telephone="01 99 00 12 34"
    )
    ProfilBenevoleFactory(utilisateur=personne)
    effacer_utilisateur(personne, par=administrateur)
    attend.refresh_from_db()
    assert (attend.etat, places(proche)) == ("inscrite", 1)
    fait.refresh_from_db()
    assert (fait.utilisateur, fait.nom, fait.telephone, fait.heures, str(fait)) == (None, "", "", 2, "Personne effacée")
    assert places(passe) == 1
    assert not ProfilBenevole.objects.exists()
    ecrits = " ".join(Courriel.objects.values_list("texte", flat=True))
    assert "Une personne ne peut plus venir" in ecrits and "Exemple-Martin" not in ecrits


def test_merging_two_structures_makes_one_thread(animateur):
    garder, absorber = StructureFactory(nom="La Ressourcerie"), StructureFactory(nom="Ressourcerie")
    profil = ProfilBenevoleFactory()
    for structure in (garder, absorber):
        contact = ecrire(profil, structure, texte=structure.nom)
    benevolat_profil.refuser(contact)
    seul = ecrire(ProfilBenevoleFactory(), absorber)
    mission = MissionFactory(annonce=BesoinDeBenevolesFactory(structure=absorber))
    fusionner(garder, absorber, par=animateur)
    fil = PriseDeContact.objects.get(utilisateur=profil.utilisateur)
    assert (fil.structure, fil.messages.count(), fil.refuse_le is not None) == (garder, 2, True)
    seul.refresh_from_db()
    mission.annonce.refresh_from_db()
    assert (seul.structure, mission.annonce.structure) == (garder, garder)


def test_a_person_reads_all_that_is_kept_of_their_volunteering():
    personne = UtilisateurFactory()
    ProfilBenevoleFactory(utilisateur=personne, nom_montre="Camille")
    prendre(CreneauFactory(), personne, telephone="01 99 00 12 34", message="En fauteuil")
    lignes = exporter(personne)["Bénévolat"]
    assert [ligne.get("Profil") or ligne["Téléphone donné"] for ligne in lignes] == ["Camille", "01 99 00 12 34"]


def test_the_demonstration_has_shifts_full_and_free_and_loads_twice(settings):
    settings.DEMO = True
    compter = lambda: [m.objects.count() for m in (Mission, Creneau, InscriptionBenevole, ProfilBenevole)]  # noqa: E731
    RESERVE.demonstration()
    avant = compter()
    call_command("charger_demonstration", verbosity=0)
    assert compter() == avant
    assert not Mission.objects.filter(annonce__est_demonstration=False).exists()
    for creneau in Creneau.objects.all():
        assert creneau.places_prises == creneau.inscriptions.tenues().count()
        attendent = creneau.inscriptions.en_attente().count()
        assert not attendent or creneau.est_complet
    etats = set(InscriptionBenevole.objects.values_list("etat", flat=True))
    assert etats == {"inscrite", "en_attente", "venue"}
    assert ProfilBenevole.objects.trouvables().count() >= 5
