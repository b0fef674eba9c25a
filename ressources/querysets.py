"""What may be seen, and by whom."""

import uuid

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from annuaire.geographie import DistanceKm, boite
from annuaire.querysets import structures_de

CLOSES_VISIBLES = ("pourvue",)
"""Closed states whose page stays for everybody, with what is similar."""
A_DECIDER = Q(etat="demandee") | Q(prolongation_jusqu_au__isnull=False, etat__in=["confirmee", "remise"])
"""Bookings that the lender is asked about."""


class AnnonceQuerySet(models.QuerySet):
    def publiees(self):
        """In the public eye: published, by a published structure; expired ones included."""
        return self.filter(etat="publiee", structure_publiee=True)

    def publiques(self):
        """Those whose page anybody may open: published, expired ones included, and met."""
        return self.filter(etat__in=("publiee", *CLOSES_VISIBLES), structure_publiee=True)

    def ouvertes(self, le=None):
        """Published and not expired on the day `le` (today in Europe/Paris)."""
        return self.publiees().filter(expire_le__gte=le or timezone.localdate())

    def a_saisir(self, le=None):
        """Those that can be answered: open, and something is left of a batch. What search shows by default."""
        return self.ouvertes(le).filter(quantite_prise__lt=F("quantite"))

    def a_relire(self):
        """Edited in line, or holding a new word of vigilance: for the staff to read."""
        return self.filter(etat="publiee", a_relire_depuis__isnull=False)

    def avec_attente(self):
        """Adds `attend_depuis` (null when it waits for nobody) and `signalements_ouverts`, for the staff's list."""
        signalements = self.model._meta.get_field("signalements").related_model.objects
        ouverts = signalements.filter(annonce=OuterRef("pk"), etat="a_traiter").order_by().values("annonce")
        return self.annotate(
            attend_depuis=Case(When(etat="a_valider", then=F("soumise_le")), default=F("a_relire_depuis")),
            signalements_ouverts=Coalesce(Subquery(ouverts.annotate(n=Count("pk")).values("n")), 0),
        )

    def rappelees(self):
        """Published, and « toujours valable ? » was asked for their present last day."""
        return self.filter(etat="publiee", rappels__gt=0)

    def expirees(self, le=None):
        return self.publiees().filter(expire_le__lt=le or timezone.localdate())

    def parues(self, debut, fin):
        """First shown to all in [debut, fin), whatever became of them, unless staff refused them afterwards."""
        return self.filter(publiee_le__gte=debut, publiee_le__lt=fin).exclude(etat="refusee")

    def pourvues_entre(self, debut, fin):
        """Met in [debut, fin) and not opened again since; put away (« archivée ») since, they still count.

        Of an archived one, its history says whether it was closed as met or as retired.
        """
        historique = self.model.history.model
        fut_pourvue = historique.objects.filter(id=OuterRef("pk"), etat="pourvue", close_le=OuterRef("close_le"))
        return self.filter(close_le__gte=debut, close_le__lt=fin).filter(
            Q(etat="pourvue") | Q(Exists(fut_pourvue), etat="archivee")
        )

    def visibles_par(self, utilisateur):
        """Published and met ones for all; a member also sees those of their structures; staff see all."""
        pour_tous = Q(etat__in=("publiee", *CLOSES_VISIBLES), structure_publiee=True)
        if not utilisateur.is_authenticated:
            return self.publiques()
        if utilisateur.is_staff:
            return self.all()
        return self.filter(pour_tous | Q(structure__in=structures_de(utilisateur)))

    def gerables_par(self, utilisateur):
        """Those that this person may edit and close: their structures' as référent; all for staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_staff:
            return self.all()
        return self.filter(structure__in=structures_de(utilisateur, referent=True))

    def de_cle(self, cle):
        """The one that a form of this key made, or None."""
        try:
            return self.filter(cle=uuid.UUID(str(cle))).select_related("structure", "commune", "categorie").first()
        except ValueError:
            return None

    def miennes(self, utilisateur):
        """Those of this person's structures, and what they wrote themselves for another one (the hub's staff)."""
        siennes = Q(structure__in=structures_de(utilisateur)) | Q(auteur=utilisateur)
        return self.filter(siennes).exclude(etat="archivee")

    def brouillons_de(self, utilisateur):
        """Drafts that this person may go on with, the last touched first."""
        return (
            self.gerables_par(utilisateur)
            .filter(
                Q(structure__in=structures_de(utilisateur, referent=True)) | Q(auteur=utilisateur), etat="brouillon"
            )
            .select_related("structure")
            .order_by("-modifie_le", "-pk")
        )

    def pour_page(self):
        """With all that its page shows, in four queries."""
        return self.select_related("structure__commune", "commune", "categorie").prefetch_related(
            "photos", "periodes", "fichiers"
        )

    def pour_cartes(self):
        """With all that _annonce_carte.html shows, in two queries: `premieres_photos` holds the first, or nothing."""
        photos = self.model._meta.get_field("photos").related_model.objects.order_by("ordre", "pk")[:1]
        return self.select_related("structure", "commune", "categorie").prefetch_related(
            Prefetch("photos", queryset=photos, to_attr="premieres_photos")
        )

    def pour_donnees(self):
        """With all that open data says of it, in two queries."""
        lues = self.select_related("structure", "commune", "categorie").prefetch_related("periodes")
        return lues.defer("recherche", "recherche_vecteur")

    def derniere_modification(self):
        """When the last one touched was; None without any."""
        return self.aggregate(derniere=models.Max("modifie_le"))["derniere"]

    def nouveautes(self, sens):
        """The newest of this sense that can be answered, with what _annonce_ligne.html shows; one query."""
        return (
            self.a_saisir()
            .filter(sens=sens)
            .select_related("structure", "commune")
            .defer("recherche", "recherche_vecteur")
            .order_by("-publiee_le", "-pk")
        )

    def autour(self, latitude: float, longitude: float, km: float):
        """Those at `km` or less of a point: a box that the index serves, then the true distance."""
        sud, ouest, nord, est = boite(latitude, longitude, km)
        return self.filter(
            LessThanOrEqual(DistanceKm("latitude", "longitude", lat0=latitude, lon0=longitude), km),
            latitude__range=(sud, nord),
            longitude__range=(ouest, est),
        )

    def a_distance_de(self, latitude: float, longitude: float):
        """Adds `distance` in km, null for those without a point."""
        return self.annotate(distance=DistanceKm("latitude", "longitude", lat0=latitude, lon0=longitude))


class MiseEnRelationQuerySet(models.QuerySet):
    def de(self, utilisateur):
        """The conversations of this person's structures, whichever side. Staff see none here: see the admin."""
        if not utilisateur.is_authenticated:
            return self.none()
        siennes = structures_de(utilisateur)
        return self.filter(Q(annonceur__in=siennes) | Q(structure__in=siennes))

    def en_cours(self):
        return self.filter(etat__in=["proposee", "vue", "interessee"])

    def a_decider(self):
        """Those that wait for the announcer's yes or no."""
        return self.filter(etat__in=["proposee", "vue"])

    def conclues_de(self, *structures):
        """What took place between one of these structures and another, with what a form says of it."""
        conclues = self.filter(etat="conclue", anonymisee_le=None)
        return conclues.filter(Q(annonceur__in=structures) | Q(structure__in=structures)).select_related("annonce")


