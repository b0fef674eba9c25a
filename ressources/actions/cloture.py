"""Closing an announcement in one step: with whom, what it was worth, and whoever waited is told, once.

Locks: the announcement first, then its conversations, its parts, what others joined, its calendar. All or nothing:
a mail that says « pourvue » never leaves without the announcement being so.
"""

from django.db import transaction
from django.db.models import Q

from annuaire.models import Structure
from ressources.models import Annonce, Bilan, PartDeLot, PartEnCommun, Reservation

from . import TransitionInterdite, bilan, lots, mises_en_commun, publication, relations, reservations, signalements

POURVUE = "L'annonce est pourvue : merci de votre proposition."
PLUS_EN_LIGNE = "L'annonce n'est plus en ligne : merci de votre proposition."
"""What those who waited read. Never the reason that staff give to the announcer."""
FERMETURES = ("retirer", "refuser", "archiver")


def partenaires(annonce):
    """The structures that it may have been met with: those that answered or hold a booking, but those told no."""
    repondent = annonce.mises_en_relation.exclude(etat__in=["declinee", "sans_suite"]).values("structure")
    reservent = Reservation.objects.filter(
        calendrier__annonce=annonce, etat__in=["confirmee", "remise", "rendue"]
    ).values("structure")
    return Structure.objects.filter(Q(pk__in=repondent) | Q(pk__in=reservent)).order_by("tri", "pk")


@transaction.atomic
def pourvoir(annonce, *, par, avec=None, avec_libre="", heures=None, euros=None, kilos=None, clore_discussions=True):
    """It found what it was for, with `avec` (a structure) or `avec_libre` (a name), or nobody says whom.

    Its conversation with `avec` is concluded and the other side asked for its own word; every other answer is
    declined kindly, discussions too unless `clore_discussions` is false. Raises TransitionInterdite.
    """
    publication.marquer_pourvue(annonce, par=par)
    chiffres = {"heures": heures, "euros": euros, "kilos": kilos}
    relation = annonce.mises_en_relation.filter(structure=avec).first() if avec is not None else None
    if relation is not None and relation.etat in relations.OUVERTS:
        relations.retenir(relation, par=par, **chiffres)
    elif avec is not None or avec_libre or any(valeur is not None for valeur in chiffres.values()):
        _declarer(annonce, par, avec, avec_libre, relation, chiffres)
    _prevenir_les_autres(annonce, par=par, motif=POURVUE, discussions=clore_discussions)
    signalements.repondre_sur_la_disponibilite(annonce, disponible=False)
    return annonce


def _declarer(annonce, par, avec, avec_libre, relation, chiffres) -> None:
    """A figure left empty keeps the one given before, in the conversation for instance."""
    deja = Bilan.objects.filter(mise_en_relation=relation, structure=annonce.structure_id).first() if relation else None
    if deja is not None:
        chiffres = {nom: getattr(deja, nom) if valeur is None else valeur for nom, valeur in chiffres.items()}
    bilan.declarer(annonce=annonce, structure=annonce.structure, par=par, avec=avec, avec_libre=avec_libre, **chiffres)


@transaction.atomic
def conclure(relation, *, par, cote=None, pourvue=False, **chiffres):
    """A conversation took place; with `pourvue`, and said by the announcer, the announcement closes with it."""
    cote = cote or relations.cotes_de(relation, par)[0]
    relations.conclure(relation, par=par, cote=cote, **chiffres)
    annonce = Annonce.objects.select_related("structure").get(pk=relation.annonce_id)
    if pourvue and cote == relations.ANNONCEUR and annonce.etat == Annonce.Etat.PUBLIEE:
        publication.marquer_pourvue(annonce, par=par)
        _prevenir_les_autres(annonce, par=par, motif=POURVUE, discussions=False)
        signalements.repondre_sur_la_disponibilite(annonce, disponible=False)
    return relation


@transaction.atomic
def fermer(annonce, acte, *, par, motif=""):
    """Take it off (`acte`: one of FERMETURES): whoever waited for an answer is told that it is not there any more."""
    if acte not in FERMETURES:
        raise ValueError(f"not a closing: {acte}")
    getattr(publication, acte)(annonce, par=par, motif=motif)
    _prevenir_les_autres(annonce, par=par, motif=PLUS_EN_LIGNE, discussions=False)
    if acte == "retirer":
        signalements.repondre_sur_la_disponibilite(annonce, disponible=False)
    return annonce


@transaction.atomic
def confirmer_valable(annonce, *, par=None, jours=None):
    """« Toujours valable »: prolonged, and those who said that it was gone are answered."""
    publication.prolonger(annonce, par=par, jours=jours)
    signalements.repondre_sur_la_disponibilite(annonce, disponible=True)
    return annonce


def _prevenir_les_autres(annonce, *, par, motif, discussions) -> None:
    """Conversations, parts asked for, bookings asked for. What was promised (attributed, confirmed) stays."""
    relations.clore_les_autres(annonce, motif=motif, discussions=discussions)
    lots.refuser_les_autres(annonce, par=par, motif=motif)
    mises_en_commun.suivre_la_fermeture(annonce, par=par, motif=motif)
    demandes = Reservation.objects.filter(calendrier__annonce=annonce, etat=Reservation.Etat.DEMANDEE)
    for demande in demandes.select_related("calendrier").order_by("pk"):
        try:
            reservations.refuser(demande, par=par, motif=motif)
        except reservations.ReservationImpossible as refus:
            raise TransitionInterdite(str(refus)) from refus
        except TransitionInterdite:  # answered meanwhile
            continue


def consequences(annonce) -> dict:
    """What closing would do, for its page: who is told, what stays promised. Six queries."""
    recues = list(annonce.mises_en_relation.filter(etat__in=relations.OUVERTS).select_related("structure"))
    parts = list(annonce.parts.values_list("etat", flat=True)) if annonce.est_lot else []
    reservees = Reservation.objects.ouvertes().filter(calendrier__annonce=annonce).values_list("etat", flat=True)
    reservees = list(reservees) if annonce.peut_etre_reservee else []
    remises = [PartDeLot.Etat.DEMANDEE, PartDeLot.Etat.EN_ATTENTE]
    return {
        "sans_reponse": [relation.structure.nom for relation in recues if relation.etat != "interessee"],
        "discussions": [relation.structure.nom for relation in recues if relation.etat == "interessee"],
        "parts_demandees": sum(etat in remises for etat in parts),
        "parts_a_remettre": parts.count(PartDeLot.Etat.ATTRIBUEE),
        "reservations_demandees": reservees.count(Reservation.Etat.DEMANDEE),
        "reservations_promises": len(reservees) - reservees.count(Reservation.Etat.DEMANDEE),
        "prennent_part": PartEnCommun.objects.actives().filter(mise__annonce=annonce, mise__etat="ouverte").count(),
        "tournees": annonce.tournees.filter(etat__in=["ouverte", "confirmee"]).count(),
    }
