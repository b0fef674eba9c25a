from .commune import Commune
from .contact import Contact, Echange
from .demande import MessageRelaye, Modification, NonDoublon, Opposition, Signalement
from .fichier import ImportStructures, LigneImport
from .mot import Mot
from .rattachement import Rattachement
from .registre import EntreeDistincte, EntreeRegistre, ImportRegistre, InvitationRegistre, LigneRegistre, Registre
from .structure import AncienneAdresse, AncienneCle, LabelStructure, Photo, Structure
from .taxonomie import Activite, Competence, Label
from .utilisateur import Utilisateur

__all__ = [
    "Activite",
    "AncienneAdresse",
    "AncienneCle",
    "Commune",
    "Competence",
    "Contact",
    "Echange",
    "EntreeDistincte",
    "EntreeRegistre",
    "ImportRegistre",
    "ImportStructures",
    "InvitationRegistre",
    "Label",
    "LabelStructure",
    "LigneImport",
    "LigneRegistre",
    "MessageRelaye",
    "Modification",
    "Mot",
    "NonDoublon",
    "Opposition",
    "Photo",
    "Rattachement",
    "Registre",
    "Signalement",
    "Structure",
    "Utilisateur",
]
