"""A structure in schema.org's words, for search engines: public data only."""

import json

from django.utils.safestring import SafeString, mark_safe

from pole_ess.socle.stockage import adresse_absolue

ECHAPPEMENTS = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
"""What could close the script element or end a line of JavaScript: written as JSON escapes instead."""


def decrire(structure, *, racine: str) -> dict:
    """The sheet as a schema.org object; `racine` is the absolute address of the portal, without final slash.

    NGO for associations, else Organization (an accreditation such as ESUS is not a type). Telephone and
    e-mail only when the structure made them public; named persons never.
    """
    fiche = racine + structure.get_absolute_url()
    image = adresse_absolue(structure.logo) if structure.logo else ""
    liens = [lien for lien in [structure.site, *structure.reseaux] if lien.startswith(("https://", "http://"))]
    tout = {
        "@context": "https://schema.org",
        "@type": "NGO" if structure.forme_juridique == structure.FormeJuridique.ASSOCIATION else "Organization",
        "@id": fiche,
        "url": fiche,
        "name": structure.nom,
        "alternateName": structure.sigle,
        "description": structure.presentation,
        "foundingDate": str(structure.annee_creation or ""),
        "identifier": _identifiants(structure),
        "address": _adresse(structure),
        "location": _lieu(structure),
        "areaServed": _rayon(structure),
        "telephone": structure.telephone if structure.telephone_public else "",
        "email": structure.courriel if structure.courriel_public else "",
        "sameAs": liens,
        "logo": image,
        "image": [adresse_absolue(photo.fichier) for photo in structure.photos.all()],
        "knowsAbout": [str(sujet) for sujet in [*structure.activites.all(), *structure.competences.all()]],
    }
    return {cle: valeur for cle, valeur in tout.items() if valeur}


def en_script(objet: dict) -> SafeString:
    """JSON that may stand inside a <script> element: no text of the structure can close it."""
    texte = json.dumps(objet, ensure_ascii=False, indent=1).translate(ECHAPPEMENTS)
    return mark_safe(texte)  # noqa: S308 - <, > and & are escaped just above


def _identifiants(structure) -> list[dict]:
    numeros = [("SIRET", structure.siret), ("RNA", structure.rna)]
    return [{"@type": "PropertyValue", "propertyID": nom, "value": valeur} for nom, valeur in numeros if valeur]


def _adresse(structure) -> dict:
    if structure.commune is None:
        return {}
    codes = structure.commune.codes_postaux
    adresse = {
        "@type": "PostalAddress",
        "streetAddress": structure.adresse,
        "postalCode": codes[0] if len(codes) == 1 else "",
        "addressLocality": structure.commune.nom,
        "addressCountry": "FR",
    }
    return {cle: valeur for cle, valeur in adresse.items() if valeur}


def _point(structure) -> dict:
    return {"@type": "GeoCoordinates", "latitude": structure.latitude, "longitude": structure.longitude}


def _lieu(structure) -> dict:
    return {"@type": "Place", "geo": _point(structure)} if structure.est_situee else {}


def _rayon(structure) -> dict:
    """schema.org's radius is in metres."""
    if not (structure.est_situee and structure.rayon_intervention):
        return {}
    return {
        "@type": "GeoCircle",
        "geoMidpoint": _point(structure),
        "geoRadius": structure.rayon_intervention * 1000,
    }
