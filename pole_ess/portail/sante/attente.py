"""The line of the health page on the staff's home."""

from django.urls import reverse

from pole_ess.socle.attentes import Attente

from .constats import ATTENTION, PANNE, examiner

DROIT = "socle.view_courriel"
"""Who may read the mail ledger may know that it stands still."""


def de_la_sante(utilisateur) -> list[Attente]:
    if not utilisateur.has_perm(DROIT):
        return []
    mauvais = [constat for constat in examiner() if constat.etat in (PANNE, ATTENTION)]
    pannes = [constat for constat in mauvais if constat.etat == PANNE]
    depuis = min((constat.depuis for constat in mauvais if constat.depuis), default=None)
    aide = (pannes or mauvais)[0].phrase if mauvais else ""
    titre = "Pannes du portail" if pannes else "Santé du portail"
    return [Attente(titre, len(mauvais), reverse("admin:sante"), depuis, aide, pressant=bool(pannes))]
