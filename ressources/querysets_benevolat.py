"""Missions, shifts and volunteers: who sees which, in which order."""

from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from annuaire.geographie import DistanceKm, boite
from annuaire.querysets import structures_de

ACTIVES = ("inscrite", "en_attente")
"""Confirmed or waiting, for a shift to come."""
TENUES = ("inscrite", "venue", "absente")
"""They hold a place."""


class MissionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Those of a public announcement for all; its own members, the hub's staff and who has a place see more."""
        pour_tous = Q(annonce__etat__in=("publiee", "pourvue"), annonce__structure_publiee=True)
        if not utilisateur.is_authenticated:
            return self.filter(pour_tous)
        if utilisateur.is_staff:
            return self.all()
        places = self.model._meta.apps.get_model("ressources", "InscriptionBenevole").objects
        siennes = places.filter(creneau__mission=OuterRef("pk"), utilisateur=utilisateur)
        return self.filter(pour_tous | Q(annonce__structure__in=structures_de(utilisateur)) | Q(Exists(siennes)))

    def ouvertes(self):
        """Where somebody new may take a place: in line, not expired, with a shift to come."""
        creneaux = self.model._meta.get_field("creneaux").related_model.objects
        a_venir = creneaux.filter(mission=OuterRef("pk")).a_venir()
        return self.filter(
            Exists(a_venir),
            etat="ouverte",
            annonce__etat="publiee",
            annonce__structure_publiee=True,
            annonce__expire_le__gte=timezone.localdate(),
        )

    def le_jour(self, debut, fin):
        """With a shift that begins in [debut, fin)."""
        creneaux = self.model._meta.get_field("creneaux").related_model.objects
        return self.filter(Exists(creneaux.filter(mission=OuterRef("pk"), debut__gte=debut, debut__lt=fin).a_venir()))

    def avec_competence(self, competences):
        """Where one of these skills is useful."""
        return self.filter(pk__in=self.model.objects.filter(competences__in=competences).values("pk"))

    def autour(self, latitude, longitude, *, km=None):
        """Adds `distance`; with `km`, only those at that distance or less."""
        distance = DistanceKm("annonce__latitude", "annonce__longitude", lat0=latitude, lon0=longitude)
        missions = self.annotate(distance=distance)
        if km is None:
            return missions
        sud, ouest, nord, est = boite(latitude, longitude, km)
        return missions.filter(
            distance__lte=km, annonce__latitude__range=(sud, nord), annonce__longitude__range=(ouest, est)
        )

    def pour_listes(self):
        """With its next shift, how many are to come and the places left; the soonest first."""
        creneaux = self.model._meta.get_field("creneaux").related_model.objects
        a_venir = creneaux.filter(mission=OuterRef("pk")).a_venir().order_by().values("mission")
        libres = a_venir.annotate(n=Sum(Greatest(F("places") - F("places_prises"), 0))).values("n")
        return (
            self.select_related("annonce__structure", "annonce__commune")
            .prefetch_related("competences")
            .annotate(
                prochain=Subquery(a_venir.annotate(n=Min("debut")).values("n")),
                dernier=Subquery(a_venir.annotate(n=Max("debut")).values("n")),
                nb_creneaux=Coalesce(Subquery(a_venir.annotate(n=Count("pk")).values("n")), 0),
                places_libres=Coalesce(Subquery(libres), 0),
            )
            .order_by("prochain", "pk")
        )

    def pour_page(self):
        return self.select_related("annonce__structure", "annonce__commune").prefetch_related("competences")

    def de_mes_structures(self, utilisateur):
        """Those that this person manages as référent, the ones with a shift to come first."""
        if not utilisateur.is_authenticated:
            return self.none()
        siennes = self.filter(annonce__structure__in=structures_de(utilisateur, referent=True))
        return siennes.exclude(annonce__etat="archivee").pour_listes()


class CreneauQuerySet(models.QuerySet):
    def ouverts(self):
        return self.filter(etat="ouvert")

    def a_venir(self, le=None):
        """Open and not begun."""
        return self.filter(etat="ouvert", debut__gt=le or timezone.now())

    def du_jour(self, debut, fin):
        """Open ones that begin in [debut, fin)."""
        return self.filter(etat="ouvert", debut__gte=debut, debut__lt=fin)

    def depuis(self, instant):
        """Open ones that begin from then on, begun or not today: what the sheet of a mission holds."""
        return self.ouverts().filter(debut__gte=instant).order_by("debut", "fin", "pk")

    def a_avancer(self):
        """Those with a free place and somebody who waits."""
        attente = self.model._meta.get_field("inscriptions").related_model.objects
        attendent = attente.filter(creneau=OuterRef("pk"), etat="en_attente")
        return self.a_venir().filter(Exists(attendent), mission__etat="ouverte", places_prises__lt=F("places"))

    def visibles_par(self, utilisateur):
        missions = self.model._meta.get_field("mission").related_model.objects
        return self.filter(mission__in=missions.visibles_par(utilisateur))

    def pour_page(self):
        return self.select_related("mission__annonce__structure", "mission__annonce__commune")

    def avec_attente(self):
        """Adds `nb_attente`."""
        return self.annotate(nb_attente=Count("inscriptions", filter=Q(inscriptions__etat="en_attente")))


