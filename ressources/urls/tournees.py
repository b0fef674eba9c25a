from django.urls import path

from ressources.views import tournees

urlpatterns = [
    path("tournees/", tournees.liste, name="tournees"),
    path("tournees/<int:tournee>/", tournees.tournee, name="tournee"),
    path("<int:pk>/tournees/nouvelle/", tournees.creer, name="tournee_creer"),
]
