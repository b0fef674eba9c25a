"""Rows of conversations. The world's structure announces; the stranger's structure answers. Staff see none."""

import uuid

from pole_ess.socle import liens
from ressources.actions.relations_courriels import REPONSE, SUITES
from tests.factories.ressources import AnnonceFactory, MessageFactory, MiseEnRelationFactory
from tests.table_des_roles import ligne

INVISIBLE = ["brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"]


def leur_structure(monde):
    return monde.roles["etranger"].rattachements.get().structure


def annonce(etat="publiee"):
    return lambda monde: {"pk": AnnonceFactory(structure=monde.structure, etat=etat).pk}


def reponse(monde, role):
    return {"structure": leur_structure(monde).pk, "texte": "Bonjour", "cle": str(uuid.uuid4())}


def conversation(etat, acte=None):
    def arguments(monde):
        relation = MiseEnRelationFactory(
            annonce=AnnonceFactory(structure=monde.structure), structure=leur_structure(monde), etat=etat
        )
        MessageFactory(mise_en_relation=relation)
        return {"pk": relation.pk} | ({"acte": acte} if acte else {})

    return arguments


def lien(objectif, etat, cote="annonceur"):
    def arguments(monde):
        pk = conversation(etat)(monde)["pk"]
        return {"jeton": liens.signer(objectif, {"r": pk, "c": cote})}

    return arguments


def message(monde, role):
    return {"texte": "Oui, mardi", "cle": str(uuid.uuid4())}


def rien(monde, role):
    return {}


VUE = "login 200 200 200 404 404"
DES_DEUX, ANNONCEUR = "login ok ok ok 404 404", "login 403 ok ok 404 404"
ANNONCEUR_VOIT = "login 403 200 200 404 404"
BOUTONS = "login 405 405 405 404 404"
BOUTON_ANNONCEUR = "login 403 405 405 404 404"
OUVERTS, CLOS = ["proposee", "vue", "interessee"], ["declinee", "conclue", "sans_suite"]


def acte(nom, etat, get, post, donnees=rien):
    return ligne(
        "ressources:conversation_acte", get, post, etat=f"{nom} {etat}", arguments=conversation(etat, nom),
        donnees=donnees,
    )  # fmt: skip


def cle(monde, role):
    return {"cle": str(uuid.uuid4())}


def refus(monde, role):
    return {"raison": "loin", "precision": ""}


def signalement(monde, role):
    return {"texte": "On m'insulte"}


ACTES = [
    acte("vue", "proposee", BOUTON_ANNONCEUR, ANNONCEUR),
    acte("accepter", "proposee", BOUTON_ANNONCEUR, ANNONCEUR, cle),
    acte("accepter", "vue", BOUTON_ANNONCEUR, ANNONCEUR, cle),
    acte("accepter", "declinee", BOUTON_ANNONCEUR, "login 403 302 302 404 404", cle),
    *[acte("decliner", etat, ANNONCEUR_VOIT, ANNONCEUR, refus) for etat in ("proposee", "vue")],
    *[acte("decliner", etat, ANNONCEUR_VOIT, ANNONCEUR_VOIT, refus) for etat in ("interessee", *CLOS)],
    *[
        acte("coordonnees", etat, BOUTONS, DES_DEUX, lambda monde, role: {"oui": "on"})
        for etat in OUVERTS
    ],
    acte("coordonnees", "sans_suite", BOUTONS, "login 302 302 302 404 404", lambda monde, role: {"oui": "on"}),
    acte("sans_suite", "interessee", VUE, DES_DEUX),
    acte("sans_suite", "proposee", VUE, "login ok 200 200 404 404"),
    acte("sans_suite", "conclue", VUE, VUE),
    acte("conclure", "interessee", VUE, DES_DEUX),
    *[acte("conclure", etat, VUE, VUE) for etat in ("proposee", *CLOS)],
    acte("bilan", "conclue", VUE, DES_DEUX, lambda monde, role: {"heures": "3,5"}),
    acte("bilan", "interessee", VUE, VUE),
    *[acte("signaler", etat, VUE, DES_DEUX, signalement) for etat in ("proposee", "sans_suite")],
    acte("inconnu", "vue", "login 404 404 404 404 404", "login 404 404 404 404 404"),
]  # fmt: skip

LIGNES = [
    ligne("ressources:repondre", "login 200 200 200 200 200", "login ok 403 403 403 403", arguments=annonce(),
          donnees=reponse),
    ligne("ressources:repondre", "login 200 200 200 200 200", "login 200 403 403 403 403", etat="pourvue",
          arguments=annonce("pourvue"), donnees=reponse),
    *[
        ligne("ressources:repondre", "login 404 200 200 200 200", "login 404 403 403 403 403", etat=etat,
              arguments=annonce(etat), donnees=reponse)
        for etat in INVISIBLE
    ],
    ligne("ressources:conversations", "login 200 200 200 200 200"),
    *[
        ligne("ressources:conversation", VUE, DES_DEUX, etat=etat, arguments=conversation(etat), donnees=message)
        for etat in OUVERTS
    ],
    *[
        ligne("ressources:conversation", VUE, VUE, etat=etat, arguments=conversation(etat), donnees=message)
        for etat in CLOS
    ],
    *ACTES,
    *[
        ligne("ressources:conversation_lien", "200", "200+", etat=f"réponse {etat}", arguments=lien(REPONSE, etat),
              donnees=lambda monde, role: {"acte": "ecrire", **message(monde, role)})
        for etat in OUVERTS
    ],
    *[
        ligne("ressources:conversation_lien", "200", "200", etat=f"réponse {etat}", arguments=lien(REPONSE, etat),
              donnees=lambda monde, role: {"acte": "ecrire", **message(monde, role)})
        for etat in CLOS
    ],
    ligne("ressources:conversation_lien", "200", "200+", etat="suites", arguments=lien(SUITES, "interessee"),
          donnees=lambda monde, role: {"suite": "fait", "heures": "2"}),
    ligne("ressources:conversation_lien", "200", "200+", etat="suites conclue",
          arguments=lien(SUITES, "conclue", "structure"), donnees=lambda monde, role: {"suite": "fait"}),
    ligne("ressources:conversation_lien", "200", "200", etat="suites close", arguments=lien(SUITES, "sans_suite"),
          donnees=lambda monde, role: {"suite": "non"}),
    ligne("ressources:conversation_lien", "404", "404", etat="cassé", arguments=lambda monde: {"jeton": "abc"}),
]  # fmt: skip
