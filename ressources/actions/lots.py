"""Batches: several structures take parts of what one gives (« 5 of the 20 computers »).

    demandee → attribuee → remise      demandee → en_attente → attribuee      * → refusee | annulee

Every act locks the announcement's row first, then reads: what is left is true until the commit, so that two
people never take the same computer. `quantite_prise` is written again from the parts in the same transaction.
Mails are in it too. An act done twice (a second click) is done once.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import correspondants
from ressources.actions import TransitionInterdite
from ressources.models import Annonce, Bilan, PartDeLot
from ressources.permissions import peut_gerer

from . import bilan

Etat = PartDeLot.Etat

TRANSITIONS = {
    "attribuer": ({Etat.DEMANDEE, Etat.EN_ATTENTE}, Etat.ATTRIBUEE),
    "refuser": ({Etat.DEMANDEE, Etat.EN_ATTENTE, Etat.ATTRIBUEE}, Etat.REFUSEE),
    "annuler": ({Etat.DEMANDEE, Etat.EN_ATTENTE, Etat.ATTRIBUEE}, Etat.ANNULEE),
    "remettre": ({Etat.ATTRIBUEE}, Etat.REMISE),
}
"""Act -> (states it starts from, state it leads to)."""


class DejaDemandee(TransitionInterdite):
    """The structure already has an open part of this batch."""


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has written another request."""


def _verrouiller(annonce) -> Annonce:
    """The announcement's fresh row, locked: first lock of every act."""
    return Annonce.objects.select_for_update(of=("self",)).select_related("structure").get(pk=annonce.pk)


def _recompter(fraiche, annonce=None) -> None:
    """Write what the parts take. Derived, so without history nor a new date of modification."""
    fraiche.quantite_prise = fraiche.parts.comptees().total()
    Annonce.objects.filter(pk=fraiche.pk).update(quantite_prise=fraiche.quantite_prise)
    if annonce is not None:
        annonce.quantite, annonce.quantite_prise = fraiche.quantite, fraiche.quantite_prise


def _au_donneur(part, evenement, *, sauf=None, **contexte):
    correspondants.ecrire(
        "part_donneur",
        part.annonce.structure,
        objet=part,
        sauf=sauf,
        sorte="demandes" if evenement == "demande" and part.etat == "demandee" else "",
        page=reverse("ressources:lot", args=[part.annonce_id]),
        part=part,
        evenement=evenement,
        **contexte,
    )


def _au_demandeur(part, evenement, *, sauf=None, **contexte):
    correspondants.ecrire(
        "part_demandeur",
        part.structure,
        objet=part,
        aussi=part.par,
        sauf=sauf,
        part=part,
        evenement=evenement,
        **contexte,
    )


