"""The life of a booking: asked, confirmed, handed over, returned.

    demandee → confirmee → remise → rendue      demandee → refusee | annulee      confirmee → annulee | non_venue

Every act locks the calendar first, then the booking: whoever confirms, extends, closes or changes the rules waits
its turn, and two confirmations never deadlock. What is checked here in French is refused by the database too.
"""

import math
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from annuaire.actions.correspondants import ecrire
from ressources.agenda import FUSEAU, jours_de, plage
from ressources.agenda.mois import pic
from ressources.models import Calendrier, Reservation

from . import TransitionInterdite, demandes

Etat = Reservation.Etat
ATTENTE_MAX = "5s"
"""Longest wait for the calendar's lock: then the person is asked to try again."""

TRANSITIONS = {
    "confirmer": ({Etat.DEMANDEE}, Etat.CONFIRMEE),
    "refuser": ({Etat.DEMANDEE}, Etat.REFUSEE),
    "annuler": ({Etat.DEMANDEE, Etat.CONFIRMEE}, Etat.ANNULEE),
    "remettre": ({Etat.CONFIRMEE}, Etat.REMISE),
    "rendre": ({Etat.REMISE}, Etat.RENDUE),
    "non_venue": ({Etat.CONFIRMEE}, Etat.NON_VENUE),
}
"""Act -> (states it starts from, state it leads to)."""


class ReservationImpossible(Exception):
    """The calendar's rules or somebody else's booking forbid it. French message, which may be shown."""


class CleDejaUtilisee(ReservationImpossible):
    """The form's key served somebody else."""


def actes_possibles(reservation) -> list[str]:
    """The acts that the booking's state allows, in the order of TRANSITIONS."""
    return [acte for acte, (departs, _) in TRANSITIONS.items() if reservation.etat in departs]


# -- locks


def verrouiller_calendrier(pk) -> Calendrier:
    """The calendar's row, locked; ReservationImpossible when somebody holds it for too long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [ATTENTE_MAX])
    try:
        return Calendrier.objects.select_for_update(of=("self",)).select_related("annonce__structure").get(pk=pk)
    except OperationalError as erreur:
        raise ReservationImpossible(
            "Quelqu'un d'autre modifie ce calendrier en ce moment : réessayez dans un instant."
        ) from erreur


def _verrouiller(reservation, acte) -> Reservation:
    """Calendar, then booking; the fresh row, once sure that its state allows the act."""
    calendrier = verrouiller_calendrier(reservation.calendrier_id)
    fraiche = (
        Reservation.objects.select_for_update(of=("self",)).select_related("structure", "par").get(pk=reservation.pk)
    )
    fraiche.calendrier = calendrier
    if fraiche.etat not in TRANSITIONS[acte][0]:
        raise TransitionInterdite(f"Cette réservation est {fraiche.get_etat_display()} : ce n'est pas possible.")
    return fraiche


def _enregistrer(fraiche, reservation, *champs):
    """Write the row; a refusal of the database becomes words. The caller's object follows."""
    try:
        with transaction.atomic():
            fraiche.save(update_fields=[*champs, "modifie_le"])
    except IntegrityError as erreur:
        if contrainte_de(erreur) in ("reservation_jamais_deux", "reservation_pool_jamais_depasse"):
            raise ReservationImpossible("Ces dates viennent d'être prises par quelqu'un d'autre.") from erreur
        raise
    for champ in champs:
        setattr(reservation, champ, getattr(fraiche, champ))
    return reservation


