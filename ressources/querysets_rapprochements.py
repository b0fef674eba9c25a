"""Matches that were told: which ones still matter to somebody."""

from django.db import models
from django.db.models import Q

from annuaire.querysets import structures_de


class RapprochementQuerySet(models.QuerySet):
    def annonces_a(self, utilisateur, *, depuis):
        """Told since `depuis` to a structure that this person answers for, both sides still open, none set aside."""
        siennes = structures_de(utilisateur, referent=True)
        au_besoin = Q(besoin__structure__in=siennes, annonce_au_besoin_le__gte=depuis, ecarte_par_besoin_le=None)
        a_l_offre = Q(offre__structure__in=siennes, annonce_a_l_offre_le__gte=depuis, ecarte_par_offre_le=None)
        ouvert = Q(besoin__etat="publiee") & (Q(offre__isnull=True) | Q(offre__etat="publiee"))
        return self.filter(au_besoin | a_l_offre).filter(ouvert)
