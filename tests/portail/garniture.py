"""A small world for open data: one of each public thing, and beside each what must never come out."""

import datetime
from datetime import timedelta

from django.utils import timezone

from annuaire.models import AncienneAdresse, Competence, Contact, Label, LabelStructure
from ressources.models import Periode
from reunions.models import Action, CompteRendu, VersionCompteRendu
from tests.factories import ActiviteFactory, CommuneFactory, StructureFactory, UtilisateurFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory, CategorieFactory
from tests.factories.reunions import EvenementFactory, ReunionFactory

SECRETS = [
    "prive@structure.example.org",
    "personne@example.org",
    "06 39 98",
    "Nom Prénom",
    "Raison secrète",
    "par elle-même",
    "auteur.cache@example.org",
    "Pas publiée",
    "Brouillon caché",
    "organisateur@example.org",
    "Madame Unetelle",
    "Réservée aux membres",
    "Structure retirée",
]
"""Words that stand somewhere in the database beside what is open."""


def construire():
    """(structure, announcement, event, meeting, minutes)."""
    vichy = CommuneFactory(
        code="03310", nom="Vichy", codes_postaux=["03200"], latitude=46.128, longitude=3.426, population=25_000
    )
    mere = ActiviteFactory(nom="Culture", slug="culture", ordre=1)
    danse = ActiviteFactory(nom="Danse", slug="danse", parent=mere, ordre=2)
    structure = StructureFactory(
        nom="=La ronde", slug="la-ronde", sigle="LR", forme_juridique="association", presentation="On danse.",
        commune=vichy, latitude=46.1234567, longitude=3.4, position_origine="adresse", rayon_intervention=20,
        telephone="04 65 71 11 11", telephone_public=True, courriel="prive@structure.example.org",
        public_source="par elle-même", site="https://ronde.example.org", reseaux=["https://a.example.org"],
        siret="73282932000074", annee_creation=1998, salaries_etp="2.50", benevoles=12,
        verifiee_le=datetime.date(2026, 3, 1), verifiee_par="equipe", motif="Raison secrète",
    )  # fmt: skip
    structure.activites.add(danse)
    structure.competences.add(Competence.objects.create(nom="Son", slug="son"))
    esus = Label.objects.create(nom="ESUS", slug="esus")
    LabelStructure.objects.create(structure=structure, label=esus)
    perime = Label.objects.create(nom="Périmé", slug="perime")
    LabelStructure.objects.create(structure=structure, label=perime, expire_le=timezone.localdate() - timedelta(days=1))
    Contact.objects.create(
        structure=structure, nom="Nom Prénom", courriel="personne@example.org", telephone="06 39 98 00 00",
        nom_public=True, courriel_public=True, telephone_public=True, consentement_le=datetime.date(2026, 1, 1),
    )  # fmt: skip
    AncienneAdresse.objects.create(slug="la-farandole", structure=structure)
    StructureFactory(nom="Pas publiée", slug="pas-publiee", etat="a_valider", publiee_le=None)
    auteur = UtilisateurFactory(email="auteur.cache@example.org")
    annonce = AnnonceFactory(
        structure=structure, auteur=auteur, titre="@Sono", mode="location", prix="50.00", prix_unite="jour",
        caution="200.00", quantite=2, etat_materiel="bon", transport="a_retirer", motif="Raison secrète",
        categorie=CategorieFactory(nom="Son et lumière", slug="son-et-lumiere"),
    )  # fmt: skip
    Periode.objects.create(annonce=annonce, debut="2027-01-01", fin="2027-12-31")
    BesoinFactory(structure=structure, nature="local", titre="Salle")
    AnnonceFactory(structure=structure, etat="a_valider", titre="Brouillon caché")
    AnnonceFactory(structure=StructureFactory(nom="Structure retirée", etat="archivee"), titre="Autre")
    evenement = EvenementFactory(structure=structure, titre="Bal", commune=vichy, tarif="5 €", auteur=auteur)
    EvenementFactory(structure=structure, titre="Brouillon caché", etat="a_valider")
    reunion = ReunionFactory(commune=vichy, courriel_organisateur="organisateur@example.org", structure_hote=structure)
    ReunionFactory(titre="Réservée aux membres", audience="membres")
    minutes = publier(reunion)
    publier(ReunionFactory(titre="Réservée aux membres", audience="membres"))
    Action.objects.create(titre="Un bal commun", pilote=structure, reunion=reunion, details="Avec Madame Unetelle")
    Action.objects.create(titre="Brouillon caché", publique=False)
    return structure, annonce, evenement, reunion, minutes


def publier(reunion) -> CompteRendu:
    """Minutes whose words name somebody."""
    minutes = CompteRendu.objects.create(reunion=reunion, etat="publie", publie_le=timezone.now())
    axes = [{"nom": "Culture", "rose": 3, "jaune": 2, "total": 5, "rang": 1}]
    public = {
        "titre": reunion.titre,
        "nb_presentes": 28,
        "nb_excusees": 4,
        "sections": [{"titre": "Suites", "texte": "Madame Unetelle propose un bal."}],
        "resultats": {"axes": axes},
    }
    membres = {"presents": [{"nom": "Nom Prénom"}]}
    VersionCompteRendu.objects.create(
        compte_rendu=minutes, numero=1, instantane={"version": 1, "public": public, "membres": membres}
    )
    return minutes
