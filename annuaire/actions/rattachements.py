"""Who belongs to a structure: invited, claiming, leaving. The last référent never vanishes silently.

Every act that could take a référent away locks the structure's row first, so that two of them leaving at once
cannot both believe that the other stays.
"""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annuaire.models import Rattachement, Signalement, Structure
from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole

JOURS_INVITATION = 14
JOURS_REVENDICATION = 7
ACTIF, INVITE, DEMANDE = Rattachement.Etat.ACTIF, Rattachement.Etat.INVITE, Rattachement.Etat.DEMANDE
REFERENT, MEMBRE = Rattachement.Role.REFERENT, Rattachement.Role.MEMBRE


class DernierReferent(Exception):
    """The act would leave the structure without a référent: name another one, or tell the hub's staff."""


class DejaMembre(Exception):
    """That address already belongs to an active member."""


class AutreAdresse(Exception):
    """The account that opens the invitation has not confirmed the invited address."""


def _verrouiller(structure) -> Structure:
    return Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)


def referents(structure):
    return structure.rattachements.filter(etat=ACTIF, role=REFERENT, utilisateur__is_active=True)


def a_un_compte(utilisateur, courriel: str) -> bool:
    """Whether the account has confirmed this very address."""
    return EmailAddress.objects.filter(user=utilisateur, email__iexact=courriel, verified=True).exists()


# Joining


@transaction.atomic
def rattacher(structure, *, utilisateur, role, origine, par=None) -> Rattachement:
    """Make someone an active member; never lowers a référent to a member. The other référents are told.

    A claim that staff (`par`) grant is told to who made it.
    """
    _verrouiller(structure)
    lien = structure.rattachements.filter(utilisateur=utilisateur).first()
    etait_referent = lien is not None and lien.etat == ACTIF and lien.role == REFERENT
    if lien is None:
        lien = Rattachement(structure=structure, utilisateur=utilisateur, invite_par=par)
    if etait_referent or (lien.pk and lien.etat == ACTIF and lien.role == role):
        return lien
    accordee = lien.etat == DEMANDE and par is not None and par.is_staff
    lien.role, lien.origine, lien.etat = role, origine, ACTIF
    lien.actif_depuis = lien.actif_depuis or timezone.now()
    lien.save()
    if accordee:
        _ecrire("role_change", utilisateur, structure, lien=lien)
    structure.rattachements.filter(utilisateur=None, courriel__iexact=utilisateur.email).delete()
    for autre in referents(structure).exclude(pk=lien.pk).select_related("utilisateur"):
        if autre.utilisateur != par:
            _ecrire("rattachement_nouveau", autre.utilisateur, structure, nouveau=lien)
    return lien


def est_deja_membre(structure, courriel: str) -> bool:
    """Whether the address, main or secondary but verified, is that of an active member."""
    return structure.rattachements.filter(
        Q(utilisateur__email__iexact=courriel)
        | Q(utilisateur__emailaddress__email__iexact=courriel, utilisateur__emailaddress__verified=True),
        etat=ACTIF,
    ).exists()


@transaction.atomic
def inviter(structure, *, courriel: str, role, par, message: str = "") -> Rattachement:
    """Invite a colleague by e-mail; a pending invitation of the same address is sent again with the new role.

    Raises DejaMembre. The mail says who invites; the link lasts 14 days.
    """
    structure = _verrouiller(structure)
    courriel = courriel.strip().lower()
    if est_deja_membre(structure, courriel):
        raise DejaMembre
    invitation = structure.rattachements.filter(utilisateur=None, courriel=courriel).first() or Rattachement(
        structure=structure, courriel=courriel, etat=INVITE, origine=Rattachement.Origine.INVITATION
    )
    invitation.role, invitation.message, invitation.invite_par = role, message, par
    invitation.save()
    envoyer_invitation(invitation)
    return invitation


@transaction.atomic
def envoyer_invitation(invitation) -> None:
    """Mail the link (again)."""
    jeton = liens.signer("invitation", {"r": invitation.pk, "n": secrets.token_hex(4)})
    deposer(
        "invitation",
        a=invitation.courriel,
        objet=invitation,
        confidentiel=True,
        contexte={
            "invitation": invitation,
            "structure": invitation.structure,
            "jeton": jeton,
            "jours": JOURS_INVITATION,
        },
    )


