"""What staff decide of requests: someone says they represent a structure; someone wants to be removed from it."""

from django.db import transaction

from annuaire.models import Rattachement
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole

from . import TransitionInterdite, effacement, rattachements, signalement


@transaction.atomic
def accepter(demande, *, par) -> Rattachement:
    """Make the person, who is told, a member in the role they asked for. Raises TransitionInterdite."""
    demande = (
        Rattachement.objects.select_for_update(of=("self",))
        .select_related("structure", "utilisateur")
        .filter(pk=demande.pk, etat=Rattachement.Etat.DEMANDE)
        .first()
    )
    if demande is None:
        raise TransitionInterdite("Cette demande a déjà reçu une réponse.")
    return rattachements.rattacher(
        demande.structure, utilisateur=demande.utilisateur, role=demande.role, origine=demande.origine, par=par
    )


@transaction.atomic
def retirer_personne(retrait, *, par, nom: str, courriel: str, reponse: str) -> None:
    """Erase a person from the sheet, remember the objection, answer (RGPD art. 17 and 21).

    The person first: the erasure forgets the mails written to them, and the answer must leave.
    """
    adresse = retrait.courriel
    effacement.effacer_personne(structure=retrait.structure, nom=nom, courriel=courriel, par=par)
    retrait = signalement.traiter(retrait, par=par, reponse="")
    if adresse and reponse.strip():
        retrait.reponse = reponse.strip()
        deposer(
            "signalement_reponse",
            a=adresse,
            contexte={"signalement": retrait, "structure": retrait.structure},
            repondre_a=ReglagesPole.actuels().courriel_equipe,
        )
