"""What may be seen of meetings, events and actions, and by whom."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from annuaire.geographie import DistanceKm
from annuaire.models.commune import SansAccent
from annuaire.querysets import structures_de
from annuaire.texte import plier


class ReunionQuerySet(models.QuerySet):
    def connues(self):
        """Announced, held or cancelled: no longer a draft."""
        return self.exclude(etat="brouillon")

    def publiques(self):
        """Announced, and open to all: what a visitor and a search engine may read."""
        return self.connues().filter(audience="publique").exclude(etat="annulee", annoncee_le__isnull=True)

    def visibles_par(self, utilisateur):
        """No drafts: public ones for all, members' for accounts, the others for those invited; staff see all."""
        if utilisateur.is_authenticated and utilisateur.is_staff:
            return self.all()
        connues = self.connues()
        if not utilisateur.is_authenticated:
            return connues.filter(audience="publique")
        invitees = Q(pk__in=self.model.objects.filter(participations__utilisateur=utilisateur).values("pk"))
        return connues.filter(Q(audience__in=["publique", "membres"]) | invitees)

    def en_preparation(self):
        """Drafts, the last touched first."""
        return self.filter(etat="brouillon").pour_listes().order_by("-modifie_le", "-pk")

    def a_venir(self, instant=None):
        """Announced, not over; the soonest first."""
        instant = instant or timezone.now()
        return self.filter(Q(fin__gte=instant) | Q(fin__isnull=True, debut__gte=instant), etat="annoncee").order_by(
            "debut", "pk"
        )

    def passees(self, instant=None):
        """Held, or announced and over; the last first."""
        instant = instant or timezone.now()
        finies = Q(etat="annoncee") & (Q(fin__lt=instant) | Q(fin__isnull=True, debut__lt=instant))
        return self.filter(Q(etat="tenue") | finies).order_by("-debut", "-pk")

    def commencees_apres(self, reunion):
        """Held or announced, begun, and later than `reunion`; the first first."""
        apres = self.filter(etat__in=["annoncee", "tenue"], debut__gt=reunion.debut, debut__lte=timezone.now())
        return apres.exclude(pk=reunion.pk).order_by("debut", "pk")

    def pour_listes(self):
        return self.select_related("commune", "structure_hote")

    def pour_page(self):
        return self.select_related(
            "commune", "structure_hote__commune", "projet", "precedente", "atelier"
        ).prefetch_related("points__action", "animateurs")


class DocumentQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Public files for all, members' for accounts, the team's for staff. The meeting's own right comes first."""
        if not utilisateur.is_authenticated:
            return self.filter(audience="public")
        if utilisateur.is_staff:
            return self.all()
        return self.filter(audience__in=["public", "membres"])


class CompteRenduQuerySet(models.QuerySet):
    def publies(self):
        """With a published version, even while a new one is being written."""
        return self.filter(publie_le__isnull=False)

    def visibles_par(self, utilisateur):
        """Published, of a meeting that this person may see."""
        reunions = self.model._meta.get_field("reunion").related_model.objects.visibles_par(utilisateur)
        return self.publies().filter(reunion__in=reunions)

    def publics(self):
        """What a visitor and a search engine may read."""
        reunions = self.model._meta.get_field("reunion").related_model.objects.publiques()
        return self.publies().filter(reunion__in=reunions)

    def pour_donnees(self):
        """The last published first, with its version in `derniere` (a list of one) and its meeting: two queries."""
        versions = self.model._meta.get_field("versions").related_model.objects
        dernieres = versions.order_by("compte_rendu_id", "-numero").distinct("compte_rendu_id")
        parues = self.filter(models.Exists(versions.filter(compte_rendu=models.OuterRef("pk"))))
        return (
            parues.select_related("reunion__commune")
            .prefetch_related(models.Prefetch("versions", dernieres, to_attr="derniere"))
            .order_by("-publie_le", "-pk")
        )