@transaction.atomic
def demander_part(annonce, *, structure, par, quantite, message="", cle, accepte_moins=False) -> PartDeLot:
    """A structure asks for `quantite`. The same `cle` twice writes once.

    First come: attributed at once when enough is left; with `accepte_moins`, what is left when it is less; else on
    the waiting list. A request too big for what is left does not hold the next ones back, and keeps its place.
    Chosen: the giver decides. Raises DejaDemandee, TransitionInterdite (closed, full size passed).
    """
    fraiche = _verrouiller(annonce)
    if deja := PartDeLot.objects.filter(cle=cle).select_related("annonce", "structure").first():
        if (deja.annonce_id, deja.structure_id) != (fraiche.pk, structure.pk):
            raise CleDejaUtilisee("Ce formulaire a déjà servi : rouvrez la page et recommencez.")
        return deja
    if not fraiche.est_lot or fraiche.etat != Annonce.Etat.PUBLIEE or fraiche.est_expiree:
        raise TransitionInterdite("Ce lot n'est plus proposé : il n'est plus possible d'en demander une part.")
    if structure.pk == fraiche.structure_id:
        raise TransitionInterdite("Votre structure donne ce lot : elle ne peut pas s'en demander une part.")
    if not 1 <= quantite <= fraiche.quantite:
        raise TransitionInterdite(f"Demandez entre 1 et {fraiche.quantite} : le lot n'en compte pas plus.")
    if fraiche.parts.en_cours().filter(structure=structure).exists():
        raise DejaDemandee(f"{structure.nom} a déjà une demande en cours pour ce lot.")
    part = PartDeLot(
        annonce=fraiche, structure=structure, par=par, quantite=quantite, message=message, cle=cle, etat=Etat.DEMANDEE
    )
    if fraiche.partage == Annonce.Partage.PREMIER_ARRIVE:
        _faire_avancer(fraiche)  # whoever waits for what an edit freed comes before this one
        if accepte_moins and fraiche.restant:
            part.quantite = min(quantite, fraiche.restant)
        part.etat = Etat.ATTRIBUEE if part.quantite <= fraiche.restant else Etat.EN_ATTENTE
        part.decidee_le = timezone.now() if part.etat == Etat.ATTRIBUEE else None
    part.save(force_insert=True)
    _recompter(fraiche, annonce)
    _au_donneur(part, "demande", sauf=par)
    _au_demandeur(part, "recue")
    return part


def _part_verrouillee(part, acte):
    """(fresh announcement, fresh part, whether the act is already done). Raises TransitionInterdite."""
    fraiche = _verrouiller(part.annonce)
    ligne = PartDeLot.objects.select_for_update(of=("self",)).select_related("structure", "par").get(pk=part.pk)
    ligne.annonce = fraiche
    departs, arrivee = TRANSITIONS[acte]
    if ligne.etat == arrivee:
        return fraiche, ligne, True
    if ligne.etat not in departs:
        raise TransitionInterdite(f"Cette part est {ligne.get_etat_display()} : ce n'est plus possible.")
    return fraiche, ligne, False


def _ecrire_part(ligne, part, etat, *, motif="", quantite=None):
    maintenant = timezone.now()
    ligne.etat, ligne.motif, ligne.decidee_le = etat, motif, ligne.decidee_le or maintenant
    if etat in (Etat.ATTRIBUEE, Etat.REFUSEE, Etat.ANNULEE):
        ligne.decidee_le = maintenant
    if etat == Etat.REMISE:
        ligne.remise_le = maintenant
    if quantite is not None:
        ligne.quantite = quantite
    ligne.save(update_fields=["etat", "motif", "decidee_le", "remise_le", "quantite"])
    for champ in ("etat", "motif", "decidee_le", "remise_le", "quantite"):
        setattr(part, champ, getattr(ligne, champ))


def _faire_avancer(fraiche) -> list:
    """First come: give what is left to the waiting list, in its order, to each request that fits. Those promoted."""
    if fraiche.partage != Annonce.Partage.PREMIER_ARRIVE or fraiche.etat != Annonce.Etat.PUBLIEE:
        return []
    promues, restant = [], fraiche.restant
    for suivante in fraiche.parts.en_attente().select_related("structure", "par"):
        if suivante.quantite > restant:
            continue
        restant -= suivante.quantite
        suivante.annonce = fraiche
        suivante.etat, suivante.decidee_le = Etat.ATTRIBUEE, timezone.now()
        suivante.save(update_fields=["etat", "decidee_le"])
        promues.append(suivante)
    _recompter(fraiche)
    for promue in promues:
        _au_demandeur(promue, "promue")
        _au_donneur(promue, "promue")
    return promues


