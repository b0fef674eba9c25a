"""One's own turn of the round table, by one's signed link: theirs alone, until the minutes are published."""

import pytest
from django.urls import reverse
from django.utils import timezone

from pole_ess.socle import liens
from reunions.actions import TransitionInterdite, tour_de_table, tour_personnel
from reunions.actions.tour_personnel import Personne
from reunions.compte_rendu import rassembler
from reunions.models import CompteRendu, Priorite, Representation, TourDeTable
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.reunions import AtelierFactory, ParticipantFactory, ParticipationFactory, ReunionFactory

pytestmark = pytest.mark.django_db
VIDE = tour_de_table.empreinte([])


@pytest.fixture
def reunion():
    return ReunionFactory(etat="tenue")


@pytest.fixture
def venue(reunion):
    return ParticipationFactory(reunion=reunion, presence="present", libelle="Amap", nom="Lou Martin")


@pytest.fixture
def participant(reunion):
    return ParticipantFactory(
        atelier=AtelierFactory(reunion=reunion), prenom="Camille", structure=StructureFactory(nom="Le Moulin")
    )


def par_lien(participation):
    return reverse("reunions:tour_lien", args=[liens.signer("reunion-invitation", {"p": participation.pk})])


def par_atelier(participant):
    return reverse("reunions:tour_participer", args=[liens.signer("atelier.participant", {"p": participant.pk})])


def publier(reunion):
    CompteRendu.objects.create(reunion=reunion, etat="publie", publie_le=timezone.now())


def dites(tour):
    return list(tour.priorites.values_list("texte", "origine"))


# -- the acts


def test_one_s_turn_is_found_and_who_typed_is_kept(venue):
    tour_de_table.dresser(venue.reunion)
    tour = venue.tours.get()
    tour_de_table.modifier(tour, libelle="L'Amap", priorites=["Acheter"])
    moi = Personne(venue.reunion, participation=venue)
    ecrit = tour_personnel.ecrire(moi, priorites=["Acheter", "Se connaître"], vue=tour_de_table.empreinte(["Acheter"]))
    assert ecrit == tour
    tour.refresh_from_db()
    assert tour.libelle == "L'Amap"
    assert dites(tour) == [("Acheter", "equipe"), ("Se connaître", "personne")]
    tour_de_table.modifier(tour, libelle="L'Amap", priorites=["Se connaître", "Prêter"])
    assert dites(tour) == [("Se connaître", "personne"), ("Prêter", "equipe")]


def test_a_turn_is_opened_once_at_the_end_and_drafting_does_not_double_it(venue):
    avant = TourDeTable.objects.create(reunion=venue.reunion, libelle="Première", ordre=4)
    moi = Personne(venue.reunion, participation=venue)
    for _ in range(2):
        tour = tour_personnel.ecrire(moi, priorites=["Acheter"], vue=VIDE)
    assert list(venue.reunion.tours.order_by("ordre")) == [avant, tour]
    assert (tour.libelle, tour_de_table.dresser(venue.reunion)) == ("Amap", 0)


@pytest.mark.parametrize("presence", ["inconnue", "excuse", "absent"])
def test_an_invited_person_who_is_not_there_waits(reunion, presence):
    moi = Personne(reunion, participation=ParticipationFactory(reunion=reunion, presence=presence))
    with pytest.raises(TransitionInterdite, match="noté votre arrivée"):
        tour_personnel.ecrire(moi, priorites=["Acheter"], vue=VIDE)
    assert not TourDeTable.objects.exists()


def test_nothing_typed_opens_no_turn_but_empties_one(venue):
    moi = Personne(venue.reunion, participation=venue)
    with pytest.raises(TransitionInterdite, match="au moins une"):
        tour_personnel.ecrire(moi, priorites=[], vue=VIDE)
    tour = tour_personnel.ecrire(moi, priorites=["Acheter"], vue=VIDE)
    tour_personnel.ecrire(moi, priorites=[], vue=tour_de_table.empreinte(["Acheter"]))
    assert dites(tour) == []


