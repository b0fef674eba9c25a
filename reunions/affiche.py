"""A poster for a meeting or an event, as data of templates/documents/affiche.typ: one page to pin on a wall."""

import segno
from django.conf import settings
from django.utils.text import Truncator

from pole_ess.socle.templatetags.francais import pluriel
from reunions.templatetags.rencontres import ou, quand

FORMATS = {
    "a4": "A4",
    "a3": "A3",
    "gros": "A4, gros caractères",
}
POINTS_MAX = 7
"""Points of the agenda on a poster: it is read standing."""
POINT_LETTRES, ACCES_LETTRES, MOTS_MAX = 110, 260, 45


def format_demande(parametres) -> str:
    valeur = parametres.get("format", "")
    return valeur if valeur in FORMATS else "a4"


def de_la_rencontre(reunion, *, pole, format: str) -> dict:
    """A meeting of the hub, with its points. Names nobody."""
    points = [Truncator(point.titre).chars(POINT_LETTRES) for point in reunion.points.all()]
    reste = len(points) - POINTS_MAX
    acces = [
        *(["Accessible en fauteuil"] if reunion.accessible_pmr else []),
        *([Truncator(reunion.acces).chars(ACCES_LETTRES)] if reunion.acces else []),
        *([f"{reunion.jauge} places"] if reunion.jauge else []),
    ]
    return _communs(reunion, pole=pole, format=format) | {
        "venir": acces,
        "points": points[:POINTS_MAX],
        "titre_points": "Ordre du jour",
        "reste": f"et {reste} autre{pluriel(reste, ',s')} {pluriel(reste, 'point,points')}" if reste > 0 else "",
        "texte": Truncator(reunion.objectif).words(MOTS_MAX)[:600],
        "invite": {
            "publique": "Ouvert à toutes et à tous. Dites si vous venez :",
            "membres": "Pour les membres du portail. Dites si vous venez :",
            "invites": "Sur invitation. Dites si vous venez :",
        }[reunion.audience],
        "contact": _joindre(pole),
    }


def de_l_evenement(evenement, *, pole, format: str) -> dict:
    """An event of an actor, in the shared agenda."""
    venir = [
        *([f"Tarif : {evenement.tarif}"] if evenement.tarif else []),
        *(["Accessible en fauteuil"] if evenement.accessible_pmr else []),
        *([evenement.accessibilite] if evenement.accessibilite else []),
    ]
    return _communs(evenement, pole=pole, format=format) | {
        "venir": venir,
        "points": [],
        "titre_points": "",
        "reste": "",
        "texte": Truncator(evenement.description).words(MOTS_MAX)[:600],
        "invite": f"Par {evenement.structure.nom}. Pour en savoir plus :",
        "contact": "",
    }


def _communs(objet, *, pole, format: str) -> dict:
    lien = settings.PORTAIL_URL + objet.get_absolute_url()
    court = lien.partition("://")[2].removeprefix("www.").rstrip("/")
    carre = segno.make(lien, error="m", micro=False)
    genre, jour = objet.get_genre_display(), quand(objet)
    return {
        "format": format,
        "titre": objet.titre,
        "genre": genre[:1].upper() + genre[1:],
        "quand": jour[:1].upper() + jour[1:],
        "lieu": ou(objet),
        "adresse": objet.adresse,
        "pole": pole.nom,
        "territoire": pole.territoire_nom,
        "lien": lien,
        "lien_court": court,
        "qr": carre.svg_inline(omitsize=True, border=0, lineclass=None, svgclass=None),
        "qr_description": f"Code carré à photographier : il ouvre la page {court}.",
    }


def _joindre(pole) -> str:
    return " · ".join(filter(None, [pole.telephone_equipe, pole.courriel_equipe]))
