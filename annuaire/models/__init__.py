from .commune import Commune
from .contact import Contact, Echange
from .demande import MessageRelaye, Modification, NonDoublon, Opposition, Signalement
from .fichier import ImportStructures, LigneImport
from .mot import Mot
from .notification import Avis, PauseNotifications, PreferenceNotification, Resume, Rythme
from .rattachement import Rattachement
from .registre import EntreeDistincte, EntreeRegistre, ImportRegistre, InvitationRegistre, LigneRegistre, Registre
from .structure import AncienneAdresse, AncienneCle, LabelStructure, Photo, Structure
from .taxonomie import Activite, Competence, Label
from .utilisateur import Utilisateur

__all__ = [
    "Activite",
    "AncienneAdresse",
    "AncienneCle",
    "Avis",
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
    "PauseNotifications",
    "Photo",
    "PreferenceNotification",
    "Rattachement",
    "Registre",
    "Resume",
    "Rythme",
    "Signalement",
    "Structure",
    "Utilisateur",
]
