from .action import Action, ActionStructure, MembreProjet, Nouvelle, Projet
from .atelier import Atelier, Axe, Categorie, Couleur, Participant, PostIt, QuasiDoublonRefuse, nouveau_code
from .compte_rendu import CompteRendu, SectionCompteRendu, VersionCompteRendu
from .diagnostic import Enonce, Reconnaissance
from .evenement import ChoixDate, DateProposee, Evenement, ReponseSondage, Sondage
from .participation import Participation, Priorite, Representation, TourDeTable
from .reunion import AnimateurReunion, Document, PointOrdreDuJour, Reunion

__all__ = [
    "Action",
    "ActionStructure",
    "AnimateurReunion",
    "Atelier",
    "Axe",
    "Categorie",
    "ChoixDate",
    "CompteRendu",
    "Couleur",
    "DateProposee",
    "Document",
    "Enonce",
    "Evenement",
    "MembreProjet",
    "Nouvelle",
    "Participant",
    "Participation",
    "PointOrdreDuJour",
    "PostIt",
    "Priorite",
    "Projet",
    "QuasiDoublonRefuse",
    "Reconnaissance",
    "ReponseSondage",
    "Representation",
    "Reunion",
    "SectionCompteRendu",
    "Sondage",
    "TourDeTable",
    "VersionCompteRendu",
    "nouveau_code",
]
