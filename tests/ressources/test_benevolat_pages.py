"""The pages of volunteering: what each shows, to whom, in how many queries."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle import liens
from pole_ess.socle.models import Courriel
from ressources.actions import benevolat_profil
from ressources.actions.benevolat_courriels import lien_desistement, lien_refus
from ressources.forms.benevolat import CreneauxForm
from ressources.models import InscriptionBenevole, PriseDeContact, ProfilBenevole
from tests.factories import CommuneFactory, UtilisateurFactory
from tests.factories.benevolat import (
    BesoinDeBenevolesFactory,
    CreneauFactory,
    InscriptionBenevoleFactory,
    MissionFactory,
    PriseDeContactFactory,
    ProfilBenevoleFactory,
)

pytestmark = pytest.mark.django_db


def donner(**valeurs):
    """A form's values, with a new key each time it is sent."""
    return lambda: {**valeurs, "cle": str(uuid.uuid4())}


def horaires():
    jour = (timezone.localdate() + timedelta(days=9)).isoformat()
    return {"intitule": "Buvette", "jour": jour, "de": "9 h", "a": "12 h", "places": "3", "cle": str(uuid.uuid4())}


@pytest.fixture
def mission(structure):
    return MissionFactory(annonce=BesoinDeBenevolesFactory(structure=structure, titre="Bénévoles pour le bal"))


def page(client, url, utilisateur=None, **plus):
    if utilisateur is not None:
        client.force_login(utilisateur)
    reponse = client.get(url, **plus)
    assert reponse.status_code == 200
    return reponse.content.decode()


