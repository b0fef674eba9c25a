"""Mails about hours: to the people of one side, with a link that answers without signing in.

The link holds whom it was sent to: who no longer answers for the account can no longer act with it.
"""

import hashlib

from django.urls import reverse

from annuaire.actions.correspondants import adresses
from annuaire.notifications import notifier
from pole_ess.socle import liens
from ressources.heures_mots import phrases
from ressources.models import CompteHeures, OperationHeures

OBJECTIF, JOURS_LIEN = "heures", 60
A_REPONDRE = ("proposee", "rappel")
Cote = OperationHeures.Cote


def autre_cote(cote):
    return Cote.AIDE if cote == Cote.AIDANT else Cote.AIDANT


def lien(operation, cote, utilisateur=None) -> str:
    charge = {"o": operation.pk, "c": str(cote), "u": utilisateur.pk if utilisateur else None}
    return reverse("ressources:heures_lien", args=[liens.signer(OBJECTIF, charge)])


def destinataires(compte, *, aussi=None, sauf=None) -> dict:
    """Address -> account or None: the person, or those who answer for the structure."""
    if compte.structure_id:
        return adresses(compte.structure, aussi=aussi, sauf=sauf)
    personne = compte.utilisateur
    if personne is None or personne == sauf or not personne.is_active:
        return {}
    return {personne.email.lower(): personne}


def prevenir(operation, cote, evenement, *, sauf=None, citation="", unique="") -> None:
    """One mail to each person of a side. `unique`: never twice for the same word, whoever asks."""
    compte = operation.compte_du_cote(cote)
    compte = compte.absorbe_par or compte
    if compte.genre == CompteHeures.Genre.POLE:
        return
    aussi = operation.propose_par if cote == operation.propose_par_cote else None
    sujet, phrase = phrases(operation, cote, evenement)
    for adresse, utilisateur in destinataires(compte, aussi=aussi, sauf=sauf).items():
        empreinte = hashlib.sha256(adresse.encode()).hexdigest()[:32]
        notifier(
            "demandes" if evenement in A_REPONDRE else "",
            "heures",
            a=adresse,
            page=operation.get_absolute_url(),
            utilisateur=utilisateur,
            objet=operation,
            confidentiel=evenement in A_REPONDRE,  # its link acts for who receives it
            cle_unicite=f"heures-{operation.pk}-{unique}-{empreinte}" if unique else None,
            contexte={
                "operation": operation,
                "compte": compte,
                "sujet_du_message": sujet,
                "phrase": phrase,
                "citation": citation,
                "a_repondre": evenement in A_REPONDRE,
                "page": lien(operation, cote, utilisateur)
                if evenement in A_REPONDRE or utilisateur is None
                else operation.get_absolute_url(),
            },
        )
