"""What the database itself refuses of meetings, notes and actions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from reunions.models import Atelier, Participation, PostIt, Representation
from reunions.models.atelier import ALPHABET
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.reunions import (
    ActionFactory,
    AtelierFactory,
    AxeFactory,
    CategorieAxeFactory,
    ParticipantFactory,
    ParticipationFactory,
    PostItFactory,
    ReunionFactory,
)
from tests.reunions.garniture import garnir_reunions, modeles_vides

pytestmark = pytest.mark.django_db


def refuse(nom, faire):
    """`faire` breaks the constraint `nom`."""
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        faire()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert erreur.value.__cause__.diag.constraint_name == nom


def test_every_model_has_a_row_in_the_garniture():
    garnir_reunions(StructureFactory())
    assert modeles_vides() == set()


def test_an_announced_meeting_has_a_date():
    refuse("reunion_datee", lambda: ReunionFactory(debut=None))
    ReunionFactory(etat="brouillon", debut=None)
    ReunionFactory(etat="annulee", debut=None)


def test_a_meeting_ends_after_it_starts():
    debut = timezone.now()
    refuse("reunion_ordre", lambda: ReunionFactory(debut=debut, fin=debut))


def test_one_person_stands_for_several_structures_and_a_structure_is_both_present_and_excused():
    reunion, deux = ReunionFactory(), StructureFactory.create_batch(2)
    presente = ParticipationFactory(reunion=reunion, presence="present")
    excusee = ParticipationFactory(reunion=reunion, reponse="excuse")
    for structure in deux:
        Representation.objects.create(participation=presente, structure=structure)
    Representation.objects.create(participation=excusee, structure=deux[0])
    assert set(Participation.objects.presentes()) == {presente}
    assert set(Participation.objects.excusees()) == {excusee}


def test_a_person_is_invited_once_by_address_whatever_its_case_and_by_account():
    reunion, personne = ReunionFactory(), UtilisateurFactory()
    ParticipationFactory(reunion=reunion, courriel="Lou@example.org", utilisateur=personne)
    refuse("participation_une_par_adresse", lambda: ParticipationFactory(reunion=reunion, courriel="lou@EXAMPLE.org"))
    refuse(
        "participation_une_par_compte",
        lambda: ParticipationFactory(reunion=reunion, courriel="autre@example.org", utilisateur=personne),
    )
    ParticipationFactory(reunion=reunion, courriel="")
    ParticipationFactory(reunion=reunion, courriel="")


def test_seats_of_a_car_say_how_many_and_from_where():
    refuse("participation_covoiturage_entier", lambda: ParticipationFactory(covoiturage="propose"))


def test_codes_are_six_letters_without_look_alikes():
    assert not set("IOSZ") & set(ALPHABET)
    assert {len(AtelierFactory().code) for _ in range(3)} == {6}
    refuse("atelier_code_lisible", lambda: AtelierFactory(code="KMR4TB"))


@pytest.mark.parametrize(("couleur", "quota"), [("rose", 3), ("jaune", 2)])
def test_the_database_holds_the_quota_per_colour(couleur, quota):
    atelier = AtelierFactory(axes=2, quota_rose=3, quota_jaune=2)
    axe, autre_axe = atelier.axes.all()
    participant, autre = ParticipantFactory(atelier=atelier), ParticipantFactory(atelier=atelier)
    notes = [PostItFactory(axe=axe, participant=participant, couleur=couleur) for _ in range(quota)]
    refuse("postit_quota", lambda: PostItFactory(axe=autre_axe, participant=participant, couleur=couleur))
    PostItFactory(axe=axe, participant=autre, couleur=couleur)
    PostItFactory(axe=axe, couleur=couleur)  # from paper, of nobody: no quota
    PostIt.objects.filter(pk=notes[0].pk).update(texte="Changée", axe=autre_axe)
    notes[0].delete()
    PostItFactory(axe=axe, participant=participant, couleur=couleur)


def test_changing_the_colour_of_a_note_respects_the_quota():
    atelier = AtelierFactory(axes=1, quota_rose=1)
    participant, axe = ParticipantFactory(atelier=atelier), atelier.axes.get()
    PostItFactory(axe=axe, participant=participant, couleur="rose")
    jaune = PostItFactory(axe=axe, participant=participant, couleur="jaune")
    refuse("postit_quota", lambda: PostIt.objects.filter(pk=jaune.pk).update(couleur="rose"))


def test_a_note_is_of_its_participant_s_workshop_and_of_a_category_of_its_axis():
    atelier = AtelierFactory(axes=1)
    refuse("postit_participant_de_l_atelier", lambda: PostItFactory(axe=AxeFactory(), participant=ParticipantFactory()))
    categorie = CategorieAxeFactory()
    refuse("postit_categorie_de_son_axe", lambda: PostItFactory(axe=atelier.axes.get(), categorie=categorie))


def test_removing_a_category_keeps_its_notes():
    categorie = CategorieAxeFactory()
    note = PostItFactory(axe=categorie.axe, categorie=categorie)
    categorie.delete()
    note.refresh_from_db()
    assert note.categorie_id is None


def test_a_closed_workshop_and_a_closed_action_are_dated():
    atelier = AtelierFactory()
    refuse("atelier_clos_date", lambda: Atelier.objects.filter(pk=atelier.pk).update(phase="clos"))
    refuse("action_close_datee", lambda: ActionFactory(etat="faite", close_le=None))


def test_an_action_is_late_the_day_after_its_day():
    aujourdhui = timezone.localdate()
    assert not ActionFactory(echeance=aujourdhui).est_en_retard
    assert ActionFactory(echeance=aujourdhui - timedelta(days=1)).est_en_retard
    assert not ActionFactory(echeance=aujourdhui - timedelta(days=1), etat="faite").est_en_retard