class InscriptionBenevoleQuerySet(models.QuerySet):
    def actives(self):
        return self.filter(etat__in=ACTIVES)

    def tenues(self):
        return self.filter(etat__in=TENUES)

    def en_attente(self):
        """The waiting list, first come first."""
        return self.filter(etat="en_attente").order_by("cree_le", "pk")

    def a_venir_de(self, utilisateur):
        """Active, for a shift that has not begun, the soonest first."""
        return self.actives().filter(utilisateur=utilisateur, creneau__debut__gt=timezone.now()).pour_pages()

    def passees_de(self, utilisateur):
        """Shifts begun, the last first; a waiting list that came to nothing is left out."""
        passees = self.filter(utilisateur=utilisateur, etat__in=TENUES, creneau__debut__lte=timezone.now())
        return passees.pour_pages().order_by("-creneau__debut", "-pk")

    def chevauchant(self, periode):
        """Confirmed ones that overlap a [) period."""
        return self.filter(etat__in=("inscrite", "venue"), periode__overlap=periode)

    def visibles_par(self, utilisateur):
        """One's own; for the mission's référents and the hub's staff, all of it. Nobody else reads a name."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_staff:
            return self.all()
        gerees = Q(creneau__mission__annonce__structure__in=structures_de(utilisateur, referent=True))
        return self.filter(Q(utilisateur=utilisateur) | gerees)

    def pour_pages(self):
        return self.select_related(
            "creneau__mission__annonce__structure", "creneau__mission__annonce__commune"
        ).order_by("creneau__debut", "pk")

    def par_creneau(self, mission):
        """Of one mission, by shift then name."""
        return (
            self.filter(creneau__mission=mission)
            .select_related("creneau", "utilisateur")
            .order_by("creneau__debut", "creneau__pk", "cree_le", "pk")
        )

    def heures_de(self, utilisateur):
        """Hours noted for this person, by all structures; None when there are none."""
        return self.filter(utilisateur=utilisateur, etat="venue").aggregate(total=Sum("heures"))["total"]

    def heures_a_dire(self, utilisateur) -> int:
        """Hours noted by a structure that this person has not answered."""
        return self.filter(utilisateur=utilisateur, etat="venue", heures__isnull=False, heures_benevole=None).count()

    def contestees_de_mes_structures(self, utilisateur) -> list[tuple]:
        """(mission id, title, how many) where a person says other hours than the structure; five at most."""
        contestees = self.filter(
            creneau__mission__annonce__structure__in=structures_de(utilisateur, referent=True),
            heures_benevole__isnull=False,
        ).exclude(heures=F("heures_benevole"))
        return list(
            contestees.order_by()
            .values_list("creneau__mission", "creneau__mission__annonce__titre")
            .annotate(nombre=Count("pk"))
            .order_by("-nombre", "creneau__mission")[:5]
        )


class ProfilBenevoleQuerySet(models.QuerySet):
    def trouvables(self, le=None):
        """Visible, not paused, of an active account."""
        le = le or timezone.localdate()
        return self.filter(visible=True, utilisateur__is_active=True).filter(
            Q(en_pause_jusqu_au__isnull=True) | Q(en_pause_jusqu_au__lt=le)
        )

    def autour(self, latitude, longitude, *, km=None):
        """Adds `distance` from the volunteer's commune; those who would come that far, or who help at a distance.

        `km` is what the structure asks for, `rayon_km` what the person accepts: both hold.
        """
        distance = DistanceKm("commune__latitude", "commune__longitude", lat0=latitude, lon0=longitude)
        profils = self.annotate(distance=distance)
        pres = Q(distance__lte=F("rayon_km"))
        if km is not None:
            pres &= Q(distance__lte=km)
        return profils.filter(pres | Q(a_distance=True))

    def avec_competence(self, competences):
        return self.filter(pk__in=self.model.objects.filter(competences__in=competences).values("pk"))

    def libres(self, demi_journees):
        """Free on one of these half-days."""
        return self.filter(demi_journees__overlap=list(demi_journees))

    def pour_listes(self):
        return self.select_related("commune").prefetch_related("competences")


class PriseDeContactQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The volunteer's own, and those of the structures that this person represents as référent. Not staff's."""
        if not utilisateur.is_authenticated:
            return self.none()
        return self.filter(Q(utilisateur=utilisateur) | Q(structure__in=structures_de(utilisateur, referent=True)))

    def pour_listes(self):
        return (
            self.select_related("structure", "utilisateur__profil_benevole")
            .annotate(dernier=Max("messages__cree_le"))
            .order_by("-dernier", "-pk")
        )
