"""Rows of batches and tours. The world's structure gives; the stranger's structure asks."""

import uuid

from tests.factories.ressources import LotFactory, PartDeLotFactory
from tests.table_des_roles import ligne

INVISIBLE = ["brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"]


def leur_structure(monde):
    """The stranger's."""
    return monde.roles["etranger"].rattachements.get().structure


def lot(etat="publiee", **valeurs):
    return lambda monde: {"pk": LotFactory(structure=monde.structure, etat=etat, **valeurs).pk}


def part(etat, partage="choisi"):
    def arguments(monde):
        annonce = LotFactory(structure=monde.structure, partage=partage)
        la_part = PartDeLotFactory(annonce=annonce, structure=leur_structure(monde), etat=etat)
        return {"pk": annonce.pk, "part": la_part.pk}

    return arguments


def demande(monde, role):
    """The same POST for everyone: a request, which the giver's page does not know."""
    return {"structure": leur_structure(monde).pk, "quantite": "3", "si_moins": "attendre", "cle": str(uuid.uuid4())}


def geste(nom, **reste):
    return lambda monde, role: {"geste": nom, **reste}


LOTS = [
    ligne("ressources:lot", "login 200 403 200 200 200", "login ok 403 200 200 200", arguments=lot(), donnees=demande),
    ligne(
        "ressources:lot",
        "login 200 403 200 200 200",
        "login 200 403 ok ok ok",
        etat="quantité",
        arguments=lot(),
        # The stranger's form is refused as a request: it names no structure.
        donnees=geste("quantite", quantite="30"),
    ),
    ligne(
        "ressources:lot",
        "login 200 403 200 200 200",
        "login 200 403 200 200 200",
        etat="pourvue",
        arguments=lot("pourvue"),
        donnees=demande,
    ),
    *[
        ligne(
            "ressources:lot",
            "login 404 403 200 200 200",
            "login 404 403 200 200 200",
            etat=etat,
            arguments=lot(etat),
            donnees=demande,
        )
        for etat in INVISIBLE
    ],
    ligne("ressources:lot", "login 404 404 404 404 404", "login 404 404 404 404 404", etat="pas un lot",
          arguments=lot(partage="")),
]  # fmt: skip

VUE = "login 200 404 200 200 200"
PARTS = [
    ligne(
        "ressources:part",
        VUE,
        post,
        etat=f"{etat} {acte}",
        arguments=part(etat, partage),
        donnees=geste(acte, **plus),
    )
    for etat, acte, partage, plus, post in [
        ("demandee", "attribuer", "choisi", {"quantite": "2"}, "login 403 404 ok ok ok"),
        ("demandee", "refuser", "choisi", {"motif": "Non"}, "login 403 404 ok ok ok"),
        ("demandee", "annuler", "choisi", {}, "login ok 404 403 ok ok"),
        ("demandee", "remettre", "choisi", {}, "login 403 404 200 200 200"),
        ("en_attente", "prendre_le_reste", "premier_arrive", {}, "login ok 404 403 ok ok"),
        ("en_attente", "attribuer", "premier_arrive", {}, "login 403 404 ok ok ok"),
        ("attribuee", "remettre", "choisi", {}, "login 403 404 ok ok ok"),
        ("attribuee", "refuser", "choisi", {"motif": "Pas venus"}, "login 403 404 ok ok ok"),
        ("attribuee", "annuler", "choisi", {}, "login ok 404 403 ok ok"),
        ("remise", "annuler", "choisi", {}, "login 200 404 403 200 200"),
        ("remise", "refuser", "choisi", {"motif": "Non"}, "login 403 404 200 200 200"),
        ("refusee", "attribuer", "choisi", {}, "login 403 404 200 200 200"),
        ("annulee", "attribuer", "choisi", {}, "login 403 404 200 200 200"),
    ]
]

LIGNES = [*LOTS, *PARTS]