class FermetureQuerySet(models.QuerySet):
    def a_venir(self):
        """Those that are not over."""
        return self.filter(periode__endswith__gt=timezone.now())

    def pendant(self, periode):
        """Those that touch `periode`, the first one first."""
        return self.filter(periode__overlap=periode).order_by("periode", "pk")


class ReservationQuerySet(models.QuerySet):
    def bloquantes(self):
        """Those that hold the resource: confirmed or handed over."""
        return self.filter(etat__in=["confirmee", "remise"])

    def de(self, utilisateur):
        """Bookings asked by this person's structures, or of what their structures lend; all for staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_staff:
            return self.all()
        siennes = structures_de(utilisateur)
        return self.filter(Q(structure__in=siennes) | Q(calendrier__annonce__structure__in=siennes))

    def de_la_structure(self, structure):
        """What this structure borrows, and what it lends."""
        return self.filter(Q(structure=structure) | Q(calendrier__annonce__structure=structure))

    def pour_mois(self, periode):
        """Those that a calendar may show over `periode`: asked, held, returned."""
        montrees = self.filter(etat__in=["demandee", "confirmee", "remise", "rendue"], blocage__overlap=periode)
        return montrees.select_related("structure").order_by("periode", "pk")

    def demandees_pendant(self, periode):
        """Requests whose range, buffer included, meets `periode`."""
        return self.filter(etat="demandee", blocage__overlap=periode)

    def qui_attendent(self, utilisateur) -> dict:
        """What waits for this person as a lender's référent, and late returns on either side; one query."""
        miennes = Q(calendrier__annonce__structure__in=structures_de(utilisateur, referent=True))
        deux_cotes = miennes | Q(structure__in=structures_de(utilisateur))
        return self.aggregate(
            a_decider=Count("pk", filter=miennes & A_DECIDER),
            en_retard=Count("pk", filter=deux_cotes & Q(etat="remise", periode__endswith__lte=timezone.now())),
        )

    def a_decider(self):
        """Those that wait for the lender's answer."""
        return self.filter(A_DECIDER)

    def conventionnees(self):
        """Those that an agreement may be signed for, or was."""
        return self.filter(etat__in=["confirmee", "remise", "rendue"])

    def ouvertes(self):
        """Those that still wait for something."""
        return self.filter(etat__in=["demandee", "confirmee", "remise"])

    def closes(self):
        """Over, whatever the way; the last first."""
        return self.exclude(etat__in=["demandee", "confirmee", "remise"]).order_by("-periode", "-pk")

    def pour_listes(self):
        """With what a line shows; the soonest first."""
        return self.select_related("structure", "calendrier__annonce__structure").order_by("periode", "pk")

    def pour_page(self):
        return self.select_related(
            "structure__commune", "par", "calendrier__annonce__structure__commune", "calendrier__annonce__commune"
        ).prefetch_related("photos")
