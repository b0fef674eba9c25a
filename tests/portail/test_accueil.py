"""The home page: what it shows, how many queries it takes, what it weighs."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.utils import timezone

from pole_ess.socle import attentes
from ressources.models import Rapprochement
from tests.factories import ActiviteFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.newsletter import BreveFactory, NumeroFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory
from tests.factories.reunions import EvenementFactory, ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db
PAGE_MAX, SCRIPTS_MAX = 150_000, 25_000


@pytest.mark.parametrize("nombre", [1, 12])
def test_number_of_queries_is_constant(client, django_assert_num_queries, nombre):
    activite = ActiviteFactory(nom="Culture", slug="culture", en_avant=True)
    for _ in range(nombre):
        structure = StructureFactory(benevoles=3)
        structure.activites.add(activite)
    client.get("/")  # the hub's settings row is made by the first request
    AnnonceFactory.create_batch(nombre, structure=structure)
    AnnonceFactory.create_batch(nombre, structure=structure, sens="besoin")
    ReunionFactory.create_batch(nombre, audience="publique")
    EvenementFactory(structure=structure, debut=timezone.now() + timedelta(hours=1))  # the first: both kinds are read
    EvenementFactory.create_batch(nombre - 1, structure=structure, debut=timezone.now() + timedelta(days=60))
    BreveFactory.create_batch(nombre, structure=structure)
    with django_assert_num_queries(12):
        reponse = client.get("/")
    assert reponse.context["chiffres"][0] == ("structures", nombre)


def test_unknown_figures_are_left_out(client):
    StructureFactory(commune=None, salaries_etp="2.5", presentation="Invisible ?")
    StructureFactory(etat="brouillon", benevoles=99, nom="Brouillon")
    reponse = client.get("/")
    assert reponse.context["chiffres"] == [("structures", 1), ("emplois (équivalent temps plein)", 2)]
    assert b"Brouillon" not in reponse.content


def test_an_empty_directory_still_has_its_home(client):
    reponse = client.get("/")
    assert reponse.status_code == 200
    assert reponse.context["chiffres"] == []
    assert 'href="/annuaire/proposer/"' in reponse.content.decode()


def test_newest_needs_and_offers_that_can_be_answered(client):
    for rang in range(5):
        AnnonceFactory(titre=f"Offre {rang}", publiee_le=timezone.now() - timedelta(days=rang))
    AnnonceFactory(sens="besoin", titre="Besoin expiré", expire_le=timezone.localdate() - timedelta(days=1))
    AnnonceFactory(sens="besoin", titre="Besoin en brouillon", etat="brouillon", publiee_le=None)
    reponse = client.get("/")
    besoins, offres = [[a.titre for a in annonces] for _sens, _titre, _tout, annonces in reponse.context["annonces"]]
    assert (besoins, offres) == ([], ["Offre 0", "Offre 1", "Offre 2", "Offre 3"])
    page = reponse.content.decode()
    assert 'href="/offres-et-besoins/?sens=offre"' in page
    assert 'href="/offres-et-besoins/publier/?sens=besoin"' in page


def test_ways_in_with_counts(client):
    for rang in range(10):
        ActiviteFactory(nom=f"Entrée {rang}", slug=f"entree-{rang}", ordre=rang, en_avant=True)
    ActiviteFactory(nom="Cachée", slug="cachee")
    StructureFactory().activites.add(ActiviteFactory(nom="Culture", slug="culture", en_avant=True, ordre=99))
    page = client.get("/").content.decode()
    assert page.count('class="puce"') == 11
    assert 'href="/annuaire/?activite=culture">Culture <b>1' in page


def test_what_comes_next_and_what_was_told(client):
    for rang in range(4):
        ReunionFactory(titre=f"Plénière {rang}", audience="publique", debut=timezone.now() + timedelta(days=rang + 1))
    ReunionFactory(titre="Comité fermé", audience="interne")
    ReunionFactory(titre="Hier", audience="publique", debut=timezone.now() - timedelta(days=1))
    EvenementFactory(titre="Concert", debut=timezone.now() + timedelta(hours=30))
    BreveFactory(titre="On a déménagé"), BreveFactory(titre="En attente", etat="a_valider")
    NumeroFactory(sujet="La lettre de mars", etat="termine", rang=7)
    reponse = client.get("/")
    assert [e.objet.titre for e in reponse.context["rendez_vous"]] == ["Plénière 0", "Concert", "Plénière 1"]
    page = reponse.content.decode()
    assert "On a déménagé" in page and "En attente" not in page
    assert 'href="/lettre/7/">La lettre de mars</a>' in page
    assert "Ce qui vous attend" not in page


def test_a_member_sees_first_what_waits(client, membre, structure):
    client.force_login(membre)
    assert "Rien n&#x27;attend de vous" in client.get("/").content.decode().replace(
        "Rien n'attend", "Rien n&#x27;attend"
    )
    referent = RattachementFactory(structure=structure, role="referent").utilisateur
    structure.verifiee_le, structure.verifiee_par = timezone.localdate() - timedelta(days=400), "referent"
    structure.save()
    ParticipationFactory(utilisateur=referent, reunion__titre="La plénière", reunion__audience="publique")
    besoin, offre = BesoinFactory(structure=structure), AnnonceFactory()
    Rapprochement.objects.create(besoin=besoin, offre=offre, annonce_au_besoin_le=timezone.now())
    client.force_login(referent)
    page = client.get("/").content.decode()
    attendu = page[page.index("Ce qui vous attend") : page.index("Prochains rendez-vous")]
    assert f'href="/annuaire/{structure.slug}/confirmer/"' in attendu
    assert "« La plénière »" in attendu
    assert "Une annonce répond aux vôtres" in attendu
    assert "équipe du pôle" not in attendu


@pytest.mark.parametrize("ecart", [{"ecarte_par_besoin_le": timezone.now()}, {"annonce_au_besoin_le": None}])
def test_a_match_set_aside_or_untold_does_not_wait(client, referent, structure, ecart):
    faits = {"annonce_au_besoin_le": timezone.now(), **ecart}
    Rapprochement.objects.create(besoin=BesoinFactory(structure=structure), offre=AnnonceFactory(), **faits)
    client.force_login(referent)
    assert "répond aux vôtres" not in client.get("/").content.decode()


def test_staff_see_what_waits_in_every_app_the_most_urgent_first(client, animateur, ouvrier_vivant):
    client.force_login(animateur)
    assert "rien n'attend" in client.get("/").content.decode()
    (
        StructureFactory(etat="a_valider"),
        AnnonceFactory(etat="a_valider", publiee_le=None),
        BreveFactory(etat="a_valider"),
    )
    reponse = client.get("/")
    titres = [attente.titre for attente in reponse.context["a_l_equipe"]]
    assert titres == [attente.titre for attente in attentes.toutes(animateur) if attente.nombre][:6]
    assert len(titres) >= 3
    assert 'href="/admin/"' in reponse.content.decode()
    client.force_login(UtilisateurFactory())
    assert "a_l_equipe" not in client.get("/").context


@pytest.mark.parametrize("chemin", ["/", "/annuaire/"])
def test_first_page_weight_over_the_wire(client, chemin):
    """Everything the browser fetches at once, gzipped (fonts as they are): the map's library is not among it."""
    call_command("preparer_assets", verbosity=0)
    for rang in range(25):
        structure = StructureFactory(presentation=f"Une présentation assez longue, numéro {rang}. " * 8)
        structure.activites.add(ActiviteFactory(en_avant=rang < 10))
    page = client.get(chemin).content
    adresses = re.findall(rb'<(?:script|link)[^>]+(?:src|href)="/static/([^"]+)"', page)
    fichiers = {adresse.decode() for adresse in adresses} | {
        "vendor/atkinson-regular.woff2",
        "vendor/atkinson-bold.woff2",
    }
    poids = {nom: _poids(nom) for nom in fichiers}
    scripts = sum(octets for nom, octets in poids.items() if nom.endswith(".js"))
    assert not any("leaflet" in nom for nom in poids)
    assert any("htmx" in nom for nom in poids)
    assert scripts <= SCRIPTS_MAX, poids
    assert len(gzip.compress(page)) + sum(poids.values()) <= PAGE_MAX, poids


def _poids(nom: str) -> int:
    contenu = Path(finders.find(nom)).read_bytes()
    return len(contenu) if nom.endswith(".woff2") else len(gzip.compress(contenu))
