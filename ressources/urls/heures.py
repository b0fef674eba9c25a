"""Accounts of hours."""

from django.urls import path

from ressources.views import heures, heures_liens, heures_operations, heures_releves

urlpatterns = [
    path("heures/", heures.accueil, name="heures"),
    path("heures/ouvrir/", heures.ouvrir, name="heures_ouvrir"),
    path("heures/lien/<str:jeton>/", heures_liens.par_lien, name="heures_lien"),
    path("heures/noter/<int:conversation>/", heures_operations.noter, name="heures_noter"),
    path("heures/operations/<int:pk>/", heures_operations.operation, name="heures_operation"),
    path("heures/<int:pk>/", heures.compte, name="heures_compte"),
    path("heures/<int:pk>/proposer/", heures_operations.proposer, name="heures_proposer"),
    path("heures/<int:pk>/fermer/", heures.fermer, name="heures_fermer"),
    path("heures/<int:pk>/releve/<int:annee>/<str:format>/", heures_releves.releve, name="heures_releve"),
]
