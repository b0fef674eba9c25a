"""The life of an announcement between its structure and the hub's staff.

    brouillon → a_valider → publiee → pourvue | retiree | archivee      a_valider → a_corriger | refusee

A trusted structure and the staff publish at once, unless a word of vigilance is found. A met or retired one may be
opened again. What follows from a closing (who waited is told) is in actions.cloture. Every act locks the row, so
that two people on the same page cannot both act, and writes its mails in the same transaction.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.notifications import notifier
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from ressources import vigilance
from ressources.models import Annonce, ReglagesStructure

from . import TransitionInterdite

Etat = Annonce.Etat
JOURS_MAX = 365

TRANSITIONS = {
    "soumettre": ({Etat.BROUILLON, Etat.A_CORRIGER}, Etat.A_VALIDER),
    "publier": ({Etat.BROUILLON, Etat.A_CORRIGER, Etat.A_VALIDER, Etat.ARCHIVEE}, Etat.PUBLIEE),
    "demander_correction": ({Etat.A_VALIDER}, Etat.A_CORRIGER),
    "refuser": ({Etat.A_VALIDER, Etat.A_CORRIGER}, Etat.REFUSEE),
    "remettre_en_validation": ({Etat.PUBLIEE}, Etat.A_VALIDER),
    "marquer_pourvue": ({Etat.PUBLIEE}, Etat.POURVUE),
    "retirer": ({Etat.A_VALIDER, Etat.A_CORRIGER, Etat.PUBLIEE}, Etat.RETIREE),
    "rouvrir": ({Etat.POURVUE, Etat.RETIREE}, Etat.PUBLIEE),
    "archiver": ({Etat.PUBLIEE, Etat.POURVUE, Etat.RETIREE, Etat.REFUSEE}, Etat.ARCHIVEE),
}
"""Act -> (states it starts from, state it leads to)."""
CHAMPS = [
    "etat", "motif", "vigilance", "soumise_le", "a_relire_depuis", "publiee_le", "expire_le", "rappels", "rappelee_le",
    "close_le", "modifie_le",
]  # fmt: skip


def actes_possibles(annonce) -> list[str]:
    """The acts that the announcement's state allows, in the order of TRANSITIONS."""
    return [acte for acte, (departs, _) in TRANSITIONS.items() if annonce.etat in departs]


def est_de_confiance(structure) -> bool:
    return ReglagesStructure.objects.filter(structure=structure, de_confiance=True).exists()


def parait_aussitot(annonce, par) -> bool:
    """Whether sending it publishes it: by staff, or a new one of a trusted structure (a correction is read again)."""
    if par is not None and par.is_staff:
        return True
    return annonce.etat == Etat.BROUILLON and est_de_confiance(annonce.structure)


def _verrouiller(annonce, acte):
    """The fresh row, locked, once sure that its state allows the act."""
    fraiche = Annonce.objects.select_for_update(of=("self",)).select_related("structure", "auteur").get(pk=annonce.pk)
    if fraiche.etat not in TRANSITIONS[acte][0]:
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : ce n'est pas possible.")
    return fraiche


def _ecrire(fraiche, annonce, etat, *, par, motif=""):
    """Write the state with its dates; the caller's object follows. Published before: the first date stays."""
    maintenant = timezone.now()
    fraiche.etat, fraiche.motif = etat, motif
    fraiche.soumise_le = maintenant if etat == Etat.A_VALIDER else None
    if etat == Etat.PUBLIEE:
        fraiche.publiee_le = fraiche.publiee_le or maintenant
        fraiche.close_le = None
    if etat in (Etat.POURVUE, Etat.RETIREE):
        fraiche.close_le = maintenant
    if etat != Etat.PUBLIEE:
        fraiche.a_relire_depuis = None
    fraiche._history_user, fraiche._change_reason = par, motif[:100] or None
    fraiche.save(update_fields=CHAMPS)
    for champ in CHAMPS:
        setattr(annonce, champ, getattr(fraiche, champ))
    return annonce


def _prevenir(gabarit, annonce, *, sauf=None, **contexte):
    equipe = ReglagesPole.actuels().courriel_equipe
    destinataires = adresses(annonce.structure, aussi=annonce.auteur, sauf=sauf)
    for adresse, utilisateur in destinataires.items():
        notifier(
            "publications" if gabarit == "annonce_publiee" else "",  # the others give a reason, as the law asks
            gabarit,
            page=annonce.get_absolute_url(),
            a=adresse,
            utilisateur=utilisateur,
            objet=annonce,
            repondre_a=equipe,
            contexte={"annonce": annonce, "est_referent": utilisateur is not None, **contexte},
        )


