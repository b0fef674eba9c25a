"""Rows of the pages where announcements are written and shown."""

from tests.factories.ressources import AnnonceFactory
from tests.table_des_roles import ligne

ETATS_CACHES = ["brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"]


def annonce(monde, etat="publiee", **valeurs):
    return AnnonceFactory(structure=monde.structure, etat=etat, titre="Vingt chaises", **valeurs)


def page(etat):
    return lambda monde: {"pk": annonce(monde, etat).pk, "slug": "vingt-chaises"}


LIGNES = [
    *[ligne("ressources:annonce_detail", "200", etat=etat, arguments=page(etat)) for etat in ("publiee", "pourvue")],
    *[
        ligne("ressources:annonce_detail", "404 404 200 200 200 200", etat=etat, arguments=page(etat))
        for etat in ETATS_CACHES
    ],
]
