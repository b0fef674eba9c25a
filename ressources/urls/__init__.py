"""/offres-et-besoins/: one module of addresses per notion."""

from . import (
    annonces,
    benevolat,
    bilans,
    calendriers,
    demandes,
    heures,
    lots,
    mises_en_commun,
    rapprochements,
    recherche,
    relations,
    reservations,
    statistiques,
    tournees,
    urgences,
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
    *mises_en_commun.urlpatterns,
    *benevolat.urlpatterns,
    *urgences.urlpatterns,
    *heures.urlpatterns,
    *bilans.urlpatterns,
    *demandes.urlpatterns,
    *vie.urlpatterns,
    *annonces.urlpatterns,
]
