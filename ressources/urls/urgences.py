"""Addresses of urgent help, in waves."""

from django.urls import path

from ressources.views import urgences, urgences_liens, urgences_preferences

urlpatterns = [
    path("urgences/", urgences.liste, name="urgences"),
    path("urgences/nouvelle/", urgences.creer, name="urgence_creer"),
    path("urgences/preferences/", urgences_preferences.preferences, name="urgences_preferences"),
    path("urgences/structures/<int:structure>/", urgences_preferences.structure, name="urgences_structure"),
    path("urgences/<int:pk>/", urgences.urgence, name="urgence"),
    path("lien/urgence/<str:jeton>/", urgences_liens.reponse, name="urgence_lien"),
]