def contrainte_de(erreur: IntegrityError) -> str:
    """The name of the constraint that the database says was broken."""
    diagnostic = getattr(erreur.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""


def _passer(fraiche, reservation, acte, *champs):
    fraiche.etat = TRANSITIONS[acte][1]
    return _enregistrer(fraiche, reservation, "etat", *champs)


# -- what is free


def blocage(calendrier, periode):
    """The period and the buffer after it."""
    return plage(periode.lower, periode.upper + timedelta(hours=calendrier.battement_heures))


def disponible(calendrier, debut: datetime, fin: datetime, *, sauf=None) -> int:
    """Pieces free over the whole of [debut, fin) and the buffer after it; 0 when it is closed. Two queries."""
    voulue = plage(debut, fin)
    bloquee = blocage(calendrier, voulue)
    if any(f.bloque for f in calendrier.fermetures.filter(periode__overlap=voulue)):
        return 0
    prises = calendrier.reservations.bloquantes().filter(blocage__overlap=bloquee)
    if sauf is not None:
        prises = prises.exclude(pk=sauf.pk)
    return max(0, calendrier.capacite - pic(bloquee, list(prises.values_list("blocage", "quantite"))))


def verifier_regles(calendrier, periode, *, le=None) -> None:
    """Notice, length, horizon, opening and the announcement itself. Raises ReservationImpossible."""
    le = le or timezone.now()
    debut, _fin = jours_de(periode)
    aujourdhui = le.astimezone(FUSEAU).date()
    if not calendrier.actif or not calendrier.annonce.est_ouverte or not calendrier.annonce.peut_etre_reservee:
        raise ReservationImpossible("Cette annonce ne se réserve pas en ce moment.")
    if periode.lower < le and debut < aujourdhui:
        raise ReservationImpossible("Cette date est passée : choisissez un jour à venir.")
    if calendrier.preavis_jours and debut < aujourdhui + timedelta(days=calendrier.preavis_jours):
        premier = aujourdhui + timedelta(days=calendrier.preavis_jours)
        raise ReservationImpossible(
            f"Il faut réserver au moins {_jours(calendrier.preavis_jours)} à l'avance : à partir du {premier:%d/%m/%Y}."
        )
    if debut > aujourdhui + timedelta(days=calendrier.horizon_jours):
        raise ReservationImpossible(
            f"C'est trop loin : on réserve au plus {_jours(calendrier.horizon_jours)} à l'avance."
        )
    if calendrier.duree_max_jours and _duree(calendrier, periode) > calendrier.duree_max_jours:
        raise ReservationImpossible(f"C'est trop long : {_jours(calendrier.duree_max_jours)} au plus.")


def _duree(calendrier, periode) -> int:
    """Days of a booking by days; by hours, twenty-four of them make a day."""
    if calendrier.pas == Calendrier.Pas.JOUR:
        debut, fin = jours_de(periode)
        return (fin - debut).days + 1
    return math.ceil((periode.upper - periode.lower) / timedelta(days=1))


def _jours(nombre) -> str:
    return f"{nombre} jour{'s' if nombre > 1 else ''}"


def _verifier_place(calendrier, periode, quantite, *, sauf=None) -> None:
    """Raises ReservationImpossible, with what closes it or how many are left."""
    fermee = next((f for f in calendrier.fermetures.filter(periode__overlap=periode) if f.bloque), None)
    if fermee:
        raise ReservationImpossible(f"C'est fermé à ces dates{f' : {fermee.motif}' if fermee.motif else ''}.")
    libres = disponible(calendrier, periode.lower, periode.upper, sauf=sauf)
    if libres >= quantite:
        return
    if calendrier.genre == Calendrier.Genre.EXCLUSIF or not libres:
        raise ReservationImpossible("Ces dates sont déjà prises.")
    raise ReservationImpossible(f"Il n'en reste que {libres} sur toute la période.")


# -- asking


@transaction.atomic
def demander(
    calendrier, *, structure, par, debut, fin, quantite=1, message="", cle, mise_en_relation=None
) -> Reservation:
    """Ask for [debut, fin); once per `cle`. Requests may overlap. Raises ReservationImpossible."""
    deja = Reservation.objects.filter(cle=cle, par=par).first()
    if deja is not None:
        return deja
    calendrier = verrouiller_calendrier(calendrier.pk)
    try:
        periode = plage(debut, fin)
    except ValueError as erreur:
        raise ReservationImpossible("La fin doit venir après le début.") from erreur
    if calendrier.annonce.structure_id == structure.pk:
        raise ReservationImpossible("C'est le matériel de votre propre structure : fermez plutôt son calendrier.")
    if not 1 <= quantite <= calendrier.capacite:
        raise ReservationImpossible(f"Quantité : de 1 à {calendrier.capacite}.")
    verifier_regles(calendrier, periode)
    _verifier_place(calendrier, periode, quantite)
    caution = calendrier.annonce.caution
    reservation = Reservation(
        calendrier=calendrier,
        exclusive=calendrier.genre == Calendrier.Genre.EXCLUSIF,
        structure=structure,
        par=par,
        mise_en_relation=mise_en_relation,
        quantite=quantite,
        periode=periode,
        blocage=blocage(calendrier, periode),
        message=message,
        caution=caution,
        etat_caution=Reservation.EtatCaution.A_RECEVOIR if caution else Reservation.EtatCaution.SANS_OBJET,
        cle=cle,
    )
    try:
        with transaction.atomic():
            reservation.save()
    except IntegrityError as erreur:
        deja = Reservation.objects.filter(cle=cle, par=par).first()
        if deja is None:
            raise CleDejaUtilisee("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.") from erreur
        return deja
    _au_preteur("reservation_demandee", reservation, sauf=par)
    return reservation


# -- deciding


@transaction.atomic
def confirmer(reservation, *, par) -> Reservation:
    """The resource is theirs for the period. Raises ReservationImpossible, TransitionInterdite."""
    fraiche = _verrouiller(reservation, "confirmer")
    _verifier_place(fraiche.calendrier, fraiche.periode, fraiche.quantite, sauf=fraiche)
    fraiche.blocage = blocage(fraiche.calendrier, fraiche.periode)
    fraiche.exclusive = fraiche.calendrier.genre == Calendrier.Genre.EXCLUSIF
    fraiche.decidee_le = timezone.now()
    _passer(fraiche, reservation, "confirmer", "blocage", "exclusive", "decidee_le")
    _a_l_emprunteur("reservation_confirmee", fraiche, sauf=par)
    for autre in demandes_sans_place(fraiche):
        _a_l_emprunteur("reservation_dates_prises", autre, sauf=par)
    return reservation


def demandes_sans_place(confirmee) -> list[Reservation]:
    """The other requests for which this confirmation leaves too little; they stay requests."""
    calendrier = confirmee.calendrier
    autres = calendrier.reservations.demandees_pendant(confirmee.blocage).exclude(pk=confirmee.pk)
    if not (autres := list(autres.select_related("structure", "par"))):
        return []
    tout = plage(min(a.blocage.lower for a in autres), max(a.blocage.upper for a in autres))
    prises = {
        pk: (bloquee, nombre)
        for pk, bloquee, nombre in calendrier.reservations.bloquantes()
        .filter(blocage__overlap=tout)
        .values_list("pk", "blocage", "quantite")
    }
    avant = [prise for pk, prise in prises.items() if pk != confirmee.pk]
    perdues = []
    for autre in autres:
        autre.calendrier = calendrier
        place = calendrier.capacite - autre.quantite
        if pic(autre.blocage, avant) <= place < pic(autre.blocage, prises.values()):
            perdues.append(autre)
    return perdues


@transaction.atomic
def refuser(reservation, *, par, motif) -> Reservation:
    """`motif` required: it is mailed."""
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée à la structure.")
    fraiche = _verrouiller(reservation, "refuser")
    fraiche.motif, fraiche.decidee_le = motif, timezone.now()
    _passer(fraiche, reservation, "refuser", "motif", "decidee_le")
    demandes.noter_refus(fraiche)
    _a_l_emprunteur("reservation_refusee", fraiche, sauf=par)
    return reservation


@transaction.atomic
def annuler(reservation, *, par, motif="") -> Reservation:
    """By either side, before the hand-over; both are told but who did it."""
    fraiche = _verrouiller(reservation, "annuler")
    fraiche.motif, fraiche.prolongation_jusqu_au = (motif or "").strip(), None
    _passer(fraiche, reservation, "annuler", "motif", "prolongation_jusqu_au")
    _au_preteur("reservation_annulee", fraiche, sauf=par)
    _a_l_emprunteur("reservation_annulee", fraiche, sauf=par)
    return reservation


@transaction.atomic
def remettre(reservation, *, par, constat="", photos=(), caution_recue=False) -> Reservation:
    """Handed over. `photos`: cleaned WebP files (socle.images)."""
    fraiche = _verrouiller(reservation, "remettre")
    fraiche.constat_depart, fraiche.remise_le = constat, timezone.now()
    if caution_recue and fraiche.caution:
        fraiche.etat_caution = Reservation.EtatCaution.RECUE
    _passer(fraiche, reservation, "remettre", "constat_depart", "remise_le", "etat_caution")
    _garder_photos(fraiche, "remise", photos)
    _a_l_emprunteur("reservation_remise", fraiche, sauf=par)
    return reservation


@transaction.atomic
def rendre(reservation, *, par, etat, constat="", photos=(), quantite_rendue=None, caution_rendue=False) -> Reservation:
    """Taken back, late or not; the range that was blocked stays what it was. Raises ReservationImpossible."""
    fraiche = _verrouiller(reservation, "rendre")
    rendue = fraiche.quantite if quantite_rendue is None else quantite_rendue
    if not 0 <= rendue <= fraiche.quantite:
        raise ReservationImpossible(f"Quantité rendue : de 0 à {fraiche.quantite}.")
    fraiche.etat_retour, fraiche.constat_retour = etat, constat
    fraiche.quantite_rendue, fraiche.rendue_le = rendue, timezone.now()
    fraiche.prolongation_jusqu_au = None
    if fraiche.etat_caution in (Reservation.EtatCaution.RECUE, Reservation.EtatCaution.A_RECEVOIR):
        retenue = fraiche.etat_caution == Reservation.EtatCaution.RECUE and not caution_rendue
        fraiche.etat_caution = Reservation.EtatCaution.RETENUE if retenue else Reservation.EtatCaution.RENDUE
    _passer(
        fraiche, reservation, "rendre", "etat_retour", "constat_retour", "quantite_rendue", "rendue_le",
        "etat_caution", "prolongation_jusqu_au",
    )  # fmt: skip
    _garder_photos(fraiche, "retour", photos)
    _a_l_emprunteur("reservation_rendue", fraiche, sauf=par)
    return reservation


@transaction.atomic
def non_venue(reservation, *, par) -> Reservation:
    """Nobody came to fetch it; not before the period has begun. The dates are free again."""
    fraiche = _verrouiller(reservation, "non_venue")
    if fraiche.periode.lower > timezone.now():
        raise TransitionInterdite("La réservation n'a pas encore commencé : vous pouvez l'annuler.")
    _passer(fraiche, reservation, "non_venue")
    _a_l_emprunteur("reservation_non_venue", fraiche, sauf=par)
    return reservation


def _garder_photos(reservation, moment, photos) -> None:
    for photo in photos:
        reservation.photos.create(moment=moment, fichier=photo)


# -- extending


@transaction.atomic
def demander_prolongation(reservation, *, par, fin) -> Reservation:
    """The borrower asks for longer; nothing is held until the lender accepts. Raises ReservationImpossible."""
    fraiche = _verrouiller_prolongeable(reservation)
    _verifier_prolongation(fraiche, fin)
    fraiche.prolongation_jusqu_au = fin
    _enregistrer(fraiche, reservation, "prolongation_jusqu_au")
    _au_preteur("reservation_prolongation", fraiche, sauf=par)
    return reservation


@transaction.atomic
def accepter_prolongation(reservation, *, par) -> Reservation:
    """Through the same lock and the same constraint as a confirmation: the next borrower keeps their dates."""
    fraiche = _verrouiller_prolongeable(reservation)
    if fraiche.prolongation_jusqu_au is None:
        raise TransitionInterdite("Aucune prolongation n'est demandée.")
    _verifier_prolongation(fraiche, fraiche.prolongation_jusqu_au)
    fraiche.periode = plage(fraiche.periode.lower, fraiche.prolongation_jusqu_au)
    fraiche.blocage = blocage(fraiche.calendrier, fraiche.periode)
    fraiche.prolongation_jusqu_au = None
    _enregistrer(fraiche, reservation, "periode", "blocage", "prolongation_jusqu_au")
    _a_l_emprunteur("reservation_prolongee", fraiche, sauf=par)
    return reservation


@transaction.atomic
def refuser_prolongation(reservation, *, par, motif) -> Reservation:
    """The period stays as it was. `motif` required."""
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée à la structure.")
    fraiche = _verrouiller_prolongeable(reservation)
    if fraiche.prolongation_jusqu_au is None:
        raise TransitionInterdite("Aucune prolongation n'est demandée.")
    fraiche.prolongation_jusqu_au, fraiche.motif = None, motif
    _enregistrer(fraiche, reservation, "prolongation_jusqu_au", "motif")
    _a_l_emprunteur("reservation_prolongation_refusee", fraiche, sauf=par)
    return reservation


def _verrouiller_prolongeable(reservation) -> Reservation:
    calendrier = verrouiller_calendrier(reservation.calendrier_id)
    fraiche = (
        Reservation.objects.select_for_update(of=("self",)).select_related("structure", "par").get(pk=reservation.pk)
    )
    fraiche.calendrier = calendrier
    if not fraiche.bloque:
        raise TransitionInterdite(f"Cette réservation est {fraiche.get_etat_display()} : elle ne se prolonge pas.")
    return fraiche


def _verifier_prolongation(reservation, fin) -> None:
    if fin <= reservation.periode.upper:
        raise ReservationImpossible("La nouvelle fin doit venir après l'ancienne.")
    calendrier, voulue = reservation.calendrier, plage(reservation.periode.lower, fin)
    if calendrier.duree_max_jours and _duree(calendrier, voulue) > calendrier.duree_max_jours:
        raise ReservationImpossible(f"C'est trop long : {_jours(calendrier.duree_max_jours)} au plus en tout.")
    en_plus = plage(reservation.periode.upper, fin)
    _verifier_place(calendrier, en_plus, reservation.quantite, sauf=reservation)


# -- mail


A_DECIDER = ("reservation_demandee", "reservation_prolongation")
"""Mails that wait for the lender's answer."""


def _au_preteur(gabarit, reservation, *, sauf=None) -> None:
    ecrire(
        gabarit,
        reservation.calendrier.annonce.structure,
        objet=reservation,
        sauf=sauf,
        sorte="demandes" if gabarit in A_DECIDER else "",
        page=reservation.get_absolute_url(),
        avant=reservation.periode.lower if gabarit == "reservation_demandee" else reservation.periode.upper,
        reservation=reservation,
        annonce=reservation.calendrier.annonce,
        est_preteur=True,
    )


def _a_l_emprunteur(gabarit, reservation, *, sauf=None) -> None:
    ecrire(
        gabarit,
        reservation.structure,
        objet=reservation,
        aussi=reservation.par,
        sauf=sauf,
        reservation=reservation,
        annonce=reservation.calendrier.annonce,
        est_preteur=False,
    )
