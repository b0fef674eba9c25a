"""The member's own pages, beside allauth's under /compte/."""

from django.urls import path

from annuaire.views import compte

urlpatterns = [
    path("", compte.mon_compte, name="mon_compte"),
    path("profil/", compte.profil, name="compte_profil"),
    path("donnees/", compte.donnees, name="compte_donnees"),
    path("supprimer/", compte.supprimer, name="compte_supprimer"),
]
