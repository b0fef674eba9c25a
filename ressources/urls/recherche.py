from django.urls import path

from ressources.views import alertes, flux, recherche

urlpatterns = [
    path("", recherche.annonce_liste, name="annonce_liste"),
    path("flux.rss", flux.annonce_flux, name="annonce_flux"),
    path("alertes/", alertes.alertes, name="alertes"),
    path("alertes/creer/", alertes.alerte_creer, name="alerte_creer"),
    path("alertes/<int:pk>/", alertes.alerte_modifier, name="alerte_modifier"),
    path("lien/alerte/<str:jeton>/", alertes.alerte_arreter, name="alerte_arreter"),
]
