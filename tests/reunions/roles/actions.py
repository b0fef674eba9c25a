"""Rows of actions and projects: led by the structure of the membre and the référent, whom a stranger may join."""

import uuid
from datetime import timedelta

from django.utils import timezone

from reunions.models import ActionStructure
from tests.factories.reunions import ActionFactory, ProjetFactory
from tests.table_des_roles import ligne

EQUIPE = "login 403 403 403 200 200"
EQUIPE_ECRIT = "login 403 403 403 ok ok"
GERE = "login 403 403 ok ok ok"


def action(**valeurs):
    return lambda monde: {"pk": ActionFactory(pilote=monde.structure, **valeurs).pk}


def acte(nom, *, engagee=False, libre=False, **valeurs):
    def arguments(monde):
        une = ActionFactory(pilote=None if libre or engagee else monde.structure, **valeurs)
        if engagee:
            ActionStructure.objects.create(action=une, structure=monde.structure)
        return {"pk": une.pk, "acte": nom}

    return arguments


def projet(**valeurs):
    return lambda monde: {"pk": ProjetFactory(pilote=monde.structure, **valeurs).pk}


def acte_projet(nom, *, membre=False, libre=False):
    def arguments(monde):
        un = ProjetFactory(pilote=None if libre or membre else monde.structure)
        if membre:
            un.adhesions.create(structure=monde.structure)
        return {"pk": un.pk, "acte": nom}

    return arguments


def cle(**valeurs):
    return lambda monde, role: {"cle": str(uuid.uuid4()), **valeurs}


def la_structure(monde, role):
    """By its name for the staff, among one's own for the others."""
    return {"structure": monde.structure.nom if role in ("animateur", "administrateur") else monde.structure.pk}


def par_cle(monde, role):
    return {"structure": monde.structure.pk}


def une_action(monde, role):
    echeance = timezone.localdate() + timedelta(days=30)
    return {"titre": "Faire la liste", "echeance": f"{echeance:%d/%m/%Y}", "publique": "on", "cle": str(uuid.uuid4())}


LIGNES = [
    ligne("reunions:actions", "200"),
    ligne("reunions:actions_csv", EQUIPE),
    ligne("reunions:action_creer", EQUIPE, EQUIPE_ECRIT, donnees=une_action),
    ligne("reunions:action_detail", "200", arguments=action()),
    ligne("reunions:action_detail", "404 404 200 200 200 200", etat="reservee", arguments=action(publique=False)),
    ligne("reunions:action_detail", "200", etat="abandonnee", arguments=action(etat="abandonnee")),
    ligne("reunions:action_modifier", "login 403 403 200 200 200", GERE, arguments=action(), donnees=une_action),
    ligne(
        "reunions:action_modifier",
        "login 404 403 200 200 200",
        "login 404 403 ok ok ok",
        etat="reservee",
        arguments=action(publique=False),
        donnees=une_action,
    ),
    ligne("reunions:action_acte", "302", GERE, etat="etat", arguments=acte("etat"), donnees=cle(etat="faite")),
    ligne("reunions:action_acte", "302", GERE, etat="nouvelle", arguments=acte("nouvelle"), donnees=cle(texte="Lancé")),
    ligne(
        "reunions:action_acte", "302", GERE, etat="projet", arguments=acte("projet"), donnees=cle(genre="commission")
    ),
    ligne(
        "reunions:action_acte",
        "302",
        "login 200 ok ok ok ok",
        etat="rejoindre",
        arguments=acte("rejoindre", libre=True),
        donnees=la_structure,
    ),
    ligne(
        "reunions:action_acte",
        "302",
        "login 403 ok ok ok ok",
        etat="quitter",
        arguments=acte("quitter", engagee=True),
        donnees=par_cle,
    ),
    ligne(
        "reunions:action_acte",
        "404 404 302 302 302 302",
        "404 404 403 ok ok ok",
        etat="reservee",
        arguments=acte("nouvelle", publique=False),
        donnees=cle(texte="Lancé"),
    ),
    ligne("reunions:projets", "200"),
    ligne("reunions:projet_creer", EQUIPE, EQUIPE_ECRIT, donnees=cle(genre="projet", nom="Une saison partagée")),
    ligne("reunions:projet_detail", "200", arguments=projet()),
    ligne("reunions:projet_detail", "200", etat="termine", arguments=projet(etat="termine")),
    ligne(
        "reunions:projet_modifier",
        EQUIPE,
        EQUIPE_ECRIT,
        arguments=projet(),
        donnees=cle(genre="projet", nom="Autre nom"),
    ),
    ligne("reunions:projet_acte", "302", GERE, etat="etat", arguments=acte_projet("etat"), donnees=cle(etat="termine")),
    ligne(
        "reunions:projet_acte",
        "302",
        GERE,
        etat="nouvelle",
        arguments=acte_projet("nouvelle", membre=True),
        donnees=cle(texte="Lancé"),
    ),
    ligne(
        "reunions:projet_acte",
        "302",
        "login 200 ok ok ok ok",
        etat="rejoindre",
        arguments=acte_projet("rejoindre", libre=True),
        donnees=la_structure,
    ),
    ligne(
        "reunions:projet_acte",
        "302",
        "login 403 ok ok ok ok",
        etat="quitter",
        arguments=acte_projet("quitter", membre=True),
        donnees=par_cle,
    ),
]
