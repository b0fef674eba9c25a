"""One row at least of every model of the offers and needs, around one structure."""

import uuid
from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from annuaire.models import Competence
from ressources.models import (
    Alerte,
    AlerteEnvoi,
    Bilan,
    DemandeSansReponse,
    Etape,
    Fermeture,
    FichierAnnonce,
    ImportAnnonces,
    JourSouhaite,
    LigneImportAnnonce,
    MessageBenevole,
    MotDeVigilance,
    PartDeLot,
    Periode,
    PhotoAnnonce,
    PhotoReservation,
    PreferenceRapprochements,
    PreferenceUrgences,
    Rapprochement,
    ReglagesHeures,
    ReglagesStructure,
    SignalementAnnonce,
    Tournee,
)
from tests.factories import StructureFactory, UtilisateurFactory
from tests.factories.benevolat import (
    BesoinDeBenevolesFactory,
    CreneauFactory,
    InscriptionBenevoleFactory,
    PriseDeContactFactory,
    ProfilBenevoleFactory,
)
from tests.factories.bilans import CoefficientEstimeFactory
from tests.factories.heures import CompteHeuresFactory, ComptePersonneFactory, OperationHeuresFactory
from tests.factories.mises_en_commun import MiseEnCommunFactory, PalierFactory, PartEnCommunFactory
from tests.factories.ressources import (
    AnnonceFactory,
    BesoinFactory,
    CalendrierFactory,
    CategorieFactory,
    MessageFactory,
    MiseEnRelationFactory,
    ReservationFactory,
    plage,
)
from tests.factories.urgences import AppelFactory, ReglagesUrgencesFactory, UrgenceFactory


