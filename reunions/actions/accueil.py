"""« Reste à accueillir »: whose turn it is to host, and offering to."""

from django.db import transaction
from django.db.models import Count, Max, Q

from annuaire.models import Commune, Structure
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole

COMPTENT = Q(reunions_accueillies__etat__in=["annoncee", "tenue"])


def structures_par_tour():
    """Published structures: those that never hosted first, then the longest ago; with `fois` and `derniere`."""
    return (
        Structure.objects.publiees()
        .annotate(
            fois=Count("reunions_accueillies", filter=COMPTENT),
            derniere=Max("reunions_accueillies__debut", filter=COMPTENT),
        )
        .select_related("commune")
        .order_by("fois", "derniere", "tri", "pk")
    )


def communes_par_tour():
    """Communes of the territory where a published structure is: those without a meeting first, with `fois`."""
    comptent = Q(reunions__etat__in=["annoncee", "tenue"])
    communes = Commune.objects.filter(structures__etat="publiee")
    if territoire := ReglagesPole.actuels().territoire:
        communes = communes.filter(code__in=territoire)
    return communes.annotate(
        fois=Count("reunions", filter=comptent, distinct=True),
        derniere=Max("reunions__debut", filter=comptent),
        nb_structures=Count("structures", filter=Q(structures__etat="publiee"), distinct=True),
    ).order_by("fois", "derniere", "tri", "code")


@transaction.atomic
def proposer(*, structure, par, quand: str, message: str, cle) -> None:
    """A member offers to host: the hub's staff are written to, once per `cle`."""
    deposer(
        "accueil_propose",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=structure,
        repondre_a=par.email,
        contexte={"structure": structure, "par": par, "quand": quand, "texte": message},
        cle_unicite=f"accueil-{cle}",
    )
