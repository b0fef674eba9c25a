"""The member's own pages, beside allauth's under /compte/."""

from django.urls import path

from annuaire.views import compte, notifications

urlpatterns = [
    path("", compte.mon_compte, name="mon_compte"),
    path("profil/", compte.profil, name="compte_profil"),
    path("donnees/", compte.donnees, name="compte_donnees"),
    path("supprimer/", compte.supprimer, name="compte_supprimer"),
    path("notifications/", notifications.mes_notifications, name="compte_notifications"),
    path("notifications/lien/<str:jeton>/", notifications.par_lien, name="compte_notifications_lien"),
    path("notifications/arret/<str:jeton>/", notifications.arret, name="compte_notifications_arret"),
]
