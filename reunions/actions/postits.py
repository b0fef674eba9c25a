"""Notes: written, changed and withdrawn by their participant while writing lasts, or typed from paper by the staff.

The participant's row is locked first, so that parallel requests of one person wait for one another; the quota is
held by the database too (trigger `reunions_postit_quota`), and its refusal is told in French.
"""

import uuid
from collections import Counter

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from reunions.actions import TransitionInterdite
from reunions.actions.atelier import CleDejaUtilisee, Phase, accepte_les_notes, bouger
from reunions.models import Atelier, Couleur, Participant, PostIt

ECRITURE = [Phase.ECRITURE, Phase.REGROUPEMENT]
"""Where a participant's note may still land: grouping too, during the grace period."""
PAPIER = [Phase.ECRITURE, Phase.REGROUPEMENT, Phase.RESTITUTION]
MOTS = {Couleur.ROSE: "roses (court terme)", Couleur.JAUNE: "jaunes (long terme)"}


class QuotaAtteint(TransitionInterdite):
    """No note of this colour is left to this person."""


class TropTard(TransitionInterdite):
    """Writing has not begun, or ended longer ago than the grace period."""


def _refus_de_quota(atelier, couleur) -> QuotaAtteint:
    quota = atelier.quota(couleur)
    combien = f"vos {quota} post-it {MOTS[couleur]} sont" if quota > 1 else f"{quota} post-it {MOTS[couleur]}, c'est"
    suite = "écrits : changez-en un, ou retirez-en un pour en écrire un autre." if quota > 1 else "le maximum ici."
    return QuotaAtteint(f"{combien[0].upper()}{combien[1:]} {suite}")


def _verrouiller(participant) -> Participant:
    lignes = Participant.objects.select_for_update(of=("self",)).select_related("atelier", "structure")
    return lignes.get(pk=participant.pk)


def _exiger_l_ecriture(atelier) -> None:
    if accepte_les_notes(atelier):
        return
    if atelier.phase == Phase.PREPARATION:
        raise TropTard("L'écriture n'est pas encore ouverte : gardez votre texte, l'animateur va le dire.")
    raise TropTard(
        "L'écriture est finie. Votre texte n'est pas perdu, il est encore dans le champ : lisez-le ou montrez-le "
        "à l'animateur, qui peut l'ajouter pour vous ou rouvrir l'écriture."
    )


def _enregistrer(postit, atelier) -> None:
    """Save, the database's refusals told in French."""
    try:
        with transaction.atomic():
            postit.save()
    except IntegrityError as erreur:
        if erreur.__cause__.diag.constraint_name == "postit_quota":
            raise _refus_de_quota(atelier, postit.couleur) from erreur
        if PostIt.objects.filter(cle=postit.cle).exclude(pk=postit.pk).exists():
            raise CleDejaUtilisee("Ce formulaire a déjà servi : envoyez-le de nouveau.") from erreur
        raise


@transaction.atomic
def ecrire(participant, *, axe, couleur, texte, cle) -> PostIt:
    """Write a note, once per `cle`. Raises QuotaAtteint, TropTard, CleDejaUtilisee."""
    participant = _verrouiller(participant)
    if deja := PostIt.objects.filter(cle=cle).first():
        if deja.participant_id != participant.pk:
            raise CleDejaUtilisee("Ce formulaire a déjà servi : envoyez-le de nouveau.")
        return deja
    _exiger_l_ecriture(participant.atelier)
    postit = PostIt(
        axe=axe, couleur=couleur, texte=texte, participant=participant, structure=participant.structure, cle=cle
    )
    _enregistrer(postit, participant.atelier)
    Participant.objects.filter(pk=participant.pk).update(vu_le=timezone.now())
    bouger(participant.atelier_id, phases=ECRITURE)
    return postit