@transaction.atomic
def attribuer(part, *, par, quantite=None) -> PartDeLot:
    """The giver gives this part, or less than asked. A chosen part, or someone waiting taken out of turn."""
    fraiche, ligne, fait = _part_verrouillee(part, "attribuer")
    if fait:
        return ligne
    demandee = ligne.quantite
    quantite = demandee if quantite is None else quantite
    if not 1 <= quantite <= demandee:
        raise TransitionInterdite(f"Attribuez entre 1 et {demandee} : c'est ce qui est demandé.")
    if quantite > fraiche.restant:
        reste = f"il en reste {fraiche.restant}" if fraiche.restant else "il n'en reste plus"
        raise TransitionInterdite(f"Impossible d'en attribuer {quantite} : {reste}.")
    _ecrire_part(ligne, part, Etat.ATTRIBUEE, quantite=quantite)
    _recompter(fraiche, part.annonce)
    _au_demandeur(ligne, "attribuee", sauf=par, demandee=demandee)
    return ligne


@transaction.atomic
def prendre_le_reste(part, *, par) -> PartDeLot:
    """Someone waiting for more takes what is left now. First come only: the giver has nothing to choose."""
    fraiche, ligne, fait = _part_verrouillee(part, "attribuer")
    if fait:
        return ligne
    if ligne.etat != Etat.EN_ATTENTE or fraiche.partage != Annonce.Partage.PREMIER_ARRIVE:
        raise TransitionInterdite("Cette part attend la décision du donneur.")
    if fraiche.etat != Annonce.Etat.PUBLIEE or not fraiche.restant:
        raise TransitionInterdite("Il n'en reste plus pour le moment : vous gardez votre place dans la liste.")
    _ecrire_part(ligne, part, Etat.ATTRIBUEE, quantite=min(ligne.quantite, fraiche.restant))
    _recompter(fraiche, part.annonce)
    _au_donneur(ligne, "reste_pris", sauf=par)
    return ligne


@transaction.atomic
def refuser_part(part, *, par, motif) -> PartDeLot:
    """The giver says no, or takes back a part never fetched. `motif` required: it is mailed. Frees, moves the list."""
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée à la structure.")
    fraiche, ligne, fait = _part_verrouillee(part, "refuser")
    if fait:
        return ligne
    reprise = ligne.etat == Etat.ATTRIBUEE
    _ecrire_part(ligne, part, Etat.REFUSEE, motif=motif)
    _recompter(fraiche, part.annonce)
    _au_demandeur(ligne, "reprise" if reprise else "refusee", sauf=par)
    if reprise:
        _faire_avancer(fraiche)
        _recompter(fraiche, part.annonce)
    return ligne


@transaction.atomic
def annuler_part(part, *, par, motif="") -> PartDeLot:
    """The asker gives up. What it held goes to the waiting list; « choisi »: the giver is told and chooses again."""
    fraiche, ligne, fait = _part_verrouillee(part, "annuler")
    if fait:
        return ligne
    liberee = ligne.quantite if ligne.etat == Etat.ATTRIBUEE else 0
    _ecrire_part(ligne, part, Etat.ANNULEE, motif=(motif or "").strip())
    _recompter(fraiche, part.annonce)
    promues = _faire_avancer(fraiche) if liberee else []
    _recompter(fraiche, part.annonce)
    _au_donneur(ligne, "annulee", sauf=par, liberee=liberee, promues=promues)
    return ligne


@transaction.atomic
def remettre_part(part, *, par, kilos=None) -> PartDeLot:
    """Handed over: it counts for good. `kilos`: what the giver says is reused, added to earlier parts' of the pair."""
    fraiche, ligne, fait = _part_verrouillee(part, "remettre")
    if fait:
        return ligne
    _ecrire_part(ligne, part, Etat.REMISE)
    _recompter(fraiche, part.annonce)
    if kilos is not None:
        _declarer_kilos(fraiche, ligne, par=par, kilos=kilos)
    _au_demandeur(ligne, "remise", sauf=par)
    return ligne


