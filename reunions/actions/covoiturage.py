"""Car-pooling to a meeting: who may take whom on the way, and writing to one another without showing an address.

« On the way » compares straight lines between centres of communes: departure → passenger → meeting against
departure → meeting. People see first names and communes, and only those who travel too see them.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from annuaire import oppositions
from annuaire.geographie import distance_km
from pole_ess.socle.courriel import deposer
from reunions.models import Participation

from . import TransitionInterdite
from .invitations import lien

DETOUR_MAX_KM = 10
"""As the crow flies: about thirteen by road, a quarter of an hour."""
PROPOSE, CHERCHE = Participation.Covoiturage.PROPOSE, Participation.Covoiturage.CHERCHE


@dataclass(frozen=True)
class Trajet:
    """Somebody to travel with, and the detour (km) for whoever drives."""

    participation: Participation
    detour: float


def detour(depart, etape, arrivee) -> float | None:
    """Kilometres added by going through `etape`; None when a commune has no known centre. Never negative."""
    points = [(c.latitude, c.longitude) if c else (None, None) for c in (depart, etape, arrivee)]
    if depart is not None and etape is not None and depart.pk == etape.pk:
        return 0.0
    if any(latitude is None or longitude is None for latitude, longitude in points):
        return None
    a, b, c = points
    return max(0.0, distance_km(*a, *b) + distance_km(*b, *c) - distance_km(*a, *c))


def trajets(participation) -> list[Trajet]:
    """For whoever seeks: the drivers; for whoever drives: those who seek. The smallest detour first."""
    if participation.covoiturage not in (PROPOSE, CHERCHE):
        return []
    reunion = participation.reunion
    cherche = participation.covoiturage == CHERCHE
    autres = (
        reunion.participations.joignables()
        .filter(covoiturage=PROPOSE if cherche else CHERCHE, reponse__in=["present", "attente"])
        .exclude(pk=participation.pk)
        .select_related("covoiturage_depuis")
    )
    possibles = []
    for autre in autres:
        conducteur, passager = (autre, participation) if cherche else (participation, autre)
        ecart = detour(conducteur.covoiturage_depuis, passager.covoiturage_depuis, reunion.commune)
        if ecart is not None and ecart <= DETOUR_MAX_KM:
            possibles.append(Trajet(autre, ecart))
    return sorted(possibles, key=lambda t: (t.detour, t.participation.pk))


@transaction.atomic
def ecrire(participation, *, a, texte: str, montrer: bool, cle) -> None:
    """Relay a message to a fellow traveller, who answers from their own page, or directly when `montrer`.

    Raises TransitionInterdite when they no longer travel together or the meeting is over.
    """
    reunion = participation.reunion
    trouve = next((t.participation for t in trajets(participation) if t.participation.pk == a), None)
    if not reunion.est_ouverte or trouve is None:
        raise TransitionInterdite("Cette personne n'est plus dans le covoiturage : votre message n'est pas parti.")
    if oppositions.opposees([trouve.courriel]):
        return
    empreinte = hashlib.sha256(f"{cle}:{participation.pk}:{a}".encode()).hexdigest()[:32]
    deposer(
        "reunion_covoiturage",
        a=trouve.courriel,
        utilisateur=trouve.utilisateur,
        objet=reunion,
        repondre_a=participation.courriel if montrer else "",
        confidentiel=True,
        cle_unicite=f"reunion-covoiturage-{empreinte}",
        contexte={
            "reunion": reunion,
            "de": participation,
            "texte": texte,
            "adresse": participation.courriel if montrer else "",
            "lien": lien(trouve, page="reunions:covoiturage_lien"),
        },
    )