@transaction.atomic
def annuler_invitation(invitation, *, par) -> None:
    """Take an invitation back: its link stops working."""
    invitation.delete()


def lire_invitation(jeton: str) -> Rattachement:
    """The pending invitation of a link. Raises LienInvalide; LienDejaUtilise once accepted or cancelled."""
    charge = liens.lire("invitation", jeton, jours=JOURS_INVITATION)
    invitation = (
        Rattachement.objects.filter(pk=charge["r"], etat=INVITE, utilisateur=None)
        .select_related("structure", "invite_par")
        .first()
    )
    if invitation is None or liens.deja_utilise(jeton):
        raise liens.LienDejaUtilise
    return invitation


@transaction.atomic
def accepter(jeton: str, *, utilisateur) -> Rattachement:
    """Take the invited place. Raises LienInvalide, AutreAdresse."""
    invitation = lire_invitation(jeton)
    structure = _verrouiller(invitation.structure)
    invitation = lire_invitation(jeton)
    if not a_un_compte(utilisateur, invitation.courriel):
        raise AutreAdresse
    liens.consommer(jeton, jours=JOURS_INVITATION)
    role, origine, par = invitation.role, invitation.origine, invitation.invite_par
    invitation.delete()
    return rattacher(structure, utilisateur=utilisateur, role=role, origine=origine, par=par)


@transaction.atomic
def a_la_publication(structure) -> None:
    """On publication: those who proposed it and belong to it become référents, or receive their invitation."""
    siens = structure.rattachements.filter(origine=Rattachement.Origine.PROPOSITION)
    for lien in siens.filter(etat=DEMANDE, utilisateur__isnull=False).select_related("utilisateur"):
        rattacher(structure, utilisateur=lien.utilisateur, role=lien.role, origine=lien.origine)
    for invitation in siens.filter(etat=INVITE, utilisateur=None):
        envoyer_invitation(invitation)


# Claiming


@transaction.atomic
def revendiquer(structure, *, utilisateur, message: str = "") -> None:
    """Ask to become référent: a link to the structure's own address, and a request that staff see.

    Without an address the hub's staff are written to. Référents already there are told. The answer on the page
    is the same in every case, so it says nothing of what the sheet hides.
    """
    structure = _verrouiller(structure)
    lien = structure.rattachements.filter(utilisateur=utilisateur).first()
    if lien is not None and lien.etat == ACTIF and lien.role == REFERENT:
        return
    if lien is None:
        Rattachement.objects.create(
            structure=structure,
            utilisateur=utilisateur,
            role=REFERENT,
            etat=DEMANDE,
            origine=Rattachement.Origine.REVENDICATION,
            message=message,
        )
    for referent in referents(structure).select_related("utilisateur"):
        _ecrire("revendication_referents", referent.utilisateur, structure, demandeur=utilisateur)
    if not structure.courriel:
        deposer(
            "revendication_equipe",
            a=ReglagesPole.actuels().courriel_equipe,
            objet=structure,
            contexte={"structure": structure, "demandeur": utilisateur, "message": message},
        )
        return
    jeton = liens.signer("revendication", {"s": structure.pk, "u": utilisateur.pk, "n": secrets.token_hex(4)})
    deposer(
        "revendication_lien",
        a=structure.courriel,
        objet=structure,
        confidentiel=True,
        contexte={
            "structure": structure,
            "demandeur": utilisateur,
            "jeton": jeton,
            "jours": JOURS_REVENDICATION,
        },
    )


def lire_revendication(jeton: str) -> dict:
    """{"s": structure, "u": account} of a claim link. Raises LienInvalide and its kinds."""
    charge = liens.lire("revendication", jeton, jours=JOURS_REVENDICATION)
    if liens.deja_utilise(jeton):
        raise liens.LienDejaUtilise
    return charge