def _declarer_kilos(annonce, part, *, par, kilos) -> None:
    """One row per pair and announcement: a second part handed over adds its weight, and keeps the other figures."""
    deja = Bilan.objects.filter(annonce=annonce, structure=annonce.structure, avec=part.structure).first()
    bilan.declarer(
        annonce=annonce,
        structure=annonce.structure,
        par=par,
        avec=part.structure,
        heures=deja.heures if deja else None,
        euros=deja.euros if deja else None,
        kilos=kilos + (deja.kilos or 0) if deja else kilos,
    )


@transaction.atomic
def changer_quantite(annonce, *, par, quantite) -> Annonce:
    """The giver has more, or fewer: never below what is taken. More moves the waiting list up."""
    fraiche = _verrouiller(annonce)
    if not fraiche.est_lot:
        raise TransitionInterdite("Cette annonce n'est pas un lot à partager.")
    if fraiche.etat not in (Annonce.Etat.PUBLIEE, Annonce.Etat.BROUILLON, Annonce.Etat.A_VALIDER):
        raise TransitionInterdite(f"L'annonce est {fraiche.get_etat_display()} : le lot ne change plus.")
    _recompter(fraiche)
    if quantite < max(1, fraiche.quantite_prise):
        raise TransitionInterdite(
            f"{fraiche.quantite_prise} sont déjà attribués : le lot ne peut pas en compter moins."
            if fraiche.quantite_prise
            else "Un lot compte au moins une pièce."
        )
    if quantite != fraiche.quantite:
        fraiche.quantite = quantite
        fraiche._history_user = par
        fraiche.save(update_fields=["quantite", "modifie_le"])
        _faire_avancer(fraiche)
    annonce.quantite, annonce.quantite_prise = fraiche.quantite, fraiche.quantite_prise
    return annonce


@transaction.atomic
def avancer(annonce) -> None:
    """After a change of the announcement that may have freed something: move the waiting list up."""
    fraiche = _verrouiller(annonce)
    if fraiche.est_lot:
        _recompter(fraiche)
        _faire_avancer(fraiche)
    annonce.quantite_prise = fraiche.quantite_prise


@transaction.atomic
def refuser_les_autres(annonce, *, par, motif) -> int:
    """The batch is over: say no to all who still ask or wait, with the same word. How many."""
    fraiche = _verrouiller(annonce)
    restantes = list(fraiche.parts.filter(etat__in=[Etat.DEMANDEE, Etat.EN_ATTENTE]).order_by("cree_le", "pk"))
    for part in restantes:
        part.annonce = fraiche
        refuser_part(part, par=par, motif=motif)
    return len(restantes)


DU_DONNEUR = ("attribuer", "remettre", "refuser")
DU_DEMANDEUR = ("prendre_le_reste", "annuler")


def roles_sur(part, utilisateur) -> tuple[bool, bool]:
    """(decides as the giver, acts as the asker); staff act for both."""
    if utilisateur.is_authenticated and utilisateur.is_staff:
        return True, True
    demandeur = PartDeLot.objects.de_mes_structures(utilisateur).filter(pk=part.pk).exists()
    return peut_gerer(utilisateur, part.annonce), demandeur


def actes_possibles(part, *, donneur, demandeur) -> list[str]:
    """What may be done with this part now, in the order of the page."""
    etat, restant = part.etat, part.annonce.restant
    libre_service = part.annonce.partage == Annonce.Partage.PREMIER_ARRIVE and part.annonce.etat == "publiee"
    possibles = {
        "attribuer": donneur and etat in TRANSITIONS["attribuer"][0] and restant > 0,
        "remettre": donneur and etat == Etat.ATTRIBUEE,
        "prendre_le_reste": demandeur and etat == Etat.EN_ATTENTE and restant > 0 and libre_service,
        "refuser": donneur and etat in TRANSITIONS["refuser"][0],
        "annuler": demandeur and etat in TRANSITIONS["annuler"][0],
    }
    return [acte for acte, possible in possibles.items() if possible]


def rang_d_attente(part) -> int:
    """1 for the first in line."""
    return part.annonce.parts.en_attente().filter(pk__lte=part.pk).count()