def texte(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# -- the list


def test_the_list_finds_by_commune_day_and_skill(client):
    vichy = CommuneFactory(nom="Vichy", latitude=46.13, longitude=3.42)
    loin = CommuneFactory(nom="Moulins", latitude=46.56, longitude=3.33)
    ici = CreneauFactory(
        mission__annonce=BesoinDeBenevolesFactory(titre="Ici", commune=vichy, structure__commune=vichy)
    )
    ici.mission.competences.set(benevolat_profil.competences_nommees(["Cuisine"]))
    CreneauFactory(
        mission__annonce=BesoinDeBenevolesFactory(titre="Là-bas", commune=loin, structure__commune=loin),
        debut=ici.debut + timedelta(days=3),
    )
    url = reverse("ressources:benevolat")

    def trouvees(**criteres):
        return re.findall(r'<h3><a href="[^"]+">([^<]+)</a>', page(client, url, query_params=criteres))

    assert trouvees() == ["Ici", "Là-bas"]
    assert trouvees(commune="Vichy", km="20") == ["Ici"]
    assert trouvees(jour=timezone.localdate(ici.debut).isoformat()) == ["Ici"]
    assert trouvees(competence="CUISINE") == ["Ici"]
    assert trouvees(competence="soudure") == []


def test_only_missions_where_a_place_can_be_taken_are_listed(client):
    CreneauFactory(debut=timezone.now() - timedelta(days=1))
    CreneauFactory(mission__etat="annulee")
    CreneauFactory(etat="annule")
    CreneauFactory(mission__annonce__etat="retiree")
    CreneauFactory(mission__annonce__expire_le=timezone.localdate() - timedelta(days=1))
    MissionFactory()
    html = page(client, reverse("ressources:benevolat"))
    assert "Aucune mission" in html
    complet = CreneauFactory(places=1)
    InscriptionBenevoleFactory(creneau=complet, nom="Alix Secret")
    html = page(client, reverse("ressources:benevolat"))
    assert "liste d'attente ouverte" in html and "Alix" not in html


def test_an_unknown_commune_is_said_and_kept(client):
    html = page(client, reverse("ressources:benevolat"), query_params={"commune": "Zzzz"})
    assert "Nous ne connaissons pas cette commune" in html and 'value="Zzzz"' in html


# -- a mission


def test_nobody_reads_a_volunteer_s_name_but_the_structure_and_the_staff(
    client, mission, etranger, membre, referent, animateur
):
    creneau = CreneauFactory(mission=mission)
    place = InscriptionBenevoleFactory(creneau=creneau, nom="Alix Secret", telephone="01 99 00 12 34")
    publique = mission.get_absolute_url()
    for lecteur in (None, etranger, membre, referent):
        assert "Alix" not in page(client, publique, lecteur)
    organiser = reverse("ressources:mission_organiser", args=[mission.pk])
    for lecteur in (referent, animateur):
        assert "Alix Secret" in page(client, organiser, lecteur)
        assert "01 99 00 12 34" in page(client, organiser, lecteur)
    for lecteur in (etranger, membre):
        client.force_login(lecteur)
        assert client.get(organiser).status_code == 403
        assert client.get(place.get_absolute_url()).status_code == 404


def test_a_visitor_is_led_to_sign_up_and_back(client, mission):
    creneau = CreneauFactory(mission=mission)
    html = page(client, mission.get_absolute_url())
    suite = f"?next={mission.get_absolute_url()}"
    assert f'href="{reverse("account_signup")}{suite}"' in html
    assert f'href="{reverse("account_login")}{suite}"' in html
    reponse = client.get(reverse("ressources:creneau_prendre", args=[creneau.pk]))
    assert reponse.url.endswith(f"?next={reverse('ressources:creneau_prendre', args=[creneau.pk])}")


def test_a_volunteer_keeps_reading_a_mission_whose_announcement_is_closed(client, mission):
    place = InscriptionBenevoleFactory(creneau__mission=mission)
    type(mission.annonce).objects.filter(pk=mission.annonce_id).update(etat="retiree")
    assert "son annonce n'est pas en ligne" in page(client, mission.get_absolute_url(), place.utilisateur)
    client.force_login(UtilisateurFactory())
    assert client.get(mission.get_absolute_url()).status_code == 404


def test_taking_a_place_twice_leads_to_it(client, mission):
    creneau, personne = CreneauFactory(mission=mission), UtilisateurFactory(nom="")
    url = reverse("ressources:creneau_prendre", args=[creneau.pk])
    client.force_login(personne)
    reponse = client.post(url, donner(nom="")())
    assert "Dites votre nom" in reponse.content.decode()
    reponse = client.post(url, donner(nom="Alix", telephone="01 99 00 12 34")())
    place = InscriptionBenevole.objects.get()
    assert (reponse.url, place.nom, place.telephone) == (place.get_absolute_url(), "Alix", "01 99 00 12 34")
    assert client.get(url).url == place.get_absolute_url()


def test_a_refusal_keeps_what_was_typed(client, mission):
    creneau, personne = CreneauFactory(mission=mission), UtilisateurFactory()
    InscriptionBenevoleFactory(creneau=CreneauFactory(debut=creneau.debut), utilisateur=personne)
    client.force_login(personne)
    url = reverse("ressources:creneau_prendre", args=[creneau.pk])
    html = client.post(url, donner(nom="Alix", message="Je viens à deux")()).content.decode()
    assert "déjà une place dans un autre créneau" in html and "Je viens à deux" in html


# -- organising


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ({"de": "9 h", "a": "12 h"}, [("09:00", "12:00")]),
        ({"de": "9h", "a": "14 h 30", "decoupe": "120"}, [("09:00", "11:00"), ("11:00", "13:00"), ("13:00", "14:30")]),
        ({"de": "22:00", "a": "2 h"}, [("22:00", "02:00")]),
        ({"de": "10 h", "a": "10 h 30", "decoupe": "60"}, [("10:00", "10:30")]),
    ],
)
def test_one_day_is_cut_in_shifts(saisie, attendu):
    form = CreneauxForm(horaires() | saisie)
    assert form.is_valid(), form.errors
    plages = form.valeurs()["plages"]
    heures = [tuple(f"{timezone.localtime(borne):%H:%M}" for borne in plage) for plage in plages]
    assert heures == attendu


