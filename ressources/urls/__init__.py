"""/offres-et-besoins/: one module of addresses per notion."""

from . import (
    annonces,
    calendriers,
    lots,
    rapprochements,
    recherche,
    relations,
    reservations,
    statistiques,
    tournees,
    vie,
)

app_name = "ressources"
urlpatterns = [
    *recherche.urlpatterns,
    *relations.urlpatterns,
    *rapprochements.urlpatterns,
    *reservations.urlpatterns,
    *calendriers.urlpatterns,
    *lots.urlpatterns,
    *tournees.urlpatterns,
    *statistiques.urlpatterns,
    *vie.urlpatterns,
    *annonces.urlpatterns,
]
