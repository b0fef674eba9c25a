"""Accounts of hours: opening, noting help, confirming it.

    proposee → confirmee | contestee | annulee        contestee → confirmee | annulee

Every act that may move hours locks the two accounts first, in the order of their keys, then the operation: two people
who confirm crosswise wait for one another and never deadlock. The locks are FOR NO KEY UPDATE, which a new operation's
foreign keys do not wait for. Mails are in the same transaction. An act done twice is done once.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from annuaire.models import Structure, Utilisateur
from ressources.heures_mots import plancher_atteint
from ressources.models import CompteHeures, EcritureHeures, OperationHeures, ReglagesHeures

from . import TransitionInterdite
from .heures_courriels import autre_cote, prevenir

Etat, Genre, Cote = OperationHeures.Etat, OperationHeures.Genre, OperationHeures.Cote
JOURS_SANS_REPONSE = 60


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has written another operation."""

    def __init__(self):
        super().__init__("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")


class PlancherAtteint(TransitionInterdite):
    """The account of who was helped would go under its floor."""


def _verrouiller_comptes(*cles) -> dict:
    """Key -> fresh account, locked in the order of the keys."""
    comptes = CompteHeures.objects.select_for_update(of=("self",), no_key=True).select_related(
        "structure", "utilisateur", "absorbe_par__structure"
    )
    return {compte.pk: compte for compte in comptes.filter(pk__in=cles).order_by("pk")}


def compte_du_pole() -> CompteHeures:
    """The hub's own account, that gives the starting credits; made the first time."""
    compte, _ = CompteHeures.objects.get_or_create(genre=CompteHeures.Genre.POLE)
    return compte


@transaction.atomic
def ouvrir(*, structure=None, utilisateur=None, trouvable=False) -> CompteHeures:
    """Open the account of a structure or of a person, with the starting credit; open again one that was closed.

    A closed account opens again as it was left, balance included: the credit is given once.
    """
    # The holder's row first: two openings, or a merge going on, wait for each other.
    modele, cle = (Structure, structure.pk) if structure is not None else (Utilisateur, utilisateur.pk)
    if not modele.objects.select_for_update(of=("self",), no_key=True).filter(pk=cle).exists():
        raise TransitionInterdite("Cette fiche n'existe plus : elle a été réunie avec une autre.")
    titulaire = {"structure": structure} if structure is not None else {"utilisateur": utilisateur}
    deja = CompteHeures.objects.select_for_update(of=("self",), no_key=True).filter(**titulaire).first()
    if deja is not None:
        deja.ferme_le = None
        deja.trouvable = trouvable and deja.genre == CompteHeures.Genre.PERSONNE
        deja.save(update_fields=["ferme_le", "trouvable"])
        return deja
    reglages = ReglagesHeures.actuels()
    compte = CompteHeures.objects.create(
        genre=CompteHeures.Genre.STRUCTURE if structure is not None else CompteHeures.Genre.PERSONNE,
        plancher=reglages.plancher,
        trouvable=trouvable and structure is None,
        **titulaire,
    )
    if reglages.credit_depart:
        ecrire_confirmee(
            genre=Genre.CREDIT,
            aidant=compte,
            aide=compte_du_pole(),
            heures=reglages.credit_depart,
            objet="Crédit de départ",
        )
    compte.refresh_from_db(fields=["solde"])
    return compte


def ecrire_confirmee(*, genre, aidant, aide, heures, objet) -> OperationHeures:
    """An operation that nobody has to confirm, with its entries: the starting credit, the transfer of a merge."""
    operation = OperationHeures.objects.create(
        genre=genre,
        aidant=aidant,
        aide=aide,
        heures=heures,
        jour=timezone.localdate(),
        objet=objet,
        etat=Etat.CONFIRMEE,
        decidee_le=timezone.now(),
        cle=uuid.uuid4(),
    )
    _passer(operation)
    return operation


def _passer(operation) -> None:
    """The two entries; the database moves the balances with them."""
    EcritureHeures.objects.bulk_create(
        EcritureHeures(operation=operation, compte_id=cle, montant=montant, passee_le=timezone.localdate())
        for cle, montant in ((operation.aidant_id, operation.heures), (operation.aide_id, -operation.heures))
    )


@transaction.atomic
def fermer(compte, *, par) -> CompteHeures:
    """The holder stops: nothing is noted on it any more. Its balance and its entries stay.

    Raises TransitionInterdite while operations wait to be confirmed.
    """
    compte = _verrouiller_comptes(compte.pk)[compte.pk]
    if not compte.est_ouvert:
        return compte
    if OperationHeures.objects.en_cours_de([compte.pk]).exists():
        raise TransitionInterdite(
            "Des opérations attendent encore une réponse : confirmez-les, ou annulez-les, puis fermez le compte."
        )
    compte.ferme_le, compte.trouvable = timezone.now(), False
    compte.save(update_fields=["ferme_le", "trouvable"])
    return compte


