from django.urls import path

from newsletter.views import abonnements, mon_abonnement

urlpatterns = [
    path("abonnement/", abonnements.abonnement, name="abonnement"),
    path("mon-abonnement/", mon_abonnement.mon_abonnement, name="mon_abonnement"),
    path("confirmer/<str:jeton>/", abonnements.confirmer, name="confirmer"),
    path("preferences/<str:jeton>/", abonnements.preferences, name="preferences"),
    path("desabonner/<str:jeton>/", abonnements.desabonner, name="desabonner"),
]
