"""Factories of volunteers: invented, under example.org."""

import uuid
from datetime import timedelta

import factory
from django.utils import timezone

from ressources import models
from tests.factories import CommuneFactory, UtilisateurFactory
from tests.factories.ressources import BesoinFactory


class BesoinDeBenevolesFactory(BesoinFactory):
    """A published need of volunteers."""

    nature = "benevolat"
    mode = "service_gratuit"
    titre = factory.Sequence(lambda n: f"Bénévoles pour la fête {n}")
    description = "Accueil et buvette."


class MissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Mission

    annonce = factory.SubFactory(BesoinDeBenevolesFactory)
    cle = factory.LazyFunction(uuid.uuid4)


class CreneauFactory(factory.django.DjangoModelFactory):
    """Three hours in a week, two places; `debut=` moves it."""

    class Meta:
        model = models.Creneau

    mission = factory.SubFactory(MissionFactory)
    intitule = factory.Sequence(lambda n: f"Buvette {n}")
    debut = factory.LazyFunction(
        lambda: (timezone.now() + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    )
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=3))
    places = 2
    cle = factory.LazyFunction(uuid.uuid4)


class InscriptionBenevoleFactory(factory.django.DjangoModelFactory):
    """A confirmed place; `etat=` gives it the dates that the state asks for."""

    class Meta:
        model = models.InscriptionBenevole

    creneau = factory.SubFactory(CreneauFactory)
    utilisateur = factory.SubFactory(UtilisateurFactory)
    nom = factory.LazyAttribute(lambda o: o.utilisateur.nom if o.utilisateur else "")
    etat = "inscrite"
    confirmee_le = factory.LazyAttribute(
        lambda o: timezone.now() if o.etat in ("inscrite", "venue", "absente") else None
    )
    annulee_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "annulee" else None)
    cle = factory.LazyFunction(uuid.uuid4)


class ProfilBenevoleFactory(factory.django.DjangoModelFactory):
    """Found by all around its commune, on Saturdays."""

    class Meta:
        model = models.ProfilBenevole

    utilisateur = factory.SubFactory(UtilisateurFactory)
    nom_montre = factory.Sequence(lambda n: f"Camille {n}")
    commune = factory.SubFactory(CommuneFactory)
    demi_journees = factory.LazyFunction(lambda: ["samedi_matin", "samedi_apres_midi"])


class PriseDeContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PriseDeContact

    structure = factory.SubFactory("tests.factories.StructureFactory")
    utilisateur = factory.LazyAttribute(lambda o: ProfilBenevoleFactory().utilisateur)
