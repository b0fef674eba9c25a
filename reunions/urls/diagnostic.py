from django.urls import path

from reunions.views import diagnostic, tour_de_table

urlpatterns = [
    path("<int:pk>/diagnostic/", diagnostic.liste, name="diagnostic"),
    path("<int:pk>/diagnostic/<int:enonce>/", diagnostic.enonce, name="enonce"),
    path("participer/<str:jeton>/diagnostic/", diagnostic.participer, name="diagnostic_participer"),
    path("<int:pk>/tour-de-table/", tour_de_table.liste, name="tour_de_table"),
]
