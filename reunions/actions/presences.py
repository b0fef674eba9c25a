"""Checking people in on the day, several staff at once: whoever saw an older state does not overwrite a newer one."""

from django.db import transaction
from django.utils import timezone

from annuaire.models import Structure
from annuaire.texte import plier
from reunions.models import Participation, Representation, Reunion

from . import TransitionInterdite

Presence = Participation.Presence


class DejaNotee(TransitionInterdite):
    """Somebody else noted another state meanwhile; `participation` is as it is now."""

    def __init__(self, participation):
        self.participation = participation
        super().__init__(
            f"{participation} a été noté « {participation.get_presence_display()} » entre-temps : "
            "rien n'a changé. Appuyez de nouveau si vous voulez corriger."
        )


@transaction.atomic
def noter(reunion, *, pk: int, presence: str, vue: str) -> Participation:
    """Note one person, if the state is still the one that the page showed (`vue`); noting it twice is once.

    Raises Participation.DoesNotExist, DejaNotee, TransitionInterdite on a draft or a cancelled meeting.
    """
    _ouverte(reunion)
    participation = reunion.participations.select_for_update(of=("self",)).get(pk=pk)
    if participation.presence == presence:
        return participation
    if participation.presence != vue:
        raise DejaNotee(participation)
    participation.presence = presence
    participation.accueillie_le = timezone.now() if presence == Presence.PRESENT else None
    participation.save(update_fields=["presence", "accueillie_le", "modifie_le"])
    return participation


@transaction.atomic
def accueillir(reunion, *, nom: str, structure: str, cle) -> Participation:
    """Somebody who comes without having answered; a structure of the directory is linked, another is a label.

    The same `cle` again gives the same person.
    """
    _ouverte(reunion)
    participation, nouvelle = Participation.objects.get_or_create(
        cle=cle,
        defaults={
            "reunion": reunion,
            "nom": nom,
            "origine": Participation.Origine.ACCUEIL,
            "presence": Presence.PRESENT,
            "accueillie_le": timezone.now(),
        },
    )
    if nouvelle and structure:
        connues = list(Structure.objects.publiees().filter(tri=plier(structure))[:2])
        if len(connues) == 1:
            Representation.objects.create(participation=participation, structure=connues[0])
        else:
            participation.libelle = structure
            participation.save(update_fields=["libelle", "modifie_le"])
    return participation


def _ouverte(reunion):
    if reunion.etat not in (Reunion.Etat.ANNONCEE, Reunion.Etat.TENUE):
        raise TransitionInterdite("On note les présences d'une rencontre annoncée ou tenue.")
