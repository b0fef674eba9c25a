"""Mails to who asks for urgent help."""

from annuaire.actions.correspondants import adresses
from pole_ess.socle.courriel import deposer


def au_demandeur(urgence, evenement, *, appel=None) -> None:
    """One mail to who opened the urgency; to the référents of its structure when they have gone.

    `evenement`: oui, desiste (of `appel`), equipe, expiree.
    """
    if urgence.par is not None and urgence.par.is_active:
        destinataires = {urgence.par.email: urgence.par}
    else:
        destinataires = adresses(urgence.structure)
    for adresse, utilisateur in destinataires.items():
        deposer(
            "urgence_demandeur",
            a=adresse,
            utilisateur=utilisateur,
            objet=urgence,
            contexte={"urgence": urgence, "evenement": evenement, "appel": appel},
        )
