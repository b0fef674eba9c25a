"""What time does to bookings: reminders to both sides, late returns, requests that nobody answered.

A mail's key names the booking, the occasion and the period: a job that runs twice never reminds twice.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.notifications import notifier
from ressources.agenda import jours, jours_de, minuit
from ressources.models import Reservation

from . import TransitionInterdite
from .reservations import ReservationImpossible, refuser

RETARDS = (1, 4)
"""Days after the end at which a late return is recalled."""
SANS_REPONSE = timedelta(days=2)
DEPASSEE = "La date de début est passée sans réponse : la demande est close."
Etat = Reservation.Etat


def rappeler() -> int:
    """The mails that are due today; how many bookings were looked at."""
    demain = timezone.localdate() + timedelta(days=1)
    dues = Q(etat=Etat.CONFIRMEE, periode__startswith__lt=minuit(demain + timedelta(days=1)))
    dues &= Q(periode__startswith__gte=minuit(demain))
    dues |= Q(etat=Etat.REMISE, periode__endswith__lte=minuit(demain))
    dues |= Q(etat=Etat.DEMANDEE, cree_le__lte=timezone.now() - SANS_REPONSE)
    nombre = 0
    for pk in Reservation.objects.filter(dues).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            due = Reservation.objects.select_for_update(of=("self",), skip_locked=True).filter(dues, pk=pk)
            reservation = due.select_related("calendrier__annonce__structure", "structure", "par").first()
            if reservation is not None:
                _rappeler(reservation)
                nombre += 1
    return nombre


def _rappeler(reservation) -> None:
    debut, fin = jours_de(reservation.periode)
    if reservation.etat == Etat.DEMANDEE:
        attend = "Cette demande attend votre réponse."
        _dire(reservation, "reponse", "Une demande vous attend", sorte="demandes", avant=minuit(debut), preteur=attend)
    elif reservation.etat == Etat.CONFIRMEE:
        _dire(
            reservation,
            f"veille:{debut}",
            "C'est demain",
            sorte="rappels",
            avant=minuit(debut),
            preteur="Demain, vous remettez ce qui est réservé.",
            emprunteur="Demain, vous venez chercher ce que vous avez réservé.",
        )
    else:
        _rappeler_le_retour(reservation, fin, (timezone.localdate() - fin).days)


def _rappeler_le_retour(reservation, fin, retard) -> None:
    if retard == 0:
        _dire(
            reservation,
            f"retour:{fin}",
            "Retour aujourd'hui",
            sorte="rappels",
            avant=minuit(fin + timedelta(days=1)),
            preteur="C'est le jour du retour. Notez-le sur la page, avec l'état.",
            emprunteur="C'est le jour du retour. Besoin de plus de temps ? Demandez une prolongation avant la fin.",
        )
        return
    passes = [jour for jour in RETARDS if jour <= retard]
    if not passes:
        return
    _dire(
        reservation,
        f"retard{passes[-1]}:{fin}",
        "Retour en retard",
        preteur="Le retour était prévu et n'est pas noté. Si c'est rendu, notez-le sur la page.",
        emprunteur="Le retour était prévu et n'est pas noté. Rendez-le vite, ou prévenez qui vous le prête.",
    )
    suivante = _suivante(reservation)
    if suivante is not None:
        _dire(
            suivante,
            f"avant:{reservation.pk}:{fin}",
            "Un retour est en retard",
            emprunteur="La structure qui l'a avant vous est en retard. Vos dates ne changent pas ; "
            "appelez qui prête avant de vous déplacer.",
        )


def _suivante(reservation):
    """The next confirmed booking of the same thing, within a week of today."""
    semaine = jours(timezone.localdate(), timezone.localdate() + timedelta(days=7))
    suivantes = reservation.calendrier.reservations.filter(etat=Etat.CONFIRMEE, periode__startswith__lt=semaine.upper)
    suivantes = suivantes.filter(periode__startswith__gte=reservation.periode.upper)
    return suivantes.pour_listes().select_related("par").first()


def _dire(reservation, occasion, sujet, *, preteur="", emprunteur="", sorte="", avant=None) -> None:
    """One mail to each person of each side that has a sentence, once per occasion. `sorte`, `avant`: see `notifier`."""
    annonce = reservation.calendrier.annonce
    for structure, phrase, aussi in (
        (annonce.structure, preteur, None),
        (reservation.structure, emprunteur, reservation.par),
    ):
        for adresse, utilisateur in adresses(structure, aussi=aussi).items() if phrase else ():
            notifier(
                sorte,
                "reservation_rappel",
                a=adresse,
                utilisateur=utilisateur,
                page=reservation.get_absolute_url(),
                avant=avant,
                objet=reservation,
                contexte={"reservation": reservation, "annonce": annonce, "sujet": sujet, "phrase": phrase},
                cle_unicite=f"reservation:{reservation.pk}:{occasion}:{structure.pk}:{adresse}",
            )


def clore_les_depassees() -> int:
    """Requests whose start has passed without an answer are refused, with a mail that says so."""
    closes = 0
    depassees = Reservation.objects.filter(etat=Etat.DEMANDEE, periode__startswith__lte=timezone.now())
    for reservation in depassees.order_by("pk"):
        try:
            refuser(reservation, par=None, motif=DEPASSEE)
        except (TransitionInterdite, ReservationImpossible):
            continue  # answered, or being answered, meanwhile
        closes += 1
    return closes
