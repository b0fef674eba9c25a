"""Answers by mail: benevole+<jeton>@…; the token says the thread and the side, From is not believed."""

import uuid

from django.db.models import Q

from pole_ess.socle.courriel.entrant import Ignorer
from ressources.actions import TransitionInterdite, benevolat_profil
from ressources.models import MessageBenevole, PriseDeContact
from ressources.relations_mots import COUPE

ESPACE = uuid.UUID("0d9f6c4a-6f3e-4c58-9d4d-8b1c3a7e52f4")
"""Names the keys of messages that came by mail, so that the same mail writes once."""


def traiter(entrant, jeton: str) -> None:
    """Write the mail into its thread; the row's own copy goes. A structure that was refused is ignored."""
    contact = PriseDeContact.objects.filter(Q(jeton_benevole=jeton) | Q(jeton_structure=jeton)).first()
    if contact is None:
        raise Ignorer("échange inconnu")
    benevole = contact.jeton_benevole == jeton
    texte = entrant.texte.strip()
    if not texte:
        raise Ignorer("message vide")
    if len(texte) > benevolat_profil.TEXTE_MAX:
        texte = texte[: benevolat_profil.TEXTE_MAX - len(COUPE)] + COUPE
    try:
        benevolat_profil.repondre(
            contact,
            cote=benevolat_profil.BENEVOLE if benevole else benevolat_profil.STRUCTURE,
            par=contact.utilisateur if benevole else None,
            texte=texte,
            cle=uuid.uuid5(ESPACE, entrant.identifiant),
            voie=MessageBenevole.Voie.COURRIEL,
        )
    except TransitionInterdite as refus:
        raise Ignorer("messages refusés, ou profil caché") from refus
    entrant.texte = ""
    entrant.save(update_fields=["texte"])
