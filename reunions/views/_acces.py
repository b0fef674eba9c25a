"""Finding the meeting of a page, or whoever holds a link."""

from functools import wraps

from django.shortcuts import get_object_or_404

from pole_ess.socle import liens
from reunions.models import Participant, Reunion
from reunions.permissions import animateurs_seulement
from reunions.presentation_atelier import JOURS_PARTICIPANT


def avec_reunion_preparee(vue):
    """A page where staff prepare one meeting: login for visitors, 403 for the others."""

    @wraps(vue)
    @animateurs_seulement
    def gardee(request, pk, **kwargs):
        reunion = get_object_or_404(Reunion.objects.select_related("commune", "structure_hote", "precedente"), pk=pk)
        return vue(request, reunion, **kwargs)

    return gardee


def nombre_de(texte: str) -> int | None:
    """The key of a row as an address gives it; None when it is no such number."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else None


def reunion_visible(request, pk, queryset=None) -> Reunion:
    """The meeting that this person may see; 404 otherwise, a draft included."""
    visibles = (queryset if queryset is not None else Reunion.objects.all()).visibles_par(request.user)
    return get_object_or_404(visibles, pk=pk)


def participant_du_lien(jeton) -> Participant:
    """The participant of a workshop's personal link. Raises LienInvalide; LienExpire when they are erased too."""
    charge = liens.lire("atelier.participant", jeton, jours=JOURS_PARTICIPANT)
    participant = Participant.objects.select_related("atelier__reunion", "structure").filter(pk=charge["p"]).first()
    if participant is None:
        raise liens.LienExpire
    return participant
