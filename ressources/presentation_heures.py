"""Lines of an account of hours as its holder reads them."""

from dataclasses import dataclass
from decimal import Decimal

from ressources.models import EcritureHeures, OperationHeures

Cote, Genre = OperationHeures.Cote, OperationHeures.Genre


@dataclass(frozen=True)
class Ligne:
    """One entry, seen from its account."""

    ecriture: EcritureHeures
    cote: str

    @property
    def operation(self) -> OperationHeures:
        return self.ecriture.operation

    @property
    def montant(self) -> Decimal:
        return self.ecriture.montant

    @property
    def avec(self) -> str:
        return self.operation.nom_du_cote(Cote.AIDE if self.cote == Cote.AIDANT else Cote.AIDANT)

    @property
    def quoi(self) -> str:
        """« Aide donnée à », « Aide reçue de », « Crédit de départ », « Correction avec »."""
        if self.operation.genre == Genre.CREDIT:
            return "Crédit de départ"
        if self.operation.genre == Genre.CORRECTION:
            return f"Correction avec {self.avec}"
        return f"Aide donnée à {self.avec}" if self.cote == Cote.AIDANT else f"Aide reçue de {self.avec}"


def avec_tour(operations, comptes) -> list[OperationHeures]:
    """Open operations, each with `a_moi`: it is for one of these accounts (keys) to answer."""
    operations = list(operations)
    for operation in operations:
        decide = operation.compte_du_cote(operation.cote_qui_decide)
        operation.a_moi = operation.etat == OperationHeures.Etat.PROPOSEE and decide.pk in comptes
    return operations


def lignes(ecritures) -> list[Ligne]:
    """Entries that a queryset `pour_pages` has read."""
    return [Ligne(e, Cote.AIDANT if e.compte_id == e.operation.aidant_id else Cote.AIDE) for e in ecritures]
