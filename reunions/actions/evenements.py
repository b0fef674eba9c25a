"""The life of an actor's event between its structure and the hub's staff.

    brouillon → a_valider → publie → annule | archive      a_valider → a_corriger | refuse

A trusted structure (annuaire.confiance) and the staff publish at once. An edit of a published event shows at once,
as that of a sheet does (decision 8), and waits for the staff to read it (evenements_relecture); its SEQUENCE grows
when calendars must learn it. Every act locks the row, and its mails are in its transaction.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.confiance import est_de_confiance
from annuaire.notifications import notifier
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from reunions.models import Evenement

from . import TransitionInterdite, evenements_relecture

Etat = Evenement.Etat
CHAMPS_MODIFIABLES = {
    *["genre", "titre", "description", "debut", "fin", "journee_entiere", "lieu", "adresse", "commune"],
    *["accessible_pmr", "accessibilite", "tarif", "site", "structure"],
}
A_APPRENDRE = {"titre", "debut", "fin", "journee_entiere", "lieu", "adresse", "commune"}
TRANSITIONS = {
    "soumettre": ({Etat.BROUILLON, Etat.A_CORRIGER}, Etat.A_VALIDER),
    "publier": ({Etat.BROUILLON, Etat.A_CORRIGER, Etat.A_VALIDER, Etat.ARCHIVE}, Etat.PUBLIE),
    "demander_correction": ({Etat.A_VALIDER}, Etat.A_CORRIGER),
    "refuser": ({Etat.A_VALIDER, Etat.A_CORRIGER}, Etat.REFUSE),
    "annuler": ({Etat.PUBLIE}, Etat.ANNULE),
    "archiver": (
        {Etat.BROUILLON, Etat.A_VALIDER, Etat.A_CORRIGER, Etat.PUBLIE, Etat.ANNULE, Etat.REFUSE},
        Etat.ARCHIVE,
    ),
}
"""Act -> (states it starts from, state it leads to)."""
CHAMPS = ["etat", "motif", "soumis_le", "publie_le", "a_relire_depuis", "avant", "sequence", "modifie_le"]


class CleDejaPrise(Exception):
    """The key of the form belongs to an event that this person may not manage."""


def actes_possibles(evenement) -> list[str]:
    """The acts that its state allows, in the order of TRANSITIONS."""
    return [acte for acte, (departs, _) in TRANSITIONS.items() if evenement.etat in departs]


def paraitra(par, structure) -> bool:
    """What this person posts for this structure shows at once."""
    return (par is not None and par.is_staff) or est_de_confiance(structure)


@transaction.atomic
def creer(*, valeurs: dict, par, cle) -> Evenement:
    """A draft of `valeurs["structure"]`, once per `cle`: asked again, the same event comes back."""
    deja = Evenement.objects.filter(cle=cle).first()
    if deja is None:
        try:
            with transaction.atomic():
                return Evenement.objects.create(auteur=par, cle=cle, **valeurs)
        except IntegrityError:  # the same form, sent twice at once
            deja = Evenement.objects.filter(cle=cle).first()
            if deja is None:
                raise
    if not Evenement.objects.gerables_par(par).filter(pk=deja.pk).exists():
        raise CleDejaPrise
    return deja


def _verrouiller(evenement) -> Evenement:
    lignes = Evenement.objects.select_for_update(of=("self",)).select_related("structure", "auteur", "commune")
    return lignes.get(pk=evenement.pk)


@transaction.atomic
def modifier(evenement, *, par, valeurs: dict) -> Evenement:
    """Write `valeurs` (of CHAMPS_MODIFIABLES). A cancelled, refused or archived one is not changed."""
    inconnus = set(valeurs) - CHAMPS_MODIFIABLES
    if inconnus:
        raise ValueError(f"not a field that one may change: {sorted(inconnus)}")
    fraiche = _verrouiller(evenement)
    if fraiche.etat in (Etat.ANNULE, Etat.REFUSE, Etat.ARCHIVE):
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : il ne se modifie plus.")
    changes = {champ for champ, valeur in valeurs.items() if getattr(fraiche, champ) != valeur}
    avant = {champ: evenements_relecture.lisible(fraiche, champ) for champ in changes}
    for champ in changes:
        setattr(fraiche, champ, valeurs[champ])
    if fraiche.etat == Etat.PUBLIE and changes & A_APPRENDRE:
        fraiche.sequence += 1
    ecrits = [*changes, "sequence", "modifie_le"]
    if changes and evenements_relecture.noter(fraiche, par=par, avant=avant):
        ecrits += ["a_relire_depuis", "avant"]
    if changes:
        fraiche.save(update_fields=ecrits)
    return _recopier(fraiche, evenement, ecrits)


def _recopier(fraiche, evenement, champs) -> Evenement:
    for champ in champs:
        setattr(evenement, champ, getattr(fraiche, champ))
    return evenement


def _passer(evenement, acte) -> Evenement:
    """The fresh row, locked, once sure that its state allows the act."""
    fraiche = _verrouiller(evenement)
    if fraiche.etat not in TRANSITIONS[acte][0]:
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : ce n'est pas possible.")
    return fraiche


def _ecrire(fraiche, evenement, etat, *, motif="") -> Evenement:
    maintenant = timezone.now()
    fraiche.etat, fraiche.motif = etat, motif
    fraiche.soumis_le = maintenant if etat == Etat.A_VALIDER else None
    if etat == Etat.PUBLIE:
        fraiche.publie_le = fraiche.publie_le or maintenant
    if etat == Etat.ANNULE:
        fraiche.sequence += 1
    else:  # a cancelled one stays in the agenda: what changed in it is still to read
        evenements_relecture.oublier(fraiche)
    fraiche.save(update_fields=CHAMPS)
    return _recopier(fraiche, evenement, CHAMPS)


def _prevenir(decision, evenement, *, sauf=None, motif="") -> None:
    """To its référents and its author: what was decided, and why."""
    equipe = ReglagesPole.actuels().courriel_equipe
    for adresse, utilisateur in adresses(evenement.structure, aussi=evenement.auteur, sauf=sauf).items():
        notifier(
            "publications" if decision == "publie" else "",
            "evenement_decision",
            page=evenement.get_absolute_url(),
            a=adresse,
            utilisateur=utilisateur,
            objet=evenement,
            repondre_a=equipe,
            contexte={"evenement": evenement, "decision": decision, "motif": motif, "a_un_compte": bool(utilisateur)},
        )


def _motif_requis(motif) -> str:
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée à la structure.")
    return motif


@transaction.atomic
def soumettre(evenement, *, par) -> Evenement:
    """Its author has finished: published at once when trusted or staff, else it waits for the staff, who are told."""
    fraiche = _passer(evenement, "soumettre")
    if paraitra(par, fraiche.structure):
        return _ecrire(fraiche, evenement, Etat.PUBLIE)
    _ecrire(fraiche, evenement, Etat.A_VALIDER)
    deposer(
        "evenement_equipe",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=fraiche,
        contexte={"evenement": fraiche, "autres": 0},
        cle_unicite=f"evenement-equipe-{fraiche.pk}-{timezone.localdate():%Y%m%d}",
    )
    return evenement


@transaction.atomic
def publier(evenement, *, par) -> Evenement:
    """Staff show it to all; its structure is told."""
    fraiche = _passer(evenement, "publier")
    _ecrire(fraiche, evenement, Etat.PUBLIE)
    _prevenir("publie", fraiche, sauf=par)
    return evenement


@transaction.atomic
def demander_correction(evenement, *, par, motif) -> Evenement:
    """Back to its structure with what to change. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _passer(evenement, "demander_correction")
    _ecrire(fraiche, evenement, Etat.A_CORRIGER, motif=motif)
    _prevenir("a_corriger", fraiche, sauf=par, motif=motif)
    return evenement


@transaction.atomic
def refuser(evenement, *, par, motif) -> Evenement:
    """It will not show; its structure is told why. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _passer(evenement, "refuser")
    _ecrire(fraiche, evenement, Etat.REFUSE, motif=motif)
    _prevenir("refuse", fraiche, sauf=par, motif=motif)
    return evenement


@transaction.atomic
def annuler(evenement, *, par, motif) -> Evenement:
    """It will not happen: it stays in the agenda, marked so, with the reason. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _passer(evenement, "annuler")
    _ecrire(fraiche, evenement, Etat.ANNULE, motif=motif)
    if par is not None and par.is_staff:
        _prevenir("annule", fraiche, sauf=par, motif=motif)
    return evenement


@transaction.atomic
def archiver(evenement, *, par, motif="") -> Evenement:
    """Out of the agenda; its structure and the staff still see its page."""
    fraiche = _passer(evenement, "archiver")
    return _ecrire(fraiche, evenement, Etat.ARCHIVE, motif=(motif or "").strip())
