"""Rows of the roles table: unmet demand."""

from django.utils import timezone

from ressources.models import DemandeSansReponse
from tests.factories.ressources import BesoinFactory
from tests.table_des_roles import ligne


def demande(monde):
    besoin = BesoinFactory(structure=monde.structure)
    DemandeSansReponse.objects.create(
        genre="expiree", annonce=besoin, structure=monde.structure, nature="materiel", titre="Sono",
        le=timezone.localdate(),
    )  # fmt: skip
    return {}


def ranger(monde, role):
    return {"cles": str(DemandeSansReponse.objects.latest("pk").pk)}


LIGNES = [ligne("ressources:demandes", "200", "login 403 403 403 ok ok", arguments=demande, donnees=ranger)]