@transaction.atomic
def confirmer_revendication(jeton: str, *, utilisateur) -> Rattachement:
    """Whoever asked and opens the link sent to the structure becomes référent. Raises LienInvalide, AutreAdresse."""
    charge = lire_revendication(jeton)
    if charge["u"] != utilisateur.pk:
        raise AutreAdresse
    structure = Structure.objects.publiees().filter(pk=charge["s"]).first()
    if structure is None or not structure.rattachements.filter(utilisateur=utilisateur).exists():
        raise liens.LienInvalide  # archived since, or staff refused the request
    liens.consommer(jeton, jours=JOURS_REVENDICATION)
    return rattacher(structure, utilisateur=utilisateur, role=REFERENT, origine=Rattachement.Origine.REVENDICATION)


@transaction.atomic
def refuser_demande(demande, *, par, motif: str = "") -> None:
    """Staff say no to a claim; the person is told why."""
    _ecrire("revendication_refusee", demande.utilisateur, demande.structure, motif=motif)
    demande.delete()


# Leaving


def _verifier_dernier(structure, lien, *, signaler: bool) -> bool:
    """Whether `lien` is the last référent. Raises DernierReferent unless the hub's staff are to be told."""
    if lien.etat != ACTIF or lien.role != REFERENT or referents(structure).exclude(pk=lien.pk).exists():
        return False
    if not signaler:
        raise DernierReferent
    return True


def signaler_orpheline(structure, *, par=None) -> None:
    """Tell the hub's staff that a structure has no référent any more; `par` is named when given."""
    qui = f"{par.get_full_name()} était le dernier référent." if par else "Le dernier référent est parti."
    Signalement.objects.create(
        structure=structure, genre=Signalement.Genre.ERREUR, texte=f"Cette structure n'a plus de référent. {qui}"
    )
    deposer(
        "sans_referent",
        a=ReglagesPole.actuels().courriel_equipe,
        objet=structure,
        contexte={"structure": structure, "qui": qui},
    )


@transaction.atomic
def changer_role(lien, *, role, par, signaler: bool = False) -> None:
    """Référent or member. Raises DernierReferent."""
    structure = _verrouiller(lien.structure)
    lien = Rattachement.objects.get(pk=lien.pk)
    if lien.role == role:
        return
    dernier = role != REFERENT and _verifier_dernier(structure, lien, signaler=signaler)
    lien.role = role
    lien.save(update_fields=["role"])
    if dernier:
        signaler_orpheline(structure, par=par)
    if lien.utilisateur and lien.utilisateur != par:
        _ecrire("role_change", lien.utilisateur, structure, lien=lien)


@transaction.atomic
def retirer(lien, *, par, signaler: bool = False) -> None:
    """Take a member out; they are told. Raises DernierReferent."""
    structure = _verrouiller(lien.structure)
    lien = Rattachement.objects.select_related("utilisateur").filter(pk=lien.pk).first()
    if lien is None:
        return
    dernier = _verifier_dernier(structure, lien, signaler=signaler)
    utilisateur = lien.utilisateur
    lien.delete()
    if dernier:
        signaler_orpheline(structure, par=par)
    if utilisateur and utilisateur != par:
        _ecrire("membre_retire", utilisateur, structure)


@transaction.atomic
def quitter(structure, *, utilisateur, signaler: bool = False) -> None:
    """Leave a structure. Raises DernierReferent, Rattachement.DoesNotExist."""
    retirer(structure.rattachements.get(utilisateur=utilisateur), par=utilisateur, signaler=signaler)


@transaction.atomic
def purger_invitations(*, le=None) -> int:
    """Erase invitations of published structures that nobody accepted within 30 days."""
    limite = (le or timezone.now()) - timedelta(days=30)
    vieilles = Rattachement.objects.filter(etat=INVITE, cree_le__lt=limite, structure__etat=Structure.Etat.PUBLIEE)
    cles = list(vieilles.values_list("pk", flat=True))
    vieilles.delete()
    Rattachement.history.filter(id__in=cles).delete()
    return len(cles)


def _ecrire(gabarit, utilisateur, structure, **contexte) -> None:
    if utilisateur is not None and utilisateur.is_active:
        deposer(
            gabarit,
            a=utilisateur.email,
            utilisateur=utilisateur,
            objet=structure,
            contexte={"structure": structure, **contexte},
        )
