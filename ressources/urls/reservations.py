from django.urls import path

from ressources.views import reservations

urlpatterns = [
    path("<int:pk>/reserver/", reservations.reserver, name="reserver"),
    path("reservations/", reservations.reservations, name="reservations"),
    path("reservations/<int:pk>/", reservations.reservation, name="reservation"),
    path("reservations/<int:pk>/photos/<int:photo>/", reservations.reservation_photo, name="reservation_photo"),
    path("reservations/<int:pk>/<slug:acte>/", reservations.reservation_acte, name="reservation_acte"),
]
