"""The directory's list, its map points and the suggestions of communes."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from annuaire.recherche import carte, chercher
from annuaire.recherche.communes import suggestions
from annuaire.recherche.criteres import KM_CHOIX
from annuaire.recherche.facettes import labels_valides
from annuaire.recherche.presentation import choix_communes, filtres_actifs, pages, panneau
from annuaire.recherche.resultat import PAR_PAGE

FORMATS_EXPORT = [
    ("csv", "CSV (tableur)"),
    ("xlsx", "XLSX (Excel)"),
    ("geojson", "GeoJSON (carte)"),
    ("vcf", "vCard (contacts)"),
]
COLONNES = [
    "nom", "sigle", "slug", "logo", "presentation", "missions", "forme_juridique", "activites_index",
    "commune__nom", "latitude", "verifiee_le", "est_demonstration",
]  # fmt: skip


@require_safe
def structure_liste(request):
    """One URL for the page and, under htmx, for its results alone."""
    resultat = chercher(request.GET, request.user)
    criteres = resultat.criteres
    page = Paginator(range(resultat.total), PAR_PAGE).get_page(criteres.page)
    page.object_list = lignes(resultat, page)
    contexte = {
        "resultat": resultat,
        "criteres": criteres,
        "page": page,
        "panneau": panneau(resultat),
        "actifs": filtres_actifs(resultat),
        "pages": pages(page, criteres),
        "choix_communes": choix_communes(criteres),
        "formats_export": FORMATS_EXPORT,
        "km_choix": sorted({*KM_CHOIX, criteres.km}),
        "entrees": _entrees(resultat),
        "url_canonique": f"{reverse('annuaire:structure_liste')}{criteres.url()}".removesuffix("?"),
        "url_points": f"{reverse('annuaire:carte_points')}{criteres.url(page=1, carte=False)}",
        "url_sans_point": criteres.url(page=1, carte=False, sans_point=True),
        "tuiles_url": settings.TUILES_URL,
        "tuiles_attribution": settings.TUILES_ATTRIBUTION,
        "chaine_export": criteres.chaine(page=1, carte=False),
    }
    gabarit = "annuaire/structure_liste.html"
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        gabarit += "#resultats"
    reponse = render(request, gabarit, contexte)
    if request.htmx:
        reponse["HX-Push-Url"] = contexte["url_canonique"]
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _entrees(resultat):
    """The visible ways in: with their counts on the whole directory, without them where nothing was found."""
    if not resultat.criteres.a_des_filtres:
        return resultat.taxonomies.en_avant(resultat.comptes)
    return [] if resultat.total else resultat.taxonomies.en_avant()


def lignes(resultat, page) -> list:
    """The structures of a page with what a line shows, in one query: the taxonomies are already read."""
    debut = (page.number - 1) * PAR_PAGE
    structures = list(
        resultat.tranche(debut, debut + PAR_PAGE)
        .select_related("commune")
        .only(*COLONNES)
        .annotate(labels_ids=ArraySubquery(labels_valides().filter(structure=OuterRef("pk")).values("label_id")))
    )
    activites = {activite.pk: activite for activite in resultat.taxonomies.activites}
    for structure in structures:
        portees = [activites[pk] for pk in structure.activites_index if pk in activites]
        parents = {activite.parent_id for activite in portees}
        structure.activites_montrees = [activite for activite in portees if activite.pk not in parents]
        structure.labels_montres = [label for label in resultat.taxonomies.labels if label.pk in structure.labels_ids]
    return structures


@require_safe
@conditional_page
def carte_points(request):
    """GeoJSON (RFC 7946) of the same search: clusters for the box and the zoom asked for."""
    collection = carte.points(chercher(request.GET, request.user), carte.Vue.lire(request.GET))
    reponse = JsonResponse(collection, content_type="application/geo+json")
    reponse["Cache-Control"] = "private, max-age=60"
    return reponse


@require_safe
def communes_suggestions(request):
    """Options of the datalist of the commune field."""
    tape = request.GET.get("autour") or request.GET.get("commune", "")
    texte = " ".join(tape[:100].split())
    return render(request, "annuaire/_communes_options.html", {"communes": suggestions(texte)})
