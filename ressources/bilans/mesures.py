"""The words of a bilan: its bases, its two sides, what is measured."""

from dataclasses import dataclass
from enum import StrEnum


class Base(StrEnum):
    """Who says a figure. There is no fourth one for « all »: bases are not added."""

    DEUX = "deux"
    UN = "un"
    ESTIME = "estime"


class Sens(StrEnum):
    """Seen from the structure whose bilan it is."""

    DONNE = "donne"
    RECU = "recu"
    ENSEMBLE = "ensemble"


NOMS_DES_BASES = {
    Base.DEUX: "dit par les deux",
    Base.UN: "dit par une seule",
    Base.ESTIME: "estimé",
}
NOMS_DES_SENS = {Sens.DONNE: "donné", Sens.RECU: "reçu", Sens.ENSEMBLE: "fait ensemble"}


@dataclass(frozen=True)
class Mesure:
    """What is counted. `signe`: after a figure (« h »), with `unite` in a file's column; a plain count has none, and
    `un` says one of it."""

    cle: str
    nom: str
    signe: str = ""
    unite: str = "nombre"
    un: str = ""


ECHANGES = Mesure("echanges", "Échanges déclarés", un="échange déclaré")
HEURES = Mesure("heures", "Heures", "h", "heures")
EUROS = Mesure("euros", "Euros évités ou payés", "€", "euros")
KILOS = Mesure("kilos", "Kilos réemployés", "kg", "kilos")
PRETS = Mesure("prets", "Prêts et locations rendus", un="prêt ou location rendu")
PARTS = Mesure("parts", "Parts de lots remises", un="part de lot remise")
ETAPES = Mesure("etapes", "Étapes de tournées", un="étape de tournée")
ACHATS = Mesure("achats", "Achats groupés reçus", un="achat groupé reçu")
HEURES_BENEVOLES = Mesure("heures_benevoles", "Heures de bénévoles", "h", "heures")
HEURES_ENTRAIDE = Mesure("heures_entraide", "Heures d'entraide", "h", "heures")
