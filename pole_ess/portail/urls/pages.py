from django.urls import path

from pole_ess.portail.views import pages

urlpatterns = [
    path("habillage.css", pages.habillage, name="habillage"),
    path("mentions-legales/", pages.page, {"nom": "mentions_legales"}, name="mentions_legales"),
    path("donnees-personnelles/", pages.page, {"nom": "donnees_personnelles"}, name="donnees_personnelles"),
    path("donnees-personnelles/registre/", pages.registre, name="registre_traitements"),
    path("accessibilite/", pages.accessibilite, name="accessibilite"),
]