def test_somebody_of_the_workshop_is_named_by_the_structure_never_by_the_first_name(participant):
    moi = tour_personnel.du_participant(participant)
    tour = tour_personnel.ecrire(moi, priorites=["Acheter"], vue=VIDE)
    assert (tour.libelle, list(tour.participants.all())) == ("Le Moulin", [participant])
    sans = ParticipantFactory(atelier=participant.atelier, prenom="Dominique", structure=None)
    tour_personnel.ecrire(tour_personnel.du_participant(sans), priorites=["Prêter"], vue=VIDE)
    instantane = rassembler(participant.atelier.reunion)
    assert [t["qui"] for t in instantane["public"]["tours"]] == ["Le Moulin", "Une personne présente"]
    assert not any(prenom in str(instantane) for prenom in ("Camille", "Dominique"))


def test_with_an_account_the_workshop_s_link_reaches_the_line_of_the_attendance(reunion):
    personne = UtilisateurFactory()
    venue = ParticipationFactory(reunion=reunion, utilisateur=personne, presence="present", libelle="Amap")
    tour_de_table.dresser(reunion)
    participant = ParticipantFactory(atelier=AtelierFactory(reunion=reunion), utilisateur=personne)
    tour = tour_personnel.ecrire(tour_personnel.du_participant(participant), priorites=["Acheter"], vue=VIDE)
    assert list(reunion.tours.all()) == [tour] == list(venue.tours.all())
    sans_compte = tour_personnel.du_participant(ParticipantFactory(atelier=participant.atelier, utilisateur=None))
    assert tour_personnel.tour_de(sans_compte) is None


def test_another_s_turn_is_out_of_reach(venue, participant):
    tour_de_table.dresser(venue.reunion)
    sien = venue.tours.get()
    for moi in [
        tour_personnel.du_participant(participant),
        Personne(venue.reunion, participation=ParticipationFactory(reunion=venue.reunion, presence="present")),
    ]:
        assert tour_personnel.tour_de(moi) is None
        autre = tour_personnel.ecrire(moi, priorites=["À moi"], vue=VIDE)
        assert autre != sien
    assert dites(sien) == []


def test_two_people_who_speak_together_share_their_turn(venue, participant):
    tour_de_table.dresser(venue.reunion)
    sien, autre = venue.tours.get(), tour_personnel.du_participant(participant)
    second = tour_personnel.ecrire(autre, priorites=["Prêter"], vue=VIDE)
    tour_de_table.reunir(sien, avec=second)
    sien.refresh_from_db()
    assert (sien.libelle, dites(sien)) == ("Amap et Le Moulin", [("Prêter", "personne")])
    vue = tour_de_table.empreinte(["Prêter"])
    assert tour_personnel.ecrire(autre, priorites=["Prêter", "Acheter"], vue=vue) == sien
    troisieme = tour_personnel.ecrire(
        tour_personnel.du_participant(ParticipantFactory(atelier=participant.atelier)), priorites=["Non"], vue=VIDE
    )
    tour_de_table.reunir(sien, avec=troisieme)  # the second person of the workshop may be the first of the attendance
    with pytest.raises(TransitionInterdite, match="deux ensemble"):
        encore = ParticipantFactory(atelier=participant.atelier)
        tour = tour_personnel.ecrire(tour_personnel.du_participant(encore), priorites=["Non"], vue=VIDE)
        tour_de_table.reunir(sien, avec=tour)


def test_one_person_known_twice_keeps_one_name(reunion):
    structure = StructureFactory(nom="Le Moulin")
    venue = ParticipationFactory(reunion=reunion, presence="present", nom="Lou", libelle="")
    Representation.objects.create(participation=venue, structure=structure)
    tour_de_table.dresser(reunion)
    double = ParticipantFactory(atelier=AtelierFactory(reunion=reunion), structure=structure)
    second = tour_personnel.ecrire(tour_personnel.du_participant(double), priorites=["Prêter"], vue=VIDE)
    tour_de_table.reunir(venue.tours.get(), avec=second)
    assert reunion.tours.get().libelle == "Le Moulin"


