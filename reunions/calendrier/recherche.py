"""The lines that an address asks for, in a constant number of queries."""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import CharField, Q, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from annuaire.geographie import DistanceKm, boite
from reunions.models import Evenement, Reunion

from .criteres import DU_POLE, Criteres
from .entrees import Entree, entree

PAR_PAGE = 20
MOTS_MAX = 8
MOIS_MAX = 600
"""Lines of one month: more would make a page that nobody reads."""
CHERCHES = {
    Reunion: ("titre", "objectif", "lieu", "commune__nom", "structure_hote__nom"),
    Evenement: ("titre", "description", "lieu", "commune__nom", "structure__nom"),
}


def minuit(jour) -> datetime:
    """The start of a day, Europe/Paris."""
    return datetime.combine(jour, time(), timezone.get_default_timezone())


def filtrer(lignes, criteres: Criteres):
    """Words, place and types; `lignes`: meetings or events."""
    for mot in criteres.q.split()[:MOTS_MAX]:
        un = Q()
        for champ in CHERCHES[lignes.model]:
            un |= Q(**{f"{champ}__unaccent__icontains": mot})
        lignes = lignes.filter(un)
    if commune := criteres.commune:
        lignes = autour(lignes, commune, criteres.km)
    if criteres.types:
        du_pole = lignes.model is Reunion
        codes = [t.removeprefix(DU_POLE) for t in criteres.types if t.startswith(DU_POLE) == du_pole]
        lignes = lignes.filter(genre__in=codes)
    return lignes


def autour(lignes, commune, km: float):
    """Those whose commune's centre is at `km` or less of this one's."""
    sud, ouest, nord, est = boite(commune.latitude, commune.longitude, km)
    distance = DistanceKm("commune__latitude", "commune__longitude", lat0=commune.latitude, lon0=commune.longitude)
    return lignes.filter(
        LessThanOrEqual(distance, km),
        commune__latitude__range=(sud, nord),
        commune__longitude__range=(ouest, est),
    )


def visibles(utilisateur):
    """(meetings, events) that this person finds in the agenda: dated, announced once at least."""
    reunions = Reunion.objects.visibles_par(utilisateur).connues().filter(debut__isnull=False)
    reunions = reunions.exclude(etat="annulee", annoncee_le__isnull=True)
    return reunions.order_by(), Evenement.objects.publies().order_by()


def _periode(criteres: Criteres) -> Q:
    """To come by default: what has no end is shown until the end of its day."""
    aujourdhui = minuit(timezone.localdate())
    if criteres.passees:
        return Q(fin__lt=timezone.now()) | Q(fin__isnull=True, debut__lt=aujourdhui)
    periode = Q()
    if criteres.du:
        ouvre = minuit(criteres.du)
        periode &= Q(fin__gt=ouvre) | Q(debut__gte=ouvre)
    if criteres.au:
        periode &= Q(debut__lt=minuit(criteres.au + timedelta(days=1)))
    if not periode:
        periode = Q(fin__gte=timezone.now()) | Q(fin__isnull=True, debut__gte=aujourdhui)
    return periode


def _reunies(reunions, evenements, *, dernier_d_abord=False):
    """(kind, key) of both, in the order of their dates."""
    sens = "-" if dernier_d_abord else ""
    colonnes = [
        lignes.annotate(sorte=Value(sorte, output_field=CharField())).values_list("sorte", "pk", "debut")
        for sorte, lignes in (("r", reunions), ("e", evenements))
    ]
    return colonnes[0].union(colonnes[1], all=True).order_by(f"{sens}debut", "sorte", f"{sens}pk")


def charger(paires, autour=None) -> list[Entree]:
    """The objects of these (kind, key, start), in that order: two queries."""
    cles = {"r": [pk for sorte, pk, _ in paires if sorte == "r"], "e": [pk for sorte, pk, _ in paires if sorte == "e"]}
    reunions = Reunion.objects.select_related("commune", "structure_hote").in_bulk(cles["r"])
    evenements = Evenement.objects.select_related("commune", "structure").in_bulk(cles["e"])
    objets = {"r": reunions, "e": evenements}
    return [entree(objets[sorte][pk], autour) for sorte, pk, _ in paires if pk in objets[sorte]]


def lignes(criteres: Criteres, utilisateur):
    """(kind, key, start) of what is asked, in the order of the dates; sliced, then given to `charger`."""
    reunions, evenements = (filtrer(sortes, criteres).filter(_periode(criteres)) for sortes in visibles(utilisateur))
    return _reunies(reunions, evenements, dernier_d_abord=criteres.passees)


def page_de_liste(criteres: Criteres, utilisateur, par_page: int = PAR_PAGE) -> Page:
    """One page of lines; its `object_list` holds Entree."""
    page = Paginator(lignes(criteres, utilisateur), par_page).get_page(criteres.page)
    page.object_list = charger(list(page.object_list), criteres.commune)
    return page


def prochaines(utilisateur, maximum: int) -> list[Entree]:
    """What comes next in the agenda of this person: three queries at most."""
    return charger(list(lignes(Criteres(), utilisateur)[:maximum]))


def du_mois(criteres: Criteres, utilisateur, premier, dernier) -> list[Entree]:
    """The lines that touch the days `premier` to `dernier`, both included."""
    ouvre, ferme = minuit(premier), minuit(dernier + timedelta(days=1))
    touche = Q(debut__lt=ferme) & (Q(fin__gt=ouvre) | Q(debut__gte=ouvre))
    reunions, evenements = (filtrer(lignes, criteres).filter(touche) for lignes in visibles(utilisateur))
    return charger(list(_reunies(reunions, evenements)[:MOIS_MAX]), criteres.commune)


def publiques(criteres: Criteres, *, depuis=None, maximum: int) -> list[Entree]:
    """What feeds hold: what anyone may see, from `depuis` on (what is to come, when None)."""
    periode = _periode(Criteres()) if depuis is None else Q(fin__gte=depuis) | Q(debut__gte=depuis)
    reunions, evenements = (filtrer(lignes, criteres).filter(periode) for lignes in visibles(AnonymousUser()))
    return charger(list(_reunies(reunions, evenements)[:maximum]), criteres.commune)
