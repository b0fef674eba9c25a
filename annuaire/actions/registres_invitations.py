"""Inviting registered structures to be listed, by letter or by mail, and hearing those that object.

An entry is invited once, reminded once at most (by mail), and an address is written to for one entry only: the
database refuses the rest. Who objects, by the link of the invitation or by telling the team, is erased at once; a
keyed hash of what identifies them stays, so that no import brings them back (RGPD art. 14 and 21, decision 23).
"""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annuaire import oppositions
from annuaire.models import EntreeDistincte, EntreeRegistre, InvitationRegistre, LigneRegistre, Structure
from annuaire.querysets_registres import JOURS_INVITATION
from annuaire.registres.valeurs import identites
from pole_ess.socle import liens
from pole_ess.socle.courriel import courriels_de, deposer
from pole_ess.socle.models import ReglagesPole

from . import TransitionInterdite, proposition

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXY"
"""As the workshops' codes: nothing that looks like a figure or another letter."""
JOURS_OPPOSITION = 1095
"""The right to object does not expire with the invitation; after three years, by writing to the team."""
LETTRES_MAX = 100
"""Letters of one PDF."""
OBJECTIF = "registre"
Etat = EntreeRegistre.Etat


class InvitationPassee(Exception):
    """The entry is listed, proposed or set aside since: there is nothing to propose any more."""


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def jeton(invitation) -> str:
    """The signed token of its page: what a letter's QR code and a mail's link hold."""
    return liens.signer(OBJECTIF, {"i": invitation.pk, "c": invitation.code})


def lien(invitation) -> str:
    return reverse("annuaire:enregistree", args=[jeton(invitation)])


def lien_opposition(invitation) -> str:
    return reverse("annuaire:ne_pas_figurer", args=[jeton(invitation)])


def lire(jeton_recu: str, *, jours: float = JOURS_INVITATION) -> InvitationRegistre:
    """The invitation of a signed token. Raises LienInvalide and its kinds, InvitationRegistre.DoesNotExist."""
    charge = liens.lire(OBJECTIF, jeton_recu, jours=jours)
    return InvitationRegistre.objects.select_related("entree__commune", "entree__activite", "structure").get(
        pk=charge["i"], code=charge["c"]
    )


def par_code(brut: str) -> InvitationRegistre | None:
    """The invitation of the code that a letter gives to type."""
    code = "".join(lettre for lettre in brut.upper() if lettre.isalpha())[:8]
    return InvitationRegistre.objects.filter(code=code).first() if len(code) == 8 else None


def ouverte(invitation) -> bool:
    """Whether it may still lead to a proposal."""
    return InvitationRegistre.objects.en_cours().filter(pk=invitation.pk).exists()


@transaction.atomic
def preparer_lettres(cles, *, par) -> int:
    """Invite by letter those of these entries that may be; how many. The letters are then printed from the list."""
    choisies = EntreeRegistre.objects.select_for_update(of=("self",)).a_inviter().filter(pk__in=cles)
    entrees = list(choisies.order_by("tri", "pk")[:LETTRES_MAX])
    for entree in entrees:
        _inviter(entree, par=par, voie=InvitationRegistre.Voie.LETTRE)
    return len(entrees)


@transaction.atomic
def inviter_par_courriel(entree, *, par, courriel: str, source: str) -> InvitationRegistre:
    """Write to a public address of the structure, found elsewhere than in the register: `source` says where.

    Raises TransitionInterdite when it may not be: objected, listed, invited already, or this address was written to.
    """
    entree = EntreeRegistre.objects.select_for_update(of=("self",)).get(pk=entree.pk)
    courriel = courriel.strip().lower()
    if not EntreeRegistre.objects.a_inviter().filter(pk=entree.pk).exists():
        raise TransitionInterdite(f"« {entree} » ne peut plus être invitée : {entree.get_etat_display()}.")
    if oppositions.est_opposee(courriel=courriel):
        raise TransitionInterdite("Cette adresse a demandé à ne plus être contactée : n'écrivez pas, téléphonez.")
    if connue := Structure.objects.filter(courriel__iexact=courriel).exclude(etat="refusee").first():
        raise TransitionInterdite(f"Cette adresse est celle de « {connue} », qui a déjà une fiche : rapprochez-les.")
    try:
        with transaction.atomic():
            invitation = _inviter(
                entree,
                par=par,
                voie=InvitationRegistre.Voie.COURRIEL,
                courriel=courriel,
                source_courriel=source.strip()[:200],
            )
    except IntegrityError as erreur:
        raise TransitionInterdite("Cette adresse a déjà reçu une invitation : une seule par adresse.") from erreur
    _ecrire(invitation, rappel=False)
    return invitation


