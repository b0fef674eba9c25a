"""Which rows: of subscribers, issues, recipients and news."""

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, When

from annuaire.querysets import structures_de


class InteretsQuerySet(models.QuerySet):
    def pour(self, *, natures=(), activites=(), commune=None, rayon_km=None):
        """The row of this combination, made when it is the first of its kind; everything when nothing is chosen.

        Every nature chosen is the same as none. A commune without a radius, or a radius without a commune, is none.
        """
        from ressources.natures import Nature

        natures = sorted(set(natures))
        if set(natures) == set(Nature.values):
            natures = []
        activites = sorted({getattr(activite, "pk", activite) for activite in activites})
        commune_id = getattr(commune, "pk", commune)
        if not commune_id or not rayon_km:
            commune_id = rayon_km = None
        parties = {
            "natures": ",".join(natures),
            "activites": ",".join(map(str, activites)),
            "autour": f"{commune_id}+{rayon_km}" if commune_id else "",
        }
        cle = " ".join(f"{nom}:{valeur}" for nom, valeur in parties.items() if valeur)
        interets, nouveau = self.get_or_create(
            cle=cle, defaults={"natures": natures, "commune_id": commune_id, "rayon_km": rayon_km}
        )
        if nouveau:
            interets.activites.set(activites)
        return interets

    def sans_personne(self):
        """Combinations that nobody has any more, nor any rendering."""
        return self.filter(abonnes=None, rendus=None)


class AbonneQuerySet(models.QuerySet):
    def confirmes(self):
        return self.filter(etat="confirme")

    def de_compte(self, utilisateur):
        """The subscription of an account: linked to it, or at one of its verified addresses; the linked one first."""
        verifiees = [
            adresse.lower()
            for adresse in utilisateur.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        ]
        siens = self.filter(Q(utilisateur=utilisateur) | Q(utilisateur=None, courriel__in=verifiees))
        return (
            siens.select_related("interets__commune")
            .prefetch_related("interets__activites")
            .order_by(models.F("utilisateur").asc(nulls_last=True), "pk")
        )

    def pour_export(self):
        """Every subscriber with what the staff's file says of them, by address."""
        avec = self.select_related("interets__commune", "mention").prefetch_related("interets__activites")
        return avec.order_by("courriel", "pk")

    def perimes(self, avant):
        """Asked for before `avant` and never confirmed."""
        return self.filter(etat="en_attente", consenti_le__lt=avant)

    def sans_reponse(self, *, relance, signe):
        """Asked before `relance` and silent since; or suspended, and without a sign since `signe`."""
        return self.filter(Q(relance_le__lt=relance) | Q(etat="suspendu", dernier_signe_le__lt=signe))

    def par_etat(self) -> dict[str, int]:
        return dict(self.order_by().values_list("etat").annotate(Count("pk")))


class NumeroQuerySet(models.QuerySet):
    def lances(self):
        """Those that readers have got, wholly or in part."""
        return self.filter(etat__in=["en_cours", "suspendu", "termine"])

    def archives(self):
        """Those with a number in the series, the latest first: what somebody received may be read by all."""
        return self.filter(rang__isnull=False).order_by("-rang")

    def avant(self, rang):
        """The archived one just before, or None."""
        return self.archives().filter(rang__lt=rang).first()

    def apres(self, rang):
        """The archived one just after, or None."""
        return self.archives().filter(rang__gt=rang).last()

    def pour_l_equipe(self):
        """The last begun first, with how many people each put in touch, and whether it waits for the staff."""
        connexions = Count("gestes", filter=Q(gestes__genre__in=["aide", "interet", "presence"]))
        attend = Case(When(self._attend_l_equipe(), then=True), default=False, output_field=models.BooleanField())
        return self.annotate(connexions=connexions, attend=attend).order_by("-cree_le", "-pk")

    def a_lancer(self, instant):
        """Scheduled, and their time has come."""
        return self.filter(etat="programme", programme_le__lte=instant)

    def programmes_entre(self, debut, fin):
        """Scheduled to leave between these instants, the soonest first."""
        return self.filter(etat="programme", programme_le__range=(debut, fin)).order_by("programme_le", "pk")

    def en_cours(self):
        return self.filter(etat="en_cours")

    def messages(self) -> dict[str, int]:
        """Of those being sent: state -> number of recipients."""
        envois = self.model._meta.get_field("envois").related_model.objects
        return envois.filter(numero__etat="en_cours").bilan()

    def a_l_arret(self, *, lance_avant, progres_avant):
        """Their hour passed before the first instant and nobody began; or some wait, and none left since the second."""
        envois = self.model._meta.get_field("envois").related_model.objects
        restent = Exists(envois.dus(progres_avant).filter(numero=OuterRef("pk")))
        return self.filter(
            Q(etat="programme", programme_le__lt=lance_avant)
            | Q(restent, etat="en_cours", progres_le__lt=progres_avant)
        ).order_by("programme_le", "pk")

    def qui_attendent(self):
        """Suspended, or with uncertain messages about which nobody has decided: only the staff bring them to an end."""
        return self.filter(self._attend_l_equipe())

    def _attend_l_equipe(self):
        envois = self.model._meta.get_field("envois").related_model.objects
        incertains = Exists(envois.a_decider().filter(numero=OuterRef("pk")))
        return Q(etat="suspendu") | Q(incertains, etat="en_cours")


class EnvoiQuerySet(models.QuerySet):
    def bilan(self) -> dict[str, int]:
        """State -> number of recipients; the sum is the number prepared."""
        return dict(self.order_by().values_list("etat").annotate(Count("pk")))

    def a_decider(self):
        """Uncertain ones that nobody of the staff has looked at."""
        return self.filter(etat="incertain", decide_le__isnull=True)

    def avec_abonne(self):
        """In order, with whom each was for."""
        return self.select_related("abonne", "numero").order_by("pk")

    def rejetes(self):
        """Refused for good, or come back."""
        return self.filter(etat__in=["rejete", "plainte"])

    def non_regles(self):
        """What keeps an issue from being finished."""
        return self.filter(Q(etat__in=["pret", "en_vol", "differe"]) | Q(etat="incertain", decide_le__isnull=True))

    def dus(self, instant):
        """To send now."""
        return self.filter(Q(etat="pret") | Q(etat="differe", prochaine_le__lte=instant))

    def echoues(self):
        """Refused for good, and their subscriber is still there to be written to."""
        return self.filter(etat="rejete", abonne__etat="confirme")


class BreveQuerySet(models.QuerySet):
    def publiees(self):
        """What everybody may read: published, of a published structure."""
        return self.filter(etat="publiee", structure__etat="publiee")

    def de_structure(self, structure):
        return self.filter(structure=structure)

    def recentes(self):
        """As lists show them, the latest first."""
        return self.select_related("structure__commune").order_by("-publiee_le", "-pk")

    def gerables_par(self, utilisateur):
        """Those of the structures this person answers for; staff answer for all."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_staff:
            return self.all()
        return self.filter(structure__in=structures_de(utilisateur, referent=True))

    def visibles_par(self, utilisateur):
        """Published ones for all; the others for who manages them."""
        if not utilisateur.is_authenticated:
            return self.publiees()
        if utilisateur.is_staff:
            return self.all()
        siennes = Q(structure__in=structures_de(utilisateur, referent=True))
        return self.filter(Q(etat="publiee", structure__etat="publiee") | siennes)
