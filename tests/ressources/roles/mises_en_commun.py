"""Rows of shared purchases and posts. The world's structure pilots; the stranger's takes part."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from ressources.actions import mises_achat
from tests.factories.mises_en_commun import MiseEnCommunFactory, PartEnCommunFactory, PosteFactory
from tests.table_des_roles import ligne


def leur_structure(monde):
    """The stranger's."""
    return monde.roles["etranger"].rattachements.get().structure


def mise(etat="ouverte", annonce="publiee", part=None, fabrique=MiseEnCommunFactory, **valeurs):
    """With the stranger's part of `part`; ordered or received by the acts themselves."""

    def arguments(monde):
        la_mise = fabrique(annonce__structure=monde.structure, **valeurs)
        if part:
            PartEnCommunFactory(mise=la_mise, structure=leur_structure(monde), quantite=Decimal(part))
            la_mise.refresh_from_db()
        if etat in ("commandee", "recue"):
            mises_achat.commander(la_mise, par=None, prix=Decimal(8), frais=Decimal(0), vue=Decimal(part))
        if etat == "recue":
            mises_achat.recevoir(la_mise, par=None, recue=Decimal(part), prix=Decimal(8), frais=Decimal(0))
        if annonce != "publiee":
            champs = {"etat": annonce, "soumise_le": timezone.now() if annonce == "a_valider" else None}
            type(la_mise.annonce).objects.filter(pk=la_mise.annonce_id).update(**champs)
        return {"pk": la_mise.pk}

    return arguments


def dans(jours):
    return (timezone.localdate() + timedelta(days=jours)).isoformat()


def rejoindre(monde, role):
    """The same POST for everyone: the stranger's structure, which only its people may name."""
    structure = leur_structure(monde) if role == "etranger" else monde.structure
    return {"geste": "rejoindre", "structure": structure.pk, "quantite": "5", "cle": str(uuid.uuid4())}


def sur_la_part(geste, **reste):
    def donnees(monde, role):
        return {"geste": geste, "part": leur_structure(monde).parts_en_commun.get().pk, **reste}

    return donnees


def geste(nom, **reste):
    return lambda monde, role: {"geste": nom, **reste}


def reglement(monde, role):
    return {"geste": "regler", "reglement": f"{leur_structure(monde).parts_en_commun.get().pk}:oui"}


def achat(monde, role):
    structure = leur_structure(monde) if role == "etranger" else monde.structure
    nom = structure.nom if role in ("animateur", "administrateur") else structure.pk
    return {
        "structure": nom,
        "titre": "Papier recyclé",
        "unite": "ramette",
        "pas": "1",
        "minimum": "100",
        "cloture_le": dans(20),
        "cle": str(uuid.uuid4()),
    }


def poste(monde, role):
    return achat(monde, role) | {"competence": "comptable", "minimum": "151,67", "cloture_le": ""}


REGLAGES = {"unite": "sac", "pas": "1", "minimum": "30", "cloture_le": dans(20)}
PILOTE = "login 403 403 200 200 200"


def pilotage(nom, donnees, post="login 403 403 ok ok ok", get=PILOTE, **monde):
    return ligne("ressources:mise_piloter", get, post, etat=nom, arguments=mise(**monde), donnees=donnees)


LIGNES = [
    ligne("ressources:ensemble", "200", requete="?commune=vichy&km=50&genre=achat"),
    *[
        ligne(nom, "login 200 200 200 200 200", "login ok 403 ok ok ok", donnees=donnees)
        for nom, donnees in (("ressources:achat_creer", achat), ("ressources:poste_creer", poste))
    ],
    # Staff who are of no structure join in nobody's name.
    ligne("ressources:mise_en_commun", "200", "login ok ok ok 200 200", arguments=mise(), donnees=rejoindre),
    ligne(
        "ressources:mise_en_commun",
        "200",
        "login ok 404 404 ok ok",
        etat="quitter",
        arguments=mise(part=5),
        donnees=sur_la_part("quitter"),
    ),
    ligne(
        "ressources:mise_en_commun",
        "200",
        "login ok 404 404 ok ok",
        etat="changer",
        arguments=mise(part=5),
        donnees=sur_la_part("changer", quantite="7"),
    ),
    ligne(
        "ressources:mise_en_commun",
        "200",
        "login 200 404 404 200 200",
        etat="quitter commandee",
        arguments=mise("commandee", part=40),
        donnees=sur_la_part("quitter"),
    ),
    ligne(
        "ressources:mise_en_commun",
        "404 404 200 200 200 200",
        "404 404 200 200 200 200",
        etat="à valider",
        arguments=mise(annonce="a_valider"),
        donnees=rejoindre,
    ),
    ligne(
        "ressources:mise_en_commun",
        "404 200 200 200 200 200",
        "404 200 404 404 200 200",
        etat="retirée, la part reste visible",
        arguments=mise(annonce="retiree", part=5),
        donnees=sur_la_part("quitter"),
    ),
    pilotage("", geste("prolonger", cloture_le=dans(90))),
    pilotage("minimum", geste("minimum", minimum="30")),
    pilotage("abandonner", geste("abandonner", motif="Trop cher")),
    pilotage("commander", geste("commander", prix="8,50", frais="12", vue="40"), part=40),
    pilotage("recevoir", geste("recevoir", recue="38", prix="8,50", frais="12"), etat="commandee", part=40),
    pilotage("régler", reglement, etat="recue", part=40),
    pilotage("solder trop tôt", geste("solder"), "login 403 403 200 200 200", etat="recue", part=40),
    pilotage("prolonger commandée", geste("prolonger", cloture_le=dans(90)), "login 403 403 200 200 200",
             etat="commandee", part=40),
    pilotage("conclure", geste("conclure"), fabrique=PosteFactory),
    pilotage("à valider", geste("prolonger", cloture_le=dans(90)), "login 404 403 ok ok ok",
             "login 404 403 200 200 200", annonce="a_valider"),
    ligne(
        "ressources:mise_reglages",
        PILOTE,
        "login 403 403 ok ok ok",
        arguments=mise(),
        donnees=lambda monde, role: REGLAGES,
    ),
    ligne(
        "ressources:mise_reglages",
        "login 403 403 404 404 404",
        "login 403 403 404 404 404",
        etat="commandee",
        arguments=mise("commandee", part=40),
        donnees=lambda monde, role: REGLAGES,
    ),
    *[
        ligne(
            "ressources:mise_tableau",
            PILOTE,
            etat=format,
            arguments=lambda monde, format=format: {**mise(part=5)(monde), "format": format},
        )
        for format in ("csv", "xlsx", "pdf")
    ],
    ligne(
        "ressources:mise_tableau",
        "login 404 404 404 404 404",
        etat="inconnu",
        arguments=lambda monde: {**mise()(monde), "format": "exe"},
    ),
]  # fmt: skip
