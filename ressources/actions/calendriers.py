"""The rules and the closures of a calendar, under the lock that confirmations take: neither passes the other."""

from django.db import transaction

from ressources.agenda import plage
from ressources.agenda.mois import pic
from ressources.models import Calendrier, Fermeture, ReglagesStructure, Reservation
from ressources.models.moderation import nouveau_jeton
from ressources.templatetags.reservations import dates_de_reservation

from .reservations import ReservationImpossible, annuler, verrouiller_calendrier

NOMMEES = 6
"""Bookings named in a refusal; the others are counted."""
ANNULER, GARDER = "annuler", "garder"


class CalendrierImpossible(ReservationImpossible):
    """Bookings forbid the change: `champ` is the rule, the message names them."""

    def __init__(self, champ, phrase, reservations):
        self.champ = champ
        super().__init__(f"{phrase} {nommer(reservations)}")


class ConflitsADecider(Exception):
    """Confirmed bookings fall in the closure and nobody said what becomes of them: `reservations`."""

    def __init__(self, reservations):
        self.reservations = reservations
        super().__init__(f"{len(reservations)} bookings to decide")


def nommer(reservations) -> str:
    """« La Fanfare le samedi 12 mars 2027, Le Foyer du… »."""
    noms = [f"{r.structure.nom}, {dates_de_reservation(r)}" for r in reservations[:NOMMEES]]
    if len(reservations) > NOMMEES:
        noms.append(f"et {len(reservations) - NOMMEES} autres")
    return " ; ".join(noms) + "."


# -- rules


@transaction.atomic
def regler(annonce, **regles) -> Calendrier:
    """Open a resource's calendar, or change its rules. Raises CalendrierImpossible, ReservationImpossible.

    Bookings already confirmed keep the buffer and the dates that they have.
    """
    if regles["genre"] == Calendrier.Genre.EXCLUSIF:
        regles["capacite"] = 1
    calendrier, nouveau = Calendrier.objects.get_or_create(annonce=annonce, defaults=regles)
    if nouveau:
        return calendrier
    calendrier = verrouiller_calendrier(calendrier.pk)
    _verifier_changement(calendrier, regles["genre"], regles["capacite"])
    for nom, valeur in regles.items():
        setattr(calendrier, nom, valeur)
    calendrier.save(update_fields=[*regles, "modifie_le"])
    exclusive = calendrier.genre == Calendrier.Genre.EXCLUSIF
    calendrier.reservations.filter(etat=Reservation.Etat.DEMANDEE).exclude(exclusive=exclusive).update(
        exclusive=exclusive
    )
    return calendrier


def _verifier_changement(calendrier, genre, capacite) -> None:
    """The same two rules as the database's triggers, and requests that could never be confirmed."""
    bloquantes = list(calendrier.reservations.bloquantes().pour_listes())
    if genre != calendrier.genre and bloquantes:
        raise CalendrierImpossible(
            "genre",
            "Des réservations confirmées ou en cours suivent la règle actuelle. Terminez-les ou annulez-les d'abord :",
            bloquantes,
        )
    if capacite < calendrier.capacite and (trop := _au_dela(bloquantes, capacite)):
        raise CalendrierImpossible(
            "capacite", f"Plus de {capacite} sont réservés en même temps. Annulez d'abord une de celles-ci :", trop
        )
    demandes = calendrier.reservations.filter(etat=Reservation.Etat.DEMANDEE, quantite__gt=capacite)
    if grandes := list(demandes.pour_listes()):
        raise CalendrierImpossible(
            "capacite", f"Des demandes en attente en veulent plus de {capacite}. Répondez-leur d'abord :", grandes
        )


def _au_dela(bloquantes, capacite) -> list:
    """Bookings during which more than `capacite` pieces are out at once."""
    prises = [(r.blocage, r.quantite) for r in bloquantes]
    return [r for r in bloquantes if pic(r.blocage, prises) > capacite]


# -- closures


def conflits(calendrier, periode, *, sauf=None) -> list[Reservation]:
    """Bookings that hold the resource during `periode`; not those already kept when `sauf`, a closure, was made."""
    tenues = calendrier.reservations.bloquantes().filter(periode__overlap=periode)
    if sauf is not None and sauf.bloque:
        tenues = tenues.exclude(periode__overlap=sauf.periode)
    return list(tenues.pour_listes().select_related("par"))


def a_decider(tenues) -> list[Reservation]:
    """What is handed over already can only be kept."""
    return [r for r in tenues if r.etat == Reservation.Etat.CONFIRMEE]


@transaction.atomic
def fermer(
    calendrier, *, par, genre, debut, fin, motif="", decisions=None, raison="", fermeture=None
) -> tuple[Fermeture, list[Reservation]]:
    """Close [debut, fin), or change a closure: it, and the bookings that were kept during it.

    `decisions`: booking's id -> « annuler » (`raison` is mailed to its borrower) or « garder ». Raises
    ConflitsADecider when a confirmed one has none. Sent twice, one closure is made.
    """
    calendrier = verrouiller_calendrier(calendrier.pk)
    periode, decisions = plage(debut, fin), decisions or {}
    if fermeture is None:
        pareille = calendrier.fermetures.filter(genre=genre, periode=periode, motif=motif).first()
        fermeture = pareille or Fermeture(calendrier=calendrier, par=par)
        ancienne = pareille
    else:
        fermeture = ancienne = calendrier.fermetures.select_for_update().get(pk=fermeture.pk)
    tenues = [] if genre == Fermeture.Genre.AVIS else conflits(calendrier, periode, sauf=ancienne)
    confirmees = a_decider(tenues)
    if any(decisions.get(r.pk) not in (ANNULER, GARDER) for r in confirmees):
        raise ConflitsADecider(confirmees)
    fermeture.genre, fermeture.periode, fermeture.motif = genre, periode, motif
    fermeture.save()
    annulees = [r for r in confirmees if decisions[r.pk] == ANNULER]
    if annulees and not raison.strip():
        raise ValueError("Une raison est demandée : elle est envoyée à chaque structure.")
    for reservation in annulees:
        annuler(reservation, par=par, motif=raison)
    return fermeture, [r for r in tenues if r not in annulees]


@transaction.atomic
def rouvrir(fermeture) -> None:
    """Remove a closure; once more does nothing."""
    calendrier = verrouiller_calendrier(fermeture.calendrier_id)
    calendrier.fermetures.filter(pk=fermeture.pk).delete()
    calendrier.save(update_fields=["modifie_le"])


# -- secret addresses of the iCalendar feeds


@transaction.atomic
def renouveler_adresse(calendrier, *, ancien) -> Calendrier:
    """Another secret, once for the one that was shown (`ancien`): the old address stops answering."""
    calendrier = verrouiller_calendrier(calendrier.pk)
    if calendrier.jeton_agenda == ancien:
        calendrier.jeton_agenda = nouveau_jeton()
        calendrier.save(update_fields=["jeton_agenda", "modifie_le"])
    return calendrier


@transaction.atomic
def renouveler_adresse_de_structure(structure, *, ancien) -> ReglagesStructure:
    """The same for the feed of a structure; its first secret when it has none."""
    reglages, _ = ReglagesStructure.objects.get_or_create(structure=structure)
    reglages = ReglagesStructure.objects.select_for_update().get(pk=reglages.pk)
    if ancien and reglages.jeton_agenda == ancien:
        reglages.jeton_agenda = nouveau_jeton()
        reglages.save(update_fields=["jeton_agenda"])
    return reglages