def test_the_night_when_the_clocks_change_has_one_more_hour():
    form = CreneauxForm(horaires() | {"jour": "2030-10-26", "de": "22 h", "a": "6 h"})
    assert form.is_valid()
    [(debut, fin)] = form.valeurs()["plages"]
    assert fin - debut == timedelta(hours=9)


@pytest.mark.parametrize(
    ("champ", "valeur", "mot"),
    [
        ("jour", "hier", "est pas comprise"),
        ("jour", "2020-01-01", "déjà passés"),
        ("de", "25 h", "est pas comprise"),
        ("places", "0", "Pas moins de 1"),
        ("places", "1000", "Pas plus de 500"),
        ("decoupe", "7", "découpes de la liste"),
    ],
)
def test_bad_hours_are_said_and_kept(client, mission, referent, champ, valeur, mot):
    client.force_login(referent)
    url = reverse("ressources:mission_organiser", args=[mission.pk])
    html = client.post(url, horaires() | {champ: valeur}).content.decode()
    assert mot in html and 'value="Buvette"' in html
    assert not mission.creneaux.exists()


def test_the_panel_of_the_need_leads_to_its_shifts(client, structure, referent):
    annonce = BesoinDeBenevolesFactory(structure=structure)
    ici = annonce.get_absolute_url()
    assert "Proposer des créneaux" not in page(client, ici)
    assert reverse("ressources:mission_creer", args=[annonce.pk]) in page(client, ici, referent)
    creneau = CreneauFactory(mission=MissionFactory(annonce=annonce), places=4)
    client.logout()
    html = page(client, ici)
    assert creneau.mission.get_absolute_url() in html and "4 places libres" in html


def test_the_sheet_holds_who_is_expected_by_name_then_who_waits(client, mission, referent):
    creneau = CreneauFactory(mission=mission, places=2)
    for nom in ("Zoé", "Éloi"):
        InscriptionBenevoleFactory(creneau=creneau, nom=nom, telephone="01 99 00 12 34" if nom == "Zoé" else "")
    InscriptionBenevoleFactory(creneau=creneau, etat="en_attente", nom="Awa")
    InscriptionBenevoleFactory(creneau=creneau, etat="annulee", nom="Personne-partie")
    passe = CreneauFactory(mission=mission, debut=timezone.now() - timedelta(days=2))
    InscriptionBenevoleFactory(creneau=passe, nom="Autrefois")
    html = texte(page(client, reverse("ressources:mission_feuille", args=[mission.pk]), referent))
    assert html.index("Éloi") < html.index("Zoé") < html.index("Awa")
    assert html.count("01 99 00 12 34") == 1
    assert "partie" not in html and "Autrefois" not in html


def test_the_sheet_as_an_accessible_pdf(client, mission, referent):
    creneau = CreneauFactory(mission=mission)
    InscriptionBenevoleFactory(creneau=creneau, nom="Alix *gras* #let x = 1")
    InscriptionBenevoleFactory(creneau=creneau, etat="en_attente", nom="Awa")
    client.force_login(referent)
    reponse = client.get(reverse("ressources:mission_feuille_pdf", args=[mission.pk]))
    assert reponse.content.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in reponse.content
    assert reponse["Content-Disposition"].endswith('.pdf"')
    vide = client.get(
        reverse(
            "ressources:mission_feuille_pdf", args=[MissionFactory(annonce__structure=mission.annonce.structure).pk]
        )
    )
    assert vide.status_code == 200


def test_two_people_checking_in_do_not_overwrite_each_other(client, mission, referent):
    passe = CreneauFactory(mission=mission, debut=timezone.now() - timedelta(hours=4))
    place = InscriptionBenevoleFactory(creneau=passe, nom="Alix")
    url = reverse("ressources:creneau_pointer", args=[passe.pk])
    client.force_login(referent)
    envoi = {"pk": place.pk, "etat": "venue", "vue": "inscrite", "heures": "2,5"}
    assert client.post(url, envoi).status_code == 302
    html = client.post(url, envoi | {"etat": "absente"}).content.decode()
    assert "entre-temps" in html
    place.refresh_from_db()
    assert (place.etat, place.heures) == ("venue", 2.5)
    html = client.post(url, envoi | {"vue": "venue", "heures": "25"}).content.decode()
    assert "trop : 24 h au plus" in html


