"""Factories: invented people and structures, under example.org."""

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from annuaire import models


class UtilisateurFactory(factory.django.DjangoModelFactory):
    """An account with a confirmed address; `groupes=["Animateurs"]` puts it in groups."""

    class Meta:
        model = models.Utilisateur
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    nom = factory.Sequence(lambda n: f"Personne {n}")

    @factory.post_generation
    def confirme(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)

    @factory.post_generation
    def groupes(self, create, extracted, **kwargs):
        for nom in extracted or []:
            self.groups.add(Group.objects.get_or_create(name=nom)[0])


class CommuneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Commune
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"03{n % 900 + 1:03d}")
    nom = factory.Sequence(lambda n: f"Commune-{n % 900}")  # five figures would read as a postcode
    codes_postaux = ["03200"]
    latitude = 46.13
    longitude = 3.42


class ActiviteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Activite

    nom = factory.Sequence(lambda n: f"Activité {n}")
    slug = factory.Sequence(lambda n: f"activite-{n}")


class StructureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Structure

    nom = factory.Sequence(lambda n: f"Structure d'exemple {n}")
    slug = factory.Sequence(lambda n: f"structure-d-exemple-{n}")
    commune = factory.SubFactory(CommuneFactory)
    courriel = factory.Sequence(lambda n: f"contact{n}@structure.example.org")
    etat = "publiee"
    publiee_le = factory.Maybe(
        factory.LazyAttribute(lambda o: o.etat == "publiee"), factory.LazyFunction(timezone.now), None
    )


class RattachementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Rattachement

    utilisateur = factory.SubFactory(UtilisateurFactory)
    structure = factory.SubFactory(StructureFactory)
    role = "membre"
    etat = "actif"
    actif_depuis = factory.LazyFunction(timezone.now)
