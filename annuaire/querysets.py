"""What may be seen, and by whom."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.text import slugify

from annuaire.geographie import DistanceKm, boite
from pole_ess.socle.models import ReglagesPole

SLUGS_RESERVES = {"carte", "communes", "couverture", "donnees-ouvertes", "invitation", "lien", "proposer"}
"""First path segments under /annuaire/ that are not structures."""


def base_slug(nom: str) -> str:
    """The slug of a name, before it is made unique: « L'Espigaou égaré » -> « l-espigaou-egare »."""
    return slugify(nom.replace("'", " ").replace("’", " "))[:160].strip("-") or "structure"


def structures_de(utilisateur, *, referent=False):
    """Ids of the structures where this person is active (or référent); a subquery."""
    liens = utilisateur.rattachements.filter(etat="actif")
    if referent:
        liens = liens.filter(role="referent")
    return liens.exclude(structure__etat="archivee").values("structure_id")


class StructureQuerySet(models.QuerySet):
    def publiees(self):
        return self.filter(etat="publiee")

    def par_commune(self, communes) -> dict[str, int]:
        """COG code -> how many are in each of these communes."""
        comptes = self.filter(commune__in=communes).order_by().values_list("commune")
        return dict(comptes.annotate(combien=models.Count("pk")))

    def derniere_modification(self):
        """When the last one touched was; None without any."""
        return self.aggregate(derniere=models.Max("modifie_le"))["derniere"]

    def visibles_par(self, utilisateur):
        """Published ones for all; a member also sees their own structures; the hub's staff see all."""
        if not utilisateur.is_authenticated:
            return self.publiees()
        if utilisateur.is_staff:
            return self.all()
        siennes = Q(
            pk__in=utilisateur.rattachements.filter(etat="actif").values("structure_id"),
        ) & ~Q(etat="archivee")
        return self.filter(Q(etat="publiee") | siennes)

    def par_cle(self, source: str, cle: str):
        """The structure that has, or took over by a merge, this key of an import's source."""
        from annuaire.models import AncienneCle

        if not cle:
            return self.none()
        reprises = AncienneCle.objects.filter(source=source, cle=cle).values("structure_id")
        return self.filter(Q(source=source, source_cle=cle) | Q(pk__in=reprises))

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

    def pour_fiche(self):
        """With all that a sheet shows, in a constant number of queries; expired labels left out."""
        from annuaire.models import LabelStructure

        return self.select_related("commune").prefetch_related(
            "activites__parent",
            "competences",
            "photos",
            "contacts",
            Prefetch("labels", LabelStructure.objects.valides().select_related("label"), to_attr="labels_valides"),
        )

    def a_confirmer(self, le):
        """Published, and nobody has said for the hub's time (a year) before the day `le` that the sheet is right."""
        depuis = ReglagesPole.actuels().fiche_a_confirmer_depuis(le)
        return self.publiees().filter(
            Q(verifiee_le__lte=depuis) | Q(verifiee_le__isnull=True, publiee_le__date__lte=depuis)
        )

    def _joignables(self):
        from annuaire.models import Rattachement

        referents = Rattachement.objects.filter(
            structure=OuterRef("pk"), etat="actif", role="referent", utilisateur__is_active=True
        )
        return self.alias(a_un_referent=Exists(referents))

    def a_relancer(self, le):
        """Those to write to: due, reachable, and not written to within three months (90 days)."""
        return (
            self.a_confirmer(le)
            ._joignables()
            .filter(~Q(courriel="") | Q(a_un_referent=True))
            .filter(Q(relancee_le__isnull=True) | Q(relancee_le__lte=le - timedelta(days=90)))
        )

    def sans_reponse_a_la_relance(self):
        """Asked by the yearly mail, and nobody has said since that the sheet is right."""
        depuis = Q(verifiee_le__isnull=True) | Q(verifiee_le__lt=F("relancee_le"))
        return self.filter(depuis, relancee_le__isnull=False)

    def a_telephoner(self, le):
        """Those to call: due, and no answer 30 days after the mail, or no address to write to."""
        return (
            self.a_confirmer(le)
            ._joignables()
            .filter(Q(relancee_le__lte=le - timedelta(days=30)) | Q(courriel="", a_un_referent=False))
        )

    def slug_libre(self, nom: str) -> str:
        """A slug for `nom` that neither a structure nor an old address has: « braille-et-culture-2 »."""
        from annuaire.models import AncienneAdresse

        base = base_slug(nom)
        pris = set(self.model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        pris |= set(AncienneAdresse.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        pris |= SLUGS_RESERVES
        if base not in pris:
            return base
        return next(f"{base}-{rang}" for rang in range(2, len(pris) + 3) if f"{base}-{rang}" not in pris)


class RattachementQuerySet(models.QuerySet):
    """A person's places in structures."""

    def actifs_de(self, utilisateur):
        """My structures, except archived ones."""
        return (
            self.filter(utilisateur=utilisateur, etat="actif")
            .exclude(structure__etat="archivee")
            .select_related("structure__commune")
            .order_by("structure__tri", "pk")
        )

    def en_attente_de(self, utilisateur):
        """Invitations to answer and requests not yet decided, those sent to my address included."""
        return (
            self.filter(
                Q(utilisateur=utilisateur, etat__in=["invite", "demande"])
                | Q(utilisateur=None, etat="invite", courriel__iexact=utilisateur.email)
            )
            .exclude(structure__etat="archivee")
            .select_related("structure", "invite_par")
            .order_by("cree_le", "pk")
        )

    def a_decider_par(self, utilisateur):
        """Requests to join the structures of which I am a référent."""
        return (
            self.filter(
                etat="demande",
                structure__rattachements__utilisateur=utilisateur,
                structure__rattachements__role="referent",
                structure__rattachements__etat="actif",
            )
            .select_related("structure", "utilisateur")
            .order_by("cree_le", "pk")
        )


class LabelStructureQuerySet(models.QuerySet):
    def valides(self):
        """Held today: without an end, or not yet past it. In the order of their names."""
        return self.filter(Q(expire_le__isnull=True) | Q(expire_le__gte=timezone.localdate())).order_by(
            "label__nom", "pk"
        )


class MessageRelayeQuerySet(models.QuerySet):
    def perimes(self):
        """Older than twelve months: relayed messages are kept to answer abuse reports, no longer."""
        return self.filter(cree_le__lt=timezone.now() - timedelta(days=365))


class SignalementQuerySet(models.QuerySet):
    def a_traiter(self):
        return self.filter(etat="a_traiter")

    def perimes(self):
        """Closed for more than twelve months: the author's name and address have no further use."""
        return self.exclude(etat="a_traiter").filter(traite_le__lt=timezone.now() - timedelta(days=365))