# -- the mailed links


def test_the_link_gives_the_place_back_without_a_password(client):
    place = InscriptionBenevoleFactory(creneau__places=1)
    attend = InscriptionBenevoleFactory(creneau=place.creneau, etat="en_attente")
    url = lien_desistement(place)
    assert "Rendre ma place" in page(client, url)
    place.refresh_from_db()
    assert place.etat == "inscrite"
    for _ in range(2):
        assert "Votre place est rendue" in client.post(url).content.decode()
    attend.refresh_from_db()
    assert attend.etat == "inscrite"
    assert Courriel.objects.filter(utilisateur=attend.utilisateur).count() == 1


def test_the_link_of_a_begun_or_forgotten_place_says_so(client):
    passe = InscriptionBenevoleFactory(creneau__debut=timezone.now() - timedelta(hours=1))
    url = lien_desistement(passe)
    assert "a commencé" in client.post(url).content.decode()
    passe.refresh_from_db()
    assert passe.etat == "inscrite"
    passe.delete()
    assert client.get(url).status_code == 410
    autre = liens.signer("fraicheur", {"i": 1})
    assert client.get(reverse("ressources:benevole_lien", args=[autre])).status_code == 404


def test_the_link_stops_one_structure_s_mails(client):
    contact = PriseDeContactFactory()
    page(client, lien_refus(contact))
    contact.refresh_from_db()
    assert contact.refuse_le is None
    client.post(lien_refus(contact))
    contact.refresh_from_db()
    assert contact.refuse_le is not None


# -- profile and search


def test_a_profile_is_written_hidden_and_left(client):
    CommuneFactory(nom="Vichy", codes_postaux=["03200"])
    personne = UtilisateurFactory(nom="Alix Martin-Exemple")
    url = reverse("ressources:profil_benevole")
    html = page(client, url, personne)
    assert 'value="Alix"' in html
    envoi = {
        "nom_montre": "Alix", "competences": "cuisine, accueil", "demi_journees": ["samedi_matin", "lundi_soir"],
        "commune": "Vichy", "rayon_km": "15", "visible": "on",
    }  # fmt: skip
    assert client.post(url, envoi).status_code == 302
    profil = ProfilBenevole.objects.get()
    assert (profil.commune.nom, profil.rayon_km) == ("Vichy", 15)
    assert profil.competences.count() == 2 and profil.est_trouvable
    html = client.post(url, envoi | {"rayon_km": "loin", "demi_journees": ["jamais"]}).content.decode()
    assert 'value="loin"' in html and "Cochez des cases de la liste" in html
    client.post(url, {cle: valeur for cle, valeur in envoi.items() if cle != "visible"})
    profil.refresh_from_db()
    assert not profil.visible
    client.post(reverse("ressources:profil_benevole_quitter"))
    assert not ProfilBenevole.objects.exists()


def test_search_shows_what_each_chose_and_nothing_else(client, referent, structure):
    personne = UtilisateurFactory(nom="Alix Martin-Exemple")
    profil = ProfilBenevoleFactory(utilisateur=personne, nom_montre="Lilou", commune=structure.commune)
    profil.competences.set(benevolat_profil.competences_nommees(["Électricité"]))
    ProfilBenevoleFactory(nom_montre="Ailleurs", commune=CommuneFactory(latitude=43.0, longitude=1.0))
    url = reverse("ressources:benevoles")
    html = page(client, url, referent)
    assert "Lilou" in html and "samedi matin" in html and "Ailleurs" not in html
    assert personne.email not in html and "Martin" not in html
    for criteres, nombre in [
        ({"competence": "electricite"}, 1), ({"competence": "chant"}, 0), ({"jour": "samedi"}, 1),
        ({"jour": "lundi"}, 0), ({"moment": "soir"}, 0), ({"jour": "samedi", "moment": "matin"}, 1),
    ]:  # fmt: skip
        assert f">{nombre} personne" in page(client, url, query_params=criteres), criteres


