"""Axe on every screen of a meeting under way, in each phase of its workshop: light and dark, 320 and 1280 px."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pole_ess.socle import liens
from reunions.models import Atelier, Enonce, Priorite, Reconnaissance, TourDeTable
from reunions.presentation_atelier import lien_participant
from tests.e2e.test_atelier import un_atelier
from tests.e2e.test_axe import a_la_largeur, fautes_partout
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.reunions import (
    CategorieAxeFactory,
    ParticipantFactory,
    ParticipationFactory,
    PostItFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
PHASES = Atelier.Phase.values
SELON_LA_PHASE = ["atelier", "atelier_reglages", "atelier_papier", "projecteur", "atelier_resultats"]
TOUJOURS_PAREILLES = ["diagnostic", "presences", "feuille", "tour_de_table"]


def une_soiree(phase):
    """A workshop with notes in and out of a category, near-duplicates, statements, people, turns."""
    atelier = un_atelier(phase)
    reunion = atelier.reunion
    reunion.debut = timezone.now() - timedelta(hours=1)
    reunion.fin = reunion.debut + timedelta(hours=3)
    reunion.save()
    axe = atelier.axes.first()
    personne = ParticipantFactory(atelier=atelier, structure=StructureFactory())
    rangee = CategorieAxeFactory(axe=axe, nom="Se connaître")
    for texte, couleur, categorie in [
        ("Une lettre", "rose", rangee),
        ("une lettre !", "rose", None),
        ("Se former", "jaune", None),
    ]:
        PostItFactory(axe=axe, participant=personne, texte=texte, couleur=couleur, categorie=categorie)
    PostItFactory(axe=axe, texte="Une lettre de papier", couleur="jaune", origine="papier")
    for rang, texte in enumerate(["Nous nous connaissons mal.", "Les aides baissent."]):
        enonce = Enonce.objects.create(reunion=reunion, texte=texte, ordre=rang)
    Reconnaissance.objects.create(enonce=enonce, participant=personne, remarque="Surtout en ville")
    for presence in ["present", "excuse", "inconnue"]:
        venue = ParticipationFactory(reunion=reunion, presence=presence)
        tour = TourDeTable.objects.create(reunion=reunion, libelle=venue.nom, ordre=venue.pk)
        tour.participations.add(venue)
    Priorite.objects.create(tour=tour, texte="Une rencontre par trimestre")
    return atelier, personne


def selon_la_phase(atelier, personne) -> tuple[list[str], list[str]]:
    """The staff's pages, a participant's."""
    reunion, axe = atelier.reunion_id, atelier.axes.first()
    resultats = reverse("reunions:atelier_resultats", args=[reunion])
    return (
        [
            *[reverse(f"reunions:{nom}", args=[reunion]) for nom in SELON_LA_PHASE],
            reverse("reunions:atelier_regrouper", args=[reunion, axe.pk]),
        ],
        [lien_participant(personne), diagnostic_de(personne), *[resultats for _ in range(atelier.est_rendu)]],
    )


def toujours_pareilles(atelier) -> tuple[list[str], list[str]]:
    reunion, vide = atelier.reunion_id, atelier.axes.last()
    return (
        [
            *[reverse(f"reunions:{nom}", args=[reunion]) for nom in TOUJOURS_PAREILLES],
            reverse("reunions:atelier_regrouper", args=[reunion, vide.pk]),
            reverse("reunions:enonce", args=[reunion, atelier.reunion.enonces.first().pk]),
        ],
        [reverse("reunions:rejoindre"), reverse("atelier_court", args=[atelier.code])],
    )


def diagnostic_de(personne) -> str:
    jeton = liens.signer("atelier.participant", {"p": personne.pk})
    return reverse("reunions:diagnostic_participer", args=[jeton])


@pytest.mark.parametrize("phase", PHASES)
def test_axe_in_every_phase(ouvrir, phase):
    _verifier(ouvrir, *selon_la_phase(*une_soiree(phase)), phase)


def test_axe_around_the_workshop(ouvrir):
    _verifier(ouvrir, *toujours_pareilles(une_soiree("ecriture")[0]))


def _verifier(ouvrir, de_l_equipe, de_la_salle, phase=""):
    anime = ouvrir(UtilisateurFactory(is_staff=True, groupes=["Animateurs"]))
    telephone = ouvrir()
    fautes = []
    for page, url in [*[(anime, url) for url in de_l_equipe], *[(telephone, url) for url in de_la_salle]]:
        a_la_largeur(page, "telephone")
        assert page.goto(url).status == 200, url
        _tout_ouvrir(page)
        dues_a_la_page = len(ouvrir.fautes)
        fautes += fautes_partout(page, f"{url} {phase}")
        del ouvrir.fautes[dues_a_la_page:]  # axe itself sets inline styles, which the policy refuses
    assert not fautes, "\n".join(fautes)


def _tout_ouvrir(page):
    """A note being changed, and every disclosure."""
    changer = page.get_by_role("link", name=re.compile("^Changer"))
    if changer.count():
        changer.first.click()
        expect(page.get_by_label("Votre idée")).to_be_visible()
        page.wait_for_load_state()
    page.get_by_role("main").evaluate("main => main.querySelectorAll('details').forEach(d => { d.open = true; })")
