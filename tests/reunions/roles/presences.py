"""Rows of the check-in and of the sheet."""

import uuid

from tests.factories.reunions import ParticipationFactory, ReunionFactory
from tests.table_des_roles import ligne

EQUIPE = "login 403 403 403 200 200"


def reunion(**valeurs):
    def arguments(monde):
        monde.attendue = ParticipationFactory(reunion=ReunionFactory(**valeurs))
        return {"pk": monde.attendue.reunion_id}

    return arguments


def pointer(monde, role):
    return {"pk": monde.attendue.pk, "presence": "present", "vue": "inconnue"}


def accueillir(monde, role):
    return {"nom": "Lou", "structure": monde.structure.nom, "cle": str(uuid.uuid4())}


LIGNES = [
    ligne("reunions:presences", EQUIPE, "login 403 403 403 ok ok", arguments=reunion(), donnees=pointer),
    ligne("reunions:presences", EQUIPE, "login 403 403 403 ok ok", etat="tenue", arguments=reunion(etat="tenue"),
          donnees=accueillir),
    ligne("reunions:presences", EQUIPE, "login 403 403 403 302 302", etat="annulée", arguments=reunion(etat="annulee"),
          donnees=pointer),
    ligne("reunions:feuille", EQUIPE, arguments=reunion()),
    ligne("reunions:feuille_pdf", EQUIPE, arguments=reunion()),
    ligne("reunions:feuille_pdf", EQUIPE, etat="brouillon", arguments=reunion(etat="brouillon", debut=None)),
]  # fmt: skip
