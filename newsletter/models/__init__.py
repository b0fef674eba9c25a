"""The models of the letter, one module per notion."""

from .abonne import Abonne, Desabonnement, MentionConsentement
from .breve import Breve
from .element import DejaDit, Element
from .envoi import Envoi, Rendu
from .fichier import ImportAbonnes, LigneImportAbonne
from .geste import Geste
from .interets import Interets
from .numero import Bloc, ImageBloc, Numero
from .sans_rappel import SansRappel

__all__ = [
    "Abonne",
    "Bloc",
    "Breve",
    "DejaDit",
    "Desabonnement",
    "Element",
    "Envoi",
    "Geste",
    "ImageBloc",
    "ImportAbonnes",
    "Interets",
    "LigneImportAbonne",
    "MentionConsentement",
    "Numero",
    "Rendu",
    "SansRappel",
]
