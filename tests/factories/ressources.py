"""Factories of offers and needs: invented, under example.org."""

import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from ressources import models
from tests.factories import StructureFactory


class CategorieFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Categorie
        django_get_or_create = ("slug",)

    nature = "materiel"
    nom = factory.Sequence(lambda n: f"Catégorie {n}")
    slug = factory.Sequence(lambda n: f"categorie-{n}")


class AnnonceFactory(factory.django.DjangoModelFactory):
    """A published offer of lent equipment, good for 90 days; `etat=` gives it the dates that the state asks for."""

    class Meta:
        model = models.Annonce
        skip_postgeneration_save = True

    sens = "offre"
    nature = "materiel"
    mode = "pret"
    titre = factory.Sequence(lambda n: f"Vidéoprojecteur numéro {n}")
    description = "En bon état, avec son câble."
    structure = factory.SubFactory(StructureFactory)
    commune = factory.SelfAttribute("structure.commune")
    etat = "publiee"
    publiee_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("publiee", "pourvue") else None)
    expire_le = factory.LazyAttribute(
        lambda o: timezone.localdate() + timedelta(days=90) if o.etat in ("publiee", "pourvue") else None
    )
    soumise_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "a_valider" else None)
    close_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("pourvue", "retiree") else None)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """With what the triggers wrote: the point, the search column."""
        objet = super()._create(model_class, *args, **kwargs)
        objet.refresh_from_db()
        return objet


class BesoinFactory(AnnonceFactory):
    sens = "besoin"
    titre = factory.Sequence(lambda n: f"Cherche vidéoprojecteur {n}")
    description = "Pour une soirée."


class CalendrierFactory(factory.django.DjangoModelFactory):
    """An exclusive resource, by days; `genre="pool", capacite=100` for chairs."""

    class Meta:
        model = models.Calendrier

    annonce = factory.SubFactory(AnnonceFactory)


def plage(debut, fin) -> TimestamptzRange:
    """[debut, fin) of two aware datetimes."""
    return TimestamptzRange(debut, fin, "[)")


class ReservationFactory(factory.django.DjangoModelFactory):
    """A request for two days in a week; pass `periode=plage(…)`, `etat=`."""

    class Meta:
        model = models.Reservation

    calendrier = factory.SubFactory(CalendrierFactory)
    exclusive = factory.LazyAttribute(lambda o: o.calendrier.genre == "exclusif")
    structure = factory.SubFactory(StructureFactory)
    periode = factory.LazyFunction(
        lambda: plage(timezone.now() + timedelta(days=7), timezone.now() + timedelta(days=9))
    )
    blocage = factory.SelfAttribute("periode")
    cle = factory.LazyFunction(uuid.uuid4)
    remise_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat in ("remise", "rendue") else None)
    rendue_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "rendue" else None)
    etat = "demandee"


class MiseEnRelationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MiseEnRelation

    annonce = factory.SubFactory(AnnonceFactory)
    annonceur = factory.SelfAttribute("annonce.structure")
    structure = factory.SubFactory(StructureFactory)
    cle = factory.LazyFunction(uuid.uuid4)
    etat = "proposee"
    close_le = factory.LazyAttribute(
        lambda o: timezone.now() if o.etat in ("declinee", "conclue", "sans_suite") else None
    )


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Message

    mise_en_relation = factory.SubFactory(MiseEnRelationFactory)
    cote = "structure"
    texte = "Bonjour, est-ce toujours libre ?"
    cle = factory.LazyFunction(uuid.uuid4)


class LotFactory(AnnonceFactory):
    """Twenty computers given away, first come first served; `partage="choisi"` for the giver's choice."""

    mode = "don"
    titre = "Ordinateurs de bureau"
    quantite = 20
    partage = "premier_arrive"


class PartDeLotFactory(factory.django.DjangoModelFactory):
    """A part, and what it takes of its batch when it is attributed or handed over."""

    class Meta:
        model = models.PartDeLot

    annonce = factory.SubFactory(LotFactory)
    structure = factory.SubFactory(StructureFactory)
    quantite = 5
    etat = "demandee"
    cle = factory.LazyFunction(uuid.uuid4)
    remise_le = factory.LazyAttribute(lambda o: timezone.now() if o.etat == "remise" else None)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        part = super()._create(model_class, *args, **kwargs)
        if part.etat in ("attribuee", "remise"):
            part.annonce.quantite_prise += part.quantite
            part.annonce.save()
        return part


class ArtisteFactory(AnnonceFactory):
    """An artist's offer, free at any time unless it has periods."""

    nature = "artiste"
    mode = "service_payant"
    prix_sur_demande = True
    titre = factory.Sequence(lambda n: f"Conte et accordéon {n}")
    description = "Un spectacle pour petits et grands."


class TourneeFactory(factory.django.DjangoModelFactory):
    """Ten open days from next week."""

    class Meta:
        model = models.Tournee

    annonce = factory.SubFactory(ArtisteFactory)
    nom = factory.Sequence(lambda n: f"Tournée de printemps {n}")
    debut = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(days=9))
    cle = factory.LazyFunction(uuid.uuid4)


class EtapeFactory(factory.django.DjangoModelFactory):
    """A wish; `jours=[…]` are the days that suit (the tour's first two), `jour=` the one retained."""

    class Meta:
        model = models.Etape
        skip_postgeneration_save = True

    tournee = factory.SubFactory(TourneeFactory)
    structure = factory.SubFactory(StructureFactory)
    etat = "souhaitee"

    @factory.post_generation
    def jours(self, create, extracted, **kwargs):
        defaut = [self.tournee.debut, self.tournee.debut + timedelta(days=1)]
        for jour in extracted if extracted is not None else defaut:
            models.JourSouhaite.objects.create(etape=self, jour=jour)
