"""Rows of the accounts of hours. The world's structure has one; the stranger's structure too, and so they may deal."""

import uuid

from django.utils import timezone

from ressources.actions.heures_courriels import lien
from ressources.models import OperationHeures
from tests.factories.heures import CompteHeuresFactory, ComptePersonneFactory, OperationHeuresFactory
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory
from tests.table_des_roles import ligne


def leur_structure(monde):
    return monde.roles["etranger"].rattachements.get().structure


def compte(monde, **reste):
    return {"pk": CompteHeuresFactory(structure=monde.structure).pk, **reste}


def deux_comptes(monde):
    CompteHeuresFactory(structure=leur_structure(monde))
    return compte(monde)


def personnel(monde):
    return {"pk": ComptePersonneFactory(utilisateur=monde.roles["membre"]).pk}


def operation(etat="proposee"):
    """Between the stranger's structure, that proposes it, and the world's."""

    def arguments(monde):
        a, b = CompteHeuresFactory(structure=leur_structure(monde)), CompteHeuresFactory(structure=monde.structure)
        return {"pk": OperationHeuresFactory(aidant=a, aide=b, etat=etat).pk}

    return arguments


def note(monde, role):
    return {
        "sens": "aidant",
        "structure": leur_structure(monde).compte_heures.pk,
        "heures": "1 h 30",
        "jour": timezone.localdate().isoformat(),
        "objet": "Peindre la salle",
        "cle": str(uuid.uuid4()),
    }


def geste(nom, **reste):
    return lambda monde, role: {"geste": nom, **reste}


def jeton(monde):
    pk = operation()(monde)["pk"]
    url = lien(OperationHeures.objects.get(pk=pk), "aide", monde.roles["referent"])
    return {"jeton": url.strip("/").rsplit("/", 1)[-1]}


def conclue(monde):
    annonce = AnnonceFactory(structure=monde.structure)
    relation = MiseEnRelationFactory(annonce=annonce, structure=leur_structure(monde), etat="conclue")
    CompteHeuresFactory(structure=monde.structure)
    return {"conversation": relation.pk}


def ouverture(monde, role):
    return {"pour": "moi"}


SIEN = "login 404 404 200 404 404"
LIGNES = [
    ligne("ressources:heures", "200"),
    ligne("ressources:heures_ouvrir", "login 200 200 200 200 200", "login ok ok ok ok ok", donnees=ouverture),
    ligne("ressources:heures_compte", SIEN, "login 404 404 403 404 404", arguments=compte),
    ligne(
        "ressources:heures_compte",
        "login 404 200 404 404 404",
        "login 404 ok 404 404 404",
        etat="personne",
        arguments=personnel,
        donnees=lambda monde, role: {"trouvable": "on"},
    ),
    ligne("ressources:heures_proposer", SIEN, "login 404 404 ok 404 404", arguments=deux_comptes, donnees=note),
    ligne("ressources:heures_fermer", SIEN, "login 404 404 ok 404 404", arguments=compte),
    *[
        ligne("ressources:heures_releve", SIEN, etat=f, arguments=lambda m, f=f: compte(m, annee=2026, format=f))
        for f in ("pdf", "csv")
    ],
    ligne("ressources:heures_noter", "login 302 302 302 404 404", arguments=conclue),
    *[
        ligne(
            "ressources:heures_operation",
            "login 200 404 200 404 404",
            post,
            etat=f"{etat} {acte}",
            arguments=operation(etat),
            donnees=geste(acte, **plus),
        )
        for etat, acte, plus, post in [
            ("proposee", "confirmer", {}, "login 403 404 ok 404 404"),
            ("proposee", "contester", {"motif": "Jamais venus"}, "login 403 404 ok 404 404"),
            ("proposee", "annuler", {}, "login ok 404 403 404 404"),
            ("contestee", "confirmer", {}, "login 403 404 ok 404 404"),
            ("contestee", "annuler", {}, "login ok 404 403 404 404"),
            ("confirmee", "annuler", {}, "login 200 404 403 404 404"),
            ("confirmee", "corriger", {"objet": "Deux fois", "cle": str(uuid.uuid4())}, "login ok 404 ok 404 404"),
            ("annulee", "confirmer", {}, "login 403 404 200 404 404"),
        ]
    ],
    ligne("ressources:heures_lien", "200", "200+", arguments=jeton, donnees=geste("confirmer")),
]
