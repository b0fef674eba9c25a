"""Addresses of the outer layer: one module per notion."""

from . import accueil, aide, observatoire, ouvertes, pages, papier, plans, recherche, sante

urlpatterns = [
    *accueil.urlpatterns,
    *pages.urlpatterns,
    *sante.urlpatterns,
    *plans.urlpatterns,
    *recherche.urlpatterns,
    *observatoire.urlpatterns,
    *ouvertes.urlpatterns,
    *aide.urlpatterns,
    *papier.urlpatterns,
]
