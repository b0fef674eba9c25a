"""Events of the actors: posting, the warning of the same day, moderation, cancelling, the sheet's block, the admin."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from annuaire import confiance
from pole_ess.socle.models import Courriel
from ressources.models import ReglagesStructure
from reunions.actions import TransitionInterdite
from reunions.actions import evenements as actes
from reunions.models import Evenement
from tests.factories import CommuneFactory, RattachementFactory
from tests.factories.reunions import EvenementFactory, ReunionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notifie_aussitot")]
PARIS = ZoneInfo("Europe/Paris")
CREER = "/rencontres/evenements/proposer/"


def saisie(structure, **autres):
    return {
        "structure": structure.pk,
        "genre": "spectacle",
        "titre": "Contes d'hiver",
        "jour": "12/03/2099",
        "heure": "20 h 30",
        "cle": str(uuid.uuid4()),
        "geste": "envoyer",
        **autres,
    }


def poster(client, qui, structure, **autres):
    client.force_login(qui)
    return client.post(CREER, saisie(structure, **autres))


# -- posting


def test_an_event_waits_for_the_staff_who_are_told_and_a_retried_form_posts_once(client, referent, structure):
    client.force_login(referent)
    donnees = saisie(structure)
    client.post(CREER, donnees)
    client.post(CREER, donnees)
    evenement = Evenement.objects.get()
    assert (evenement.etat, evenement.debut) == ("a_valider", datetime(2099, 3, 12, 20, 30, tzinfo=PARIS))
    assert evenement.soumis_le is not None
    assert Courriel.objects.get().gabarit == "evenement_equipe"


def test_the_form_shown_names_the_only_structure_of_a_referent(client, referent, structure):
    client.force_login(referent)
    for adresse in (CREER, f"{CREER}?structure={structure.pk}&genre=sport"):
        texte = client.get(adresse).content.decode()
        assert f'name="structure" value="{structure.pk}"' in texte
    assert '<option value="sport" selected>' in texte


@pytest.mark.parametrize("qui", ["animateur", "confiance"])
def test_staff_and_trusted_structures_show_at_once(client, referent, animateur, structure, qui):
    ReglagesStructure.objects.create(
        structure=structure,
        de_confiance=qui == "confiance",
        confiance_le=timezone.now() if qui == "confiance" else None,
    )
    assert confiance.est_de_confiance(structure) == (qui == "confiance")
    poster(client, animateur if qui == "animateur" else referent, structure)
    assert Evenement.objects.get().etat == "publie"
    assert Courriel.objects.count() == 0


def test_a_draft_is_kept_then_sent(client, referent, structure):
    poster(client, referent, structure, geste="brouillon")
    evenement = Evenement.objects.get()
    assert evenement.etat == "brouillon"
    assert client.get(reverse("reunions:agenda")).content.decode().count("Contes") == 0
    client.post(reverse("reunions:evenement_acte", args=[evenement.pk, "soumettre"]))
    evenement.refresh_from_db()
    assert evenement.etat == "a_valider"


@pytest.mark.parametrize(
    ("valeurs", "message"),
    [
        ({"titre": ""}, "Donnez un titre"),
        ({"jour": "le mois prochain"}, "pas comprise"),
        ({"jour": "12/03/2019"}, "déjà passé"),
        ({"heure": "25 h"}, "pas comprise"),
        ({"heure": "", "heure_fin": "18 h"}, "heure du début"),
        ({"heure_fin": "19 h"}, "avant le début"),
        ({"jour_fin": "11/03/2099"}, "avant le premier"),
        ({"jour_fin": "12/03/2100"}, "Deux mois au plus"),
        ({"commune": "Nulle-Part"}, "ne connaissons pas"),
        ({"cle": "abc"}, "abîmé"),
        ({"site": "javascript:alert(1)"}, "pas complète"),
    ],
)
def test_bad_input_says_what_is_wrong_and_keeps_the_rest(client, referent, structure, valeurs, message):
    texte = poster(client, referent, structure, description="Texte gardé", **valeurs).content.decode()
    assert message in texte
    assert "Texte gardé" in texte
    assert Evenement.objects.count() == 0


@pytest.mark.parametrize(
    ("valeurs", "fin", "entiere"),
    [
        ({"heure": ""}, (2099, 3, 13), True),
        ({"heure": "", "jour_fin": "14 mars 2099"}, (2099, 3, 15), True),
        ({"heure_fin": "2 h"}, (2099, 3, 13, 2), False),
        ({"heure_fin": "23 h"}, (2099, 3, 12, 23), False),
        ({"jour_fin": "13/03/2099", "heure_fin": "18 h"}, (2099, 3, 13, 18), False),
    ],
)
def test_ends_are_understood_and_shown_again_as_typed(client, referent, structure, valeurs, fin, entiere):
    poster(client, referent, structure, **valeurs)
    evenement = Evenement.objects.get()
    assert (evenement.fin, evenement.journee_entiere) == (datetime(*fin, tzinfo=PARIS), entiere)
    page = client.get(reverse("reunions:evenement_modifier", args=[evenement.pk]))
    initiales = page.context["form"].initial
    relu = {nom: valeur for nom, valeur in initiales.items() if valeur is not None}
    client.post(reverse("reunions:evenement_modifier", args=[evenement.pk]), {**relu, "geste": "enregistrer"})
    apres = Evenement.objects.get()
    assert (apres.debut, apres.fin, apres.journee_entiere) == (evenement.debut, evenement.fin, entiere)


def test_one_posts_only_for_one_s_own_structures(client, etranger, membre, structure):
    for qui in (etranger, membre):
        poster(client, qui, structure)
    assert Evenement.objects.filter(structure=structure).count() == 0


def test_a_key_of_somebody_else_is_not_their_event(client, referent, structure):
    autre = EvenementFactory(etat="brouillon")
    texte = poster(client, referent, structure, cle=str(autre.cle)).content.decode()
    assert "a déjà servi" in texte
    assert Evenement.objects.count() == 1


# -- the same day nearby


def test_the_warning_lists_what_falls_that_day_then_lets_publish(client, referent, structure):
    vichy = CommuneFactory(code="03310", nom="Vichy", latitude=46.127, longitude=3.425)
    debut = datetime(2099, 3, 12, 18, tzinfo=PARIS)
    bal = EvenementFactory(titre="Le grand bal", debut=debut, commune=vichy)
    reunion = ReunionFactory(titre="Réunion du soir", debut=debut, commune=vichy)
    reponse = poster(client, referent, structure, commune="Vichy")
    texte = reponse.content.decode()
    assert Evenement.objects.count() == 1
    assert ("Le grand bal" in texte, "Réunion du soir" in texte, "Publier quand même" in texte) == (True, True, True)
    client.post(CREER, saisie(structure, commune="Vichy", vus=f"e{bal.pk} r{reunion.pk}"))
    assert Evenement.objects.filter(structure=structure).count() == 1
    # Another one came meanwhile: it is said.
    EvenementFactory(titre="Venu entre-temps", debut=debut, commune=vichy)
    texte = client.post(CREER, saisie(structure, commune="Vichy", vus=f"e{bal.pk} r{reunion.pk}")).content.decode()
    assert "Venu entre-temps" in texte


def test_the_warning_comes_while_typing(client, referent, structure):
    vichy = CommuneFactory(code="03310", nom="Vichy", latitude=46.127, longitude=3.425)
    bal = EvenementFactory(titre="Le grand bal", debut=datetime(2099, 3, 12, 18, tzinfo=PARIS), commune=vichy)
    client.force_login(referent)
    adresse = reverse("reunions:evenements_proches")
    texte = client.get(adresse, {"jour": "12/03/2099", "commune": "Vichy"}).content.decode()
    assert f'name="vus" value="e{bal.pk} "' in texte
    for requete in [
        {},
        {"jour": "12"},
        {"jour": "12/03/2099", "commune": "x"},
        {"jour": "13/03/2099", "commune": "Vichy"},
    ]:
        assert "Le grand bal" not in client.get(adresse, requete).content.decode()


# -- moderation


def test_staff_decide_in_the_admin_and_the_structure_is_told_why(client, animateur, referent, structure):
    client.force_login(animateur)
    for acte, etat in [("publier", "publie"), ("demander_correction", "a_corriger"), ("refuser", "refuse")]:
        evenement = EvenementFactory(structure=structure, etat="a_valider", auteur=referent)
        adresse = reverse("admin:reunions_evenement_acte", args=[evenement.pk, acte])
        assert client.get(adresse).status_code == 200
        evenement.refresh_from_db()
        assert evenement.etat == "a_valider"
        assert client.post(adresse, {"motif": "Il manque le lieu."}).status_code == 302
        evenement.refresh_from_db()
        assert evenement.etat == etat
        courriel = Courriel.objects.get(objet_id=str(evenement.pk))
        assert (courriel.destinataire, courriel.gabarit) == (referent.email, "evenement_decision")
        assert ("Il manque le lieu." in courriel.texte) == (acte != "publier")
        assert client.post(adresse, {"motif": "Encore"}).status_code == 200
        assert Courriel.objects.filter(objet_id=str(evenement.pk)).count() == 1


def test_a_corrected_event_is_sent_again(client, referent, structure):
    evenement = EvenementFactory(structure=structure, etat="a_corriger", motif="Le lieu ?", auteur=referent)
    client.force_login(referent)
    adresse = reverse("reunions:evenement_modifier", args=[evenement.pk])
    assert "Le lieu ?" in client.get(adresse).content.decode()
    client.post(adresse, saisie(structure, lieu="Salle des fêtes"))
    evenement.refresh_from_db()
    assert (evenement.etat, evenement.lieu, evenement.motif) == ("a_valider", "Salle des fêtes", "")


def test_an_edit_of_a_published_event_shows_and_calendars_learn_it(client, referent, structure):
    evenement = EvenementFactory(structure=structure)
    actes.modifier(evenement, par=referent, valeurs={"description": "Autre"})
    assert evenement.sequence == 0
    actes.modifier(evenement, par=referent, valeurs={"debut": evenement.debut + timedelta(hours=1)})
    assert (evenement.sequence, evenement.etat) == (1, "publie")


def test_a_cancelled_event_stays_marked_with_its_reason(client, referent, structure):
    evenement = EvenementFactory(structure=structure, titre="Bal")
    client.force_login(referent)
    adresse = reverse("reunions:evenement_acte", args=[evenement.pk, "annuler"])
    assert "Dites pourquoi" in client.post(adresse, {"motif": " "}).content.decode()
    client.post(adresse, {"motif": "Orage annoncé"})
    evenement.refresh_from_db()
    assert (evenement.etat, evenement.sequence) == ("annule", 1)
    assert "Orage annoncé" in client.get(evenement.get_absolute_url()).content.decode()
    assert "Annulé" in client.get(reverse("reunions:agenda")).content.decode()
    with pytest.raises(TransitionInterdite):
        actes.modifier(evenement, par=referent, valeurs={"titre": "Autre"})


# -- elsewhere


def test_the_sheet_shows_the_coming_dates(client, referent, structure):
    EvenementFactory(structure=structure, titre="À venir")
    EvenementFactory(structure=structure, titre="Passé", debut=timezone.now() - timedelta(days=3))
    EvenementFactory(structure=structure, titre="Caché", etat="a_valider")
    texte = client.get(structure.get_absolute_url()).content.decode()
    assert ("À venir" in texte, "Passé" in texte, "Caché" in texte) == (True, False, False)
    assert CREER not in texte
    client.force_login(referent)
    assert f"{CREER}?structure={structure.pk}" in client.get(structure.get_absolute_url()).content.decode()


def test_what_waits_is_on_the_admin_s_home_with_since_when(client, animateur):
    vieux = EvenementFactory(etat="a_valider", soumis_le=timezone.now() - timedelta(days=3))
    EvenementFactory(etat="a_valider")
    ReunionFactory(debut=timezone.now() - timedelta(days=2))
    client.force_login(animateur)
    attentes = {ligne.titre: ligne for ligne in client.get(reverse("admin:index")).context["attentes"]}
    assert (attentes["Événements à valider"].nombre, attentes["Événements à valider"].depuis) == (2, vieux.soumis_le)
    assert attentes["Rencontres passées à clore"].nombre == 1
    for ligne in attentes.values():
        assert client.get(ligne.url).status_code == 200


@pytest.mark.parametrize("modele", ["reunion", "evenement"])
def test_admin_pages_open_and_write_nothing(client, animateur, modele):
    objet = ReunionFactory() if modele == "reunion" else EvenementFactory()
    client.force_login(animateur)
    for suite, code in [
        ("", 200),
        ("?q=x'&p=99999", 200),
        ("add/", 403),
        (f"{objet.pk}/change/", 200),
        ("x'/change/", 302),
    ]:
        assert client.get(f"/admin/reunions/{modele}/{suite}").status_code == code, suite


@pytest.mark.parametrize("compte", [1, 6])
def test_queries_of_the_pages(client, referent, structure, django_assert_num_queries, compte):
    for _ in range(compte):
        evenement = EvenementFactory(structure=structure)
        RattachementFactory(structure=structure, role="referent")
    client.force_login(referent)
    for adresse, requetes in [
        (reverse("reunions:mes_evenements"), 5),
        (evenement.get_absolute_url(), 5),
        (reverse("reunions:evenement_modifier", args=[evenement.pk]), 5),
    ]:
        with django_assert_num_queries(requetes):
            client.get(adresse)
