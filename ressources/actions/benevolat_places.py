"""Taking a place in a shift, giving it up, and the waiting list, which moves up by itself.

    inscrite ← en_attente      inscrite | en_attente → annulee

Every act locks the shift first, then the people whom it confirms, in the order of their keys: what is left is true
until the commit, nobody is confirmed in two overlapping shifts, and two promotions never wait for each other.
`places_prises` is kept by the database. A person promoted is told once, with a link that gives the place back.
"""

from django.db import transaction
from django.utils import timezone

from annuaire.models import Utilisateur
from ressources.actions import TransitionInterdite
from ressources.agenda import plage
from ressources.models import Creneau, InscriptionBenevole, Mission

from .benevolat_courriels import a_la_personne, a_la_structure

Etat = InscriptionBenevole.Etat
Origine = InscriptionBenevole.Origine
PREVENIR_LA_STRUCTURE = 72
"""Hours before a shift within which a place given up is mailed to the structure at once; else its morning mail."""


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has taken another place."""


class DejaPrise(TransitionInterdite):
    """The person has another confirmed shift at that time."""


# -- locks


def verrouiller(creneau) -> Creneau:
    """The shift's fresh row, locked; the mission as it is once the lock is held."""
    fraiche = Creneau.objects.select_for_update(of=("self",)).get(pk=creneau.pk)
    fraiche.mission = Mission.objects.select_related("annonce__structure", "annonce__commune").get(
        pk=fraiche.mission_id
    )
    return fraiche