class ParticipationQuerySet(models.QuerySet):
    def presentes(self):
        """Seen on the day."""
        return self.filter(presence="present")

    def excusees(self):
        """Excused, beforehand or on the day, and not seen."""
        return self.filter(Q(presence="excuse") | Q(presence="inconnue", reponse__in=["excuse", "represente"]))

    def sans_reponse(self):
        return self.filter(reponse="attendue", presence="inconnue")

    def joignables(self):
        return self.exclude(courriel="")

    def a_repondre(self, utilisateur):
        """Invited to a meeting announced and to come, and silent; the nearest first."""
        return (
            self.filter(utilisateur=utilisateur, reunion__etat="annoncee", reunion__fin__gt=timezone.now())
            .sans_reponse()
            .select_related("reunion__commune", "reunion__structure_hote")
            .order_by("reunion__debut", "pk")
        )

    def a_inviter(self):
        """On the list, not written to yet."""
        return self.joignables().filter(origine="invitation", invitee_le__isnull=True)

    def a_relancer(self, *, maximum, le=None):
        """Invited, no answer, less than `maximum` reminders, none today (Europe/Paris)."""
        aujourdhui = le or timezone.localdate()
        return (
            self.joignables()
            .sans_reponse()
            .filter(invitee_le__isnull=False, relances__lt=maximum)
            .exclude(relancee_le__gte=aujourdhui)
        )

    def en_retard_d_une_version(self):
        """Whose agenda holds an older state of the meeting."""
        return self.joignables().filter(sequence_envoyee__gte=0, sequence_envoyee__lt=models.F("reunion__sequence"))

    def occupent_une_place(self):
        """Who comes, of the gauge's point of view."""
        return self.filter(reponse="present").exclude(presence__in=["excuse", "absent"])

    def en_attente(self):
        """The waiting list, whoever asked first at its head."""
        return self.filter(reponse="attente").order_by("repondue_le", "pk")

    def qui_repondent(self, reponse="", *, besoins=False, covoiturage=False):
        """Those of one answer, with access needs, or in the car-pooling."""
        choisies = self.filter(reponse=reponse) if reponse else self
        choisies = choisies.exclude(besoins="") if besoins else choisies
        return choisies.exclude(covoiturage="") if covoiturage else choisies

    def chercher(self, texte):
        """Whose name, label or structure contains each word, whatever case and accents."""
        trouvees = self.annotate(nom_plie=SansAccent("nom"), libelle_plie=SansAccent("libelle"))
        for mot in plier(texte).split()[:5]:
            les_siennes = self.model.objects.filter(structures__tri__contains=mot).values("pk")
            noms = Q(nom_plie__contains=mot) | Q(libelle_plie__contains=mot) | Q(pk__in=les_siennes)
            trouvees = trouvees.filter(noms)
        return trouvees

    def par_nom(self):
        """The order of the sheet and of the check-in."""
        return self.order_by("ordre", Lower("nom").asc(), Lower("libelle").asc(), "pk")

    def pour_listes(self):
        """With what a line shows."""
        return self.select_related("covoiturage_depuis", "reponse_notee_par").prefetch_related("structures")


class AtelierQuerySet(models.QuerySet):
    def rendus(self):
        """Their notes are given back: nobody can be influenced any more."""
        return self.filter(phase__in=["restitution", "clos"])

    def resultats_visibles_par(self, utilisateur):
        """Staff: always. The others: once the notes are given back, when they may see the meeting."""
        if utilisateur.is_authenticated and utilisateur.is_staff:
            return self.all()
        reunions = self.model._meta.get_field("reunion").related_model.objects.visibles_par(utilisateur)
        return self.rendus().filter(reunion__in=reunions)


class PostItQuerySet(models.QuerySet):
    def de_atelier(self, atelier):
        return self.filter(axe__atelier=atelier)


class ActionQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Public ones for all; the others for members of the structures concerned; staff see all."""
        if not utilisateur.is_authenticated:
            return self.filter(publique=True)
        if utilisateur.is_staff:
            return self.all()
        siennes = structures_de(utilisateur)
        engagees = self.model.objects.filter(structures__in=siennes).values("pk")
        return self.filter(Q(publique=True) | Q(pilote__in=siennes) | Q(pk__in=engagees))

    def ouvertes(self):
        return self.filter(etat__in=["a_faire", "en_cours"])

    def en_retard(self, le=None):
        """Open after their day (today in Europe/Paris)."""
        return self.ouvertes().filter(echeance__lt=le or timezone.localdate())

    def de_structure(self, structure):
        """That it leads or joined. `structure`: the object or its id."""
        engagees = self.model.objects.filter(structures=structure).values("pk")
        return self.filter(Q(pilote=structure) | Q(pk__in=engagees))

    def menees_par(self, utilisateur):
        """Led by a structure of which this person is référent."""
        return self.filter(pilote__in=structures_de(utilisateur, referent=True))

    def pour_listes(self, utilisateur):
        """With what a line shows; the meeting only when this person may see it (None otherwise). Three queries."""
        reunions = self.model._meta.get_field("reunion").related_model.objects.visibles_par(utilisateur)
        return self.select_related("pilote", "projet").prefetch_related(
            models.Prefetch("reunion", reunions), "structures"
        )

    def par_urgence(self):
        """Open ones first, the nearest day first, those without a day last; then what is closed, the latest first."""
        close = models.Case(models.When(etat__in=["a_faire", "en_cours"], then=0), default=1)
        return self.annotate(close=close).order_by(
            "close", models.F("close_le").desc(nulls_first=True), models.F("echeance").asc(nulls_last=True), "pk"
        )


class ProjetQuerySet(models.QuerySet):
    def vivants(self):
        return self.exclude(etat="termine")

    def de_structure(self, structure):
        """That it leads or takes part in."""
        suivis = self.model.objects.filter(membres=structure).values("pk")
        return self.filter(Q(pilote=structure) | Q(pk__in=suivis))

    def pour_listes(self):
        """With how many take part; the living first."""
        vie = models.Case(models.When(etat="ouvert", then=0), models.When(etat="en_pause", then=1), default=2)
        membres = models.Count("adhesions", distinct=True)
        return self.select_related("pilote").annotate(vie=vie, nb_membres=membres).order_by("vie", "nom", "pk")


class EvenementQuerySet(models.QuerySet):
    def publies(self):
        """In the public eye; cancelled ones stay, so that people learn it."""
        return self.filter(etat__in=["publie", "annule"], structure__etat="publiee")

    def visibles_par(self, utilisateur):
        """Published and cancelled ones for all; a member also sees those of their structures; staff see all."""
        pour_tous = Q(etat__in=["publie", "annule"], structure__etat="publiee")
        if not utilisateur.is_authenticated:
            return self.filter(pour_tous)
        if utilisateur.is_staff:
            return self.all()
        return self.filter(pour_tous | Q(structure__in=structures_de(utilisateur)))

    def gerables_par(self, utilisateur):
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_staff:
            return self.all()
        return self.filter(structure__in=structures_de(utilisateur, referent=True))

    def a_corriger_par(self, utilisateur):
        """Sent back by the staff to a structure of which this person is référent."""
        return self.filter(etat="a_corriger", structure__in=structures_de(utilisateur, referent=True))

    def avec_attente(self):
        """Adds `attend_depuis`, null when it waits for nobody: to validate, or changed in line and to read again."""
        a_valider = models.When(etat="a_valider", then=models.F("soumis_le"))
        return self.annotate(attend_depuis=models.Case(a_valider, default=models.F("a_relire_depuis")))

    def a_venir(self, instant=None):
        instant = instant or timezone.now()
        return self.filter(Q(fin__gte=instant) | Q(fin__isnull=True, debut__gte=instant)).order_by("debut", "pk")

    def autour(self, latitude: float, longitude: float, km: float):
        """Those whose commune's centre is at `km` or less of a point."""
        distance = DistanceKm("commune__latitude", "commune__longitude", lat0=latitude, lon0=longitude)
        return self.annotate(distance=distance).filter(distance__lte=km)


class SondageQuerySet(models.QuerySet):
    def ouverts(self):
        return self.filter(clos_le__isnull=True)

    def gerables_par(self, utilisateur):
        """Whoever asked, and the staff."""
        return self.all() if utilisateur.is_staff else self.filter(auteur=utilisateur)

    def pour_listes(self):
        """With how many answered."""
        rangees = self.order_by(*self.model._meta.ordering)  # a query that counts forgets the model's order
        return rangees.annotate(nb_reponses=models.Count("reponses")).select_related("reunion", "date_retenue")