def test_whoever_typed_at_once_is_told_and_nothing_is_lost(venue):
    tour_de_table.dresser(venue.reunion)
    moi, tour = Personne(venue.reunion, participation=venue), venue.tours.get()
    tour_de_table.modifier(tour, libelle="Amap", priorites=["Saisie entre-temps"], vue=VIDE)
    with pytest.raises(tour_de_table.PrioritesChangees, match="Saisie entre-temps"):
        tour_personnel.ecrire(moi, priorites=["La mienne"], vue=VIDE)
    tour_personnel.ecrire(moi, priorites=["La mienne"], vue=tour_de_table.empreinte(["Saisie entre-temps"]))
    with pytest.raises(tour_de_table.PrioritesChangees):
        tour_de_table.modifier(tour, libelle="Amap", priorites=["Encore"], vue=VIDE)
    assert dites(tour) == [("La mienne", "personne")]


# -- the pages


@pytest.mark.parametrize("lien", ["invitation", "atelier"])
def test_get_shows_post_acts_and_staff_see_who_typed(client, animateur, venue, participant, lien):
    adresse = par_lien(venue) if lien == "invitation" else par_atelier(participant)
    page = client.get(adresse)
    assert "jusqu'à la publication du compte rendu" in page.content.decode()
    assert not TourDeTable.objects.exists()
    envoi = {"priorites": "- Acheter ensemble\n- Prêter", "vue": page.context["form"]["vue"].value()}
    assert client.post(adresse, envoi).url == adresse
    page = client.get(adresse).content.decode()
    assert "Acheter ensemble\nPrêter" in page
    assert "<strong>Amap</strong>" in page if lien == "invitation" else "<strong>Le Moulin</strong>" in page
    client.force_login(animateur)
    page = client.get(reverse("reunions:tour_de_table", args=[venue.reunion_id])).content.decode()
    assert "Écrit par la personne elle-même : « Acheter ensemble » ; « Prêter »" in page
    assert ("Camille, Le Moulin" in page) is (lien == "atelier")


def test_once_the_minutes_are_published_it_is_read_and_nothing_is_lost(client, venue):
    tour_de_table.dresser(venue.reunion)
    tour_de_table.modifier(venue.tours.get(), libelle="Amap", priorites=["Déjà dite"])
    publier(venue.reunion)
    page = client.get(par_lien(venue)).content.decode()
    assert ("Le compte rendu est publié" in page, "Déjà dite" in page, "<textarea" in page) == (True, True, False)
    page = client.post(par_lien(venue), {"priorites": "Trop tard", "vue": "x"}).content.decode()
    assert ("Le compte rendu est publié" in page, "Trop tard" in page) == (True, True)
    assert list(Priorite.objects.values_list("texte", flat=True)) == ["Déjà dite"]


def test_a_conflict_comes_back_with_both_texts_and_the_next_press_keeps_mine(client, venue):
    vue = client.get(par_lien(venue)).context["form"]["vue"].value()
    tour_de_table.dresser(venue.reunion)
    tour_de_table.modifier(venue.tours.get(), libelle="Amap", priorites=["De l'équipe"])
    page = client.post(par_lien(venue), {"priorites": "La mienne", "vue": vue})
    texte = page.content.decode()
    assert ("De l&#x27;équipe" in texte, "La mienne" in texte) == (True, True)
    client.post(par_lien(venue), {"priorites": "La mienne", "vue": page.context["form"]["vue"].value()})
    assert dites(venue.tours.get()) == [("La mienne", "personne")]


