"""Calls for offers: free words at the head of the issue in progress, so that every subscriber reads them."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from newsletter.models import Bloc, Numero

from . import redaction

TITRE_MAX = 90


def mots(*, titre: str, nombre: str) -> dict:
    """What the form proposes: the words come from an address, and are cleaned by the form when they are sent."""
    titre = " ".join(titre.replace("\x00", "").split())[:TITRE_MAX]
    if not titre:
        return {}
    combien = int(nombre) if nombre.isascii() and nombre.isdigit() and len(nombre) < 5 else 0
    qui = f"{combien} structures du territoire ont" if combien > 1 else "Une structure du territoire a"
    offrir = f"{settings.PORTAIL_URL}{reverse('ressources:annonce_creer')}?sens=offre"
    return {
        "titre": f"Qui peut aider : {titre[:1].lower()}{titre[1:]} ?",
        "texte": f"{qui} cherché ces derniers mois : **{titre[:1].lower()}{titre[1:]}**. Sans réponse.\n\n"
        f"Vous pouvez le prêter, le donner ou l'acheter ensemble ? [Publiez votre offre]({offrir}) : c'est l'affaire "
        "de cinq minutes.",
    }


@transaction.atomic
def lancer(*, par, titre: str, texte: str) -> Numero:
    """Add the call to the draft in progress, or to a new one. The same words twice are added once."""
    numero = redaction.preparer(par=par)
    redaction.verrouiller(numero)
    if not numero.blocs.filter(genre=Bloc.Genre.TEXTE, titre=titre, texte=texte).exists():
        redaction.ajouter_texte(numero, titre=titre, texte=texte)
    return numero
