"""The routes of version 1. Their order, their filters and what they hide are those of the pages."""

from math import ceil

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import NinjaAPI, Query
from ninja.renderers import JSONRenderer

from annuaire import exports
from annuaire.models import Activite, Commune, Structure
from annuaire.recherche import chercher as chercher_structures
from annuaire.recherche.communes import suggerees
from ressources.models import Annonce
from ressources.recherche import chercher as chercher_annonces
from reunions.calendrier import recherche as agenda
from reunions.calendrier.criteres import Criteres as CriteresAgenda
from reunions.models import CompteRendu

from . import erreurs, lecture, schemas
from .erreurs import PageInconnue, ParametreInvalide
from .parametres import FiltresAnnonces, FiltresCommunes, FiltresEvenements, FiltresStructures, Pages


class RenduLisible(JSONRenderer):
    """Accents as they are: half the bytes, and readable as it comes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """An API whose description is made once: it changes with the code only, and takes a tenth of a second."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._descriptions = {}

    def get_openapi_schema(self, *, path_prefix=None, path_params=None):
        if path_prefix is None:
            path_prefix = self.get_root_path(path_params or {})
        if path_prefix not in self._descriptions:
            self._descriptions[path_prefix] = super().get_openapi_schema(path_prefix=path_prefix)
        return self._descriptions[path_prefix]


