"""Factories of urgent help: a call for tomorrow at eight, volunteers and structures that accept to be called."""

import uuid
from datetime import datetime, time, timedelta

import factory
from django.db import transaction
from django.utils import timezone

from ressources import models
from tests.factories import CommuneFactory, RattachementFactory, StructureFactory, UtilisateurFactory

MINUIT = time(0)


def demain(heure=8):
    """Tomorrow at this hour, Europe/Paris."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time(heure)))


class UrgenceFactory(factory.django.DjangoModelFactory):
    """Open, no wave yet, the first one due; `etat=` gives it the dates that the state asks for."""

    class Meta:
        model = models.Urgence

    structure = factory.SubFactory(StructureFactory)
    par = factory.LazyAttribute(lambda o: RattachementFactory(structure=o.structure, role="referent").utilisateur)
    titre = "Remplacement en cuisine demain 8 h"
    description = "Quarante repas à préparer avec le chef."
    nature = "competence"
    savoir_faire = "cuisine"
    debut = factory.LazyFunction(demain)
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=8))
    commune = factory.SelfAttribute("structure.commune")
    latitude = factory.SelfAttribute("commune.latitude")
    longitude = factory.SelfAttribute("commune.longitude")
    lieu = "12 rue du Lavoir"
    contact = "Dominique"
    telephone = "01 99 00 12 34"
    cle = factory.LazyFunction(uuid.uuid4)
    confirmes = factory.LazyAttribute(lambda o: o.places if o.etat == "pourvue" else 0)
    places = 1
    etat = "ouverte"
    vague = 0
    prochaine_vague_le = factory.LazyAttribute(
        lambda o: timezone.now() if o.etat == "ouverte" and o.vague < 3 else None
    )
    close_le = factory.LazyAttribute(lambda o: None if o.etat == "ouverte" else timezone.now())


class AppelFactory(factory.django.DjangoModelFactory):
    """Sent in the first wave, without an answer; a « oui » counts in its urgency."""

    class Meta:
        model = models.Appel

    urgence = factory.SubFactory(UrgenceFactory, vague=1)
    utilisateur = factory.SubFactory(UtilisateurFactory)
    vague = 1
    distance = 4.0
    raisons = "vous savez faire : cuisine ; à 4 km"
    etat = "envoye"
    envois = factory.LazyAttribute(lambda o: 0 if o.etat == "prevu" else 1)
    envoye_le = factory.LazyAttribute(lambda o: None if o.etat == "prevu" else timezone.now())
    envoyer_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "prevu" else None)
    reponse_le = factory.LazyAttribute(
        lambda o: timezone.now() if o.etat in ("oui", "non", "reserve", "desiste") else None
    )

    @classmethod
    @transaction.atomic
    def _create(cls, model_class, *args, **kwargs):
        """The call and its count together: the database compares them at the end of the transaction."""
        appel = super()._create(model_class, *args, **kwargs)
        urgence = appel.urgence
        if appel.etat == "oui" and urgence.etat == "ouverte":
            urgence.confirmes += 1
            if urgence.confirmes == urgence.places:
                urgence.etat, urgence.close_le, urgence.prochaine_vague_le = "pourvue", timezone.now(), None
            urgence.save()
        return appel


class BenevoleFactory(factory.django.DjangoModelFactory):
    """A citizen next door who cooks and may be called at any hour."""

    class Meta:
        model = models.PreferenceUrgences

    utilisateur = factory.SubFactory(UtilisateurFactory)
    accepte = "oui"
    savoir_faire = "cuisine"
    commune = factory.SubFactory(CommuneFactory)
    calme_debut = MINUIT
    calme_fin = MINUIT


class ReglagesUrgencesFactory(factory.django.DjangoModelFactory):
    """A published structure that accepts urgent calls; `referent=` is its référent (False: none)."""

    class Meta:
        model = models.ReglagesUrgences
        skip_postgeneration_save = True

    structure = factory.SubFactory(StructureFactory)

    @factory.post_generation
    def referent(self, create, extracted, **kwargs):
        if create and extracted is not False:
            reste = {"utilisateur": extracted} if extracted else {}
            RattachementFactory(structure=self.structure, role="referent", **reste)
