from django.urls import path

from ressources.views import reservations

urlpatterns = [
    path("reservations/<int:pk>/", reservations.reservation, name="reservation"),
]
