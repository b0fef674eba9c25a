"""/rencontres/: one module of addresses per notion."""

from . import (
    actions,
    agenda,
    atelier,
    comptes_rendus,
    diagnostic,
    invitations,
    presences,
    resultats,
    reunions,
    sondages,
)

app_name = "reunions"
urlpatterns = [
    *agenda.urlpatterns,
    *sondages.urlpatterns,
    *invitations.urlpatterns,
    *presences.urlpatterns,
    *atelier.urlpatterns,
    *resultats.urlpatterns,
    *diagnostic.urlpatterns,
    *comptes_rendus.urlpatterns,
    *actions.urlpatterns,
    *reunions.urlpatterns,
]
