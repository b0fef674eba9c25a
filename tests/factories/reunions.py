"""Factories of meetings, workshops and events: invented, under example.org."""

import uuid
from datetime import timedelta

import factory
from django.utils import timezone

from reunions import models
from tests.factories import StructureFactory


class ReunionFactory(factory.django.DjangoModelFactory):
    """An announced meeting in ten days; `etat=` gives it the dates that the state asks for."""

    class Meta:
        model = models.Reunion

    genre = "collective"
    titre = factory.Sequence(lambda n: f"Réunion collective {n}")
    etat = "annoncee"
    debut = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=2) if o.debut else None)
    lieu = "Salle d'exemple"
    annoncee_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat != "brouillon" else None)
    close_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("tenue", "annulee") else None)


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Participation

    reunion = factory.SubFactory(ReunionFactory)
    nom = factory.Sequence(lambda n: f"Invitée {n}")
    courriel = factory.Sequence(lambda n: f"invitee{n}@example.org")


class AtelierFactory(factory.django.DjangoModelFactory):
    """A workshop in its writing phase; two axes with `axes=2`."""

    class Meta:
        model = models.Atelier
        skip_postgeneration_save = True

    reunion = factory.SubFactory(ReunionFactory)
    phase = "ecriture"
    clos_le = factory.LazyAttribute(lambda o: timezone.now() if o.phase == "clos" else None)

    @factory.post_generation
    def axes(self, create, extracted, **kwargs):
        for rang in range(extracted or 0):
            AxeFactory(atelier=self, ordre=rang)


class AxeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Axe

    atelier = factory.SubFactory(AtelierFactory)
    nom = factory.Sequence(lambda n: f"Axe {n}")


class CategorieAxeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Categorie

    axe = factory.SubFactory(AxeFactory)
    nom = factory.Sequence(lambda n: f"Catégorie {n}")


class ParticipantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Participant

    atelier = factory.SubFactory(AtelierFactory)
    prenom = factory.Sequence(lambda n: f"Prénom {n}")


class PostItFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PostIt

    axe = factory.SubFactory(AxeFactory)
    couleur = "rose"
    texte = factory.Sequence(lambda n: f"Idée {n}")


class ActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Action

    titre = factory.Sequence(lambda n: f"Action {n}")
    close_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("faite", "abandonnee") else None)
    etat = "a_faire"


class ProjetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Projet

    nom = factory.Sequence(lambda n: f"Projet {n}")


class EvenementFactory(factory.django.DjangoModelFactory):
    """A published event in a week; `etat=` gives it the dates that the state asks for."""

    class Meta:
        model = models.Evenement

    structure = factory.SubFactory(StructureFactory)
    titre = factory.Sequence(lambda n: f"Événement {n}")
    debut = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    etat = "publie"
    publie_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("publie", "annule") else None)
    soumis_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "a_valider" else None)
    commune = factory.SelfAttribute("structure.commune")


class SondageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Sondage

    titre = factory.Sequence(lambda n: f"Quelle date {n} ?")
    jeton = factory.LazyFunction(lambda: uuid.uuid4().hex)
