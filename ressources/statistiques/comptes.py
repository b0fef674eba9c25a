"""Offers and needs counted by month, sense and nature: published, met, open."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Min, Value
from django.utils import timezone

from ressources.models import Annonce

from .periode import Periode

OFFRE, BESOIN = Annonce.Sens.OFFRE, Annonce.Sens.BESOIN


@dataclass(frozen=True)
class Comptes:
    """`parues` and `pourvues`: (rank of the month, sense, nature) -> how many; `ouvertes`: (sense, nature) -> now."""

    parues: Counter
    pourvues: Counter
    ouvertes: Counter

    def somme(self, quoi: str, *, mois=None, sens=None, nature=None) -> int:
        """Of `parues` or `pourvues`; None: all of them."""
        return sum(
            compte
            for (m, s, n), compte in getattr(self, quoi).items()
            if (mois is None or m == mois) and (sens is None or s == sens) and (nature is None or n == nature)
        )

    def ouvertes_de(self, *, sens=None, nature=None) -> int:
        return sum(
            compte
            for (s, n), compte in self.ouvertes.items()
            if (sens is None or s == sens) and (nature is None or n == nature)
        )


def premiere_parution() -> date | None:
    """The day (Europe/Paris) of the oldest published announcement."""
    premiere = Annonce.objects.aggregate(premiere=Min("publiee_le"))["premiere"]
    return timezone.localdate(premiere) if premiere else None


def restreindre(annonces, *, nature="", commune=None):
    """Those of a nature and of a commune, when asked."""
    if nature:
        annonces = annonces.filter(nature=nature)
    return annonces.filter(commune=commune) if commune else annonces


def compter(periode: Periode, *, nature="", commune=None) -> Comptes:
    """Three queries, whatever the period and the number of announcements."""
    debut, fin = periode.bornes
    toutes = restreindre(Annonce.objects.order_by(), nature=nature, commune=commune)
    ouvertes = toutes.a_saisir().values_list("sens", "nature").annotate(nombre=Count("*"))
    return Comptes(
        _par_mois(toutes.parues(debut, fin), "publiee_le", periode),
        _par_mois(toutes.pourvues_entre(debut, fin), "close_le", periode),
        Counter({(sens, nature): compte for sens, nature, compte in ouvertes}),
    )


def _par_mois(annonces, champ: str, periode: Periode) -> Counter:
    """(rank of the month, sense, nature) -> how many; the instants between two months are given, so no time zone is
    left to the database."""
    seuils = Value(periode.seuils, output_field=ArrayField(DateTimeField()))
    rang = Func(F(champ), seuils, function="width_bucket", output_field=IntegerField())
    lignes = annonces.annotate(rang=rang).values_list("rang", "sens", "nature").annotate(nombre=Count("*"))
    return Counter({(rang - 1, sens, nature): compte for rang, sens, nature, compte in lignes})