@transaction.atomic
def regler_trouvable(compte, *, oui: bool) -> CompteHeures:
    """A person agrees, or no longer, to be found by who knows their e-mail address."""
    compte = _verrouiller_comptes(compte.pk)[compte.pk]
    compte.trouvable = oui and compte.est_ouvert and compte.genre == CompteHeures.Genre.PERSONNE
    compte.save(update_fields=["trouvable"])
    return compte


def _verifier_ouverts(*comptes) -> None:
    for compte in comptes:
        if not compte.est_ouvert:
            raise TransitionInterdite(f"Le compte d'heures de {compte.nom} est fermé : on n'y note plus rien.")


@transaction.atomic
def proposer(
    compte, *, autre, cote, heures, jour, objet, par, cle, mise_en_relation=None, corrige=None
) -> OperationHeures:
    """`compte` notes `heures` with `autre`, as `cote` (aidant or aide). The other side confirms. Same `cle`: once.

    Raises CleDejaUtilisee, TransitionInterdite (closed account, with itself).
    """
    if autre.pk == compte.pk:
        raise TransitionInterdite("Un compte ne se donne pas d'heures à lui-même.")
    comptes = _verrouiller_comptes(compte.pk, autre.pk)
    compte, autre = comptes[compte.pk], comptes[autre.pk]
    aidant, aide = (compte, autre) if cote == Cote.AIDANT else (autre, compte)
    deja = OperationHeures.objects.pour_pages().filter(cle=cle).first()
    if deja is not None:
        if (deja.aidant_id, deja.aide_id, deja.propose_par_cote, deja.heures) != (aidant.pk, aide.pk, cote, heures):
            raise CleDejaUtilisee
        return deja
    _verifier_ouverts(compte, autre)
    operation = OperationHeures.objects.create(
        genre=Genre.CORRECTION if corrige is not None else Genre.AIDE,
        aidant=aidant,
        aide=aide,
        heures=heures,
        jour=jour,
        objet=objet,
        propose_par_cote=cote,
        propose_par=par,
        mise_en_relation=mise_en_relation,
        corrige=corrige,
        cle=cle,
    )
    prevenir(operation, operation.cote_qui_decide, "proposee", sauf=par)
    return operation


@transaction.atomic
def corriger(operation, *, par, cote, objet, cle) -> OperationHeures:
    """Propose to undo a confirmed operation: the same hours the other way round, which the other side confirms."""
    if operation.etat != Etat.CONFIRMEE or operation.genre != Genre.AIDE:
        raise TransitionInterdite("Seul un coup de main confirmé se corrige.")
    deja = OperationHeures.objects.filter(cle=cle).first()
    if deja is not None and deja.corrige_id == operation.pk:
        return deja
    comptes = [titulaire_actuel(operation.compte_du_cote(c)) for c in (cote, autre_cote(cote))]
    _verrouiller_comptes(*[compte.pk for compte in comptes])
    if operation.corrections.exclude(etat=Etat.ANNULEE).exists():
        raise TransitionInterdite("Une correction de cette opération existe déjà.")
    return proposer(
        comptes[0],
        autre=comptes[1],
        cote=autre_cote(cote),
        heures=operation.heures,
        jour=operation.jour,
        objet=objet,
        par=par,
        cle=cle,
        corrige=operation,
    )


def titulaire_actuel(compte) -> CompteHeures:
    """The account that goes on for this one: itself, or the one that it was merged into."""
    return compte.absorbe_par or compte


def _verrouiller(operation) -> OperationHeures:
    """The fresh operation with its fresh accounts, all locked. Raises TransitionInterdite when a merge moved it."""
    comptes = _verrouiller_comptes(operation.aidant_id, operation.aide_id)
    fraiche = (
        OperationHeures.objects.select_for_update(of=("self",), no_key=True)
        .select_related("propose_par")
        .get(pk=operation.pk)
    )
    if not {fraiche.aidant_id, fraiche.aide_id} <= set(comptes):
        raise TransitionInterdite("Les comptes viennent de changer : rechargez la page et recommencez.")
    fraiche.aidant, fraiche.aide = comptes[fraiche.aidant_id], comptes[fraiche.aide_id]
    return fraiche


def _decider(fraiche, operation, etat, *, par, motif=""):
    fraiche.etat, fraiche.decide_par, fraiche.decidee_le, fraiche.motif = etat, par, timezone.now(), motif
    champs = ["etat", "decide_par", "decidee_le", "motif"]
    fraiche.save(update_fields=champs)
    for champ in champs:
        setattr(operation, champ, getattr(fraiche, champ))


