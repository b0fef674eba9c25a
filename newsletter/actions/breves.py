"""The life of a short piece of news between its structure and the hub's staff.

    brouillon → a_valider → publiee → retiree | archivee      a_valider → a_corriger | refusee

A trusted structure (annuaire.confiance) and the staff publish at once, unless a word of vigilance is found. An edit of
a published one shows at once and is listed for the staff to read again. Every act locks the row; its mails are in its
transaction.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.confiance import est_de_confiance
from annuaire.notifications import notifier
from newsletter.models import Breve
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from ressources import vigilance

from . import TransitionInterdite

Etat = Breve.Etat
TEXTES = ("titre", "texte")
"""Where words of vigilance are looked for."""
CHAMPS_MODIFIABLES = {"titre", "texte", "lien", "photo", "vignette", "alternative"}
TRANSITIONS = {
    "soumettre": ({Etat.BROUILLON, Etat.A_CORRIGER}, Etat.A_VALIDER),
    "publier": ({Etat.BROUILLON, Etat.A_CORRIGER, Etat.A_VALIDER, Etat.RETIREE, Etat.ARCHIVEE}, Etat.PUBLIEE),
    "demander_correction": ({Etat.A_VALIDER}, Etat.A_CORRIGER),
    "refuser": ({Etat.A_VALIDER, Etat.A_CORRIGER}, Etat.REFUSEE),
    "remettre_en_validation": ({Etat.PUBLIEE}, Etat.A_VALIDER),
    "retirer": ({Etat.BROUILLON, Etat.A_VALIDER, Etat.A_CORRIGER, Etat.PUBLIEE}, Etat.RETIREE),
    "archiver": ({Etat.PUBLIEE, Etat.RETIREE, Etat.REFUSEE}, Etat.ARCHIVEE),
}
"""Act -> (states it starts from, state it leads to)."""
CHAMPS = ["etat", "motif", "vigilance", "soumise_le", "a_relire_depuis", "publiee_le", "close_le", "modifie_le"]


class CleDejaPrise(Exception):
    """The key of the form belongs to a piece of news that this person may not manage."""


def actes_possibles(breve) -> list[str]:
    """The acts that its state allows, in the order of TRANSITIONS."""
    return [acte for acte, (departs, _) in TRANSITIONS.items() if breve.etat in departs]


def paraitra(par, breve) -> bool:
    """Sending it publishes it: by staff, or a new one of a trusted structure (a correction is read again)."""
    if par is not None and par.is_staff:
        return True
    return breve.etat == Etat.BROUILLON and est_de_confiance(breve.structure)


@transaction.atomic
def creer(*, valeurs: dict, structure, par, cle) -> Breve:
    """A draft, once per `cle`: asked again, the same one comes back, unchanged. Raises CleDejaPrise."""
    _connus(valeurs)
    deja = Breve.objects.filter(cle=cle).first()
    if deja is None:
        try:
            with transaction.atomic():
                return Breve.objects.create(structure=structure, auteur=par, cle=cle, **valeurs)
        except IntegrityError:  # the same form, sent twice at once
            deja = Breve.objects.filter(cle=cle).first()
            if deja is None:
                raise
    if not Breve.objects.gerables_par(par).filter(pk=deja.pk).exists():
        raise CleDejaPrise
    return deja


def _connus(valeurs) -> None:
    inconnus = set(valeurs) - CHAMPS_MODIFIABLES
    if inconnus:
        raise ValueError(f"not a field that one may change: {sorted(inconnus)}")


def _verrouiller(breve) -> Breve:
    return Breve.objects.select_for_update(of=("self",)).select_related("structure", "auteur").get(pk=breve.pk)


@transaction.atomic
def modifier(breve, *, valeurs: dict, par) -> Breve:
    """Write `valeurs` (of CHAMPS_MODIFIABLES). Raises TransitionInterdite once it is refused, retired or archived.

    Of a published one: a new word of vigilance brings it before the staff; else, unless its structure is trusted, it
    is listed for them to read again.
    """
    _connus(valeurs)
    fraiche = _verrouiller(breve)
    if not fraiche.modifiable:
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : elle ne se modifie plus.")
    changes = [champ for champ, valeur in valeurs.items() if getattr(fraiche, champ) != valeur]
    for champ in changes:
        setattr(fraiche, champ, valeurs[champ])
    if changes:
        fraiche.save(update_fields=[*changes, "modifie_le"])
        _relire_si_publiee(fraiche, par=par)
    return fraiche


def _relire_si_publiee(fraiche, *, par) -> None:
    if fraiche.etat != Etat.PUBLIEE or (par is not None and par.is_staff):
        return
    trouves = vigilance.trouver(fraiche, textes=TEXTES)
    if set(trouves) - set(fraiche.vigilance):
        fraiche.vigilance = trouves
        _mettre_a_valider(fraiche)
    elif fraiche.a_relire_depuis is None and not est_de_confiance(fraiche.structure):
        fraiche.a_relire_depuis = timezone.now()
        fraiche.save(update_fields=["a_relire_depuis", "modifie_le"])


def _passer(breve, acte) -> Breve:
    """The fresh row, locked, once sure that its state allows the act."""
    fraiche = _verrouiller(breve)
    if fraiche.etat not in TRANSITIONS[acte][0]:
        raise TransitionInterdite(f"« {fraiche} » est {fraiche.get_etat_display()} : ce n'est pas possible.")
    return fraiche


def _ecrire(fraiche, etat, *, motif="") -> Breve:
    """Write the state with its dates. Published before: the first date stays."""
    maintenant = timezone.now()
    fraiche.etat, fraiche.motif = etat, motif
    fraiche.soumise_le = maintenant if etat == Etat.A_VALIDER else None
    if etat == Etat.PUBLIEE:
        fraiche.publiee_le = fraiche.publiee_le or maintenant
    fraiche.close_le = (fraiche.close_le or maintenant) if etat in (Etat.RETIREE, Etat.ARCHIVEE) else None
    if etat != Etat.PUBLIEE:
        fraiche.a_relire_depuis = None
    fraiche.save(update_fields=CHAMPS)
    return fraiche


def _prevenir(decision, breve, *, sauf=None, motif="") -> None:
    """To its référents and its author: what was decided, and why."""
    equipe = ReglagesPole.actuels().courriel_equipe
    for adresse, utilisateur in adresses(breve.structure, aussi=breve.auteur, sauf=sauf).items():
        notifier(
            "publications" if decision == "publiee" else "",
            "breve_decision",
            page=breve.get_absolute_url(),
            a=adresse,
            utilisateur=utilisateur,
            objet=breve,
            repondre_a=equipe,
            contexte={"breve": breve, "decision": decision, "motif": motif, "a_un_compte": bool(utilisateur)},
        )


def _motif_requis(motif) -> str:
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée à la structure.")
    return motif


@transaction.atomic
def soumettre(breve, *, par) -> Breve:
    """Its author has finished: published at once when trusted or staff, else it waits for the staff, who are told.

    A word of vigilance always brings it before them.
    """
    fraiche = _passer(breve, "soumettre")
    fraiche.vigilance = vigilance.trouver(fraiche, textes=TEXTES)
    if paraitra(par, fraiche) and not fraiche.vigilance:
        return _ecrire(fraiche, Etat.PUBLIEE)
    return _mettre_a_valider(fraiche)


def _mettre_a_valider(fraiche) -> Breve:
    """It waits for the staff, who are told once a day."""
    _ecrire(fraiche, Etat.A_VALIDER)
    deposer(
        "breve_equipe",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=fraiche,
        contexte={"breve": fraiche},
        cle_unicite=f"breve-equipe-{fraiche.pk}-{timezone.localdate():%Y%m%d}",
    )
    return fraiche


@transaction.atomic
def publier(breve, *, par) -> Breve:
    """Staff show it to all; its structure is told."""
    fraiche = _ecrire(_passer(breve, "publier"), Etat.PUBLIEE)
    _prevenir("publiee", fraiche, sauf=par)
    return fraiche


@transaction.atomic
def demander_correction(breve, *, par, motif) -> Breve:
    """Back to its structure with what to change. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _ecrire(_passer(breve, "demander_correction"), Etat.A_CORRIGER, motif=motif)
    _prevenir("a_corriger", fraiche, sauf=par, motif=motif)
    return fraiche