api = Api(
    title="API du pôle",
    version="1.0.0",
    description="Les données ouvertes du pôle, en lecture : structures, offres et besoins, agenda, comptes rendus.",
    urls_namespace="api",
    docs_url=None,
    renderer=RenduLisible(),
    openapi_extra={
        "info": {
            "license": {
                "name": "Licence Ouverte 2.0 (Etalab)",
                "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            }
        }
    },
)
erreurs.poser(api)

REFUS = {400: schemas.Erreur, 404: schemas.Erreur, 429: schemas.Erreur}
SANS_MOT = {404: schemas.Erreur, 429: schemas.Erreur}


def page(reponse: HttpResponse, route: str, filtres: Pages, total: int, lire) -> dict:
    """One page of `total` elements, of which `lire(from, to)` gives some; its neighbours in the body and in Link."""
    pages = max(1, ceil(total / filtres.par_page))
    if filtres.page > pages:
        raise PageInconnue
    racine = f"{settings.PORTAIL_URL}{reverse(f'api:{route}')}?"
    voisines = {
        "first": 1,
        "prev": filtres.page - 1 or None,
        "next": filtres.page + 1 if filtres.page < pages else None,
        "last": pages,
    }
    liens = {rel: racine + filtres.adresse(rang) for rel, rang in voisines.items() if rang}
    reponse["Link"] = ", ".join(f'<{lien}>; rel="{rel}"' for rel, lien in liens.items())
    debut = (filtres.page - 1) * filtres.par_page
    return {
        "total": total,
        "page": filtres.page,
        "pages": pages,
        "par_page": filtres.par_page,
        "suivant": liens.get("next"),
        "precedent": liens.get("prev"),
        "resultats": list(lire(debut, debut + filtres.par_page)),
    }


def _connus(parametre: str, demandes, connus) -> None:
    """Raises ParametreInvalide: an unknown value would otherwise find nothing, or everything."""
    if inconnus := [valeur for valeur in demandes if valeur not in connus]:
        raise ParametreInvalide(parametre, f"Valeur inconnue : {', '.join(inconnus)}.")


def _commune_connue(filtres, criteres) -> None:
    if filtres.commune and criteres.commune is None:
        raise ParametreInvalide("commune", "Aucune commune connue n'a ce code, ou son emplacement manque.")


@api.get(
    "/structures",
    response={200: schemas.Page[schemas.Structure], **REFUS},
    url_name="structures",
    summary="Les structures de l'annuaire",
    operation_id="structures",
)
def structures(request, response: HttpResponse, filtres: Query[FiltresStructures]):
    """Les structures publiées, avec les filtres de l'annuaire. Sans mot ni commune, dans l'ordre des noms."""
    resultat = chercher_structures(filtres.recherche())
    _commune_connue(filtres, resultat.criteres)
    for nom in ("activite", "competence", "label"):
        if demandes := getattr(filtres, nom):
            _connus(nom, demandes, {taxon.slug for taxon in getattr(resultat.taxonomies, f"{nom}s")})

    def lire(debut, fin):
        return map(lecture.structure, exports.preparer(resultat.exacte)[debut:fin])

    return page(response, "structures", filtres, resultat.filtree_exacte.count(), lire)


@api.get(
    "/structures/{slug}",
    response={200: schemas.Structure, **SANS_MOT},
    url_name="structure",
    summary="Une structure",
    operation_id="structure",
)
def structure(request, response: HttpResponse, slug: str):
    """Une structure publiée. L'identifiant qu'elle avait avant de changer de nom mène à elle par une redirection."""
    publiees = Structure.objects.publiees()
    trouvee = exports.preparer(publiees.filter(slug=slug)).first()
    if trouvee is not None:
        return lecture.structure(trouvee)
    renommee = get_object_or_404(publiees.only("slug"), anciennes_adresses__slug=slug)
    ici = HttpResponse(status=301)
    ici["Location"] = reverse("api:structure", args=[renommee.slug])
    return ici


@api.get(
    "/annonces",
    response={200: schemas.Page[schemas.Annonce], **REFUS},
    url_name="annonces",
    summary="Les offres et les besoins",
    operation_id="annonces",
)
def annonces(request, response: HttpResponse, filtres: Query[FiltresAnnonces]):
    """Les annonces auxquelles on peut répondre (avec « toutes », aussi les closes), les plus récentes d'abord."""
    resultat = chercher_annonces(filtres.recherche())
    _commune_connue(filtres, resultat.criteres)
    if filtres.categorie:
        _connus("categorie", filtres.categorie, {categorie.slug for categorie in resultat.categories})
    if filtres.structure and resultat.structure is None:
        _connus("structure", [filtres.structure], ())

    def lire(debut, fin):
        return map(lecture.annonce, resultat.exacte.pour_donnees()[debut:fin])

    return page(response, "annonces", filtres, resultat.filtree_exacte.count(), lire)


@api.get(
    "/annonces/{int:id}",
    response={200: schemas.Annonce, **SANS_MOT},
    url_name="annonce",
    summary="Une offre ou un besoin",
    operation_id="annonce",
)
def annonce(request, response: HttpResponse, id: int):
    """Une annonce publiée, expirée ou pourvue. Retirée, elle n'est plus là (404)."""
    return lecture.annonce(get_object_or_404(Annonce.objects.publiques().pour_donnees(), pk=id))


@api.get(
    "/evenements",
    response={200: schemas.Page[schemas.Evenement], **REFUS},
    url_name="evenements",
    summary="L'agenda commun",
    operation_id="evenements",
)
def evenements(request, response: HttpResponse, filtres: Query[FiltresEvenements]):
    """Les rencontres publiques du pôle et les événements des structures, dans l'ordre des dates."""
    criteres = CriteresAgenda.lire(filtres.recherche())
    _commune_connue(filtres, criteres)
    lignes = agenda.lignes(criteres, AnonymousUser())

    def lire(debut, fin):
        return map(lecture.evenement, agenda.charger(list(lignes[debut:fin]), criteres.commune))

    return page(response, "evenements", filtres, lignes.count(), lire)


@api.get(
    "/comptes-rendus",
    response={200: schemas.Page[schemas.CompteRendu], **REFUS},
    url_name="comptes_rendus",
    summary="Les comptes rendus publiés",
    operation_id="comptes_rendus",
)
def comptes_rendus(request, response: HttpResponse, filtres: Query[Pages]):
    """Leurs dates et leurs chiffres, le dernier publié d'abord ; leurs textes, qui peuvent nommer des personnes, se
    lisent sur le site."""
    publics = CompteRendu.objects.publics().pour_donnees()

    def lire(debut, fin):
        return map(lecture.compte_rendu, publics[debut:fin])

    return page(response, "comptes_rendus", filtres, publics.count(), lire)


@api.get(
    "/communes",
    response={200: schemas.Page[schemas.Commune], **REFUS},
    url_name="communes",
    summary="Les communes",
    operation_id="communes",
)
def communes(request, response: HttpResponse, filtres: Query[FiltresCommunes]):
    """Les communes que le portail connaît, dans l'ordre des noms."""
    connues = suggerees(filtres.q) if filtres.q.strip() else Commune.objects.all()
    if filtres.avec_structures:
        connues = connues.filter(pk__in=Structure.objects.publiees().values("commune"))
    connues = connues.order_by("tri", "code")

    def lire(debut, fin):
        montrees = list(connues[debut:fin])
        combien = Structure.objects.publiees().par_commune(montrees)
        return (lecture.commune(c, combien.get(c.pk, 0)) for c in montrees)

    return page(response, "communes", filtres, connues.count(), lire)


@api.get(
    "/activites",
    response={200: schemas.Page[schemas.Activite], **REFUS},
    url_name="activites",
    summary="Les activités",
    operation_id="activites",
)
def activites(request, response: HttpResponse, filtres: Query[Pages]):
    """Les activités de l'annuaire, sur deux niveaux, dans l'ordre où le site les montre."""
    toutes = Activite.objects.select_related("parent").order_by("ordre", "nom", "pk")

    def lire(debut, fin):
        combien = chercher_structures(filtres.recherche()).comptes["activite"]
        for a in toutes[debut:fin]:
            a.combien = combien.get(str(a.pk), 0)
            yield lecture.activite(a)

    return page(response, "activites", filtres, toutes.count(), lire)
