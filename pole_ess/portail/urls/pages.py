from django.urls import path

from pole_ess.portail.views import pages

urlpatterns = [
    path("mentions-legales/", pages.page, {"nom": "mentions_legales"}, name="mentions_legales"),
    path("donnees-personnelles/", pages.page, {"nom": "donnees_personnelles"}, name="donnees_personnelles"),
    path("accessibilite/", pages.page, {"nom": "accessibilite"}, name="accessibilite"),
]