def test_writing_is_limited_for_who_writes_and_for_who_receives(client, referent, structure):
    profil = ProfilBenevoleFactory()
    client.force_login(referent)
    url = reverse("ressources:benevole_ecrire", args=[profil.pk])
    for rang in range(5):
        envoi = donner(structure=structure.pk, texte=f"Bonjour {rang}")()
        assert client.post(url, envoi).status_code == 302
    reponse = client.post(url, donner(structure=structure.pk, texte="Encore moi")())
    assert reponse.status_code == 429 and "Encore moi" in reponse.content.decode()
    assert PriseDeContact.objects.get().messages.count() == 5


def test_nobody_writes_in_another_structure_s_name(client, referent, etranger):
    autre = etranger.rattachements.get().structure
    client.force_login(referent)
    url = reverse("ressources:benevole_ecrire", args=[ProfilBenevoleFactory().pk])
    html = client.post(url, donner(structure=autre.pk, texte="Bonjour")()).content.decode()
    assert "Choisissez une de vos structures" in html
    assert not PriseDeContact.objects.exists()


# -- as many queries with one as with many


def _missions(structure, referent, nombre):
    for _ in range(nombre):
        creneau = CreneauFactory(mission__annonce__commune=CommuneFactory())
        creneau.mission.competences.set(benevolat_profil.competences_nommees(["Cuisine", "Accueil"]))


def _miennes(structure, referent, nombre):
    for rang in range(nombre):
        debut = timezone.now() + timedelta(days=rang + 1)
        InscriptionBenevoleFactory(utilisateur=referent, creneau__debut=debut)
        InscriptionBenevoleFactory(
            utilisateur=referent, etat="venue", heures=2, creneau__debut=timezone.now() - timedelta(days=rang + 1)
        )


def _benevoles(structure, referent, nombre):
    for _ in range(nombre):
        profil = ProfilBenevoleFactory(commune=CommuneFactory())
        profil.competences.set(benevolat_profil.competences_nommees(["Cuisine", "Accueil"]))
        PriseDeContactFactory(structure=structure, utilisateur=profil.utilisateur)


def _contacts(structure, referent, nombre):
    ProfilBenevoleFactory(utilisateur=referent)
    for _ in range(nombre):
        PriseDeContactFactory(utilisateur=referent)


@pytest.mark.parametrize("nombre", [1, 15])
@pytest.mark.parametrize(
    ("remplir", "nom", "requetes"),
    [
        (_missions, "ressources:benevolat", 6),
        (_miennes, "ressources:mes_missions", 8),
        (_benevoles, "ressources:benevoles", 9),
        (_contacts, "ressources:profil_benevole", 7),
    ],
    ids=["missions", "mes missions", "bénévoles", "profil"],
)
def test_a_list_costs_the_same(client, structure, referent, django_assert_num_queries, nombre, remplir, nom, requetes):
    remplir(structure, referent, nombre)
    client.force_login(referent)
    url = reverse(nom)
    client.get(url)
    with django_assert_num_queries(requetes):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("nombre", [1, 15])
@pytest.mark.parametrize(
    ("nom", "requetes"),
    [("ressources:mission", 8), ("ressources:mission_organiser", 7), ("ressources:mission_feuille", 7)],
)
def test_a_mission_costs_the_same(client, mission, referent, django_assert_num_queries, nombre, nom, requetes):
    for rang in range(nombre):
        creneau = CreneauFactory(mission=mission, places=20, debut=timezone.now() + timedelta(days=rang + 1))
        for etat in ["inscrite", "en_attente"] * min(nombre, 3):
            InscriptionBenevoleFactory(creneau=creneau, etat=etat)
    client.force_login(referent)
    url = reverse(nom, args=[mission.pk])
    client.get(url)
    with django_assert_num_queries(requetes):
        assert client.get(url).status_code == 200
