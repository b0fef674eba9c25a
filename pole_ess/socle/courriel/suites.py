"""What the staff decides about a mail: send it again, or leave it."""

from django.db import transaction
from django.utils import timezone

from ..models import Courriel
from .depot import nouveau_message_id, programmer_envoi


class SuiteImpossible(Exception):
    """The decision does not apply to this mail; the message says why, in French, for the staff."""


def empechement(courriel: Courriel) -> str:
    """Why this mail cannot be sent again; empty when it can."""
    if courriel.etat in (Courriel.Etat.PRET, Courriel.Etat.EN_VOL, Courriel.Etat.DIFFERE):
        return "Ce message n'a pas fini son chemin : il partira sans vous."
    if courriel.confidentiel:
        return "Ce message portait un code ou un lien personnel, effacé depuis : la personne doit en demander un autre."
    if not courriel.texte:
        return "Le contenu de ce message a été effacé (plus d'un an)."
    return ""


@transaction.atomic
def renvoyer(courriel: Courriel, *, par) -> Courriel:
    """Put a copy in the outbox, decided by `par`; asked twice, the same copy. Raises SuiteImpossible.

    A copy has a Message-ID of its own: to its receiver it is another mail, which is what the staff asked for.
    """
    courriel = Courriel.objects.select_for_update().get(pk=courriel.pk)
    deja = Courriel.objects.filter(renvoi_de=courriel).first()
    if deja:
        return deja
    if raison := empechement(courriel):
        raise SuiteImpossible(raison)
    copie = Courriel.objects.create(
        gabarit=courriel.gabarit,
        destinataire=courriel.destinataire,
        utilisateur_id=courriel.utilisateur_id,
        repondre_a=courriel.repondre_a,
        sujet=courriel.sujet,
        texte=courriel.texte,
        html=courriel.html,
        calendrier=courriel.calendrier,
        calendrier_methode=courriel.calendrier_methode,
        desabonnement=courriel.desabonnement,
        message_id=nouveau_message_id(),
        objet_type=courriel.objet_type,
        objet_id=courriel.objet_id,
        renvoi_de=courriel,
    )
    _decider(courriel, par)
    programmer_envoi(copie)
    return copie


@transaction.atomic
def laisser(courriel: Courriel, *, par) -> None:
    """Take an uncertain mail out of what waits for a decision. Raises SuiteImpossible on any other."""
    courriel = Courriel.objects.select_for_update().get(pk=courriel.pk)
    if courriel.etat != Courriel.Etat.INCERTAIN:
        raise SuiteImpossible("Seul un message incertain attend une décision.")
    if courriel.decide_le is None:
        _decider(courriel, par)


def _decider(courriel: Courriel, par) -> None:
    courriel.decide_le, courriel.decide_par = timezone.now(), par
    courriel.save(update_fields=["decide_le", "decide_par"])
