"""One's own turn of the round table, by one's signed link: of the workshop, or of the invitation.

The plain rule: one writes from the moment one is there until the minutes are published. Nothing here moves a turn,
renames it or reaches another person's; turns of two people are shared by both.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from reunions.actions import TransitionInterdite, tour_de_table
from reunions.models import CompteRendu, Participant, Participation, Reunion, TourDeTable

PUBLIE = "Le compte rendu est publié : ces priorités ne changent plus. Pour une correction, écrivez à l'équipe du pôle."
PAS_ICI = "On écrit ses priorités à une rencontre annoncée ou tenue : celle-ci est annulée."
PAS_ENCORE = "Votre ligne s'ouvre quand l'équipe a noté votre arrivée. Revenez sur cette page pendant la rencontre."
RIEN = "Écrivez au moins une priorité : une phrase suffit."


@dataclass(frozen=True)
class Personne:
    """Who holds the link: one line of the attendance, or somebody of the workshop, or both."""

    reunion: Reunion
    participation: Participation | None = None
    participant: Participant | None = None

    @property
    def est_la(self) -> bool:
        """Whoever joined the workshop is in the room; the others once they are checked in."""
        arrivee = self.participation is not None and self.participation.presence == Participation.Presence.PRESENT
        return self.participant is not None or arrivee


def du_participant(participant) -> Personne:
    """Somebody of the workshop: with an account, they are also their line of the attendance."""
    reunion = participant.atelier.reunion
    sienne = None
    if participant.utilisateur_id:
        sienne = reunion.participations.filter(utilisateur=participant.utilisateur_id).first()
    return Personne(reunion, participation=sienne, participant=participant)


def tour_de(personne) -> TourDeTable | None:
    """Their turn, if they have one."""
    sien = Q()
    if personne.participation is not None:
        sien |= Q(pk__in=personne.participation.tours.values("pk"))
    if personne.participant is not None:
        sien |= Q(pk__in=personne.participant.tours.values("pk"))
    return personne.reunion.tours.filter(sien).order_by("ordre", "pk").first() if sien else None


def refus(reunion) -> str:
    """Why nobody writes any more in this meeting's round table, in French; empty while one may."""
    if reunion.etat not in (Reunion.Etat.ANNONCEE, Reunion.Etat.TENUE):
        return PAS_ICI
    return PUBLIE if CompteRendu.objects.publies().filter(reunion=reunion).exists() else ""


@transaction.atomic
def ecrire(personne, *, priorites: list[str], vue: str) -> TourDeTable:
    """Their priorities, in the order that they give. Their turn is made at the end when they have none: once.

    Raises tour_de_table.PrioritesChangees, or TransitionInterdite with the reason.
    """
    reunion = Reunion.objects.select_for_update(of=("self",)).get(pk=personne.reunion.pk)
    if raison := refus(reunion):
        raise TransitionInterdite(raison)
    tour = tour_de(personne)
    if tour is None:
        if not personne.est_la:
            raise TransitionInterdite(PAS_ENCORE)
        if not priorites:
            raise TransitionInterdite(RIEN)
        tour = tour_de_table.ouvrir(
            reunion, libelle=_libelle(personne), participation=personne.participation, participant=personne.participant
        )
    tour_de_table.modifier(tour, priorites=priorites, vue=vue, origine=tour_de_table.PERSONNE)
    return tour


def _libelle(personne) -> str:
    """What the minutes print: a structure, never the first name that was given for the staff alone."""
    if personne.participation is not None:
        return tour_de_table.libelle_de(personne.participation)
    structure = personne.participant.structure
    return structure.nom if structure else tour_de_table.QUELQU_UN
