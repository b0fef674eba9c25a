"""Help counted in accounts of hours: proposed by one side, confirmed by the other, on the day of the help."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce

from ressources.bilans.faits import Chiffre, Fait, Source
from ressources.bilans.mesures import HEURES_ENTRAIDE, Base, Sens
from ressources.models import OperationHeures


def faits(debut: date, fin: date, *, structure=None) -> Iterator[Fait]:
    """One query. What a confirmed correction took back is not counted; a person who helped is not named."""
    corrige = Sum("corrections__heures", filter=Q(corrections__etat="confirmee"))
    aides = (
        OperationHeures.objects.filter(genre="aide", etat="confirmee", jour__gte=debut, jour__lt=fin)
        .annotate(reprises=Coalesce(corrige, Value(0), output_field=OperationHeures._meta.get_field("heures")))
        .order_by("jour", "pk")
    )
    if structure is not None:
        aides = aides.filter(
            Q(aidant__structure=structure)
            | Q(aidant__absorbe_par__structure=structure)
            | Q(aide__structure=structure)
            | Q(aide__absorbe_par__structure=structure)
        )
    lignes = aides.values_list(
        *["pk", "jour", "objet", "heures", "reprises"],
        *[
            f"{cote}__{champ}"
            for cote in ("aidant", "aide")
            for champ in ("structure", "structure__nom", "absorbe_par__structure", "absorbe_par__structure__nom")
        ],
    )
    for pk, jour, objet, heures, reprises, *cotes in lignes.iterator():
        aidant, aide = _structure(*cotes[:4]), _structure(*cotes[4:])
        if heures > reprises and aidant != aide:
            yield from _cotes(pk, jour, objet, heures - reprises, aidant, aide, structure)


def _structure(pk, nom, absorbante, nom_absorbante) -> tuple[int | None, str]:
    """Whose account it is, merged ones included; (None, "") for a person's."""
    return (pk, nom) if pk else (absorbante, nom_absorbante or "")


def _cotes(pk, jour, objet, heures, aidant, aide, structure) -> Iterator[Fait]:
    for (qui, _), (_, avec), sens in ((aidant, aide, Sens.DONNE), (aide, aidant, Sens.RECU)):
        if qui is not None and (structure is None or qui == structure.pk):
            yield Fait(
                structure=qui,
                sens=sens,
                le=jour,
                quoi=objet or "Coup de main",
                avec=avec or "une personne",
                chiffres=(Chiffre(HEURES_ENTRAIDE, Base.DEUX, heures),),
                page=("ressources:heures_operation", (pk,)),
            )


SOURCE = Source(
    "entraide",
    "Comptes d'heures",
    (HEURES_ENTRAIDE,),
    faits,
    "Les coups de main des comptes d'heures, à la date du coup de main. L'un les propose, l'autre les confirme : "
    "c'est dit par les deux. Ce qu'une correction confirmée a repris n'est pas compté, ni le crédit de départ.",
)