def verrouiller_personnes(ids) -> None:
    """Whoever may be confirmed by this act, in one order for everybody."""
    list(Utilisateur.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def pris_ailleurs(ids, debut, fin, *, sauf) -> set:
    """Those of these people who hold another confirmed shift that overlaps."""
    autres = InscriptionBenevole.objects.chevauchant(plage(debut, fin)).filter(utilisateur__in=ids)
    return set(autres.exclude(creneau=sauf).values_list("utilisateur", flat=True))


# -- taking


@transaction.atomic
def prendre(creneau, *, utilisateur, nom, telephone="", message="", cle) -> InscriptionBenevole:
    """A place, or the waiting list when none is left. The same `cle`, or a second form, takes one place only.

    Raises TransitionInterdite (past, cancelled, announcement closed), DejaPrise (another shift at that time).
    """
    fraiche = verrouiller(creneau)
    if deja := InscriptionBenevole.objects.filter(cle=cle).first():
        if (deja.creneau_id, deja.utilisateur_id) != (fraiche.pk, utilisateur.pk):
            raise CleDejaUtilisee("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")
        return deja
    if mienne := fraiche.inscriptions.exclude(etat=Etat.ANNULEE).filter(utilisateur=utilisateur).first():
        return mienne
    if not fraiche.est_ouvert or not fraiche.mission.accueille:
        raise TransitionInterdite("Ce créneau n'accueille plus de nouvelles personnes : choisissez-en un autre.")
    avancer_verrouille(fraiche, aussi=[utilisateur.pk])  # whoever waits comes before
    if pris_ailleurs([utilisateur.pk], fraiche.debut, fraiche.fin, sauf=fraiche.pk):
        raise DejaPrise("Vous avez déjà une place dans un autre créneau à ces heures-là. Rien n'a changé.")
    libre = fraiche.restant > 0
    inscription = InscriptionBenevole(
        creneau=fraiche,
        utilisateur=utilisateur,
        nom=nom,
        telephone=telephone,
        message=message,
        cle=cle,
        etat=Etat.INSCRITE if libre else Etat.EN_ATTENTE,
        confirmee_le=timezone.now() if libre else None,
    )
    inscription.save(force_insert=True)
    _relire_les_places(fraiche, creneau)
    a_la_personne("inscrite" if libre else "en_attente", inscription)
    return inscription


def _relire_les_places(fraiche, creneau=None) -> None:
    """What the trigger has just counted."""
    fraiche.refresh_from_db(fields=["places_prises"])
    if creneau is not None:
        creneau.places_prises = fraiche.places_prises


# -- the waiting list


@transaction.atomic
def avancer(creneau) -> list:
    """Give the free places to whoever waits, first come first; those promoted."""
    return avancer_verrouille(verrouiller(creneau))


def avancer_verrouille(fraiche, *, aussi=()) -> list:
    """The same on a shift already locked. `aussi`: people whom the caller will confirm afterwards.

    Somebody taken elsewhere at that time keeps their rank, and is passed over this time.
    """
    attente = list(fraiche.inscriptions.en_attente()) if fraiche.est_ouvert and fraiche.mission.est_ouverte else []
    libres = fraiche.restant
    ids = [inscription.utilisateur_id for inscription in attente] if libres > 0 else []
    verrouiller_personnes([*ids, *aussi])
    if not ids:
        return []
    occupes = pris_ailleurs(ids, fraiche.debut, fraiche.fin, sauf=fraiche.pk)
    promues = [inscription for inscription in attente if inscription.utilisateur_id not in occupes][:libres]
    maintenant = timezone.now()
    for promue in promues:
        promue.creneau = fraiche
        promue.etat, promue.confirmee_le = Etat.INSCRITE, maintenant
        promue.save(update_fields=["etat", "confirmee_le", "modifie_le"])
        a_la_personne("promue", promue)
    _relire_les_places(fraiche)
    return promues


def avancer_les_listes() -> int:
    """Every shift with a free place and somebody who waits: after an erasure, or when a clash has gone. How many."""
    nombre = 0
    for creneau in list(Creneau.objects.a_avancer().order_by("pk")):
        nombre += len(avancer(creneau))
    return nombre


def rang_d_attente(inscription) -> int:
    """1 for the first in line."""
    en_file = list(inscription.creneau.inscriptions.en_attente().values_list("pk", flat=True))
    return en_file.index(inscription.pk) + 1 if inscription.pk in en_file else 0


# -- giving up


def _verrouillee(inscription):
    """(fresh shift, fresh registration)."""
    fraiche = verrouiller(Creneau(pk=inscription.creneau_id))
    ligne = (
        InscriptionBenevole.objects.select_for_update(of=("self",)).select_related("utilisateur").get(pk=inscription.pk)
    )
    ligne.creneau = fraiche
    return fraiche, ligne


def _annuler(ligne, *, origine, motif="") -> None:
    ligne.etat, ligne.annulee_le, ligne.annulee_par = Etat.ANNULEE, timezone.now(), origine
    ligne.motif = motif.strip()[:500]
    ligne.save(update_fields=["etat", "annulee_le", "annulee_par", "motif", "modifie_le"])


@transaction.atomic
def renoncer(inscription, *, motif="") -> InscriptionBenevole:
    """« Je ne peux plus »: until the shift begins. The place goes to the first who waits. Twice is once."""
    fraiche, ligne = _verrouillee(inscription)
    if ligne.etat == Etat.ANNULEE:
        return _suivre(inscription, ligne)
    if not ligne.est_active or fraiche.a_commence:
        raise TransitionInterdite("Ce créneau a commencé : prévenez directement la structure.")
    tenait = ligne.etat == Etat.INSCRITE
    _annuler(ligne, origine=Origine.PERSONNE, motif=motif)
    _relire_les_places(fraiche)
    promues = avancer_verrouille(fraiche) if tenait else []
    if tenait and (fraiche.debut - timezone.now()).total_seconds() < PREVENIR_LA_STRUCTURE * 3600:
        a_la_structure("renonce", fraiche, inscription=ligne, promues=promues)
    return _suivre(inscription, ligne)


@transaction.atomic
def retirer(inscription, *, par, motif) -> InscriptionBenevole:
    """The structure takes somebody off; `motif` is mailed. The place goes to the first who waits."""
    if not (motif or "").strip():
        raise ValueError("who is taken off reads why")
    fraiche, ligne = _verrouillee(inscription)
    if ligne.etat == Etat.ANNULEE:
        return _suivre(inscription, ligne)
    if not ligne.est_active or fraiche.a_commence:
        raise TransitionInterdite("Ce créneau a commencé : pointez plutôt qui est venu.")
    _annuler(ligne, origine=Origine.STRUCTURE, motif=motif)
    _relire_les_places(fraiche)
    a_la_personne("retiree", ligne)
    avancer_verrouille(fraiche)
    return _suivre(inscription, ligne)


def _suivre(inscription, ligne):
    for champ in ("etat", "annulee_le", "annulee_par", "motif"):
        setattr(inscription, champ, getattr(ligne, champ))
    return inscription


def annuler_avec_le_creneau(fraiche, motif) -> None:
    """The shift itself is cancelled, under its lock; the caller tells everybody."""
    fraiche.inscriptions.actives().update(
        etat=Etat.ANNULEE,
        annulee_le=timezone.now(),
        annulee_par=Origine.CRENEAU,
        motif=motif[:500],
        modifie_le=timezone.now(),
    )
    _relire_les_places(fraiche)


@transaction.atomic
def tout_quitter(utilisateur_id) -> int:
    """Every shift to come of a person is given up, the lists move up. Before leaving, or being erased. How many."""
    a_venir = Creneau.objects.a_venir().filter(
        inscriptions__utilisateur=utilisateur_id, inscriptions__etat__in=[Etat.INSCRITE, Etat.EN_ATTENTE]
    )
    cles = sorted(set(a_venir.values_list("pk", flat=True)))
    verrouilles = list(Creneau.objects.select_for_update(of=("self",)).filter(pk__in=cles).order_by("pk"))
    ids = {utilisateur_id}
    lignes = []
    for creneau in verrouilles:
        lignes += list(creneau.inscriptions.actives().filter(utilisateur=utilisateur_id).select_related("utilisateur"))
        ids |= set(creneau.inscriptions.en_attente().values_list("utilisateur", flat=True))
    verrouiller_personnes(ids)  # of all the shifts at once: one order
    for ligne in lignes:
        renoncer(ligne)
    return len(lignes)
