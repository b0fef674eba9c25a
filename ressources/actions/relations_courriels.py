"""Mails of conversations: to the people of one side, answered through an address of that side's own.

Their text is written by people to one another: the outbox holds it as confidential, so that staff do not read it
and it goes once sent (docs/decisions/0010-staff-and-private-messages.md).
"""

import hashlib

from django.urls import reverse

from annuaire.actions.correspondants import adresses
from annuaire.notifications import notifier
from pole_ess.socle import liens
from pole_ess.socle.courriel.entrant import adresse_de_reponse
from ressources.models import Message
from ressources.relations_mots import phrases

SORTE = "annonce"
"""Of the inbound addresses: annonce+<jeton>@…"""
ANNONCEUR, STRUCTURE = Message.Cote.ANNONCEUR, Message.Cote.STRUCTURE
JOURS_LIEN = 60
REPONSE, SUITES = "relation-reponse", "relation-suites"
SORTES = {
    "reponse": "demandes", "rappel": "demandes", "message": "messages", "coordonnees": "messages",
    "coordonnees_deux": "messages", "suites": "relances",
}  # fmt: skip
"""Event -> the kind under which its reader may group it or refuse it; the others answer what they did."""
SANS_REPONSE_ATTENDUE = {"declinee", "sans_suite", "sans_reponse", "close"}


def autre_cote(cote):
    return STRUCTURE if cote == ANNONCEUR else ANNONCEUR


def structure_du_cote(relation, cote):
    return relation.annonceur if cote == ANNONCEUR else relation.structure


def lien(objectif, relation, cote) -> str:
    jeton = liens.signer(objectif, {"r": relation.pk, "c": str(cote)})
    return reverse("ressources:conversation_lien", args=[jeton])


def _empreinte(adresse) -> str:
    return hashlib.sha256(adresse.encode()).hexdigest()[:32]


def prevenir(relation, cote, evenement, *, sauf=None, citation="", unique=""):
    """One mail to each person of a side. `unique`: never twice for the same word, whoever asks.

    A structure without any account gets it at its own address, with a link that answers without an account.
    """
    autre = structure_du_cote(relation, autre_cote(cote))
    aussi = relation.annonce.auteur if cote == ANNONCEUR else relation.par
    jeton = relation.jeton_annonceur if cote == ANNONCEUR else relation.jeton_structure
    retour = "" if evenement in SANS_REPONSE_ATTENDUE else adresse_de_reponse(SORTE, jeton)
    sujet, phrase = phrases(evenement, autre=autre.nom, titre=relation.annonce.titre)
    for adresse, utilisateur in adresses(structure_du_cote(relation, cote), aussi=aussi, sauf=sauf).items():
        page = reverse("ressources:conversation", args=[relation.pk])
        if evenement == "suites" or (evenement == "conclue" and utilisateur is None):
            page = lien(SUITES, relation, cote)
        elif evenement == "conclue":
            page = reverse("ressources:conversation_acte", args=[relation.pk, "bilan"])
        elif utilisateur is None:
            page = lien(REPONSE, relation, cote)
        notifier(
            SORTES.get(evenement),
            "relation",
            a=adresse,
            page=page,
            utilisateur=utilisateur,
            objet=relation,
            repondre_a=retour,
            confidentiel=True,
            cle_unicite=f"relation-{relation.pk}-{unique}-{cote}-{_empreinte(adresse)}" if unique else None,
            contexte={
                "relation": relation,
                "autre": autre,
                "evenement": evenement,
                "sujet_du_message": sujet,
                "phrase": phrase,
                "citation": citation,
                "page": page,
                "par_courriel": bool(retour),
                "sans_compte": utilisateur is None,
                "finie": evenement in SANS_REPONSE_ATTENDUE,
            },
        )
