"""What staff decide of registered structures: it is this sheet, it is not, it is set aside, it has its place here.

a_voir <-> rapprochee      a_voir <-> ecartee      a_voir -> invitee -> rapprochee | ecartee
any -> opposee (actions.registres_invitations), which nothing leaves
"""

from django.db import transaction
from django.utils import timezone

from annuaire.imports.depots import Depots
from annuaire.models import EntreeDistincte, EntreeRegistre, ImportRegistre, Structure
from annuaire.registres.moteur import importer

from . import TransitionInterdite

Etat = EntreeRegistre.Etat
depots = Depots(ImportRegistre, importer, objet="entree", options=())


def _verrouiller(entree, *, etats) -> EntreeRegistre:
    fraiche = EntreeRegistre.objects.select_for_update(of=("self",)).get(pk=entree.pk)
    if fraiche.etat not in etats:
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : ce n'est pas possible.")
    return fraiche


def _decider(entree, *, par, **champs) -> EntreeRegistre:
    for champ, valeur in {"proposee": None, "ressemblance": "", **champs}.items():
        setattr(entree, champ, valeur)
    entree.decidee_par, entree.decidee_le = par, timezone.now()
    entree.save()
    return entree


@transaction.atomic
def rapprocher(entree, *, structure: Structure, par) -> EntreeRegistre:
    """This sheet is that registered structure. Raises TransitionInterdite, also between an example and a real one."""
    entree = _verrouiller(entree, etats={Etat.A_VOIR, Etat.INVITEE, Etat.ECARTEE})
    if structure.est_demonstration != entree.est_demonstration:
        raise TransitionInterdite("Un exemple de démonstration ne se rapproche pas d'une vraie structure.")
    return _decider(entree, par=par, etat=Etat.RAPPROCHEE, structure=structure, motif="")


@transaction.atomic
def distinguer(entree, *, par) -> EntreeRegistre:
    """The sheet proposed is another structure: the pair is not proposed again."""
    entree = _verrouiller(entree, etats={Etat.A_VOIR, Etat.INVITEE})
    if entree.proposee is None:
        raise TransitionInterdite("Aucune fiche n'est proposée : quelqu'un a déjà répondu.")
    EntreeDistincte.objects.get_or_create(entree=entree, structure=entree.proposee)
    return _decider(entree, par=par)


@transaction.atomic
def ecarter(entree, *, par, motif: str) -> EntreeRegistre:
    """It has no place in the directory: no longer active, out of the hub's matter… `motif` stays with the row."""
    if not motif.strip():
        raise ValueError("Dites pourquoi : la raison reste avec la structure enregistrée.")
    entree = _verrouiller(entree, etats={Etat.A_VOIR, Etat.INVITEE})
    return _decider(entree, par=par, etat=Etat.ECARTEE, motif=motif.strip()[:200])


@transaction.atomic
def ecarter_plusieurs(cles, *, par, motif: str) -> int:
    """Those of these rows that may still be set aside; their number."""
    if not motif.strip():
        raise ValueError("Dites pourquoi : la raison reste avec les structures enregistrées.")
    choisies = EntreeRegistre.objects.select_for_update(of=("self",)).filter(
        pk__in=cles, etat__in=[Etat.A_VOIR, Etat.INVITEE]
    )
    return EntreeRegistre.objects.filter(pk__in=list(choisies.values_list("pk", flat=True))).update(
        etat=Etat.ECARTEE,
        motif=motif.strip()[:200],
        proposee=None,
        ressemblance="",
        decidee_par=par,
        decidee_le=timezone.now(),
    )


@transaction.atomic
def revoir(entree, *, par) -> EntreeRegistre:
    """Back among those to see: set aside, or matched, by mistake. One invited already stays so."""
    entree = _verrouiller(entree, etats={Etat.ECARTEE, Etat.RAPPROCHEE})
    if entree.structure is not None:
        EntreeDistincte.objects.get_or_create(entree=entree, structure=entree.structure)
    deja = hasattr(entree, "invitation")
    return _decider(entree, par=par, etat=Etat.INVITEE if deja else Etat.A_VOIR, structure=None, motif="")
