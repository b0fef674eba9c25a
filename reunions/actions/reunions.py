"""The life of a meeting, and what it is made of.

    brouillon → annoncee → tenue      brouillon | annoncee → annulee

Every act locks the meeting's row. Once announced, a change of title, date or place makes the SEQUENCE of its calendar
event grow (RFC 5546): people who hold it must learn it.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from reunions.models import Reunion

from . import TransitionInterdite, invitations, reponses

Etat = Reunion.Etat
CHAMPS_MODIFIABLES = {
    *["genre", "titre", "objectif", "audience", "precedente", "projet", "debut", "fin", "lieu", "adresse", "commune"],
    *["structure_hote", "accessible_pmr", "acces", "jauge", "courriel_organisateur"],
}
A_APPRENDRE = ("titre", "debut", "fin", "lieu", "adresse", "commune")
"""What people who already have the event in their calendar must learn."""
TRANSITIONS = {
    "annoncer": ({Etat.BROUILLON}, Etat.ANNONCEE),
    "annuler": ({Etat.BROUILLON, Etat.ANNONCEE}, Etat.ANNULEE),
    "tenir": ({Etat.ANNONCEE}, Etat.TENUE),
}
"""Act -> (states it starts from, state it leads to)."""


def actes_possibles(reunion) -> list[str]:
    """The acts that its state allows; one is held once it has begun."""
    possibles = [acte for acte, (departs, _) in TRANSITIONS.items() if reunion.etat in departs]
    if "tenir" in possibles and reunion.debut > timezone.now():
        possibles.remove("tenir")
    return possibles


def verrouiller(reunion) -> Reunion:
    """The fresh row, locked."""
    return Reunion.objects.select_for_update(of=("self",)).select_related("commune").get(pk=reunion.pk)


def creer(*, valeurs: dict, par, cle) -> Reunion:
    """A draft, once per `cle`: asked again, the same meeting comes back."""
    if deja := Reunion.objects.filter(cle=cle).first():
        return deja
    try:
        with transaction.atomic():
            return Reunion.objects.create(auteur=par, cle=cle, **valeurs)
    except IntegrityError:  # the same form, sent twice at once
        return Reunion.objects.get(cle=cle)


@transaction.atomic
def modifier(reunion, *, par, valeurs: dict) -> bool:
    """Write `valeurs` (of CHAMPS_MODIFIABLES). True when those who hold the event must learn something.

    Raises TransitionInterdite on a cancelled meeting, or when an announced one would lose its date.
    """
    inconnus = set(valeurs) - CHAMPS_MODIFIABLES
    if inconnus:
        raise ValueError(f"not a field that one may change: {sorted(inconnus)}")
    fraiche = verrouiller(reunion)
    if fraiche.etat == Etat.ANNULEE:
        raise TransitionInterdite("Cette rencontre est annulée : elle ne se modifie plus.")
    if fraiche.etat != Etat.BROUILLON and "debut" in valeurs and valeurs["debut"] is None:
        raise TransitionInterdite("Cette rencontre est annoncée : elle garde une date. Pour y renoncer, annulez-la.")
    changes = {champ for champ, valeur in valeurs.items() if getattr(fraiche, champ) != valeur}
    if not changes:
        return False
    for champ in changes:
        setattr(fraiche, champ, valeurs[champ])
    a_apprendre = fraiche.etat == Etat.ANNONCEE and bool(changes & set(A_APPRENDRE))
    if a_apprendre:
        fraiche.sequence += 1
    fraiche.save(update_fields=[*changes, "sequence", "modifie_le"])
    for champ in [*changes, "sequence", "modifie_le"]:
        setattr(reunion, champ, getattr(fraiche, champ))
    if a_apprendre:
        invitations.mettre_a_jour(fraiche)
    if "jauge" in changes:
        reponses.remplir(fraiche)
    return a_apprendre


def _passer(reunion, acte, **valeurs) -> Reunion:
    fraiche = verrouiller(reunion)
    departs, arrivee = TRANSITIONS[acte]
    if fraiche.etat not in departs:
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : ce n'est pas possible.")
    for champ, valeur in {"etat": arrivee, **valeurs}.items():
        setattr(fraiche, champ, valeur)
    return fraiche


def _ecrire(fraiche, reunion, *champs) -> Reunion:
    fraiche.save(update_fields=["etat", *champs, "modifie_le"])
    for champ in ["etat", *champs, "modifie_le"]:
        setattr(reunion, champ, getattr(fraiche, champ))
    return reunion


@transaction.atomic
def annoncer(reunion, *, par) -> Reunion:
    """Show it in the agenda. It needs a date to come and a place. Announced already: nothing happens."""
    if verrouiller(reunion).etat == Etat.ANNONCEE:
        reunion.etat = Etat.ANNONCEE
        return reunion
    fraiche = _passer(reunion, "annoncer", annoncee_le=timezone.now())
    if fraiche.debut is None:
        raise TransitionInterdite("Donnez d'abord une date : on n'annonce pas une rencontre sans date.")
    if fraiche.est_passee:
        raise TransitionInterdite("Cette date est passée : corrigez-la avant d'annoncer la rencontre.")
    if not fraiche.lieu and fraiche.commune_id is None:
        raise TransitionInterdite("Donnez d'abord un lieu ou une commune : les gens doivent savoir où venir.")
    return _ecrire(fraiche, reunion, "annoncee_le")


@transaction.atomic
def annuler(reunion, *, par, motif) -> Reunion:
    """It will not happen: its page and its calendar event say so, with the reason. `motif` required."""
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : les personnes invitées la liront.")
    etait_annoncee = verrouiller(reunion).etat == Etat.ANNONCEE
    fraiche = _passer(reunion, "annuler", motif=motif, close_le=timezone.now())
    fraiche.sequence += 1
    _ecrire(fraiche, reunion, "motif", "close_le", "sequence")
    if etait_annoncee:
        invitations.annuler(fraiche)
    return reunion


@transaction.atomic
def tenir(reunion, *, par) -> Reunion:
    """It was held. Not before it begins."""
    fraiche = _passer(reunion, "tenir", close_le=timezone.now())
    if fraiche.debut > timezone.now():
        raise TransitionInterdite("Cette rencontre n'a pas encore commencé.")
    return _ecrire(fraiche, reunion, "close_le")
