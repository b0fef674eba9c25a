"""Factories of accounts of hours: through the acts, as the database refuses a balance that nobody has earned."""

import uuid
from decimal import Decimal

import factory
from django.db import connection, transaction
from django.utils import timezone

from ressources import models
from tests.factories import StructureFactory, UtilisateurFactory


class CompteHeuresFactory(factory.django.DjangoModelFactory):
    """A structure's open account at zero, without a starting credit; `plancher=`."""

    class Meta:
        model = models.CompteHeures

    genre = "structure"
    structure = factory.SubFactory(StructureFactory)
    plancher = Decimal("-10")


class ComptePersonneFactory(CompteHeuresFactory):
    """A person's."""

    genre = "personne"
    structure = None
    utilisateur = factory.SubFactory(UtilisateurFactory)


class OperationHeuresFactory(factory.django.DjangoModelFactory):
    """Two hours that `aidant` says it gave; `etat="confirmee"` writes its entries, dated `passee_le`."""

    class Meta:
        model = models.OperationHeures

    aidant = factory.SubFactory(CompteHeuresFactory)
    aide = factory.SubFactory(CompteHeuresFactory)
    heures = Decimal("2")
    jour = factory.LazyFunction(timezone.localdate)
    objet = "Monter le barnum"
    cle = factory.LazyFunction(uuid.uuid4)
    decidee_le = factory.LazyAttribute(lambda o: None if o.etat == "proposee" else timezone.now())
    etat = "proposee"

    @classmethod
    @transaction.atomic
    def _create(cls, model_class, *args, **kwargs):
        passee_le = kwargs.pop("passee_le", None) or timezone.localdate()
        operation = super()._create(model_class, *args, **kwargs)
        if operation.etat == "confirmee":
            for compte, montant in ((operation.aidant, operation.heures), (operation.aide, -operation.heures)):
                models.EcritureHeures.objects.create(
                    operation=operation, compte=compte, montant=montant, passee_le=passee_le
                )
                compte.refresh_from_db()
        return operation


def verifier_le_grand_livre() -> None:
    """What holds in the whole ledger: read again from the rows, and the deferred rules judged now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "SELECT count(*) FROM ressources_operationheures o WHERE "
            "(SELECT count(*) FROM ressources_ecritureheures e WHERE e.operation_id = o.id) "
            "<> CASE o.etat WHEN 'confirmee' THEN 2 ELSE 0 END"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM (SELECT operation_id FROM ressources_ecritureheures "
            "GROUP BY operation_id HAVING sum(montant) <> 0) AS faux"
        )
        assert cursor.fetchone() == (0,)
    assert not models.CompteHeures.objects.incoherents().exists()
    assert sum(compte.solde for compte in models.CompteHeures.objects.all()) == 0
    for compte in models.CompteHeures.objects.exclude(plancher=None):
        assert compte.solde >= compte.plancher
