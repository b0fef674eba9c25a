"""A form that was sent too often comes back with what was typed, and says how long to wait."""

from django.shortcuts import render


def rendre(request, gabarit, contexte, *, limite=None):
    """The page of a form; after a LimiteDepassee, with `attendre` (seconds) and status 429.

    The template includes annuaire/_trop_d_envois.html. A view without a form lets the exception go: the
    middleware of pole_ess.portail shows the general page.
    """
    secondes = limite.secondes if limite else 0
    reponse = render(request, gabarit, contexte | {"attendre": secondes}, status=429 if limite else 200)
    if limite:
        reponse["Retry-After"] = str(secondes)
    return reponse
