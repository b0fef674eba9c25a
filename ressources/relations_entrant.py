"""Answers by mail: annonce+<jeton>@…; the token says the conversation and the side, From is not believed."""

import uuid

from django.db.models import Q

from pole_ess.socle.courriel.entrant import Ignorer
from ressources.actions import relations
from ressources.actions.relations_courriels import ANNONCEUR, STRUCTURE, prevenir
from ressources.models import Message, MiseEnRelation
from ressources.relations_mots import COUPE

ESPACE = uuid.UUID("5f2b7c1e-8d3a-4c47-9a60-2f3f0f6f1d11")
"""Names the keys of messages that came by mail, so that the same mail writes once."""


def traiter(entrant, jeton: str) -> None:
    """Write the mail into its conversation. Closed: its sender's side is told, once. The row's own copy goes."""
    relation = (
        MiseEnRelation.objects.filter(Q(jeton_annonceur=jeton) | Q(jeton_structure=jeton))
        .select_related("annonce__auteur", "annonceur", "structure", "par")
        .first()
    )
    if relation is None:
        raise Ignorer("conversation inconnue")
    cote = ANNONCEUR if relation.jeton_annonceur == jeton else STRUCTURE
    texte = entrant.texte.strip()
    if not texte:
        raise Ignorer("message vide")
    if len(texte) > relations.TEXTE_MAX:
        texte = texte[: relations.TEXTE_MAX - len(COUPE)] + COUPE
    cle = uuid.uuid5(ESPACE, entrant.identifiant)
    try:
        relations.ecrire(relation, par=None, cote=cote, texte=texte, cle=cle, voie=Message.Voie.COURRIEL)
    except relations.TransitionInterdite:
        prevenir(relation, cote, "close", unique="close")
    entrant.texte = ""
    entrant.save(update_fields=["texte"])
