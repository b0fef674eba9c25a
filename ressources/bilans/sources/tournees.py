"""Stages of artists' tours whose day is past: wished by a structure, retained by the artist."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from ressources.bilans.faits import Chiffre, Fait, Source
from ressources.bilans.mesures import ETAPES, Base, Sens
from ressources.models import Etape


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """One query. Of tours that reached their least number of stages and were not cancelled."""
    retenues = Etape.objects.filter(tournee=OuterRef("tournee"), etat="retenue").order_by().values("tournee")
    tenues = (
        Etape.objects.filter(
            etat="retenue",
            jour__gte=debut,
            jour__lt=min(fin, timezone.localdate()),
            tournee__etat__in=["confirmee", "terminee"],
        )
        .exclude(structure=F("tournee__annonce__structure"))
        .annotate(retenues=Subquery(retenues.annotate(nombre=Count("pk")).values("nombre")))
        .filter(retenues__gte=F("tournee__etapes_min"))
        .order_by("jour", "pk")
    )
    if structure is not None:
        tenues = tenues.filter(Q(structure=structure) | Q(tournee__annonce__structure=structure))
    lignes = tenues.values_list(
        *["structure", "structure__nom", "tournee__annonce__structure", "tournee__annonce__structure__nom"],
        *["tournee", "tournee__nom", "tournee__annonce", "tournee__annonce__titre", "jour"],
    )
    for ligne in lignes.iterator():
        yield from _cotes(ligne, structure)


def _cotes(ligne, structure) -> Iterator[Fait]:
    hote, nom_hote, artiste, nom_artiste, tournee, nom, annonce, titre, jour = ligne
    for qui, sens, avec in ((artiste, Sens.DONNE, nom_hote), (hote, Sens.RECU, nom_artiste)):
        if structure is None or qui == structure.pk:
            yield Fait(
                structure=qui,
                sens=sens,
                le=jour,
                quoi=nom,
                avec=avec,
                chiffres=(Chiffre(ETAPES, Base.DEUX, 1),),
                annonce=(annonce, titre),
                page=("ressources:tournee", (tournee,)),
            )


SOURCE = Source(
    "tournees",
    "Tournées d'artistes",
    (ETAPES,),
    faits,
    "Les étapes dont le jour est passé, dans les tournées qui ont réuni assez d'étapes et n'ont pas été annulées. Une "
    "structure l'a souhaitée, l'artiste l'a retenue : c'est dit par les deux.",
)