def _inviter(entree, *, par, **champs) -> InvitationRegistre:
    invitation = InvitationRegistre.objects.create(
        entree=entree, code=_code(), envoyee_le=timezone.now(), envoyee_par=par, **champs
    )
    entree.etat, entree.decidee_par, entree.decidee_le = Etat.INVITEE, par, timezone.now()
    entree.save(update_fields=["etat", "decidee_par", "decidee_le"])
    return invitation


@transaction.atomic
def rappeler(invitation, *, par) -> InvitationRegistre:
    """The one reminder, three weeks later at the earliest. Raises TransitionInterdite."""
    invitation = InvitationRegistre.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not InvitationRegistre.objects.a_rappeler().filter(pk=invitation.pk).exists():
        raise TransitionInterdite("Un seul rappel, par e-mail, trois semaines après l'invitation au plus tôt.")
    if oppositions.est_opposee(courriel=invitation.courriel):
        raise TransitionInterdite("Cette adresse a demandé à ne plus être contactée.")
    invitation.relancee_le = timezone.now()
    invitation.save(update_fields=["relancee_le"])
    _ecrire(invitation, rappel=True)
    return invitation


def _ecrire(invitation, *, rappel: bool) -> None:
    deposer(
        "registre_invitation",
        a=invitation.courriel,
        objet=invitation,
        repondre_a=ReglagesPole.actuels().courriel_equipe,
        contexte={
            "invitation": invitation,
            "entree": invitation.entree,
            "rappel": rappel,
            "lien": lien(invitation),
            "lien_opposition": lien_opposition(invitation),
            "jours": JOURS_INVITATION,
        },
        cle_unicite=f"registre-{invitation.pk}-{'rappel' if rappel else 'invitation'}",
    )


@transaction.atomic
def proposer(invitation, **donnees) -> Structure:
    """The proposal that an invitation led to: made once, and followed. Raises InvitationPassee."""
    invitation = (
        InvitationRegistre.objects.select_for_update(of=("self",)).select_related("structure").get(pk=invitation.pk)
    )
    deja = proposition.deja_proposee(donnees["cle"])
    if deja is not None:
        return deja
    if not ouverte(invitation):
        raise InvitationPassee
    structure = proposition.proposer(**donnees)
    invitation.structure, invitation.proposee_le = structure, timezone.now()
    invitation.save(update_fields=["structure", "proposee_le"])
    return structure


@transaction.atomic
def s_opposer(entree, *, motif: str = "") -> EntreeRegistre:
    """Erase what the portal holds of this registered structure, and remember that it is not to come back.

    Its invitation, the mails written to it, its name in the imports' reports go; the row stays, empty, as the proof
    that the request was followed. Twice is once.
    """
    entree = EntreeRegistre.objects.select_for_update(of=("self",)).get(pk=entree.pk)
    if entree.etat == Etat.OPPOSEE:
        return entree
    oppositions.enregistrer(
        identifiants=identites(identifiant=entree.identifiant, rna=entree.rna, siret=entree.siret), motif=motif[:200]
    )
    invitation = InvitationRegistre.objects.filter(entree=entree).first()
    if invitation is not None:
        if invitation.courriel:
            oppositions.enregistrer(courriel=invitation.courriel, motif=motif[:200])
        courriels_de(invitation).delete()
        invitation.delete()
    EntreeDistincte.objects.filter(entree=entree).delete()
    en_attente = Q(entree=None, nom=entree.nom[:200], import_registre__source=entree.registre)  # of a preview
    LigneRegistre.objects.filter(Q(entree=entree) | en_attente).update(nom="", raisons=[])
    for champ in ("identifiant", "nom", "objet", "adresse", "code_postal", "rna", "siret", "site", "code_activite"):
        setattr(entree, champ, "")
    for champ in ("commune", "activite", "date_creation", "structure", "proposee", "decidee_par"):
        setattr(entree, champ, None)
    entree.categorie_juridique = entree.motif = entree.ressemblance = ""
    entree.etat, entree.decidee_le = Etat.OPPOSEE, timezone.now()
    entree.save()
    return entree


@transaction.atomic
def purger() -> int:
    """Empty the addresses of invitations that have passed, and delete their mails; how many."""
    passees = list(InvitationRegistre.objects.passees().select_for_update(of=("self",)))
    for invitation in passees:
        courriels_de(invitation).delete()
        invitation.courriel = ""
        invitation.save(update_fields=["courriel"])
    return len(passees)
