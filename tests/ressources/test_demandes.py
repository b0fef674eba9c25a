"""Unmet demand: what is kept, once; what is grouped, and where; who sees what; where one click leads."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.models import Bloc, Numero
from ressources.actions import demandes, reservations
from ressources.models import Annonce, Bilan, DemandeSansReponse
from ressources.rapprochement.demandes import regrouper
from ressources.tasks import demandes as taches
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory, MiseEnRelationFactory, ReservationFactory
from tests.factories.reunions import ReunionFactory

pytestmark = pytest.mark.django_db
URL = "ressources:demandes"


def dans(jours):
    return timezone.localdate() + timedelta(days=jours)


def expire(**valeurs):
    besoin = BesoinFactory(**valeurs)
    Annonce.objects.filter(pk=besoin.pk).update(expire_le=dans(-5))
    return besoin


def notees():
    return sorted(DemandeSansReponse.objects.values_list("genre", "titre"))


def test_what_found_nothing_is_kept_once_and_the_rest_is_not():
    expire(titre="Sono")
    retire = BesoinFactory(titre="Salle", etat="retiree", publiee_le=timezone.now())
    BesoinFactory(titre="Encore ouvert")
    BesoinFactory(titre="Jamais paru", etat="retiree", publiee_le=None)
    vieux = BesoinFactory(titre="Trop vieux")
    Annonce.objects.filter(pk=vieux.pk).update(expire_le=dans(-120))
    AnnonceFactory(titre="Une offre", etat="retiree", publiee_le=timezone.now())
    MiseEnRelationFactory(annonce=expire(titre="Conclue"), etat="conclue")
    MiseEnRelationFactory(annonce=expire(titre="Sans suite"), etat="sans_suite")
    dit = expire(titre="Trouvé ailleurs")
    Bilan.objects.create(annonce=dit, structure=dit.structure, avec_libre="Un voisin")
    for _ in range(2):
        taches.relever_demandes.func(0)
    assert notees() == [("expiree", "Sans suite"), ("expiree", "Sono"), ("retiree", "Salle")]
    assert DemandeSansReponse.objects.get(annonce=retire).le == timezone.localdate()


def test_what_finds_an_answer_afterwards_leaves():
    besoin, prolonge = expire(titre="Sono"), expire(titre="Salle")
    assert demandes.relever() == 2
    MiseEnRelationFactory(annonce=besoin, etat="conclue")
    Annonce.objects.filter(pk=prolonge.pk).update(expire_le=dans(60))
    assert demandes.relever() == 0


def test_a_refused_booking_is_kept_with_the_refusal(referent):
    reservation = ReservationFactory(calendrier__annonce__titre="Barnum pliant")
    reservations.refuser(reservation, par=referent, motif="Déjà pris")
    assert notees() == [("refusee", "Barnum pliant")]
    demandes.relever()
    assert DemandeSansReponse.objects.get().structure == reservation.structure


def test_a_refusal_that_was_missed_is_found_at_night():
    ReservationFactory(etat="refusee", decidee_le=timezone.now())
    assert demandes.relever() == 1


def commune(nom, latitude, longitude=3.42):
    code = f"03{abs(hash(nom)) % 900 + 50:03d}"
    return CommuneFactory(code=code, nom=nom, latitude=latitude, longitude=longitude)


def chercher(*titres, lieu=None, **valeurs):
    for titre in titres:
        expire(titre=titre, structure=StructureFactory(commune=lieu), **valeurs)


def groupes():
    demandes.relever()
    return [
        (g.nombre, g.mot, g.commune.nom if g.commune else None, g.offres)
        for g in regrouper(DemandeSansReponse.objects.recentes().pour_regrouper())
    ]


def test_the_same_thing_around_the_same_place_is_one_group():
    vichy, moulins = commune("Vichy", 46.12), commune("Moulins", 46.56)
    chercher(
        "Cherche vidéoprojecteur",
        "Vidéo-projecteur pour une soirée",
        "Un rétroprojecteur ou vidéoprojecteur",
        lieu=vichy,
    )
    chercher("Vidéoprojecteur", "Vidéoprojecteur le samedi", lieu=moulins)
    chercher("Remorque à vélo", lieu=vichy)
    trouves = groupes()
    assert [(n, lieu, offres) for n, mot, lieu, offres in trouves if "projecteur" in mot] == [
        (3, "Vichy", 0), (2, "Moulins", 0),
    ]  # fmt: skip
    assert (1, "Remorque à vélo", "Vichy", 0) in trouves


def test_it_bears_the_name_that_most_gave_it():
    chercher(
        "Groupe électrogène", "Cherche un groupe électrogène", "Électrogène silencieux", "Cherche sono", "Cherche sono"
    )
    assert sorted(mot for _, mot, _, _ in groupes()) == ["groupe électrogène", "sono"]


def test_one_structure_that_asks_twice_is_one():
    structure = StructureFactory()
    expire(titre="Sono portable", structure=structure)
    expire(titre="Sono pour le bal", structure=structure)
    chercher("Sono du comité")
    assert [n for n, mot, _, _ in groupes() if "sono" in mot.lower()] == [2]


def test_natures_are_apart_and_open_offers_are_counted():
    chercher("Accordéon", "Accordéon", nature="materiel")
    chercher("Accordéon", "Accordéon", nature="artiste", mode="service_gratuit")
    AnnonceFactory(titre="Accordéon diatonique", nature="materiel")
    AnnonceFactory(titre="Accordéon", nature="materiel", etat="retiree")
    assert sorted((n, offres) for n, _, _, offres in groupes()) == [(2, 0), (2, 1)]


@pytest.fixture
def cinq(db):
    chercher(*["Vidéoprojecteur"] * 5)
    chercher("Remorque", "Remorque")
    demandes.relever()


def texte(reponse):
    return reponse.content.decode().replace("\u00a0", " ")


def test_all_see_what_three_share_without_a_name(client, cinq, animateur):
    page = texte(client.get(reverse(URL)))
    assert "5 structures ont cherché" in page
    assert "Remorque" not in page
    noms = DemandeSansReponse.objects.values_list("structure__nom", flat=True)
    assert not [nom for nom in noms if nom in page]
    client.force_login(animateur)
    page = texte(client.get(reverse(URL)))
    assert "Remorque" in page
    assert all(nom.replace("'", "&#x27;") in page for nom in noms)


def test_a_skill_opens_a_shared_post_and_the_rest_a_purchase(client, animateur):
    chercher("Juriste", nature="competence", mode="service_payant")
    chercher("Remorque")
    demandes.relever()
    client.force_login(animateur)
    page = texte(client.get(reverse(URL)))
    assert f'{reverse("ressources:poste_creer")}?titre=Juriste"' in page
    assert f'{reverse("ressources:achat_creer")}?titre=Remorque"' in page


def test_staff_put_a_group_away(client, cinq, animateur, referent):
    groupe = regrouper(DemandeSansReponse.objects.recentes().pour_regrouper())[0]
    client.force_login(referent)
    assert client.post(reverse(URL), {"cles": groupe.cles}).status_code == 403
    client.force_login(animateur)
    client.post(reverse(URL), {"cles": groupe.cles})
    demandes.relever()
    assert "5 structures" not in texte(client.get(reverse(URL)))
    for abime in ("", "1,x", "²", "9" * 40):
        assert client.post(reverse(URL), {"cles": abime}).status_code == 302


def test_a_call_reaches_the_next_letter_once(client, animateur):
    client.force_login(animateur)
    url = reverse("newsletter:appel")
    page = texte(client.get(url, {"titre": "Vidéoprojecteur", "nombre": "5"}))
    assert "5 structures du territoire ont cherché ces derniers mois : **vidéoprojecteur**" in page
    assert not Numero.objects.exists()
    donnees = {"titre": "Qui peut aider : vidéoprojecteur ?", "texte": "Cinq structures en cherchent un."}
    for _ in range(2):
        assert client.post(url, donnees).status_code == 302
    bloc = Bloc.objects.get(genre="texte")
    assert (bloc.titre, bloc.ordre) == ("Qui peut aider : vidéoprojecteur ?", 0)
    apercu = texte(client.get(reverse("newsletter:apercu_cadre", args=[bloc.numero_id])))
    assert "Cinq structures en cherchent un." in apercu


def test_a_point_is_typed_in_the_next_agenda(client, animateur):
    client.force_login(animateur)
    url = reverse("reunions:point_a_proposer")
    assert client.get(url, {"titre": "Vidéoprojecteur"})["Location"] == reverse("reunions:reunion_creer")
    reunion = ReunionFactory(debut=timezone.now() + timedelta(days=9))
    page = texte(client.get(url, {"titre": "Vidéoprojecteur"}, follow=True))
    assert 'value="Vidéoprojecteur"' in page
    assert reunion.points.count() == 0


@pytest.mark.parametrize("nombre", [2, 12])
def test_the_page_costs_the_same(client, animateur, django_assert_num_queries, nombre):
    for rang in range(nombre):
        chercher(f"Objet{rang:03d} rare", f"Objet{rang:03d} rare", lieu=commune(f"Lieu {rang}", 46 + rang / 10))
    demandes.relever()
    client.force_login(animateur)
    client.get(reverse(URL))
    with django_assert_num_queries(7):
        client.get(reverse(URL))
