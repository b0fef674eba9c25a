from django.urls import path

from reunions.views import agenda

urlpatterns = [
    path("", agenda.agenda, name="agenda"),
    path("mois/", agenda.agenda_mois, name="agenda_mois"),
    path("flux/", agenda.flux, name="flux"),
    path("agenda.ics", agenda.flux_ics, name="flux_ics"),
]