def _motif_requis(motif):
    if not (motif or "").strip():
        raise ValueError("Une raison est demandée : elle est envoyée à la structure.")
    return motif.strip()


def _verifier_complete(annonce):
    """What the database would refuse, said in French."""
    if not annonce.titre or not annonce.mode:
        raise TransitionInterdite("Il manque le titre ou le mode d'échange : complétez l'annonce avant de l'envoyer.")
    if annonce.est_offre and annonce.regle.payant and annonce.prix is None and not annonce.prix_sur_demande:
        raise TransitionInterdite("Il manque le prix : donnez-le, ou cochez « prix sur demande ».")


def jours_par_defaut() -> int:
    """How long an announcement is shown when nobody chooses."""
    return ReglagesPole.actuels().jours_annonce


def _dater(annonce, jours=None):
    """Valid for `jours` from today, unless a later day was chosen; a year at most. Reminders start again."""
    aujourdhui = timezone.localdate()
    if not annonce.expire_le or annonce.expire_le < aujourdhui:
        annonce.expire_le = aujourdhui + timedelta(days=min(jours or jours_par_defaut(), JOURS_MAX))
    annonce.expire_le = min(annonce.expire_le, aujourdhui + timedelta(days=JOURS_MAX))
    annonce.rappels, annonce.rappelee_le = 0, None


@transaction.atomic
def soumettre(annonce, *, par):
    """The author has finished: published at once for a trusted structure or by staff, else it waits for the staff.

    A word of vigilance always brings it before them. Raises TransitionInterdite.
    """
    fraiche = _verrouiller(annonce, "soumettre")
    _verifier_complete(fraiche)
    fraiche.vigilance = vigilance.trouver(fraiche)
    if parait_aussitot(fraiche, par) and not fraiche.vigilance:
        _dater(fraiche)
        _ecrire(fraiche, annonce, Etat.PUBLIEE, par=par)
        if par is not None and par.is_staff:
            _prevenir("annonce_publiee", fraiche, sauf=par)
        return annonce
    return _mettre_a_valider(fraiche, annonce, par=par)


def _mettre_a_valider(fraiche, annonce, *, par, motif=""):
    """It waits for the staff, who are told once a day."""
    _ecrire(fraiche, annonce, Etat.A_VALIDER, par=par, motif=motif)
    deposer(
        "annonce_equipe",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=fraiche,
        contexte={"annonce": fraiche},
        cle_unicite=f"annonce-equipe-{fraiche.pk}-{timezone.localdate():%Y%m%d}",
    )
    return annonce


@transaction.atomic
def publier(annonce, *, par, jours=None):
    """Staff show the announcement to all; its structure is told."""
    fraiche = _verrouiller(annonce, "publier")
    _verifier_complete(fraiche)
    _dater(fraiche, jours)
    _ecrire(fraiche, annonce, Etat.PUBLIEE, par=par)
    _prevenir("annonce_publiee", fraiche, sauf=par)
    return annonce


@transaction.atomic
def demander_correction(annonce, *, par, motif):
    """Send it back to its structure with what to change. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _verrouiller(annonce, "demander_correction")
    _ecrire(fraiche, annonce, Etat.A_CORRIGER, par=par, motif=motif)
    _prevenir("annonce_a_corriger", fraiche, sauf=par, motif=motif)
    return annonce


@transaction.atomic
def refuser(annonce, *, par, motif):
    """Refuse it; its structure is told why. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _verrouiller(annonce, "refuser")
    _ecrire(fraiche, annonce, Etat.REFUSEE, par=par, motif=motif)
    _prevenir("annonce_refusee", fraiche, sauf=par, motif=motif)
    return annonce


@transaction.atomic
def remettre_en_validation(annonce, *, raison, par=None):
    """Take a published one back before the staff (a report, a word of vigilance); its structure is told why."""
    raison = _motif_requis(raison)
    fraiche = _verrouiller(annonce, "remettre_en_validation")
    _ecrire(fraiche, annonce, Etat.A_VALIDER, par=par, motif=raison)
    _prevenir("annonce_en_validation", fraiche, sauf=par, motif=raison)
    return annonce


