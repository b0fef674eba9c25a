"""Rows of short news, in the state of their structure and their own."""

import uuid

from newsletter import liens
from tests.factories.newsletter import BreveFactory
from tests.table_des_roles import ligne

SIENNE = "login 403 403 200 200 200"
AGIT = "login 403 403 ok ok ok"
CACHEE = "404 404 404 200 200 200"
CACHEE_SIENNE = "login 404 404 200 200 200"
CACHEE_AGIT = "login 404 404 ok ok ok"


def breve(etat="publiee", **valeurs):
    return lambda monde: {"pk": BreveFactory(structure=monde.structure, etat=etat, **valeurs).pk}


def acte(nom, etat):
    return lambda monde: {"pk": BreveFactory(structure=monde.structure, etat=etat).pk, "acte": nom}


def saisie(monde, role):
    structure = monde.structure
    if role == "etranger":
        structure = monde.roles["etranger"].rattachements.get().structure
    return {
        "structure": structure.pk,
        "titre": "Nous déménageons",
        "texte": "Dès lundi, rue du Pont.",
        "geste": "envoyer",
        "cle": str(uuid.uuid4()),
    }


def retouche(monde, role):
    return {"titre": "Autre titre", "texte": "Autre texte", "geste": "enregistrer"}


LIGNES = [
    ligne("newsletter:breves", "200"),
    ligne("newsletter:breves_flux", "200"),
    ligne("newsletter:breve", "200", arguments=breve()),
    *[
        ligne("newsletter:breve", CACHEE, etat=etat, arguments=breve(etat))
        for etat in ["brouillon", "a_valider", "a_corriger", "retiree", "refusee", "archivee"]
    ],
    ligne("newsletter:breve", "404 404 404 404 200 200", etat="structure archivée",
          arguments=lambda m: {"pk": BreveFactory(structure=m.structures["archivee"]).pk}),
    ligne("newsletter:mes_breves", "login 200 200 200 200 200"),
    ligne("newsletter:mon_rappel", "405", "login ok ok ok ok ok", donnees=lambda m, r: {"geste": "arreter"}),
    ligne("newsletter:rappel", "200", "200+", donnees=lambda m, r: {},
          arguments=lambda m: {"jeton": liens.jeton_de_rappel(m.roles["referent"])}),
    ligne("newsletter:rappel", "404", "404", etat="cassé", arguments=lambda m: {"jeton": "x:y:z"}),
    ligne("newsletter:breve_creer", "login 200 200 200 200 200", "login ok 200 ok ok ok", donnees=saisie),
    ligne("newsletter:breve_modifier", SIENNE, AGIT, arguments=breve(), donnees=retouche),
    ligne("newsletter:breve_modifier", CACHEE_SIENNE, CACHEE_AGIT, etat="a_corriger", arguments=breve("a_corriger"),
          donnees=lambda m, r: retouche(m, r) | {"geste": "envoyer"}),
    ligne("newsletter:breve_modifier", CACHEE_SIENNE, CACHEE_SIENNE, etat="refusee", arguments=breve("refusee"),
          donnees=retouche),
    ligne("newsletter:breve_acte", SIENNE, AGIT, etat="retirer", arguments=acte("retirer", "publiee")),
    ligne("newsletter:breve_acte", CACHEE_SIENNE, CACHEE_AGIT, etat="soumettre",
          arguments=acte("soumettre", "brouillon")),
    ligne("newsletter:breve_acte", SIENNE, "login 403 403 200 200 200", etat="impossible",
          arguments=acte("soumettre", "publiee")),
    ligne("newsletter:breve_acte", "login 403 403 404 404 404", "login 403 403 404 404 404", etat="inconnu",
          arguments=acte("voler", "publiee")),
]  # fmt: skip
