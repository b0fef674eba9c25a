"""Who is on the way of whom, and writing without showing an address."""

import uuid

import pytest

from annuaire import oppositions
from annuaire.models import Commune
from pole_ess.socle.models import Courriel
from reunions.actions import TransitionInterdite, covoiturage
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db
LIEUX = {  # on a meridian, ten kilometres being about 0.09 degree; « ecart » lies twenty kilometres to the east
    "nord": (46.36, 3.4),
    "milieu": (46.24, 3.4),
    "salle": (46.12, 3.4),
    "sud": (45.94, 3.4),
    "ecart": (46.24, 3.66),
}


@pytest.fixture
def communes():
    lieux = {
        nom: Commune.objects.create(code=f"99{rang:03}", nom=nom.capitalize(), latitude=lat, longitude=lon)
        for rang, (nom, (lat, lon)) in enumerate(LIEUX.items())
    }
    lieux["inconnue"] = Commune.objects.create(code="99900", nom="Inconnue")
    return lieux


@pytest.fixture
def reunion(communes):
    return ReunionFactory(commune=communes["salle"])


@pytest.fixture
def voyage(reunion, communes):
    def faire(role, depart, places=1, **valeurs):
        return ParticipationFactory(
            reunion=reunion, covoiturage=role, covoiturage_places=places, covoiturage_depuis=communes[depart],
            **{"reponse": "present", **valeurs},
        )  # fmt: skip

    return faire


def trouves(participation):
    return [trajet.participation for trajet in covoiturage.trajets(participation)]


def test_a_driver_takes_those_on_the_way_and_only_them(voyage):
    conducteur = voyage("propose", "nord", 3)
    en_route, meme_commune = voyage("cherche", "milieu"), voyage("cherche", "nord")
    for loin in ("sud", "ecart", "inconnue"):
        voyage("cherche", loin)
    voyage("propose", "milieu")
    voyage("cherche", "milieu", reponse="excuse")
    assert set(trouves(conducteur)) == {en_route, meme_commune}
    assert trouves(en_route)[0].covoiturage == "propose"
    assert trouves(meme_commune) == [conducteur]


def test_the_way_is_the_driver_s_not_the_passenger_s(voyage):
    """From halfway, one does not go back north to fetch somebody; from the north, halfway is on the way."""
    conducteur, passager = voyage("propose", "milieu"), voyage("cherche", "nord")
    assert trouves(conducteur) == trouves(passager) == []


def test_two_of_the_same_commune_meet_even_when_no_place_is_known(voyage, reunion):
    reunion.commune = None
    reunion.save()
    conducteur, passager = voyage("propose", "inconnue"), voyage("cherche", "inconnue")
    assert (trouves(conducteur), trouves(passager)) == ([passager], [conducteur])
    assert covoiturage.trajets(conducteur)[0].detour == 0


def test_the_smallest_detour_comes_first(voyage):
    conducteur = voyage("propose", "nord")
    milieu, nord = voyage("cherche", "milieu"), voyage("cherche", "nord")
    detours = [trajet.detour for trajet in covoiturage.trajets(conducteur)]
    assert detours == sorted(detours)
    assert set(trouves(conducteur)) == {milieu, nord}


@pytest.mark.parametrize("montrer", [False, True])
def test_a_message_shows_an_address_only_on_its_writer_s_word(voyage, montrer):
    passager = voyage("cherche", "milieu", nom="Camille Durand", courriel="camille@example.org")
    conducteur = voyage("propose", "nord", nom="DUPONT Claude")
    cle = uuid.uuid4()
    for _ in range(2):
        covoiturage.ecrire(passager, a=conducteur.pk, texte="Je pars à 17 h", montrer=montrer, cle=cle)
    (courriel,) = Courriel.objects.all()
    assert courriel.destinataire == conducteur.courriel
    assert courriel.repondre_a == ("camille@example.org" if montrer else "")
    assert ("camille@example.org" in courriel.texte) == montrer
    assert "Camille" in courriel.texte
    assert "Durand" not in courriel.texte
    assert courriel.confidentiel
    assert ("/lien/covoiturage/" in courriel.texte) != montrer


def test_one_writes_only_to_whoever_is_on_the_way_and_did_not_object(voyage):
    passager, loin, conducteur = voyage("cherche", "milieu"), voyage("propose", "sud"), voyage("propose", "nord")
    with pytest.raises(TransitionInterdite):
        covoiturage.ecrire(passager, a=loin.pk, texte="x", montrer=False, cle=uuid.uuid4())
    oppositions.enregistrer(courriel=conducteur.courriel)
    covoiturage.ecrire(passager, a=conducteur.pk, texte="x", montrer=False, cle=uuid.uuid4())
    assert Courriel.objects.count() == 0


@pytest.mark.parametrize(
    ("nom", "prenom"),
    [("Camille Durand", "Camille"), ("DURAND Camille", "Camille"), ("LOU", "LOU"), ("", "Une personne")],
)
def test_first_names(nom, prenom):
    assert ParticipationFactory.build(nom=nom).prenom == prenom