def test_staff_too_are_told_of_what_a_person_wrote_meanwhile(client, animateur, venue):
    tour_de_table.dresser(venue.reunion)
    tour = venue.tours.get()
    client.force_login(animateur)
    adresse = reverse("reunions:tour_de_table", args=[venue.reunion_id])
    vue = client.get(adresse).context["tours"][0].form["vue"].value()
    tour_personnel.ecrire(Personne(venue.reunion, participation=venue), priorites=["La mienne"], vue=VIDE)
    envoi = {"geste": "ecrire", "ligne": tour.pk, "libelle": "Amap", "priorites": "De l'équipe", "vue": vue}
    page = client.post(adresse, envoi).content.decode()
    assert ("La mienne" in page, "De l&#x27;équipe" in page) == (True, True)
    assert dites(tour) == [("La mienne", "personne")]


@pytest.mark.parametrize("presence", ["inconnue", "present"])
def test_the_invitation_leads_to_it_once_one_is_there(client, reunion, presence):
    une = ParticipationFactory(reunion=reunion, presence=presence)
    jeton = liens.signer("reunion-invitation", {"p": une.pk})
    page = client.get(reverse("reunions:repondre_lien", args=[jeton])).content.decode()
    assert (reverse("reunions:tour_lien", args=[jeton]) in page) is (presence == "present")
    texte = client.get(par_lien(une)).content.decode()
    assert ("noté votre arrivée" in texte) is (presence != "present")


def test_the_workshop_s_page_leads_to_it(client, participant):
    jeton = liens.signer("atelier.participant", {"p": participant.pk})
    page = client.get(reverse("reunions:atelier_ecrire", args=[jeton])).content.decode()
    assert reverse("reunions:tour_participer", args=[jeton]) in page


@pytest.mark.parametrize("nom", ["tour_lien", "tour_participer"])
@pytest.mark.parametrize(("objectif", "charge"), [("autre", {"p": 1}), ("reunion-invitation", {"p": 0}), (None, None)])
def test_other_links_open_nothing(client, venue, nom, objectif, charge):
    jeton = liens.signer(objectif, charge) if objectif else "abimé"
    assert client.get(reverse(f"reunions:{nom}", args=[jeton])).status_code in (404, 410)


@pytest.mark.parametrize(
    ("envoi", "dit"),
    [
        ({"priorites": "x" * 501}, "500 au plus"),
        ({"priorites": "\n".join(str(n) for n in range(13))}, "12 au plus"),
        ({"priorites": " \n "}, "au moins une"),
        ({"priorites": "a\x00b"}, "invisible"),
        ({"priorites": "Bien", "vue": "y" * 17}, "16"),
        ({}, "au moins une"),
    ],
)
def test_bad_input_is_said_and_kept(client, venue, envoi, dit):
    page = client.post(par_lien(venue), envoi)
    assert page.status_code == 200
    assert dit in page.content.decode()
    assert not Priorite.objects.exists()


def test_too_many_posts_wait(client, venue):
    tour_de_table.dresser(venue.reunion)
    for _ in range(60):
        assert client.post(par_lien(venue), {"priorites": ""}).status_code == 302
    page = client.post(par_lien(venue), {"priorites": "Encore"})
    assert (page.status_code, "Encore" in page.content.decode()) == (429, True)


@pytest.mark.parametrize("nombre", [1, 8])
def test_the_page_asks_as_much_whatever_the_round_table(client, venue, participant, nombre, nombre_de_requetes):
    for rang in range(nombre):
        tour_de_table.ajouter(venue.reunion, libelle=f"Autre {rang}")
    moi = Personne(venue.reunion, participation=venue)
    tour_personnel.ecrire(moi, priorites=[f"Une {rang}" for rang in range(nombre)], vue=VIDE)
    tour_personnel.ecrire(tour_personnel.du_participant(participant), priorites=["Une"], vue=VIDE)
    assert nombre_de_requetes(lambda: client.get(par_lien(venue))) == 6
    assert nombre_de_requetes(lambda: client.get(par_atelier(participant))) == 5
