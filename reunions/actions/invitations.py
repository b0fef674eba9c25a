"""Inviting, updating, cancelling, reminding: who is written to, and never twice for the same thing.

The list is made first (invitations_liste); then one job writes to each person in a transaction of their own, with
their row locked and judged again: a killed worker leaves the rest to the next run, two workers never both write.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from annuaire import oppositions
from annuaire.notifications import pied, qui_refusent
from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from pole_ess.socle.file_attente import programmer
from reunions import itip
from reunions.invitations_mots import mots
from reunions.models import Participation, Reunion

from . import TransitionInterdite

INVITATION = "reunion-invitation"
"""Purpose of the signed link: it answers for one person until the meeting ends."""
JOURS_LIEN = 400
RAPPELS = (7, 2)
"""Days before the meeting, counted in Europe/Paris."""
RELANCES_MAX = 3
"""Reminders to one person about one meeting, those of the button included."""
ATTENTE = timedelta(minutes=10)
"""Before an update leaves by itself: corrections made in a row are one mail."""
TACHE = "reunions.ecrire_aux_invites"
INVITER, METTRE_A_JOUR, RELANCER, ANNULER = "inviter", "mettre-a-jour", "relancer", "annuler"
ANNONCEE = Reunion.Etat.ANNONCEE


def lien(participation, page="reunions:repondre_lien") -> str:
    """The page where this person answers, or finds who to travel with, without an account."""
    return reverse(page, args=[liens.signer(INVITATION, {"p": participation.pk})])


def concernes(reunion, acte: str):
    """Whom `acte` would write to now (before objections, judged one by one)."""
    siennes = reunion.participations.all()
    if acte == ANNULER:
        return siennes.en_retard_d_une_version() if reunion.etat == Reunion.Etat.ANNULEE else siennes.none()
    if not reunion.est_ouverte:
        return siennes.none()
    return {
        INVITER: siennes.a_inviter,
        METTRE_A_JOUR: siennes.en_retard_d_une_version,
        RELANCER: lambda: siennes.a_relancer(maximum=RELANCES_MAX).exclude(utilisateur__in=qui_refusent("rappels")),
    }[acte]()


@transaction.atomic
def lancer(reunion, *, acte: str) -> int:
    """Queue the mails of `acte`; how many will leave. Raises TransitionInterdite when there is none to send."""
    adresses = concernes(reunion, acte).values_list("courriel", flat=True)
    nombre = len(adresses) - len(oppositions.opposees(adresses))
    if not nombre:
        raise TransitionInterdite("Il n'y a personne à qui écrire : rien n'est parti.")
    programmer(TACHE, reunion_id=reunion.pk, acte=acte)
    return nombre


def mettre_a_jour(reunion) -> None:
    """After a change that made SEQUENCE grow, in its transaction: mails leave in ten minutes.

    The staff's button sends them at once. Whoever got this version already is not written to.
    """
    programmer(TACHE, le=timezone.now() + ATTENTE, reunion_id=reunion.pk, acte=METTRE_A_JOUR)


def annuler(reunion) -> None:
    """After a cancellation that made SEQUENCE grow, in its transaction: agendas that hold it get a CANCEL."""
    programmer(TACHE, reunion_id=reunion.pk, acte=ANNULER)


def ecrire(reunion_id: int, acte: str) -> int:
    """Write to each person concerned, one transaction each; how many. What no longer applies is left."""
    reunion = Reunion.objects.filter(pk=reunion_id).first()
    if reunion is None:
        return 0
    ecrits = 0
    for pk in concernes(reunion, acte).order_by("pk").values_list("pk", flat=True):
        ecrits += _ecrire_a(reunion_id, pk, acte)
    return ecrits


@transaction.atomic
def _ecrire_a(reunion_id, pk, acte) -> bool:
    """Judged again under the row's lock, and the meeting's: it is not changed or cancelled meanwhile."""
    reunion = Reunion.objects.select_for_update(of=("self",), no_key=True).select_related("commune").get(pk=reunion_id)
    participation = concernes(reunion, acte).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if participation is None:
        return False
    participation.reunion = reunion
    maintenant, champs = timezone.now(), []
    if acte == RELANCER:
        participation.relances += 1
        participation.relancee_le = timezone.localdate()
        champs += ["relances", "relancee_le"]
    if acte == INVITER:
        participation.invitee_le = maintenant
        champs.append("invitee_le")
    if not envoyer(participation, acte):
        return False
    participation.save(update_fields=[*champs, "sequence_envoyee", "modifie_le"])
    return True


def envoyer(participation, acte: str) -> bool:
    """One mail with its part for agendas, unless the person objected; the caller saves `sequence_envoyee`.

    The key says what the mail is about, so that it is written once. Beside the acts above: « inscrite » (the person
    registered by themselves) and « place » (they waited for one).
    """
    reunion = participation.reunion
    if oppositions.opposees([participation.courriel]):
        return False
    adresse = lien(participation)
    methode = "CANCEL" if acte == ANNULER else "REQUEST"
    version = f"v{reunion.sequence}"
    if acte == RELANCER:
        version = f"n{participation.relances}"
    elif acte in ("inscrite", "place"):
        version = f"t{participation.repondue_le.timestamp():.0f}"
    participation.sequence_envoyee = reunion.sequence
    compte = participation.utilisateur if acte == RELANCER else None
    bas = pied(compte, "rappels") if compte else {"contexte": {}, "desabonnement": ""}
    deposer(
        "reunion_invitation",
        a=participation.courriel,
        utilisateur=participation.utilisateur,
        objet=reunion,
        repondre_a=reunion.courriel_organisateur,
        confidentiel=True,
        calendrier=itip.message(methode, participation, lien=settings.PORTAIL_URL + adresse),
        cle_unicite=f"reunion-{acte}-{participation.pk}-{version}",
        contexte={
            "reunion": reunion,
            "participation": participation,
            "points": reunion.points.order_by("ordre", "pk"),
            "lien": adresse,
            **mots(acte, participation),
            **bas["contexte"],
        },
        desabonnement=bas["desabonnement"],
    )
    return True


def rappeler(aujourdhui=None) -> int:
    """The daily job: seven and two days before an announced meeting, whoever has not answered is reminded.

    After an outage the late reminder still leaves, once: each step is counted by `relances`.
    """
    aujourdhui = aujourdhui or timezone.localdate()
    nombre = 0
    for reunion in Reunion.objects.a_venir().filter(debut__lte=timezone.now() + timedelta(days=max(RAPPELS) + 1)):
        avant = (timezone.localtime(reunion.debut).date() - aujourdhui).days
        dus = sum(avant <= jours for jours in RAPPELS)
        if dus and concernes(reunion, RELANCER).filter(relances__lt=dus).exists():
            nombre += _rappeler(reunion, dus)
    return nombre


def _rappeler(reunion, dus) -> int:
    pks = concernes(reunion, RELANCER).filter(relances__lt=dus, invitee_le__lt=timezone.now() - timedelta(days=2))
    return sum(_ecrire_a(reunion.pk, pk, RELANCER) for pk in pks.order_by("pk").values_list("pk", flat=True))


def oublier_les_besoins() -> int:
    """A month after the meeting, what people need to come (a matter of health) and how they travel are erased."""
    finies = Reunion.objects.filter(debut__lt=timezone.now() - timedelta(days=30))
    oublie = {
        "besoins": "",
        "message": "",
        "delegation": "",
        "covoiturage": "",
        "covoiturage_places": None,
        "covoiturage_depuis": None,
    }
    return (
        Participation.objects.filter(reunion__in=finies)
        .exclude(besoins="", message="", delegation="", covoiturage="")
        .update(**oublie)
    )