@transaction.atomic
def modifier(participant, *, postit, axe, couleur, texte) -> PostIt:
    """Change one of one's own notes; on another axis it loses its category. Raises QuotaAtteint, TropTard."""
    participant = _verrouiller(participant)
    _exiger_l_ecriture(participant.atelier)
    sienne = PostIt.objects.select_for_update().get(pk=postit.pk, participant=participant)
    if (sienne.axe_id, sienne.couleur, sienne.texte) == (axe.pk, couleur, texte):
        return sienne
    if sienne.axe_id != axe.pk:
        sienne.categorie = None
    sienne.axe, sienne.couleur, sienne.texte = axe, couleur, texte
    _enregistrer(sienne, participant.atelier)
    bouger(participant.atelier_id, phases=ECRITURE)
    return sienne


@transaction.atomic
def retirer(participant, *, postit_id) -> bool:
    """Withdraw one of one's own notes; False when it is gone already. Raises TropTard."""
    participant = _verrouiller(participant)
    _exiger_l_ecriture(participant.atelier)
    retirees, _ = PostIt.objects.filter(pk=postit_id, participant=participant).delete()
    if retirees:
        bouger(participant.atelier_id, phases=ECRITURE)
    return bool(retirees)


@transaction.atomic
def moderer(postit_id) -> bool:
    """Staff take away a note that has no place there, whoever wrote it; its author gets the place of it back.

    False when it is gone already. Raises TransitionInterdite once the workshop is closed.
    """
    postit = PostIt.objects.select_related("axe").filter(pk=postit_id).first()
    if postit is None:
        return False
    if postit.participant_id:
        _verrouiller(postit.participant)
    retires, _ = PostIt.objects.filter(pk=postit_id).delete()
    if retires:
        bouger(postit.axe.atelier_id)
    return bool(retires)


@transaction.atomic
def oublier_prenom(participant) -> None:
    """A first name that is none, or that somebody asks to have removed; the notes stay. Whatever the phase."""
    Participant.objects.filter(pk=participant.pk).update(prenom="")
    Atelier.objects.filter(pk=participant.atelier_id).update(version=F("version") + 1)


@transaction.atomic
def saisir_papier(atelier, *, lignes, cle, participant=None, prenom="", structure=None) -> list[PostIt]:
    """Type paper notes, all or none, once per `cle`: for a participant, a new one (name or structure), or nobody.

    `lignes`: (axis, colour, text). Nobody has no quota. Raises QuotaAtteint, TransitionInterdite.
    """
    cles = [uuid.uuid5(cle, str(rang)) for rang in range(len(lignes))]
    if deja := list(PostIt.objects.de_atelier(atelier).filter(cle__in=cles)):
        return deja
    if participant is None and (prenom or structure):
        participant = _participant_de_papier(atelier, cle=cle, prenom=prenom, structure=structure)
    if participant is not None:
        participant = _verrouiller(participant)
        _reste_assez(participant, Counter(couleur for _, couleur, _ in lignes))
    notes = [
        PostIt(
            axe=axe,
            couleur=couleur,
            texte=texte,
            participant=participant,
            structure=participant.structure if participant else None,
            origine=PostIt.Origine.PAPIER,
            cle=une_cle,
        )
        for (axe, couleur, texte), une_cle in zip(lignes, cles, strict=True)
    ]
    for note in notes:
        _enregistrer(note, atelier)
    bouger(atelier.pk, phases=PAPIER)
    return notes


def _participant_de_papier(atelier, *, cle, prenom, structure) -> Participant:
    try:
        with transaction.atomic():
            return Participant.objects.create(atelier=atelier, prenom=prenom, structure=structure, papier=True, cle=cle)
    except IntegrityError as erreur:
        raise CleDejaUtilisee("Ce formulaire a déjà servi : envoyez-le de nouveau.") from erreur


def _reste_assez(participant, demandees: Counter) -> None:
    ecrites = Counter(participant.postits.values_list("couleur", flat=True))
    for couleur, nombre in demandees.items():
        reste = participant.atelier.quota(couleur) - ecrites[couleur]
        if nombre > reste:
            raise QuotaAtteint(
                f"{participant} a déjà {ecrites[couleur]} post-it {MOTS[couleur]} sur "
                f"{participant.atelier.quota(couleur)} : {nombre - max(reste, 0)} de trop dans cette saisie."
            )