def _refuser_l_acte(fraiche):
    raise TransitionInterdite(f"Cette opération est {fraiche.get_etat_display()} : ce n'est plus possible.")


@transaction.atomic
def confirmer(operation, *, par, cote) -> OperationHeures:
    """The other side agrees: the two entries are written. A second click does nothing.

    Raises PlancherAtteint, TransitionInterdite (cancelled, closed account, not this side's to say).
    """
    fraiche = _verrouiller(operation)
    if fraiche.etat == Etat.CONFIRMEE:
        operation.etat = fraiche.etat
        return operation
    if not fraiche.est_ouverte or cote != fraiche.cote_qui_decide:
        _refuser_l_acte(fraiche)
    _verifier_ouverts(fraiche.aidant, fraiche.aide)
    if fraiche.aide.plancher is not None and fraiche.aide.solde - fraiche.heures < fraiche.aide.plancher:
        raise PlancherAtteint(plancher_atteint(fraiche.aide, sien=cote == Cote.AIDE))
    _decider(fraiche, operation, Etat.CONFIRMEE, par=par)
    _passer(fraiche)
    prevenir(fraiche, autre_cote(cote), "confirmee", sauf=par)
    return operation


@transaction.atomic
def contester(operation, *, par, cote, motif) -> OperationHeures:
    """The other side does not recognise it, and says why: mailed; the hub's staff see it. `motif` required."""
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("a contest says why")
    fraiche = _verrouiller(operation)
    if fraiche.etat == Etat.CONTESTEE:
        operation.etat = fraiche.etat
        return operation
    if fraiche.etat != Etat.PROPOSEE or cote != fraiche.cote_qui_decide:
        _refuser_l_acte(fraiche)
    _decider(fraiche, operation, Etat.CONTESTEE, par=par, motif=motif[:500])
    prevenir(fraiche, autre_cote(cote), "contestee", sauf=par, citation=fraiche.motif)
    return operation


@transaction.atomic
def annuler(operation, *, par, cote, motif="") -> OperationHeures:
    """Who proposed it takes it back before it is confirmed; the other side is told."""
    fraiche = _verrouiller(operation)
    if fraiche.etat == Etat.ANNULEE:
        operation.etat = fraiche.etat
        return operation
    if not fraiche.est_ouverte or cote != fraiche.propose_par_cote:
        _refuser_l_acte(fraiche)
    _decider(fraiche, operation, Etat.ANNULEE, par=par, motif=(motif or "").strip()[:500])
    prevenir(fraiche, fraiche.cote_qui_decide, "annulee", sauf=par, citation=fraiche.motif)
    return operation


@transaction.atomic
def annuler_par_l_equipe(operation, *, par, motif) -> OperationHeures:
    """Staff close a disagreement that lasts; both sides read why. `motif` required."""
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("staff say why")
    fraiche = _verrouiller(operation)
    if fraiche.etat == Etat.ANNULEE:
        return operation
    if not fraiche.est_ouverte:
        _refuser_l_acte(fraiche)
    _decider(fraiche, operation, Etat.ANNULEE, par=par, motif=motif[:500])
    for cote in (Cote.AIDANT, Cote.AIDE):
        prevenir(fraiche, cote, "equipe", citation=fraiche.motif)
    return operation


def cotes_de(operation, utilisateur) -> list:
    """The sides whose account this person manages: none for a stranger, sometimes both."""
    comptes = [titulaire_actuel(operation.compte_du_cote(cote)).pk for cote in Cote.values]
    siens = set(CompteHeures.objects.geres_par(utilisateur).filter(pk__in=comptes).values_list("pk", flat=True))
    return [cote for cote, cle in zip(Cote.values, comptes, strict=True) if cle in siens]


def actes_possibles(operation, cotes) -> list[str]:
    """What may be done with this operation by who manages these sides, in the order of the page."""
    decide, propose = operation.cote_qui_decide in cotes, operation.propose_par_cote in cotes
    ouverte, etat = operation.est_ouverte, operation.etat
    possibles = {
        "confirmer": ouverte and decide,
        "contester": etat == Etat.PROPOSEE and decide,
        "annuler": ouverte and propose,
        "corriger": etat == Etat.CONFIRMEE
        and operation.genre == Genre.AIDE
        and bool(cotes)
        and all(titulaire_actuel(operation.compte_du_cote(cote)).est_ouvert for cote in Cote.values)
        and titulaire_actuel(operation.aidant) != titulaire_actuel(operation.aide),
    }
    return [acte for acte, possible in possibles.items() if possible]
