"""Which accounts of hours and operations a person sees; what waits; what a balance is made of."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from annuaire.querysets import structures_de

ZERO = Decimal("0")
LIENS = [
    f"{cote}__{lien}" for cote in ("aidant", "aide") for lien in ("structure", "utilisateur", "absorbe_par__structure")
]
"""What names the two sides of an operation."""
COLONNES = [
    f"{cote}__{champ}"
    for cote in ("aidant", "aide")
    for champ in (
        *["genre", "structure__nom", "utilisateur__nom", "utilisateur__email"],
        *["absorbe_par__genre", "absorbe_par__structure__nom"],
    )
]
"""And no more: a sheet is wide, and a statement has thousands of lines."""


class CompteHeuresQuerySet(models.QuerySet):
    def ouverts(self):
        return self.filter(ferme_le=None).exclude(genre="pole")

    def geres_par(self, utilisateur):
        """One's own, and those of the structures that one answers for; closed ones too."""
        structures = structures_de(utilisateur, referent=True)
        return self.filter(Q(utilisateur=utilisateur) | Q(structure__in=structures)).select_related(
            "structure", "utilisateur"
        )

    def en_choix(self):
        """(key, name) of the structures' accounts: the page writes the list itself, a widget would take a second."""
        return self.values_list("pk", "structure__nom")

    def de_structures_sauf(self, compte):
        """The structures whose open account a member may name, in their order."""
        ouverts = self.ouverts().filter(genre="structure", structure__etat="publiee").exclude(pk=compte.pk)
        return ouverts.select_related("structure").order_by("structure__tri", "pk")

    def trouvables(self, courriel):
        """The open account of the person who has this very address and agrees to be found by it."""
        return self.ouverts().filter(trouvable=True, utilisateur__email__iexact=courriel, utilisateur__is_active=True)

    def incoherents(self):
        """Accounts whose balance is not the sum of their entries: none, ever."""
        return self.order_by("pk").annotate(somme=Coalesce(Sum("ecritures__montant"), ZERO)).exclude(solde=F("somme"))


class OperationHeuresQuerySet(models.QuerySet):
    def pour_pages(self):
        return self.select_related(*LIENS)

    def ouvertes(self):
        return self.filter(etat__in=["proposee", "contestee"])

    def visibles_par(self, utilisateur):
        """Those of the accounts that one manages, and of the accounts merged into them."""
        structures = structures_de(utilisateur, referent=True)
        siennes = Q()
        for cote in ("aidant", "aide"):
            siennes |= Q(**{f"{cote}__utilisateur": utilisateur})
            siennes |= Q(**{f"{cote}__structure__in": structures})
            siennes |= Q(**{f"{cote}__absorbe_par__structure__in": structures})
        return self.filter(siennes)

    def a_confirmer_par(self, comptes):
        """Proposed by the other side, and not contested: it is for these accounts to answer."""
        return self.filter(
            Q(aidant__in=comptes, propose_par_cote="aide") | Q(aide__in=comptes, propose_par_cote="aidant"),
            etat="proposee",
        )

    def en_cours_de(self, comptes):
        """Open operations of these accounts."""
        return self.ouvertes().filter(Q(aidant__in=comptes) | Q(aide__in=comptes))


class EcritureHeuresQuerySet(models.QuerySet):
    def de_la_famille(self, compte):
        """The entries of an account and of those merged into it, but not the transfers between them.

        The keys are read first: a list of them uses the index, an OR over the joined table does not.
        """
        return self.filter(compte__in=compte.famille()).exclude(operation__genre="fusion")

    def pour_pages(self):
        """In the order of the book, with what a line shows."""
        return self.select_related("operation", *[f"operation__{lien}" for lien in LIENS]).only(
            "montant",
            "passee_le",
            "compte_id",
            *[f"operation__{champ}" for champ in ("genre", "etat", "objet", "jour", "propose_par_cote")],
            *[f"operation__{colonne}" for colonne in COLONNES],
        )

    def totaux(self) -> dict:
        """donne, recu, credit and total, in hours. A correction takes back what it corrects, on both sides."""

        def somme(condition):
            return Coalesce(Sum("montant", filter=condition), ZERO)

        aide, correction = Q(operation__genre="aide"), Q(operation__genre="correction")
        plus, moins = Q(montant__gt=0), Q(montant__lt=0)
        sommes = self.order_by().aggregate(
            donne=somme((aide & plus) | (correction & moins)),
            recu=somme((aide & moins) | (correction & plus)),
            credit=somme(Q(operation__genre="credit")),
            total=Coalesce(Sum("montant"), ZERO),
        )
        return sommes | {"recu": -sommes["recu"]}

    def annees(self) -> list[int]:
        """Years that have entries, the latest first."""
        return list(self.order_by().values_list("passee_le__year", flat=True).distinct().order_by("-passee_le__year"))
