"""The models of offers and needs, one module per notion."""

from .alerte import Alerte, AlerteEnvoi, PreferenceRapprochements, Rapprochement
from .annonce import Annonce, FichierAnnonce, Periode, PhotoAnnonce
from .benevolat import Creneau, InscriptionBenevole, Mission
from .benevolat_profil import MessageBenevole, PriseDeContact, ProfilBenevole
from .calendrier import Calendrier, Fermeture, PhotoReservation, Reservation
from .categorie import Categorie
from .coefficient import CoefficientEstime
from .demandes import DemandeSansReponse
from .fichier import ImportAnnonces, LigneImportAnnonce
from .heures import CompteHeures, EcritureHeures, OperationHeures, ReglagesHeures
from .lot import Etape, JourSouhaite, PartDeLot, Tournee
from .mise_en_commun import MiseEnCommun, Palier, PartEnCommun
from .moderation import MotDeVigilance, ReglagesStructure, SignalementAnnonce
from .mot import MotAnnonce
from .relation import Bilan, Message, MiseEnRelation
from .urgence import Appel, PreferenceUrgences, ReglagesUrgences, Urgence

__all__ = [
    "Alerte",
    "AlerteEnvoi",
    "Annonce",
    "Appel",
    "Bilan",
    "Calendrier",
    "Categorie",
    "CoefficientEstime",
    "CompteHeures",
    "Creneau",
    "DemandeSansReponse",
    "EcritureHeures",
    "Etape",
    "Fermeture",
    "FichierAnnonce",
    "ImportAnnonces",
    "InscriptionBenevole",
    "JourSouhaite",
    "LigneImportAnnonce",
    "Message",
    "MessageBenevole",
    "MiseEnCommun",
    "MiseEnRelation",
    "Mission",
    "MotAnnonce",
    "MotDeVigilance",
    "OperationHeures",
    "Palier",
    "PartDeLot",
    "PartEnCommun",
    "Periode",
    "PhotoAnnonce",
    "PhotoReservation",
    "PreferenceRapprochements",
    "PreferenceUrgences",
    "PriseDeContact",
    "ProfilBenevole",
    "Rapprochement",
    "ReglagesHeures",
    "ReglagesStructure",
    "ReglagesUrgences",
    "Reservation",
    "SignalementAnnonce",
    "Tournee",
    "Urgence",
]
