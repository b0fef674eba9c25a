"""Factories of shared purchases and shared posts."""

import uuid
from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from ressources import models
from tests.factories import StructureFactory
from tests.factories.ressources import BesoinFactory


class MiseEnCommunFactory(factory.django.DjangoModelFactory):
    """An open purchase of sacks, forty at least, for a month; no part yet. `annonce__…` for its need."""

    class Meta:
        model = models.MiseEnCommun

    annonce = factory.SubFactory(
        BesoinFactory, nature="achat_groupe", mode="vente", titre=factory.Sequence(lambda n: f"Terreau {n}")
    )
    genre = "achat"
    unite = "sac"
    minimum = Decimal(40)
    cloture_le = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    close_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("conclue", "abandonnee") else None)
    motif = factory.LazyAttribute(lambda o: "Trop peu." if o.etat == "abandonnee" else "")
    etat = "ouverte"


class PosteFactory(MiseEnCommunFactory):
    """A shared accountant, a full-time month of hours to reach."""

    annonce = factory.SubFactory(
        BesoinFactory, nature="competence", mode="service_payant", titre=factory.Sequence(lambda n: f"Comptable {n}")
    )
    genre = "poste"
    unite = "heure"
    pas = Decimal("0.01")
    minimum = Decimal("151.67")
    cloture_le = None
    competence = "comptabilité"
    rayon = 15


class PalierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Palier

    mise = factory.SubFactory(MiseEnCommunFactory)
    a_partir_de = Decimal(0)
    prix = Decimal("8.50")


class PartEnCommunFactory(factory.django.DjangoModelFactory):
    """Five of it, no tolerance."""

    class Meta:
        model = models.PartEnCommun

    mise = factory.SubFactory(MiseEnCommunFactory)
    structure = factory.SubFactory(StructureFactory)
    quantite = Decimal(5)
    cle = factory.LazyFunction(uuid.uuid4)
