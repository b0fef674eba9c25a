from django.urls import path

from ressources.views import agendas, calendriers, conventions, fermetures

urlpatterns = [
    path("<int:pk>/calendrier/", calendriers.calendrier, name="calendrier"),
    path("<int:pk>/calendrier/reglages/", calendriers.reglages, name="calendrier_reglages"),
    path("<int:pk>/calendrier/adresse/", calendriers.adresse, name="calendrier_adresse"),
    path("<int:pk>/calendrier/fermer/", fermetures.fermeture_creer, name="fermeture_creer"),
    path("<int:pk>/calendrier/fermetures/<int:fermeture>/", fermetures.fermeture_modifier, name="fermeture_modifier"),
    path("planning/<slug:slug>/", calendriers.planning, name="planning"),
    path("planning/<slug:slug>/adresse/", calendriers.planning_adresse, name="planning_adresse"),
    path("agenda/ressource/<slug:jeton>.ics", agendas.ressource, name="agenda_ressource"),
    path("agenda/structure/<slug:jeton>.ics", agendas.structure, name="agenda_structure"),
    path("reservations/<int:pk>/convention.pdf", conventions.convention, name="convention"),
]
