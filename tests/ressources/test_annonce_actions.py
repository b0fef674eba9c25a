"""Writing announcements: once per key, without overwriting anybody, copied with new files."""

import threading
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from pole_ess.socle.images import nettoyer_image
from ressources.actions import annonces
from ressources.models import Annonce, FichierAnnonce, PhotoAnnonce
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, CategorieFactory, ReservationFactory
from tests.images import image

pytestmark = pytest.mark.django_db
OFFRE = {"sens": "offre", "nature": "materiel", "titre": "Vingt chaises", "mode": "pret"}


def creer(structure, par, **valeurs):
    return annonces.creer(valeurs=OFFRE | valeurs, structure=structure, par=par, cle=uuid.uuid4())


def test_un_brouillon_prend_la_commune_de_la_structure(structure, referent):
    annonce = creer(structure, referent, periodes=[(date(2027, 3, 1), date(2027, 3, 5))])
    annonce.refresh_from_db()
    assert annonce.etat == "brouillon"
    assert annonce.commune == structure.commune
    assert annonce.auteur == referent
    assert annonce.periodes.count() == 1
    assert "titre" in annonce.champs_humains


def test_la_meme_cle_ne_cree_qu_une_fois(structure, referent):
    cle = uuid.uuid4()
    une = annonces.creer(valeurs=OFFRE, structure=structure, par=referent, cle=cle)
    deux = annonces.creer(valeurs=OFFRE | {"titre": "Autre"}, structure=structure, par=referent, cle=cle)
    assert une.pk == deux.pk
    assert deux.titre == "Vingt chaises"


def test_la_cle_d_autrui_ne_donne_rien(structure, referent, etranger):
    annonce = creer(structure, referent)
    with pytest.raises(annonces.CleDejaPrise):
        annonces.creer(valeurs=OFFRE, structure=structure, par=etranger, cle=annonce.cle)


@pytest.mark.django_db(transaction=True)
def test_deux_envois_au_meme_instant_ne_font_qu_une_annonce():
    referent = RattachementFactory(role="referent")
    cle, depart, recus, erreurs = uuid.uuid4(), threading.Barrier(4, timeout=20), [], []

    def envoyer():
        try:
            depart.wait()
            recus.append(
                annonces.creer(valeurs=dict(OFFRE), structure=referent.structure, par=referent.utilisateur, cle=cle).pk
            )
        except Exception as erreur:  # told below, in the test's own thread
            erreurs.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=envoyer) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)
    assert erreurs == []
    assert len(recus) == 4
    assert set(recus) == {Annonce.objects.get().pk}


@pytest.mark.parametrize(
    ("valeurs", "champ", "attendu"),
    [
        ({"mode": "pret", "prix": Decimal(5), "prix_unite": "jour"}, "prix", None),
        ({"mode": "don", "caution": Decimal(50)}, "caution", None),
        ({"mode": "vente", "prix": Decimal(5), "prix_unite": "jour"}, "prix_unite", "total"),
        ({"mode": "vente", "prix": Decimal(5), "prix_sur_demande": True}, "prix", None),
        ({"mode": "pret", "contrepartie": "un coup de main"}, "contrepartie", ""),
        ({"mode": "pret", "partage": "choisi"}, "partage", ""),
        ({"mode": "don", "partage": "choisi"}, "partage", "choisi"),
        ({"surface": 40}, "surface", None),
        ({"mode": "service_payant"}, "mode", ""),
        ({"nature": "local", "quantite": 7}, "quantite", 1),
    ],
)
def test_ce_que_le_mode_ou_la_nature_n_emploie_pas_n_est_pas_garde(structure, referent, valeurs, champ, attendu):
    assert getattr(creer(structure, referent, **valeurs), champ) == attendu


def test_une_categorie_d_une_autre_nature_n_est_pas_gardee(structure, referent):
    assert creer(structure, referent, categorie=CategorieFactory(nature="local")).categorie is None


def test_modifier_dit_ce_qui_a_change(structure, referent):
    annonce = creer(structure, referent)
    commune = CommuneFactory()
    changes = annonces.modifier(annonce, valeurs={"titre": "Trente chaises", "commune": commune}, par=referent)
    assert sorted(changes) == ["commune", "titre"]
    annonce.refresh_from_db()
    assert (annonce.titre, annonce.commune) == ("Trente chaises", commune)
    assert annonces.modifier(annonce, valeurs={"titre": "Trente chaises"}, par=referent) == []
    assert annonce.history.first().history_user == referent


def test_modifier_refuse_un_champ_d_etat(structure, referent):
    with pytest.raises(ValueError, match="etat"):
        annonces.modifier(creer(structure, referent), valeurs={"etat": "publiee"}, par=referent)


def test_les_periodes_qui_restent_gardent_leur_ligne(structure, referent):
    mars, mai = (date(2027, 3, 1), date(2027, 3, 5)), (date(2027, 5, 1), date(2027, 5, 2))
    annonce = creer(structure, referent, periodes=[mars])
    ligne = annonce.periodes.get().pk
    assert annonces.modifier(annonce, valeurs={"periodes": [mars, mai]}, par=referent) == ["periodes"]
    assert annonce.periodes.get(debut=mars[0]).pk == ligne
    annonces.modifier(annonce, valeurs={"periodes": [mai]}, par=referent)
    assert [(p.debut, p.fin) for p in annonce.periodes.all()] == [mai]