@transaction.atomic
def refuser(breve, *, par, motif) -> Breve:
    """It will not show; its structure is told why. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _ecrire(_passer(breve, "refuser"), Etat.REFUSEE, motif=motif)
    _prevenir("refusee", fraiche, sauf=par, motif=motif)
    return fraiche


@transaction.atomic
def remettre_en_validation(breve, *, par, motif) -> Breve:
    """Take a published one back before the staff; its structure is told why. `motif` required."""
    motif = _motif_requis(motif)
    fraiche = _ecrire(_passer(breve, "remettre_en_validation"), Etat.A_VALIDER, motif=motif)
    _prevenir("a_valider", fraiche, sauf=par, motif=motif)
    return fraiche


@transaction.atomic
def retirer(breve, *, par, motif="") -> Breve:
    """Its structure or the staff take it off the portal; told to the structure when it is the staff's doing."""
    motif = (motif or "").strip()
    fraiche = _ecrire(_passer(breve, "retirer"), Etat.RETIREE, motif=motif)
    if par is not None and par.is_staff:
        _prevenir("retiree", fraiche, sauf=par, motif=motif)
    return fraiche


@transaction.atomic
def archiver(breve, *, par=None) -> Breve:
    """Put it away: nobody but its structure and the staff sees it. Nobody is told."""
    return _ecrire(_passer(breve, "archiver"), Etat.ARCHIVEE)


@transaction.atomic
def relire(breve, *, par) -> Breve:
    """The edit of a published one was read: it stays as it is."""
    fraiche = _verrouiller(breve)
    if fraiche.a_relire_depuis is None:
        raise TransitionInterdite(f"« {fraiche} » est déjà relue.")
    fraiche.a_relire_depuis = None
    fraiche.save(update_fields=["a_relire_depuis", "modifie_le"])
    return fraiche