def garnir(structure, personne=None):
    """`structure` offers, needs, answers, books, takes, tours; `personne` (or somebody) did all of it."""
    personne = personne or UtilisateurFactory()
    tiers, jour = StructureFactory(nom="Tiers des annonces"), timezone.localdate()
    categorie = CategorieFactory(nom="Projection")
    offre = AnnonceFactory(structure=structure, auteur=personne, categorie=categorie, titre="Vidéoprojecteur")
    besoin = BesoinFactory(structure=structure, auteur=personne)
    ailleurs = AnnonceFactory(structure=tiers, titre="Barnum")
    Periode.objects.create(annonce=offre, debut=jour, fin=jour + timedelta(days=3))
    PhotoAnnonce.objects.create(annonce=offre, fichier="", vignette="", alternative="L'appareil sur une table")
    FichierAnnonce.objects.create(annonce=offre, fichier="x", nom="notice.pdf", type_mime="application/pdf", taille=1)
    ReglagesStructure.objects.create(
        structure=structure, de_confiance=True, confiance_par=personne, confiance_le=timezone.now()
    )
    MotDeVigilance.objects.create(expression="alcool")
    CoefficientEstimeFactory(categorie=categorie)
    SignalementAnnonce.objects.create(annonce=offre, genre="autre", auteur=personne, cle=uuid.uuid4())
    recue = MiseEnRelationFactory(annonce=offre, structure=tiers)
    envoyee = MiseEnRelationFactory(annonce=ailleurs, structure=structure, par=personne)
    MessageFactory(mise_en_relation=envoyee, auteur=personne)
    MessageFactory(mise_en_relation=recue, texte="Bonjour")
    Bilan.objects.create(annonce=offre, mise_en_relation=recue, structure=structure, declare_par=personne, heures=2)
    Bilan.objects.create(annonce=ailleurs, mise_en_relation=envoyee, structure=tiers, avec=structure, kilos=3)
    alerte = Alerte.objects.create(utilisateur=personne, nom="Sono", criteres="q=sono")
    AlerteEnvoi.objects.create(alerte=alerte, annonce=ailleurs)
    Rapprochement.objects.create(besoin=besoin, offre=ailleurs)
    Rapprochement.objects.create(besoin=BesoinFactory(structure=tiers), structure=structure)
    PreferenceRapprochements.objects.create(utilisateur=personne)
    calendrier = CalendrierFactory(annonce=ailleurs)
    Fermeture.objects.create(
        calendrier=CalendrierFactory(annonce=offre), par=personne,
        periode=plage(timezone.now(), timezone.now() + timedelta(days=1)),
    )  # fmt: skip
    reservation = ReservationFactory(calendrier=calendrier, structure=structure, par=personne)
    PhotoReservation.objects.create(reservation=reservation, moment="remise", fichier="x")
    lot = AnnonceFactory(structure=tiers, partage="choisi", quantite=20)
    PartDeLot.objects.create(annonce=lot, structure=structure, par=personne, quantite=5, cle=uuid.uuid4())
    tournee = Tournee.objects.create(
        annonce=AnnonceFactory(structure=tiers, nature="artiste", mode="service_gratuit"),
        nom="Tournée", debut=jour, fin=jour + timedelta(days=9), cle=uuid.uuid4(),
    )  # fmt: skip
    etape = Etape.objects.create(tournee=tournee, structure=structure, par=personne)
    JourSouhaite.objects.create(etape=etape, jour=jour)
    sien = ComptePersonneFactory(utilisateur=personne, trouvable=True)
    compte, tien = CompteHeuresFactory(structure=structure), CompteHeuresFactory(structure=tiers)
    ReglagesHeures.objects.get_or_create(pk=1)
    OperationHeuresFactory(aidant=sien, aide=tien, etat="confirmee", propose_par=personne, decide_par=personne)
    OperationHeuresFactory(aidant=tien, aide=compte, etat="confirmee", mise_en_relation=envoyee)
    OperationHeuresFactory(aidant=tien, aide=sien, propose_par=personne)
    DemandeSansReponse.objects.create(
        genre="retiree", annonce=besoin, structure=structure, nature="materiel", titre=besoin.titre, le=jour,
        rangee_le=timezone.now(), rangee_par=personne,
    )  # fmt: skip
    achat = MiseEnCommunFactory(annonce__structure=tiers)
    PalierFactory(mise=achat)
    PartEnCommunFactory(mise=achat, structure=structure, par=personne)
    _benevolat(structure, personne, tiers)
    urgence = UrgenceFactory(structure=structure, par=personne, vague=1, places=2)
    AppelFactory(urgence=urgence, structure=tiers)
    AppelFactory(
        urgence=UrgenceFactory(structure=tiers, par=None, vague=1, places=2), utilisateur=personne, etat="oui",
        structure=structure, nom="Quelqu'un", telephone="01 99 00 45 67", message="J'arrive",
    )  # fmt: skip
    PreferenceUrgences.objects.create(utilisateur=personne, savoir_faire="cuisine")
    ReglagesUrgencesFactory(structure=structure, referent=False).referents.add(personne)
    depot = ImportAnnonces.objects.create(nom="f.csv", source="hub", depose_par=personne, structure=structure)
    LigneImportAnnonce.objects.create(import_annonces=depot, numero=2, statut="creee", annonce=offre)


def _benevolat(structure, personne, tiers):
    """A mission of `tiers` with a place that the person holds, one they held; their profile, that we wrote to."""
    competence, _ = Competence.objects.get_or_create(nom="Cuisine", defaults={"slug": "cuisine"})
    a_venir = CreneauFactory(mission__annonce=BesoinDeBenevolesFactory(structure=tiers))
    a_venir.mission.competences.add(competence)
    InscriptionBenevoleFactory(creneau=a_venir, utilisateur=personne)
    passe = CreneauFactory(mission=a_venir.mission, debut=timezone.now() - timedelta(days=9))
    InscriptionBenevoleFactory(creneau=passe, utilisateur=personne, etat="venue", heures=3, notee_par=personne)
    profil = ProfilBenevoleFactory(utilisateur=personne)
    profil.competences.add(competence)
    contact = PriseDeContactFactory(structure=structure, utilisateur=personne)
    for cote, auteur in (("structure", None), ("benevole", personne)):
        MessageBenevole.objects.create(contact=contact, cote=cote, auteur=auteur, texte="Bonjour", cle=uuid.uuid4())


def modeles_vides() -> set[str]:
    """Models of ours without a row: a new one must be added to `garnir`."""
    modeles = apps.get_app_config("ressources").get_models(include_auto_created=True)
    return {m._meta.label_lower for m in modeles if not m._base_manager.exists()}
