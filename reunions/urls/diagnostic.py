from django.urls import path

from reunions.views import diagnostic, tour_de_table, tour_personnel

urlpatterns = [
    path("<int:pk>/diagnostic/", diagnostic.liste, name="diagnostic"),
    path("<int:pk>/diagnostic/<int:enonce>/", diagnostic.enonce, name="enonce"),
    path("participer/<str:jeton>/diagnostic/", diagnostic.participer, name="diagnostic_participer"),
    path("<int:pk>/tour-de-table/", tour_de_table.liste, name="tour_de_table"),
    path("participer/<str:jeton>/tour-de-table/", tour_personnel.participer, name="tour_participer"),
    path("lien/invitation/<str:jeton>/tour-de-table/", tour_personnel.par_invitation, name="tour_lien"),
]
