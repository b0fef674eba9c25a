"""Rows of batches and tours. The world's structure gives; the stranger's structure asks."""

import uuid
from datetime import timedelta

from django.utils import timezone

from tests.factories.ressources import (
    AnnonceFactory,
    ArtisteFactory,
    EtapeFactory,
    LotFactory,
    PartDeLotFactory,
    TourneeFactory,
)
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
        etat="" if (etat, acte) == ("attribuee", "remettre") else f"{etat} {acte}",
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
        ("attribuee", "remettre", "choisi", {"kilos": "38,5"}, "login 403 404 ok ok ok"),
        ("attribuee", "refuser", "choisi", {"motif": "Pas venus"}, "login 403 404 ok ok ok"),
        ("attribuee", "annuler", "choisi", {}, "login ok 404 403 ok ok"),
        ("remise", "annuler", "choisi", {}, "login 200 404 403 200 200"),
        ("remise", "refuser", "choisi", {"motif": "Non"}, "login 403 404 200 200 200"),
        ("refusee", "attribuer", "choisi", {}, "login 403 404 200 200 200"),
        ("annulee", "attribuer", "choisi", {}, "login 403 404 200 200 200"),
    ]
]


def artiste(etat="publiee"):
    return lambda monde: {"pk": ArtisteFactory(structure=monde.structure, etat=etat).pk}


def dans(jours):
    return (timezone.localdate() + timedelta(days=jours)).isoformat()


def ouverture(monde, role):
    return {
        "nom": "Hiver",
        "debut": dans(10),
        "fin": dans(20),
        "rayon": "30",
        "etapes_min": "2",
        "cle": str(uuid.uuid4()),
    }


def tournee(etat="ouverte", annonce="publiee", etape="souhaitee", **valeurs):
    """With the stranger's wish for the tour's first two days, when `etape` is a state."""

    def arguments(monde):
        offre = ArtisteFactory(structure=monde.structure, etat=annonce)
        la_tournee = TourneeFactory(annonce=offre, etat=etat, **valeurs)
        if etape:
            le = la_tournee.debut if etape == "retenue" else None
            EtapeFactory(tournee=la_tournee, structure=leur_structure(monde), etat=etape, jour=le)
        return {"tournee": la_tournee.pk}

    return arguments


def souhait(monde, role):
    return {"geste": "souhaiter", "structure": leur_structure(monde).pk, "jours": [dans(8)]}


def sur_l_etape(nom, **reste):
    def donnees(monde, role):
        return {"geste": nom, "etape": leur_structure(monde).etapes.get().pk, **reste}

    return donnees


def retenue(monde, role):
    etape = leur_structure(monde).etapes.get()
    return {"geste": "retenir", "choix": [f"{etape.pk}:{dans(7)}"]}


def ligne_de_tournee(nom, post, donnees, **monde):
    return ligne("ressources:tournee", "200", post, etat=nom, arguments=tournee(**monde), donnees=donnees)


NON = {"motif": "Trop loin"}
TOURNEES = [
    ligne("ressources:tournees", "200", requete="?commune=vichy&km=50"),
    ligne(
        "ressources:tournee_creer",
        "login 403 403 200 200 200",
        "login 403 403 ok ok ok",
        arguments=artiste(),
        donnees=ouverture,
    ),
    ligne(
        "ressources:tournee_creer",
        "login 404 403 200 200 200",
        "login 404 403 200 200 200",
        etat="brouillon",
        arguments=artiste("brouillon"),
        donnees=ouverture,
    ),
    ligne(
        "ressources:tournee_creer",
        "login 403 403 404 404 404",
        "login 403 403 404 404 404",
        etat="pas un artiste",
        arguments=lambda monde: {"pk": AnnonceFactory(structure=monde.structure).pk},
        donnees=ouverture,
    ),
    ligne_de_tournee("", "login ok 403 403 403 403", souhait, etape=None),
    ligne_de_tournee("retirer", "login ok 404 404 ok ok", sur_l_etape("retirer")),
    ligne_de_tournee("retirer retenue", "login ok 404 404 ok ok", sur_l_etape("retirer"), etape="retenue"),
    ligne_de_tournee("decliner", "login 403 403 ok ok ok", sur_l_etape("decliner", **NON)),
    ligne_de_tournee("retenir", "login 403 403 ok ok ok", retenue),
    ligne_de_tournee("retenir confirmee", "login 403 403 ok ok ok", retenue, etat="confirmee"),
    ligne_de_tournee("annuler", "login 403 403 ok ok ok", lambda m, r: {"geste": "annuler", **NON}),
    ligne_de_tournee("souhaiter annulee", "login 200 403 403 403 403", souhait, etat="annulee", etape=None),
    ligne_de_tournee("retenir terminee", "login 403 403 200 200 200", retenue, etat="terminee"),
    ligne_de_tournee("retirer declinee", "login 200 404 404 200 200", sur_l_etape("retirer"), etape="declinee"),
    ligne(
        "ressources:tournee",
        "404 404 200 200 200 200",
        "404 404 403 ok ok ok",
        etat="annonce retirée",
        arguments=tournee(annonce="retiree"),
        donnees=lambda m, r: {"geste": "annuler", **NON},
    ),
]

LIGNES = [*LOTS, *PARTS, *TOURNEES]