def test_le_meme_champ_change_par_deux_personnes_est_montre(structure, referent):
    annonce = creer(structure, referent)
    version = annonces.version_de(annonce)
    autre = RattachementFactory(structure=structure, role="referent").utilisateur
    annonces.modifier(annonce, valeurs={"titre": "Dix chaises", "description": "Pliantes"}, par=autre, version=version)
    voulu = {"titre": "Vingt-cinq chaises", "description": ""}
    with pytest.raises(annonces.VersionPerimee) as conflit:
        annonces.modifier(Annonce.objects.get(), valeurs=voulu, par=referent, version=version)
    assert [(c.champ, c.actuelle, c.votre) for c in conflit.value.conflits] == [
        ("titre", "Dix chaises", "Vingt-cinq chaises")
    ]
    assert conflit.value.autres == ["description"]
    assert Annonce.objects.get().titre == "Dix chaises"


def test_les_champs_de_l_autre_sont_gardes(structure, referent):
    annonce = creer(structure, referent)
    version = annonces.version_de(annonce)
    annonces.modifier(annonce, valeurs={"description": "Pliantes"}, par=referent, version=version)
    changes = annonces.modifier(
        Annonce.objects.get(), valeurs={"titre": "Dix chaises", "description": ""}, par=referent, version=version
    )
    assert changes == ["titre"]
    assert Annonce.objects.get().description == "Pliantes"


def test_la_quantite_ne_passe_pas_sous_ce_qui_est_attribue(structure, referent):
    annonce = AnnonceFactory(structure=structure, mode="don", partage="choisi", quantite=20, quantite_prise=8)
    for valeurs, champ in [({"quantite": 7}, "quantite"), ({"partage": ""}, "partage"), ({"mode": "pret"}, "partage")]:
        with pytest.raises(annonces.ModificationImpossible) as refus:
            annonces.modifier(annonce, valeurs=valeurs, par=referent)
        assert refus.value.champ == champ
    assert annonces.modifier(annonce, valeurs={"quantite": 8}, par=referent) == ["quantite"]


def test_ce_qui_est_reserve_ne_devient_pas_un_don(structure, referent):
    annonce = AnnonceFactory(structure=structure)
    reservation = ReservationFactory(calendrier=CalendrierFactory(annonce=annonce), etat="confirmee")
    with pytest.raises(annonces.ModificationImpossible, match="réservations"):
        annonces.modifier(annonce, valeurs={"mode": "don"}, par=referent)
    reservation.etat = "annulee"
    reservation.save()
    assert annonces.modifier(annonce, valeurs={"mode": "don"}, par=referent) == ["mode"]


def test_la_copie_a_ses_propres_fichiers_et_rien_du_passe(structure, referent):
    jour = timezone.localdate()
    annonce = AnnonceFactory(
        structure=structure, mode="location", prix=Decimal("12.50"), prix_unite="jour", caution=50, source="import"
    )
    annonce.urgente_pour = jour - timedelta(days=1)
    annonce.save()
    annonce.periodes.create(debut=jour - timedelta(days=9), fin=jour - timedelta(days=3))
    annonce.periodes.create(debut=jour - timedelta(days=2), fin=jour + timedelta(days=3))
    photo = PhotoAnnonce.objects.create(
        annonce=annonce, fichier=image_webp(), vignette=image_webp(), alternative="Les chaises"
    )
    FichierAnnonce.objects.create(
        annonce=annonce, fichier=ContentFile(b"%PDF-1.7", name="x"), nom="a.pdf", type_mime="application/pdf", taille=8
    )
    cle = uuid.uuid4()
    copie = annonces.dupliquer(annonce, par=referent, cle=cle)
    copie.refresh_from_db()
    assert (copie.etat, copie.prix, copie.caution, copie.source) == ("brouillon", Decimal("12.50"), 50, "")
    assert (copie.publiee_le, copie.expire_le, copie.urgente_pour) == (None, jour + timedelta(days=90), None)
    assert [(p.debut, p.fin) for p in copie.periodes.all()] == [(jour, jour + timedelta(days=3))]
    neuve = copie.photos.get()
    assert neuve.alternative == "Les chaises"
    assert neuve.fichier.name != photo.fichier.name
    assert contenu(neuve.fichier) == contenu(photo.fichier)
    assert contenu(copie.fichiers.get().fichier) == b"%PDF-1.7"
    assert copie.fichiers.get().fichier.name != annonce.fichiers.get().fichier.name
    assert annonces.dupliquer(annonce, par=referent, cle=cle).pk == copie.pk
    assert Annonce.objects.count() == 2


def image_webp():
    return nettoyer_image(image())


def contenu(fichier):
    with fichier.open("rb") as ouvert:
        return ouvert.read()


def test_referents_sont_ceux_qu_on_peut_joindre(structure, referent, membre):
    RattachementFactory(structure=structure, role="referent", utilisateur=UtilisateurFactory(is_active=False))
    RattachementFactory(structure=structure, role="referent", etat="invite", utilisateur=None, courriel="i@example.org")
    RattachementFactory(structure=StructureFactory(), role="referent")
    assert annonces.referents(structure) == [referent]
