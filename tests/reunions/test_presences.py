"""Checking in: one tap, several staff at once, walk-ins, the sheet."""

import uuid

import pytest
from django.urls import reverse

from reunions.actions import TransitionInterdite, presences
from reunions.models import Participation, Representation
from tests.factories import StructureFactory
from tests.factories.reunions import ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def equipe(client, animateur):
    client.force_login(animateur, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_whoever_saw_an_older_state_does_not_overwrite_a_newer_one():
    une = ParticipationFactory()
    presences.noter(une.reunion, pk=une.pk, presence="present", vue="inconnue")
    with pytest.raises(presences.DejaNotee, match="présent"):
        presences.noter(une.reunion, pk=une.pk, presence="absent", vue="inconnue")
    assert presences.noter(une.reunion, pk=une.pk, presence="present", vue="inconnue").presence == "present"
    presences.noter(une.reunion, pk=une.pk, presence="absent", vue="present")
    une.refresh_from_db()
    assert (une.presence, une.accueillie_le) == ("absent", None)


def test_a_person_of_another_meeting_is_not_there():
    with pytest.raises(Participation.DoesNotExist):
        presences.noter(ReunionFactory(), pk=ParticipationFactory().pk, presence="present", vue="inconnue")


def test_nobody_is_checked_in_to_a_cancelled_meeting():
    une = ParticipationFactory(reunion=ReunionFactory(etat="annulee"))
    with pytest.raises(TransitionInterdite):
        presences.noter(une.reunion, pk=une.pk, presence="present", vue="inconnue")


def test_a_walk_in_is_written_once_and_linked_to_a_known_structure():
    reunion, structure, cle = ReunionFactory(), StructureFactory(nom="Les Amis du Pré"), uuid.uuid4()
    for _ in range(2):
        venue = presences.accueillir(reunion, nom="Lou", structure="les amis du pre", cle=cle)
    assert list(venue.structures.all()) == [structure]
    assert (venue.presence, venue.origine, reunion.participations.count()) == ("present", "accueil", 1)
    autre = presences.accueillir(reunion, nom="Claude", structure="Inconnue au bataillon", cle=uuid.uuid4())
    assert autre.libelle == "Inconnue au bataillon"
    assert set(Participation.objects.presentes()) == {venue, autre}


def test_without_javascript_the_page_comes_back_to_the_line_and_says_the_conflict(equipe):
    une = ParticipationFactory(presence="present")
    url = reverse("reunions:presences", args=[une.reunion_id])
    envoi = {"pk": une.pk, "presence": "absent", "vue": "inconnue"}
    reponse = equipe.post(f"{url}?q=Invit", envoi, follow=True)
    assert reponse.redirect_chain == [(f"{url}?q=Invit#ligne-{une.pk}", 302)]
    assert "entre-temps" in reponse.content.decode()


def test_with_htmx_only_the_line_comes_back(equipe):
    une = ParticipationFactory(nom="Lou")
    url = reverse("reunions:presences", args=[une.reunion_id])
    envoi = {"pk": une.pk, "presence": "present", "vue": "inconnue"}
    page = equipe.post(url, envoi, headers={"HX-Request": "true"}).content.decode()
    assert page.count("<li") == 1
    assert 'name="vue" value="present"' in page
    page = equipe.post(url, {**envoi, "presence": "excuse"}, headers={"HX-Request": "true"}).content.decode()
    assert 'role="alert"' in page
    une.refresh_from_db()
    assert une.presence == "present"


@pytest.mark.parametrize("envoi", [{}, {"pk": "x"}, {"pk": "1", "presence": "dieu", "vue": "inconnue"}])
def test_a_damaged_tap_changes_nothing(equipe, envoi):
    une = ParticipationFactory()
    reponse = equipe.post(reverse("reunions:presences", args=[une.reunion_id]), envoi)
    assert reponse.status_code == 302
    une.refresh_from_db()
    assert une.presence == "inconnue"


@pytest.mark.parametrize("q", ["zoé", "ZOE dur", "amis", "pre zoe"])
def test_search_ignores_case_accents_and_order(equipe, q):
    reunion = ReunionFactory()
    zoe = ParticipationFactory(reunion=reunion, nom="Zoé Durand")
    Representation.objects.create(participation=zoe, structure=StructureFactory(nom="Les Amis du Pré"))
    ParticipationFactory(reunion=reunion, nom="Claude")
    page = equipe.get(reverse("reunions:presences", args=[reunion.pk]), {"q": q})
    assert list(page.context["lignes"]) == [zoe]


@pytest.mark.parametrize("nom", ["presences", "feuille"])
def test_one_or_many_people_cost_the_same(equipe, django_assert_num_queries, nom):
    reunion = ReunionFactory()

    def remplir(nombre):
        for _ in range(nombre):
            Representation.objects.create(
                participation=ParticipationFactory(reunion=reunion), structure=StructureFactory()
            )

    url = reverse(f"reunions:{nom}", args=[reunion.pk])
    remplir(1)
    equipe.get(url)
    for _ in range(2):
        with django_assert_num_queries({"presences": 7, "feuille": 6}[nom]):
            assert equipe.get(url).status_code == 200
        remplir(5)


def test_the_sheet_has_a_column_to_sign_and_lines_for_walk_ins(equipe):
    une = ParticipationFactory(nom="Lou", fonction="maire")
    page = equipe.get(reverse("reunions:feuille", args=[une.reunion_id])).content.decode()
    assert '<th scope="col">Signature</th>' in page
    assert page.count('<tr class="libre">') == 12
    assert "maire" in page