@transaction.atomic
def marquer_pourvue(annonce, *, par):
    """It found what it was for: answers close, the page stays with what is similar."""
    fraiche = _verrouiller(annonce, "marquer_pourvue")
    return _ecrire(fraiche, annonce, Etat.POURVUE, par=par)


@transaction.atomic
def retirer(annonce, *, par, motif=""):
    """Its structure or the staff take it off the portal; told to the structure when it is not its own doing."""
    motif = (motif or "").strip()
    fraiche = _verrouiller(annonce, "retirer")
    _ecrire(fraiche, annonce, Etat.RETIREE, par=par, motif=motif)
    if par is not None and par.is_staff:
        _prevenir("annonce_retiree", fraiche, sauf=par, motif=motif)
    return annonce


def _close_sous_les_yeux_de_l_equipe(annonce) -> bool:
    """Taken off by staff, or while they were to read it: reopening would go round them."""
    versions = annonce.history.order_by("history_date")
    closes = versions.filter(close_le=annonce.close_le, etat=annonce.etat).select_related("history_user")
    if annonce.close_le is None or (close := closes.first()) is None:
        return False
    if close.history_user is not None and close.history_user.is_staff:
        return True
    avant = versions.filter(history_date__lt=close.history_date).last()
    return avant is not None and avant.etat != Etat.PUBLIEE


@transaction.atomic
def rouvrir(annonce, *, par):
    """A met or retired one was not: published again as it was, for the usual time if it had expired meanwhile.

    One that staff took off, or were reading when it was, waits for them again.
    """
    fraiche = _verrouiller(annonce, "rouvrir")
    if fraiche.publiee_le is None:
        raise TransitionInterdite("Cette annonce n'a jamais été publiée : dupliquez-la pour la proposer.")
    if not (par is not None and par.is_staff) and _close_sous_les_yeux_de_l_equipe(fraiche):
        return _mettre_a_valider(fraiche, annonce, par=par)
    _dater(fraiche)
    return _ecrire(fraiche, annonce, Etat.PUBLIEE, par=par)


@transaction.atomic
def archiver(annonce, *, par=None, motif=""):
    """Put it away for good: nobody but staff sees it. `par` None: by age. Staff's reason for one in line is mailed."""
    motif = (motif or "").strip()
    fraiche = _verrouiller(annonce, "archiver")
    en_ligne = fraiche.etat == Etat.PUBLIEE
    _ecrire(fraiche, annonce, Etat.ARCHIVEE, par=par, motif=motif)
    if par is not None and en_ligne:
        _prevenir("annonce_retiree", fraiche, sauf=par, motif=motif)
    return annonce


@transaction.atomic
def prolonger(annonce, *, par=None, jours=None):
    """« Toujours valable »: good for `jours` (the hub's) from today, expired or not; never shortened."""
    fraiche = Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
    if fraiche.etat != Etat.PUBLIEE:
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : elle ne se prolonge pas.")
    jusque = timezone.localdate() + timedelta(days=min(jours or jours_par_defaut(), JOURS_MAX))
    fraiche.expire_le = max(fraiche.expire_le, jusque)
    fraiche.rappels, fraiche.rappelee_le = 0, None
    fraiche._history_user, fraiche._change_reason = par, "toujours valable"
    fraiche.save(update_fields=["expire_le", "rappels", "rappelee_le", "modifie_le"])
    annonce.expire_le, annonce.rappels, annonce.rappelee_le = fraiche.expire_le, 0, None
    return annonce


@transaction.atomic
def modifiee(annonce, *, par, avant=None):
    """After an edit of a published one: a new word of vigilance brings it before the staff, and unless its structure
    is trusted it is listed for them to read again."""
    fraiche = Annonce.objects.select_for_update(of=("self",)).select_related("structure", "auteur").get(pk=annonce.pk)
    if fraiche.etat != Etat.PUBLIEE or (par is not None and par.is_staff):
        return annonce
    trouves = vigilance.trouver(fraiche)
    if set(trouves) - set(fraiche.vigilance):
        fraiche.vigilance = trouves
        return _mettre_a_valider(fraiche, annonce, par=par)
    if not est_de_confiance(fraiche.structure) and fraiche.a_relire_depuis is None:
        fraiche.a_relire_depuis = timezone.now()
        fraiche.save(update_fields=["a_relire_depuis", "modifie_le"])
        annonce.a_relire_depuis = fraiche.a_relire_depuis
    return annonce
