from django.urls import path

from ressources.views import rapprochements

urlpatterns = [
    path("rapprochements/", rapprochements.rapprochements, name="rapprochements"),
    path("rapprochements/ecarter/", rapprochements.ecarter, name="rapprochement_ecarter"),
    path("lien/rapprochements/<str:jeton>/", rapprochements.lien, name="rapprochements_lien"),
]
