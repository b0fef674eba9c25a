"""The page of a mailed link that cannot act: why, and what to do instead."""

from django.shortcuts import render

from annuaire.actions.proposition import PropositionTraitee
from pole_ess.socle.liens import LienDejaUtilise, LienExpire, LienInvalide

TITRES = {
    "utilise": "Ce lien a déjà servi",
    "expire": "Ce lien n'est plus valable",
    "casse": "Ce lien est incomplet",
    "disparu": "Cette fiche n'existe plus",
}


def page_du_lien(request, erreur, *, objet):
    """404 for a broken link, 410 for one that has passed. `objet` chooses the advice of the template."""
    if isinstance(erreur, LienExpire):
        cas = "expire"
    elif isinstance(erreur, LienDejaUtilise | PropositionTraitee):
        cas = "utilise"
    elif isinstance(erreur, LienInvalide):
        cas = "casse"
    else:
        cas = "disparu"
    contexte = {"cas": cas, "titre": TITRES[cas], "objet": objet}
    return render(request, "annuaire/lien_invalide.html", contexte, status=404 if cas == "casse" else 410)
