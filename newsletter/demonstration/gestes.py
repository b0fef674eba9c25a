"""What readers did from the letters sent. Nothing is counted that the portal does not show: each answer is a
conversation, each registration is on the list of its meeting.
"""

import uuid
from datetime import timedelta

from django.utils import timezone

from annuaire.models import Structure
from newsletter.actions import gestes
from newsletter.models import Envoi, Geste, Numero
from ressources.models import Annonce, Message, MiseEnRelation
from reunions.actions.reponses import VIENNENT
from reunions.models import Participation

SOURCE = "demonstration"
REPONSES = {
    "besoin-etagere": ("bibliotheque-sonore", 2, "Nous en avons six, en métal, à démonter avant la fin du mois."),
    "raquettes": (
        "aide-devoirs",
        3,
        "Les ballons serviraient aux enfants du mercredi. Quand passer ?",
    ),
    "benevole-tresorier": ("compta-partagee", 1, "Une de nos comptables donne deux heures par mois. Quand se voir ?"),
    "achat-assurance": ("tiers-lieu-moulin", 4, "Notre contrat finit en mars : nous voulons bien comparer avec vous."),
    "costumes": ("fanfare-bocage", 6, "Huit costumes pour notre bal d'avril : peut-on venir essayer ?"),
}
"""Announcement -> who answered, days after the letter, their words."""
PAR_LA_LETTRE = 3
"""One registration in so many came by the letter's button; the others answered their own invitation."""


def charger(numero: Numero) -> None:
    """Once, when the letter is made; `numero` was sent."""
    lecteurs = (envoi.abonne for envoi in numero.envois.filter(etat=Envoi.Etat.PARTI).avec_abonne())
    for genre, objet, le in [*_reponses(numero), *_inscriptions(numero), *_annonces_exactes(numero)]:
        if gestes.compter(numero, genre, abonne=next(lecteurs), objet=objet):
            numero.gestes.filter(pk=numero.gestes.latest("pk").pk).update(le=le)


def _reponses(numero):
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE)}
    for annonce in Annonce.objects.filter(pk__in=numero.elements.values("annonce"), source=SOURCE).order_by("pk"):
        cle, jours, texte = REPONSES.get(annonce.source_cle, ("", 0, ""))
        if cle in structures:
            le = numero.lance_le + timedelta(days=jours)
            _converser(annonce, structures[cle], le, texte)
            besoin = annonce.sens == Annonce.Sens.BESOIN
            yield Geste.Genre.AIDE if besoin else Geste.Genre.INTERET, annonce, le


def _converser(annonce, structure, le, texte) -> None:
    """As the demonstration of offers and needs makes its own: no mail leaves."""
    relation = MiseEnRelation.objects.create(
        annonce=annonce,
        annonceur=annonce.structure,
        structure=structure,
        etat="vue",
        vue_le=le + timedelta(hours=3),
        cle=uuid.uuid4(),
    )
    MiseEnRelation.objects.filter(pk=relation.pk).update(cree_le=le)
    message = Message.objects.create(mise_en_relation=relation, cote="structure", texte=texte, cle=uuid.uuid4())
    Message.objects.filter(pk=message.pk).update(cree_le=le)


def _inscriptions(numero):
    """Some of those who come to a meeting that the letter announced."""
    reunions = numero.elements.filter(reunion__debut__gt=timezone.now()).values("reunion")
    venues = Participation.objects.filter(reunion__in=reunions, reponse__in=VIENNENT).select_related("reunion")
    for rang, venue in enumerate(venues.order_by("pk")[::PAR_LA_LETTRE]):
        yield Geste.Genre.PRESENCE, venue.reunion, numero.lance_le + timedelta(hours=5 + 9 * rang)


def _annonces_exactes(numero):
    """« Toujours exacte »: of an announcement of the letter that is still open, by who posted it."""
    annonce = Annonce.objects.publiees().filter(pk__in=numero.elements.values("annonce")).order_by("pk").last()
    if annonce is not None:
        yield Geste.Genre.EXACT, annonce, numero.lance_le + timedelta(days=1)
