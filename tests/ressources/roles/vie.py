"""Rows of the life of an announcement: met, taken off, prolonged, opened again, reported, the signed link."""

import uuid

from django.utils import timezone

from ressources.actions import annonces_rappels
from tests.factories.ressources import AnnonceFactory
from tests.table_des_roles import ligne

TOUS = ["brouillon", "a_valider", "a_corriger", "publiee", "pourvue", "retiree", "refusee", "archivee"]
CACHES = [etat for etat in TOUS if etat not in ("publiee", "pourvue")]
DEPARTS = {
    "annonce_pourvue": ["publiee"],
    "annonce_prolonger": ["publiee"],
    "annonce_retirer": ["a_valider", "a_corriger", "publiee"],
    "annonce_rouvrir": ["pourvue", "retiree"],
}
DONNEES = {
    "annonce_pourvue": {"avec_libre": "La Roue", "heures": "2,5"},
    "annonce_prolonger": {"jours": "180"},
}


def annonce(etat):
    def arguments(monde):
        sienne = AnnonceFactory(structure=monde.structure, etat=etat)
        if etat in ("retiree", "archivee"):
            type(sienne).objects.filter(pk=sienne.pk).update(publiee_le=timezone.now())
        return {"pk": sienne.pk}

    return arguments


def geste(nom, etat):
    """404 for a stranger to what they may not see; back to its page when the state does not allow the act."""
    etranger = "403" if etat in ("publiee", "pourvue") else "404"
    get, post = ("200", "ok") if etat in DEPARTS[nom] else ("302", "302")
    return ligne(
        f"ressources:{nom}",
        f"login {etranger} 403 {get} {get} {get}",
        f"login {etranger} 403 {post} {post} {post}",
        etat=etat,
        arguments=annonce(etat),
        donnees=lambda monde, role: DONNEES.get(nom, {}),
    )


def signalement(monde, role):
    return {"genre": "trompeuse", "texte": "Le prix n'est pas le bon.", "cle": str(uuid.uuid4())}


def lien(etat):
    def arguments(monde):
        sienne = AnnonceFactory(structure=monde.structure, etat=etat)
        return {"jeton": annonces_rappels.lien(sienne).strip("/").rsplit("/", 1)[-1]}

    return arguments


LIGNES = [
    *[geste(nom, etat) for nom in DEPARTS for etat in TOUS],
    *[
        ligne("ressources:signaler", "200", "ok", etat=etat, arguments=annonce(etat), donnees=signalement)
        for etat in ("publiee", "pourvue")
    ],
    *[
        ligne("ressources:signaler", "404", "404", etat=etat, arguments=annonce(etat), donnees=signalement)
        for etat in CACHES
    ],
    *[
        ligne(
            "ressources:annonce_lien",
            "200",
            "200+",
            etat="publiee" if reponse == "prolonger" else reponse,
            arguments=lien("publiee"),
            donnees=lambda monde, role, reponse=reponse: {"reponse": reponse},
        )
        for reponse in ("prolonger", "pourvue", "retirer")
    ],
    ligne("ressources:annonce_lien", "200", "200", etat="sans réponse", arguments=lien("publiee")),
    *[
        ligne(
            "ressources:annonce_lien",
            "410",
            "410",
            etat=etat,
            arguments=lien(etat),
            donnees=lambda monde, role: {"reponse": "prolonger"},
        )
        for etat in TOUS
        if etat != "publiee"
    ],
    ligne("ressources:annonce_lien", "404", "404", etat="cassé", arguments=lambda monde: {"jeton": "abc"}),
]
