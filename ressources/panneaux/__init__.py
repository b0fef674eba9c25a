"""The panels of an announcement's page: what to do with it, who could answer it. One module per notion.

Each module has `contexte(annonce, utilisateur)`, which returns what its template needs, or None to show nothing,
in a constant number of queries. The template of module `reservation` is ressources/panneaux/reservation.html.
"""

from django.template.loader import render_to_string

from . import benevolat, gestion, lot, mise_en_commun, rapprochements, repondre, reservation, semblables, tournee

PRINCIPAUX = [gestion, mise_en_commun, benevolat, lot, reservation, repondre]
"""Beside the announcement (on a phone: right after its facts), in this order."""
SUITE = [tournee, rapprochements, semblables]
"""Below it."""


def rendre(modules, annonce, request) -> list:
    """(name, HTML) of the panels that have something to show to this request's user."""
    rendus = []
    for module in modules:
        nom = module.__name__.rpartition(".")[2]
        contexte = module.contexte(annonce, request.user)
        if contexte is not None:
            gabarit = f"ressources/panneaux/{nom}.html"
            rendus.append((nom, render_to_string(gabarit, {"annonce": annonce, **contexte}, request=request)))
    return rendus
