"""What a structure gave and received in a civil year of Europe/Paris, each figure with its basis.

Three bases that never meet: said by both sides, said by one, estimated by a dated coefficient with its source.
`sources` has a module per kind of exchange (declarations, loans, batches, tours…): facts of a structure, or of all of
them. `Valeur` refuses to add two bases, and `BilanAnnuel.valeur` takes one: no figure can mix them.
"""

from .annee import ANNEES, BilanAnnuel, bilans_de, bilans_de_tous, lire_annee
from .mesures import Base, Mesure, Sens
from .valeurs import Valeur

__all__ = ["ANNEES", "Base", "BilanAnnuel", "Mesure", "Sens", "Valeur", "bilans_de", "bilans_de_tous", "lire_annee"]
