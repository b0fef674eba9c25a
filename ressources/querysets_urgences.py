"""Urgent calls: who sees which, and what is due."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone

from annuaire.querysets import structures_de

SEMAINE = timedelta(days=7)


class UrgenceQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """The active members of the structure that asks, and the hub's staff."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_staff:
            return self.all()
        return self.filter(structure__in=structures_de(utilisateur))

    def ouvertes(self):
        return self.filter(etat="ouverte")

    def a_avancer(self, le=None):
        """Open, with something to do: a wave, a call held back by quiet hours, the end of the time asked for."""
        le = le or timezone.now()
        from ressources.models import Appel

        retenus = Appel.objects.filter(urgence=OuterRef("pk"), etat="prevu", envoyer_le__lte=le)
        return self.ouvertes().filter(Q(prochaine_vague_le__lte=le) | Q(fin__lte=le) | Exists(retenus))

    def a_l_equipe(self):
        """Open, and nobody was found in two waves: the hub's staff look for somebody."""
        return self.ouvertes().filter(vague=3)

    def de_la_semaine(self, le=None):
        """Opened within the last seven days, whatever became of them."""
        return self.filter(cree_le__gt=(le or timezone.now()) - SEMAINE)

    def pour_listes(self):
        """What is open first, the soonest first; then the last closed."""
        return self.select_related("structure", "commune").order_by(
            models.Case(models.When(etat="ouverte", then=0), default=1), "-debut", "-pk"
        )


class AppelQuerySet(models.QuerySet):
    def de(self, utilisateur):
        """Sent to this person: not those still held back, nor those that became useless before they left."""
        return self.filter(utilisateur=utilisateur, envoye_le__isnull=False)

    def a_repondre(self, utilisateur, le=None):
        """Sent, not answered, of an urgency still open."""
        return self.de(utilisateur).filter(
            etat="envoye", urgence__etat="ouverte", urgence__fin__gt=le or timezone.now()
        )

    def par_personne(self, utilisateurs, le) -> dict[int, int]:
        """Account -> urgent calls sent to it within the seven days before `le`."""
        lignes = self.filter(utilisateur__in=utilisateurs, envoye_le__gt=le - SEMAINE).order_by()
        return dict(lignes.values_list("utilisateur").annotate(total=Sum("envois")))
