"""The documentation page, made from the OpenAPI schema: it cannot say something else than the API does."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse

from .parametres import PAR_PAGE
from .v1 import api

TYPES = {"integer": "entier", "number": "nombre", "boolean": "vrai ou faux", "string": "texte"}
FORMATS = {"date": "date (2027-03-12)", "date-time": "instant (2027-03-12T18:30:00Z)"}
BORNES = {
    "minimum": "{} au moins",
    "exclusiveMinimum": "plus de {}",
    "maximum": "{} au plus",
    "maxLength": "{} caractères au plus",
    "maxItems": "{} valeurs au plus",
}
TEXTE_MAX = 160
"""Characters of a text in an example answer: the rest is an ellipsis."""
EXEMPLES = {"structures": "par_page=1&tri=nom", "annonces": "par_page=1&sens=offre", "communes": "par_page=1&q=vichy"}
"""Route -> what its example asks for; the others ask for one element."""


@dataclass(frozen=True)
class Parametre:
    nom: str
    sorte: str
    description: str
    bornes: str
    valeurs: tuple[str, ...] = ()
    defaut: str = ""
    repetable: bool = False


@dataclass(frozen=True)
class Champ:
    """`objet`: the object that it holds, when it is one of ours."""

    nom: str
    sorte: str
    description: str
    valeurs: tuple[str, ...] = ()
    objet: str = ""


@dataclass(frozen=True)
class Route:
    nom: str
    chemin: str
    resume: str
    description: str
    parametres: tuple[Parametre, ...]
    objet: str
    paginee: bool
    commande: str
    reponse: str


def routes() -> list[Route]:
    """Each route with an example that is answered now: a constant number of queries."""
    schema = api.get_openapi_schema()
    exemples = _exemples(schema)
    return [_route(chemin, operations["get"], exemples) for chemin, operations in schema["paths"].items()]


def objets() -> list[tuple[str, list[Champ]]]:
    """The objects that answers hold, with their fields; pages and errors have a paragraph of their own."""
    composants = api.get_openapi_schema()["components"]["schemas"]
    noms = [nom for nom in composants if not nom.startswith(("Page", "Erreur", "Filtres"))]
    return [(nom, champs(composants[nom])) for nom in noms if composants[nom].get("properties")]


def champs(composant: dict) -> list[Champ]:
    return [_champ(nom, propriete) for nom, propriete in composant["properties"].items()]


def _champ(nom: str, propriete: dict) -> Champ:
    sorte, valeurs, objet = _sorte(propriete)
    return Champ(nom, sorte, propriete.get("description", ""), valeurs, objet)


def _sorte(propriete: dict) -> tuple[str, tuple, str]:
    """(kind in words, values when they are a list, object): « liste de », « ou null » included."""
    if "anyOf" in propriete:
        vrais = [p for p in propriete["anyOf"] if p.get("type") != "null"]
        sorte, valeurs, objet = _sorte(vrais[0])
        return (f"{sorte} ou null" if len(vrais) < len(propriete["anyOf"]) else sorte), valeurs, objet
    if "$ref" in propriete:
        return "objet", (), propriete["$ref"].rsplit("/", 1)[-1]
    if propriete.get("type") == "array":
        sorte, valeurs, objet = _sorte(propriete["items"])
        return f"liste ({sorte})", valeurs, objet
    valeurs = tuple(v or "vide" for v in propriete.get("enum", ()))
    return FORMATS.get(propriete.get("format"), TYPES.get(propriete.get("type"), "texte")), valeurs, ""


def _route(chemin: str, operation: dict, exemples: dict) -> Route:
    nom = operation["operationId"]
    objet = operation["responses"][200]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    adresse, reponse = exemples[nom]
    return Route(
        nom=nom,
        chemin=chemin,
        resume=operation["summary"],
        description=" ".join(operation["description"].split()),
        parametres=tuple(_parametre(p) for p in operation["parameters"]),
        objet=objet.removeprefix("Page_").strip("_"),
        paginee=objet.startswith("Page_"),
        commande=f"curl '{settings.PORTAIL_URL}{adresse}'",
        reponse=json.dumps(_abreger(reponse), ensure_ascii=False, indent=2),
    )


def _parametre(parametre: dict) -> Parametre:
    schema = parametre["schema"]
    utile = next((p for p in schema.get("anyOf", [schema]) if p.get("type") != "null"), schema)
    sorte, valeurs, _ = _sorte(utile.get("items", utile))
    bornes = [mots.format(utile[borne]) for borne, mots in BORNES.items() if borne in utile]
    defaut = schema.get("default")
    return Parametre(
        nom=parametre["name"],
        sorte=sorte,
        description=parametre.get("description", ""),
        bornes=", ".join(bornes),
        valeurs=valeurs,
        defaut="" if defaut in (None, "", False, []) else str(defaut),
        repetable=utile.get("type") == "array",
    )


def _exemples(schema: dict) -> dict[str, tuple[str, object]]:
    """Operation -> (address, what it answers now); the page of one object shows the first of its list."""
    exemples = {}
    for operations in schema["paths"].values():
        nom = operations["get"]["operationId"]
        if nom in ("structure", "annonce"):
            cle = {"structure": "slug", "annonce": "id"}[nom]
            premiers = exemples[f"{nom}s"][1]["resultats"]
            adresse = reverse(f"api:{nom}", args=[premiers[0][cle] if premiers else {"slug": "exemple", "id": 1}[cle]])
        else:
            adresse = f"{reverse(f'api:{nom}')}?{EXEMPLES.get(nom, 'par_page=1')}"
        exemples[nom] = (adresse, repondre(adresse))
    return exemples


def repondre(adresse: str):
    """What the API answers at this address, without a network nor a counter."""
    chemin, _, chaine = adresse.partition("?")
    requete = HttpRequest()
    requete.method, requete.path, requete.path_info, requete.GET = "GET", chemin, chemin, QueryDict(chaine)
    vue, arguments, noms = resolve(chemin)
    return json.loads(vue(requete, *arguments, **noms).content)


def _abreger(valeur):
    if isinstance(valeur, str) and len(valeur) > TEXTE_MAX:
        return f"{valeur[:TEXTE_MAX].rstrip()}…"
    if isinstance(valeur, list):
        return [_abreger(une) for une in valeur]
    if isinstance(valeur, dict):
        return {cle: _abreger(une) for cle, une in valeur.items()}
    return valeur


def enveloppe() -> list[Champ]:
    """The fields of a page of results."""
    composants = api.get_openapi_schema()["components"]["schemas"]
    return champs(composants["Page_Structure_"])


__all__ = ["PAR_PAGE", "Champ", "Parametre", "Route", "champs", "enveloppe", "objets", "repondre", "routes"]
