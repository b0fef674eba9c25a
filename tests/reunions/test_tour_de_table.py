"""The round table: drafted in one click, ordered, spoken alone or by two, with none or several priorities."""

import pytest
from django.urls import reverse

from reunions.actions import TransitionInterdite, tour_de_table
from reunions.models import Priorite, Representation, TourDeTable
from tests.factories import StructureFactory
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reunion():
    reunion = ReunionFactory(etat="tenue")
    for ordre, nom in enumerate(["Amap", "Braille", "Cinéma"]):
        ParticipationFactory(reunion=reunion, presence="present", libelle=nom, ordre=ordre)
    ParticipationFactory(reunion=reunion, presence="excuse", libelle="Excusée")
    return reunion


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur)
    return client


def libelles(reunion):
    return list(reunion.tours.order_by("ordre", "pk").values_list("libelle", flat=True))


def test_the_list_is_drafted_from_those_present_once(equipe, reunion):
    adresse = reverse("reunions:tour_de_table", args=[reunion.pk])
    for _ in range(2):
        equipe.post(adresse, {"geste": "dresser"})
    assert libelles(reunion) == ["Amap", "Braille", "Cinéma"]
    ParticipationFactory(reunion=reunion, presence="present", libelle="En retard", ordre=9)
    assert tour_de_table.dresser(reunion) == 1
    assert libelles(reunion)[-1] == "En retard"


def test_a_turn_is_named_after_the_structures_else_the_person():
    reunion = ReunionFactory()
    seule = ParticipationFactory(reunion=reunion, presence="present", nom="Lou", libelle="", ordre=1)
    deux = ParticipationFactory(reunion=reunion, presence="present", nom="Noa", libelle="", ordre=2)
    for nom in ("Adef", "Galatée"):
        Representation.objects.create(participation=deux, structure=StructureFactory(nom=nom))
    tour_de_table.dresser(reunion)
    assert libelles(reunion) == [seule.nom, "Adef, Galatée"]


def test_a_turn_has_none_one_or_several_priorities(equipe, reunion):
    tour_de_table.dresser(reunion)
    tour = reunion.tours.first()
    adresse = reverse("reunions:tour_de_table", args=[reunion.pk])
    for texte, attendues in [("Se connaître\n\n* Acheter\n", ["Se connaître", "Acheter"]), ("", [])]:
        reponse = equipe.post(adresse, {"geste": "ecrire", "ligne": tour.pk, "libelle": "L'Amap", "priorites": texte})
        assert reponse.url == f"{adresse}#tour-{tour.pk}"
        assert list(tour.priorites.values_list("texte", flat=True)) == attendues
    tour.refresh_from_db()
    assert tour.libelle == "L'Amap"


def test_what_was_typed_comes_back_with_its_error(equipe, reunion):
    tour_de_table.dresser(reunion)
    tour = reunion.tours.first()
    adresse = reverse("reunions:tour_de_table", args=[reunion.pk])
    page = equipe.post(adresse, {"geste": "ecrire", "ligne": tour.pk, "libelle": "", "priorites": "Gardée"})
    assert "Dites qui parle." in page.content.decode()
    assert "Gardée" in page.content.decode()
    page = equipe.post(adresse, {"geste": "ajouter", "libelle": " "}).content.decode()
    assert "Dites qui parle." in page
    assert not Priorite.objects.exists()


def test_order_by_buttons(equipe, reunion):
    tour_de_table.dresser(reunion)
    cinema = reunion.tours.get(libelle="Cinéma")
    adresse = reverse("reunions:tour_de_table", args=[reunion.pk])
    for rang in (2, 2, 1):
        equipe.post(adresse, {"geste": "monter", "ligne": cinema.pk, "rang": rang})
    assert libelles(reunion) == ["Cinéma", "Amap", "Braille"]
    equipe.post(adresse, {"geste": "monter", "ligne": cinema.pk, "rang": 0})
    assert libelles(reunion) == ["Cinéma", "Amap", "Braille"]


def test_two_people_speak_together_not_three(equipe, reunion):
    tour_de_table.dresser(reunion)
    amap, braille, cinema = reunion.tours.order_by("ordre")
    Priorite.objects.create(tour=amap, texte="Acheter")
    Priorite.objects.create(tour=braille, texte="Prêter")
    adresse = reverse("reunions:tour_de_table", args=[reunion.pk])
    assert "Parle avec Braille" in equipe.get(adresse).content.decode()
    equipe.post(adresse, {"geste": "reunir", "ligne": amap.pk})
    assert libelles(reunion) == ["Amap et Braille", "Cinéma"]
    assert list(amap.priorites.values_list("texte", flat=True)) == ["Acheter", "Prêter"]
    assert amap.participations.count() == 2
    assert tour_de_table.dresser(reunion) == 0
    with pytest.raises(TransitionInterdite, match="deux ensemble"):
        tour_de_table.reunir(amap, avec=cinema)
    page = equipe.post(adresse, {"geste": "reunir", "ligne": cinema.pk}, follow=True).content.decode()
    assert "Personne ne parle après" in page


def test_a_turn_gone_meanwhile_is_said(equipe, reunion):
    tour = TourDeTable.objects.create(reunion=reunion, libelle="Parti")
    tour_de_table.retirer(tour)
    adresse = reverse("reunions:tour_de_table", args=[reunion.pk])
    for geste in ("ecrire", "monter", "reunir", "retirer"):
        page = equipe.post(adresse, {"geste": geste, "ligne": tour.pk or 1, "libelle": "x"}, follow=True)
        assert "vient d&#x27;être retiré" in page.content.decode()


def test_a_turn_of_another_meeting_is_out_of_reach(equipe, reunion):
    ailleurs = TourDeTable.objects.create(reunion=ReunionFactory(), libelle="Ailleurs")
    equipe.post(reverse("reunions:tour_de_table", args=[reunion.pk]), {"geste": "retirer", "ligne": ailleurs.pk})
    assert TourDeTable.objects.filter(pk=ailleurs.pk).exists()


@pytest.mark.parametrize("taille", [1, 10])
def test_the_page_takes_as_many_queries_whatever_its_length(taille, equipe, django_assert_num_queries):
    reunion = ReunionFactory()
    for ordre in range(taille):
        ParticipationFactory(reunion=reunion, presence="present", ordre=ordre)
    tour_de_table.dresser(reunion)
    for tour in reunion.tours.all():
        Priorite.objects.create(tour=tour, texte="Se connaître")
    adresse = reverse("reunions:tour_de_table", args=[reunion.pk])
    equipe.get(adresse)
    with django_assert_num_queries(9):
        equipe.get(adresse)
