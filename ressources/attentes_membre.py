"""What waits for a member: a line per sort of thing that wants an answer or a decision."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from annuaire.compte_attentes import AttenteDeMembre
from ressources.models import (
    Appel,
    CompteHeures,
    InscriptionBenevole,
    MiseEnCommun,
    OperationHeures,
    PartDeLot,
    Rapprochement,
    Reservation,
)
from ressources.querysets_relations import combien_attendent

NOUVEAU = timedelta(days=14)


def urgences(utilisateur):
    """Calls that want a yes or a no: one goes by its name."""
    attendus = list(Appel.objects.a_repondre(utilisateur).values_list("urgence__titre", flat=True)[:50])
    if attendus:
        phrase = f"« {attendus[0]} »" if len(attendus) == 1 else f"{len(attendus)} coups de main urgents"
        verbe = "attend" if len(attendus) == 1 else "attendent"
        yield AttenteDeMembre(f"{phrase} {verbe} votre réponse.", "Répondre", reverse("ressources:urgences"))


def conversations(utilisateur):
    nombre = combien_attendent(utilisateur)
    if nombre:
        phrase = "Une conversation attend" if nombre == 1 else f"{nombre} conversations attendent"
        yield AttenteDeMembre(f"{phrase} votre réponse.", "Lire et répondre", reverse("ressources:conversations"))


def reservations(utilisateur):
    comptes = Reservation.objects.qui_attendent(utilisateur)
    page = reverse("ressources:reservations")
    if nombre := comptes["a_decider"]:
        phrase = "Une demande de réservation attend" if nombre == 1 else f"{nombre} demandes de réservation attendent"
        yield AttenteDeMembre(f"{phrase} votre réponse.", "Décider", page)
    if nombre := comptes["en_retard"]:
        phrase = "Un prêt devait être rendu" if nombre == 1 else f"{nombre} prêts devaient être rendus"
        yield AttenteDeMembre(f"{phrase} : dites où cela en est.", "Voir", page)


def rapprochements(utilisateur):
    """What was found for one's announcements these two weeks, and not set aside."""
    depuis = timezone.now() - NOUVEAU
    if nombre := Rapprochement.objects.annonces_a(utilisateur, depuis=depuis).count():
        phrase = "Une annonce répond" if nombre == 1 else f"{nombre} annonces répondent"
        yield AttenteDeMembre(
            f"{phrase} aux vôtres depuis deux semaines.", "Voir", reverse("ressources:rapprochements")
        )


def parts(utilisateur):
    """One line per batch, the most asked first."""
    for pk, titre, nombre in PartDeLot.objects.a_decider_par_lot(utilisateur):
        phrase = "Une demande attend" if nombre == 1 else f"{nombre} demandes attendent"
        yield AttenteDeMembre(
            f"{phrase} votre décision pour « {titre} ».", "Répartir", reverse("ressources:lot", args=[pk])
        )


def heures(utilisateur):
    comptes = CompteHeures.objects.geres_par(utilisateur).order_by().values("pk")
    if nombre := OperationHeures.objects.a_confirmer_par(comptes).count():
        phrase = "Des heures d'entraide attendent" if nombre == 1 else f"{nombre} notes d'heures d'entraide attendent"
        yield AttenteDeMembre(f"{phrase} votre accord.", "Lire et confirmer", reverse("ressources:heures"))


def mises_en_commun(utilisateur):
    """One line per purchase or post whose closing date is past: its pilot decides."""
    for mise in MiseEnCommun.objects.qui_attendent(utilisateur):
        suite = "le minimum est atteint" if mise.est_atteinte else "le minimum n'est pas atteint"
        yield AttenteDeMembre(
            f"La clôture de « {mise} » est passée : {suite}.",
            "Décider de la suite",
            reverse("ressources:mise_piloter", args=[mise.pk]),
        )


def benevolat(utilisateur):
    """Hours that a structure noted and the person has not answered; for référents, hours that somebody disputes."""
    if nombre := InscriptionBenevole.objects.heures_a_dire(utilisateur):
        phrase = "Des heures de bénévolat attendent" if nombre > 1 else "Une mission de bénévolat attend"
        yield AttenteDeMembre(f"{phrase} votre accord.", "Voir mes missions", reverse("ressources:mes_missions"))
    for pk, titre, nombre in InscriptionBenevole.objects.contestees_de_mes_structures(utilisateur):
        phrase = "Une personne compte" if nombre == 1 else f"{nombre} personnes comptent"
        page = reverse("ressources:mission_organiser", args=[pk])
        yield AttenteDeMembre(f"{phrase} d'autres heures que vous pour « {titre} ».", "Revoir", page)
