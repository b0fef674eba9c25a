"""Factories of the letter: subscribers and issues, invented, under example.org."""

from datetime import timedelta

import factory
from django.utils import timezone

from newsletter import models
from tests.factories import StructureFactory


def tout():
    """The combination of who chose nothing in particular."""
    return models.Interets.objects.pour()


class MentionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MentionConsentement
        django_get_or_create = ("version",)

    version = 1
    texte = "J'accepte de recevoir la lettre."


class AbonneFactory(factory.django.DjangoModelFactory):
    """A confirmed subscriber to everything; `etat=` gives it the dates that the state asks for."""

    class Meta:
        model = models.Abonne

    courriel = factory.Sequence(lambda n: f"abonne{n}@example.org")
    etat = "confirme"
    interets = factory.LazyFunction(tout)
    mention = factory.SubFactory(MentionFactory)
    consenti_le = factory.LazyFunction(lambda: timezone.now() - timedelta(days=40))
    confirme_le = factory.LazyAttribute(lambda o: None if o.etat == "en_attente" else o.consenti_le)
    suspension = factory.LazyAttribute(lambda o: "rebond" if o.etat == "suspendu" else "")
    suspendu_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "suspendu" else None)
    dernier_signe_le = factory.SelfAttribute("consenti_le")


class NumeroFactory(factory.django.DjangoModelFactory):
    """A draft; `etat=` gives it the dates that the state asks for."""

    class Meta:
        model = models.Numero

    sujet = factory.Sequence(lambda n: f"La lettre d'exemple {n}")
    preheader = "Ce mois-ci"
    programme_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "programme" else None)
    lance_le = factory.LazyAttribute(
        lambda o: timezone.now() if o.etat in ("en_cours", "suspendu", "termine") else None
    )
    progres_le = factory.SelfAttribute("lance_le")
    rang = factory.Maybe("lance_le", factory.Sequence(lambda n: n + 1), None)
    prevus = factory.Maybe("lance_le", 0, None)
    suspension = factory.LazyAttribute(lambda o: "equipe" if o.etat == "suspendu" else "")
    termine_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "termine" else None)
    annule_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "annule" else None)
    etat = "brouillon"


class RenduFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Rendu

    numero = factory.SubFactory(NumeroFactory)
    cle = factory.Sequence(lambda n: f"{n:064x}")
    html = "<p>Bonjour</p>"
    texte = "Bonjour"


class EnvoiFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Envoi

    numero = factory.SubFactory(NumeroFactory)
    abonne = factory.SubFactory(AbonneFactory)
    rendu = factory.SubFactory(RenduFactory, numero=factory.SelfAttribute("..numero"))


class BreveFactory(factory.django.DjangoModelFactory):
    """A published piece of news."""

    class Meta:
        model = models.Breve

    structure = factory.SubFactory(StructureFactory)
    titre = factory.Sequence(lambda n: f"Une nouvelle {n}")
    texte = "Nous avons emménagé."
    etat = "publiee"
    soumise_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "a_valider" else None)
    publiee_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "publiee" else None)
    close_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("retiree", "archivee") else None)
