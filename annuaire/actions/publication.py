"""The life of a sheet in the hub's hands: published, sent back for correction, refused, archived.

    brouillon → a_valider → publiee → archivee      a_valider → a_corriger → a_valider | refusee

Also: staff publish their own draft at once, an archived sheet comes back as it was, and a proposal may be
refused at first reading. Every act locks the row, so that two people on the same page cannot both act, and
writes its mails in the same transaction.
"""

from django.db import transaction
from django.utils import timezone

from annuaire.actions import proposition, rattachements
from annuaire.models import Structure
from annuaire.registres import rapprochement
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole

from . import TransitionInterdite

Etat = Structure.Etat

TRANSITIONS = {
    "publier": ({Etat.BROUILLON, Etat.A_VALIDER, Etat.ARCHIVEE}, Etat.PUBLIEE),
    "demander_correction": ({Etat.A_VALIDER}, Etat.A_CORRIGER),
    "refuser": ({Etat.A_VALIDER, Etat.A_CORRIGER}, Etat.REFUSEE),
    "archiver": ({Etat.PUBLIEE}, Etat.ARCHIVEE),
    "resoumettre": ({Etat.BROUILLON, Etat.A_CORRIGER}, Etat.A_VALIDER),
}
"""Act -> (states it starts from, state it leads to)."""


def actes_possibles(structure) -> list[str]:
    """The acts that the sheet's state allows, in the order of TRANSITIONS."""
    return [acte for acte, (departs, _) in TRANSITIONS.items() if structure.etat in departs]


def auteurs(structure, *, sauf=None) -> dict:
    """Address -> account or None: who proposed the sheet and its active référents, but not `sauf`."""
    trouves = {}
    if structure.courriel_proposition:
        trouves[structure.courriel_proposition.lower()] = None
    for lien in structure.rattachements.filter(etat="actif", role="referent").select_related("utilisateur"):
        if lien.utilisateur.is_active:
            trouves[lien.utilisateur.email.lower()] = lien.utilisateur
    if sauf is not None:
        trouves.pop(sauf.email.lower(), None)
    return trouves


def _passer(structure, acte, *, par, motif=""):
    """Lock the row, check the transition, write the state with its date and who did it; the fresh row."""
    departs, arrivee = TRANSITIONS[acte]
    fraiche = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    if fraiche.etat not in departs:
        raise TransitionInterdite(f"« {fraiche.nom} » est {fraiche.get_etat_display()} : ce n'est pas possible.")
    fraiche.etat = arrivee
    fraiche.motif = motif
    if arrivee == Etat.PUBLIEE and not fraiche.publiee_le:
        fraiche.publiee_le = timezone.now()
    fraiche._change_reason = motif[:100] or None
    fraiche._history_user = par
    fraiche.save(update_fields=["etat", "motif", "publiee_le", "modifie_le"])
    structure.etat, structure.motif, structure.publiee_le = fraiche.etat, fraiche.motif, fraiche.publiee_le
    structure.modifie_le = fraiche.modifie_le
    return fraiche


def _ecrire(structure, gabarit, destinataires, **contexte):
    equipe = ReglagesPole.actuels().courriel_equipe
    for adresse, utilisateur in destinataires.items():
        deposer(
            gabarit,
            a=adresse,
            utilisateur=utilisateur,
            objet=structure,
            repondre_a=equipe,
            contexte={"structure": structure, "est_referent": utilisateur is not None, **contexte},
        )


def _motif_requis(motif):
    if not (motif or "").strip():
        raise ValueError("Une raison est demandée : elle est envoyée à l'auteur.")
    return motif.strip()


@transaction.atomic
def publier(structure, *, par):
    """Show the sheet to all. Its authors are told; without any, the structure's own address is (RGPD art. 14)."""
    fraiche = _passer(structure, "publier", par=par)
    rattachements.a_la_publication(fraiche)
    rapprochement.rapprocher(fraiche)
    destinataires = auteurs(fraiche, sauf=par)
    if not auteurs(fraiche) and fraiche.courriel:
        destinataires = {fraiche.courriel.lower(): None}
    _ecrire(fraiche, "structure_publiee", destinataires)
    return structure


@transaction.atomic
def demander_correction(structure, *, par, motif):
    """Send the sheet back to its authors (or to the structure's address) with what to change. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _passer(structure, "demander_correction", par=par, motif=motif)
    destinataires = auteurs(fraiche, sauf=par)
    if not auteurs(fraiche) and fraiche.courriel:
        destinataires = {fraiche.courriel.lower(): None}
    lien = proposition.lien_au_nom_de(fraiche)
    _ecrire(fraiche, "structure_a_corriger", destinataires, motif=motif, lien=lien, jours=proposition.JOURS_AU_NOM_DE)
    return structure


@transaction.atomic
def refuser(structure, *, par, motif):
    """Refuse the proposal; only its authors are told why: the structure itself asked for nothing. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _passer(structure, "refuser", par=par, motif=motif)
    _ecrire(fraiche, "structure_refusee", auteurs(fraiche, sauf=par), motif=motif)
    return structure


@transaction.atomic
def archiver(structure, *, par, motif=""):
    """Take the sheet off the portal; its référents are told, and how to have it back. `par` None: by a mailed link."""
    motif = (motif or "").strip()
    fraiche = _passer(structure, "archiver", par=par, motif=motif)
    _ecrire(fraiche, "structure_archivee", auteurs(fraiche, sauf=par), motif=motif)
    return structure


@transaction.atomic
def resoumettre(structure, *, par):
    """The author has corrected the sheet, or finished the draft: it waits for the hub's staff again."""
    _passer(structure, "resoumettre", par=par)
    return structure
