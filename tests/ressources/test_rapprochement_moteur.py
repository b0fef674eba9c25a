"""The engine: what goes together, what must not, and the words that say why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annuaire.models import Competence
from ressources.categories import charger
from ressources.models import Categorie, Fermeture, Periode, Rapprochement
from ressources.rapprochement import chercher, chercher_tous
from ressources.rapprochement.dates import dire_jour
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.ressources import (
    AnnonceFactory,
    BesoinFactory,
    CalendrierFactory,
    LotFactory,
    ReservationFactory,
    plage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _categories():
    charger()


def categorie(slug):
    return Categorie.objects.get(slug=slug)


def offres(besoin):
    return [accord.annonce for accord in chercher(besoin) if accord.annonce]


def raisons(besoin):
    (accord,) = chercher(besoin)
    return accord.raisons


def projecteur(**valeurs):
    return AnnonceFactory(titre="Vidéoprojecteur", categorie=categorie("projection"), **valeurs)


def cherche_projecteur(**valeurs):
    return BesoinFactory(titre="Cherche vidéoprojecteur", categorie=categorie("projection"), **valeurs)


def dans(jours):
    return timezone.localdate() + timedelta(days=jours)


def libre(annonce, debut, fin):
    Periode.objects.create(annonce=annonce, debut=dans(debut), fin=dans(fin))


def test_les_deux_sens_se_trouvent_et_disent_pourquoi():
    besoin, offre = cherche_projecteur(), projecteur()
    assert offres(besoin) == [offre] and [a.annonce for a in chercher(offre)] == [besoin]
    dites = raisons(besoin)
    assert "même catégorie : Projection et vidéo" in dites and "en commun : vidéoprojecteur" in dites
    assert "gratuit" in dites


def test_la_fraicheur_dite_est_celle_de_la_fiche_d_en_face():
    verifiee = StructureFactory(verifiee_le=timezone.localdate().replace(month=3, day=1))
    besoin, offre = cherche_projecteur(), projecteur(structure=verifiee)
    assert any(raison.startswith("fiche vérifiée en mars") for raison in raisons(besoin))
    assert not any("vérifiée" in raison for raison in raisons(offre))


def test_le_mot_montre_est_celui_qui_a_ete_ecrit():
    AnnonceFactory(titre="Trampoline pliable")
    assert "en commun : trampoline" in raisons(BesoinFactory(titre="Cherche trampoline"))


@pytest.mark.parametrize(
    ("besoin", "offre"),
    [
        ("De quoi projeter un film", "Vidéoprojecteur"),
        ("Rétroprojecteur", "Vidéoprojecteur"),
        ("Frigo", "Réfrigérateur top"),
        ("Tonnelle pour un marché", "Barnum pliant"),
        ("Sièges pour une conférence", "Chaises pliantes"),
    ],
)
def test_les_synonymes_se_trouvent(besoin, offre):
    besoin, offre = BesoinFactory(titre=besoin, description=""), AnnonceFactory(titre=offre, description="")
    assert offres(besoin) == [offre]


@pytest.mark.parametrize(
    ("besoin", "offre"),
    [
        ("Table de mixage", {"titre": "Tables de jardin en résine"}),
        ("Tables de jardin", {"titre": "Table de mixage 12 voies"}),
        ("Barrières pour une course", {"titre": "Gestes barrières", "nature": "formation", "mode": "service_gratuit"}),
        ("Machine à coudre", {"titre": "Cours de couture", "nature": "formation", "mode": "service_gratuit"}),
        ("Fauteuil roulant", {"titre": "Fauteuil de conférence"}),
        ("Siège auto", {"titre": "Sièges de conférence"}),
    ],
)
def test_les_memes_mots_pour_autre_chose_ne_se_trouvent_pas(besoin, offre):
    AnnonceFactory(**({"description": ""} | offre))
    assert offres(BesoinFactory(titre=besoin, description="")) == []


def test_la_meme_categorie_sans_la_chose_ne_suffit_pas():
    AnnonceFactory(titre="Armoires métalliques", description="", categorie=categorie("mobilier"))
    assert offres(BesoinFactory(titre="Chaises", description="", categorie=categorie("mobilier"))) == []


def test_trop_loin_ou_juste_a_cote():
    ici, la_bas = CommuneFactory(latitude=46.13, longitude=3.42), CommuneFactory(latitude=46.34, longitude=2.6)
    voisin = CommuneFactory(latitude=46.20, longitude=3.42)
    besoin = cherche_projecteur(structure=StructureFactory(commune=ici))
    projecteur(structure=StructureFactory(commune=la_bas))
    assert offres(besoin) == []
    proche = projecteur(structure=StructureFactory(commune=voisin))
    assert offres(besoin) == [proche] and "à 8 km" in raisons(besoin)


@pytest.mark.parametrize(
    ("rayon", "presence", "trouve"),
    [(None, "sur_place", False), (150, "sur_place", True), (None, "a_distance", True), (10, "sur_place", False)],
)
def test_le_rayon_et_la_distance_d_une_competence(rayon, presence, trouve):
    ici, loin = CommuneFactory(latitude=46.13, longitude=3.42), CommuneFactory(latitude=45.76, longitude=4.84)
    comptable = {"nature": "competence", "mode": "service_gratuit", "titre": "Comptable"}
    besoin = BesoinFactory(**comptable, structure=StructureFactory(commune=ici))
    AnnonceFactory(**comptable, presence=presence, structure=StructureFactory(commune=loin, rayon_intervention=rayon))
    assert bool(offres(besoin)) is trouve


def test_les_jours_se_rencontrent_ou_pas():
    besoin, offre = cherche_projecteur(), projecteur()
    libre(besoin, 20, 22)
    libre(offre, 30, 40)
    assert offres(besoin) == []
    libre(offre, 21, 25)
    assert offres(besoin) == [offre] and f"libre le {dire_jour(dans(21))}" in raisons(besoin)


def test_ce_qui_est_deja_reserve_ou_ferme_n_est_pas_libre():
    besoin, offre = cherche_projecteur(), projecteur()
    libre(besoin, 10, 12)
    calendrier = CalendrierFactory(annonce=offre)
    minuit = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    prise = ReservationFactory(calendrier=calendrier, periode=plage(minuit + timedelta(10), minuit + timedelta(12)))
    assert f"libre le {dire_jour(dans(10))}" in raisons(besoin)  # only asked for: still free
    prise.etat = "confirmee"
    prise.save()
    assert f"libre le {dire_jour(dans(12))}" in raisons(besoin)
    Fermeture.objects.create(
        calendrier=calendrier, genre="panne", periode=plage(minuit + timedelta(12), minuit + timedelta(13))
    )
    assert offres(besoin) == []


def test_la_quantite():
    besoin = BesoinFactory(titre="100 chaises", quantite=100)
    AnnonceFactory(titre="Douze chaises", quantite=12)
    assert offres(besoin) == []
    AnnonceFactory(titre="Chaises", quantite=80)
    assert "80 sur les 100 cherchés" in raisons(besoin)


@pytest.mark.parametrize(("places", "trouve"), [(20, False), (45, True), (200, True), (None, True)])
def test_la_capacite_d_une_salle(places, trouve):
    salle = {"nature": "local", "titre": "Salle de réunion", "categorie": categorie("salle-de-reunion")}
    besoin = BesoinFactory(**salle, capacite=50)
    AnnonceFactory(**salle, capacite=places)
    assert bool(offres(besoin)) is trouve
    assert places is None or not trouve or f"{places} personnes" in raisons(besoin)


def test_d_un_lot_compte_ce_qui_reste():
    besoin = BesoinFactory(titre="Ordinateurs de bureau", mode="don", quantite=5)
    lot = LotFactory(quantite=20, quantite_prise=18)
    assert offres(besoin) == []
    lot.quantite_prise = 10
    lot.save()
    assert offres(besoin) == [lot]


def test_le_budget():
    besoin = cherche_projecteur(mode="location", prix=30, prix_unite="jour")
    projecteur(mode="location", prix=100, prix_unite="jour")
    assert offres(besoin) == []
    abordable = projecteur(mode="location", prix=50, prix_unite="week_end")
    assert offres(besoin) == [abordable] and "dans le budget" in raisons(besoin)


def test_a_vendre_quand_un_don_est_cherche_passe_apres_et_le_dit():
    besoin = cherche_projecteur(mode="don")
    vendu, donne = projecteur(mode="vente", prix=50, prix_unite="total"), projecteur(mode="don")
    assert offres(besoin) == [donne, vendu]
    assert "à vendre, alors qu'un échange gratuit est cherché" in chercher(besoin)[1].raisons


def test_jamais_les_siennes_ni_les_fermees():
    besoin = cherche_projecteur()
    projecteur(structure=besoin.structure)
    projecteur(etat="pourvue")
    projecteur(expire_le=dans(-1))
    projecteur(structure=StructureFactory(etat="archivee"))
    projecteur(sens="besoin")
    assert chercher(besoin) == []
    besoin.etat, besoin.expire_le = "publiee", dans(-1)
    projecteur()
    assert chercher(besoin) == []  # nothing for one that is closed


@pytest.mark.parametrize("colonne", ["ecarte_par_besoin_le", "ecarte_par_offre_le"])
def test_ce_qui_est_ecarte_ne_revient_pas(colonne):
    besoin, offre = cherche_projecteur(), projecteur()
    Rapprochement.objects.create(besoin=besoin, offre=offre, **{colonne: timezone.now()})
    assert chercher(besoin) == [] and chercher(offre) == []


def avec_competence(nom, **valeurs):
    structure = StructureFactory(**valeurs)
    structure.competences.add(Competence.objects.get_or_create(nom=nom, slug=nom.lower())[0])
    return structure


def test_une_fiche_sans_annonce_repond_a_un_besoin_de_competence():
    besoin = BesoinFactory(nature="competence", mode="service_gratuit", titre="Aide en comptabilité", description="")
    sachant = avec_competence("Comptabilité")
    avec_competence("Jardinage")
    (accord,) = chercher(besoin)
    assert accord.structure == sachant
    assert accord.raisons[0] == "compétence indiquée sur sa fiche : comptabilité"
    # Once it has an offer of its own, the offer speaks for it.
    AnnonceFactory(structure=sachant)
    assert chercher(besoin) == []


def test_trois_fiches_au_plus_jamais_la_sienne_ni_celle_ecartee():
    besoin = BesoinFactory(
        nature="formation",
        mode="service_gratuit",
        titre="Comptabilité",
        description="",
        structure=avec_competence("Comptabilité"),
    )
    siennes = [avec_competence("Comptabilité") for _ in range(4)]
    accords = chercher(besoin)
    assert len(accords) == 3 and {a.structure for a in accords} <= set(siennes)
    Rapprochement.objects.create(besoin=besoin, structure=accords[0].structure, ecarte_par_besoin_le=timezone.now())
    assert accords[0].structure not in [a.structure for a in chercher(besoin)]


def test_une_fiche_ne_repond_pas_a_un_besoin_de_materiel():
    avec_competence("Vidéoprojecteur")
    assert chercher(cherche_projecteur()) == []


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre(django_assert_num_queries):
    def monde(combien):
        besoins = [cherche_projecteur() for _ in range(combien)]
        besoins += [BesoinFactory(nature="competence", mode="service_gratuit", titre="Comptabilité")]
        for _ in range(combien):
            offre = projecteur()
            libre(offre, 1, 30)
            ReservationFactory(calendrier=CalendrierFactory(annonce=offre), etat="confirmee")
            avec_competence("Comptabilité")
        return [type(b).objects.select_related("structure").get(pk=b.pk) for b in besoins]

    chercher(cherche_projecteur())  # the vocabulary is read once per process
    for combien in (1, 4):
        annonces = monde(combien)
        with django_assert_num_queries(13):
            assert all(chercher_tous(annonces).values())


@pytest.mark.parametrize("titre", ["'", "' & | ! \\", "100", "pour", "🎉", "a" * 120, "(((", "le la les"])
def test_un_titre_etrange_ne_casse_rien(titre):
    projecteur()
    assert chercher(BesoinFactory(titre=titre, description="\\' : * <->")) == []
