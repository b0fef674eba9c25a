"""What the database itself refuses, and what its triggers keep in step."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ressources.categories import charger
from ressources.models import Annonce, Categorie, MotAnnonce, Reservation
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.ressources import (
    AnnonceFactory,
    CalendrierFactory,
    CategorieFactory,
    MiseEnRelationFactory,
    ReservationFactory,
    plage,
)

pytestmark = pytest.mark.django_db


def dans(jours: int, duree: int = 1):
    debut = timezone.now().replace(microsecond=0) + timedelta(days=jours)
    return plage(debut, debut + timedelta(days=duree))


def refuse(contrainte: str, faire, *args, **kwargs):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        faire(*args, **kwargs)


@pytest.mark.parametrize(
    ("contrainte", "valeurs"),
    [
        ("annonce_prix_du_mode", {"mode": "don", "prix": 10}),
        ("annonce_prix_dit", {"mode": "vente"}),
        ("annonce_sur_demande_du_mode", {"mode": "pret", "prix_sur_demande": True}),
        ("annonce_caution_du_mode", {"mode": "don", "caution": 50}),
        ("annonce_publiee_datee", {"expire_le": None}),
        ("annonce_complete", {"mode": ""}),
        ("annonce_partage_d_une_offre", {"sens": "besoin", "partage": "choisi"}),
        ("annonce_lot_jamais_depasse", {"partage": "choisi", "quantite": 5, "quantite_prise": 6}),
        ("annonce_nature_connue", {"nature": "chose"}),
        ("annonce_quantite", {"quantite": 0}),
    ],
)
def test_annonce_refuses_what_makes_no_sense(contrainte, valeurs):
    refuse(contrainte, AnnonceFactory, **valeurs)


def test_need_may_have_no_price_and_draft_may_be_unfinished():
    AnnonceFactory(sens="besoin", mode="vente")
    AnnonceFactory(etat="brouillon", mode="", titre="")


def test_search_column_follows_structure_commune_and_category():
    categorie = CategorieFactory(nom="Projection", synonymes="rétroprojecteur")
    annonce = AnnonceFactory(categorie=categorie, structure__nom="La Palabre", structure__sigle="LP")
    for mot in ["Projection", "rétroprojecteur", "La Palabre", "LP", annonce.commune.nom]:
        assert mot in annonce.recherche
    categorie.synonymes = "barco"
    categorie.save()
    annonce.structure.nom = "Le Bavard"
    annonce.structure.save()
    annonce.commune.nom = "Vichybourg"
    annonce.commune.save()
    annonce.refresh_from_db()
    for mot in ["barco", "Le Bavard", "Vichybourg"]:
        assert mot in annonce.recherche
    assert "La Palabre" not in annonce.recherche


def test_point_is_the_structures_in_its_commune_and_the_communes_elsewhere():
    ici, ailleurs = CommuneFactory(latitude=46.1, longitude=3.4), CommuneFactory(latitude=46.5, longitude=3.1)
    structure = StructureFactory(commune=ici, latitude=46.12, longitude=3.43, position_origine="adresse")
    assert AnnonceFactory(structure=structure).latitude == 46.12
    annonce = AnnonceFactory(structure=structure, commune=ailleurs)
    assert (annonce.latitude, annonce.longitude) == (46.5, 3.1)
    ailleurs.latitude = 46.6
    ailleurs.save()
    annonce.refresh_from_db()
    assert annonce.latitude == 46.6


def test_archived_structure_takes_its_announcements_out_of_sight_and_back():
    annonce = AnnonceFactory(titre="Chapiteau bleu")
    assert Annonce.objects.ouvertes().contains(annonce)
    annonce.structure.etat = "archivee"
    annonce.structure.save()
    assert not Annonce.objects.publiees().contains(annonce)
    assert not MotAnnonce.objects.filter(mot="chapiteau").exists()
    annonce.structure.etat = "publiee"
    annonce.structure.save()
    assert Annonce.objects.ouvertes().contains(annonce)
    assert MotAnnonce.objects.filter(mot="chapiteau").exists()


def test_words_are_those_of_published_announcements_only():
    AnnonceFactory(titre="Trampoline", etat="brouillon")
    assert not MotAnnonce.objects.filter(mot="trampoline").exists()


def test_expiry_is_derived_and_leaves_search():
    annonce = AnnonceFactory(expire_le=timezone.localdate() - timedelta(days=1))
    assert annonce.est_expiree
    assert not annonce.est_ouverte
    assert not Annonce.objects.ouvertes().exists()
    assert Annonce.objects.expirees().get() == annonce


def test_conversation_is_between_two_structures_once():
    relation = MiseEnRelationFactory()
    refuse("relation_une_fois", MiseEnRelationFactory, annonce=relation.annonce, structure=relation.structure)
    refuse("relation_a_deux", MiseEnRelationFactory, annonce=relation.annonce, structure=relation.annonceur)


def test_exclusive_resource_is_never_booked_twice():
    calendrier = CalendrierFactory(genre="exclusif")
    ReservationFactory(calendrier=calendrier, periode=dans(1, 3), etat="confirmee")
    ReservationFactory(calendrier=calendrier, periode=dans(2, 1), etat="demandee")
    refuse("reservation_jamais_deux", ReservationFactory, calendrier=calendrier, periode=dans(2), etat="confirmee")
    ReservationFactory(calendrier=calendrier, periode=dans(4), etat="confirmee")


def test_pool_never_passes_its_capacity_at_its_peak():
    calendrier = CalendrierFactory(genre="pool", capacite=100)
    ReservationFactory(calendrier=calendrier, periode=dans(1, 2), quantite=60, etat="confirmee")
    ReservationFactory(calendrier=calendrier, periode=dans(3, 2), quantite=60, etat="confirmee")
    refuse(
        "holds 100 pieces", ReservationFactory, calendrier=calendrier, periode=dans(2, 3), quantite=41, etat="confirmee"
    )
    ReservationFactory(calendrier=calendrier, periode=dans(2, 3), quantite=40, etat="remise")
    with pytest.raises(IntegrityError, match="more pieces booked"), transaction.atomic():
        calendrier.capacite = 99
        calendrier.save()


def test_booking_follows_the_kind_of_its_calendar_and_the_kind_stays():
    calendrier = CalendrierFactory(genre="pool", capacite=3)
    refuse("kind", ReservationFactory, calendrier=calendrier, exclusive=True, etat="confirmee")
    ReservationFactory(calendrier=calendrier, etat="confirmee")
    with pytest.raises(IntegrityError, match="kind stays"), transaction.atomic():
        calendrier.genre, calendrier.capacite = "exclusif", 1
        calendrier.save()


@pytest.mark.parametrize("periode", ["empty", "(,2030-01-01)", "[2030-01-01,)", "[2030-01-01,2030-01-02]"])
def test_booking_period_is_finite_and_half_open(periode):
    reservation = ReservationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=reservation.pk).update(periode=periode, blocage=periode)


def test_categories_load_once_and_keep_what_staff_changed():
    assert charger() > 50
    Categorie.objects.filter(slug="mobilier").update(nom="Meubles")
    assert charger() == 0
    assert Categorie.objects.get(slug="mobilier").nom == "Meubles"
    assert set(Categorie.objects.values_list("nature", flat=True)) == {
        "materiel", "local", "competence", "artiste", "entraide", "benevolat", "formation", "achat_groupe",
    }  # fmt: skip
