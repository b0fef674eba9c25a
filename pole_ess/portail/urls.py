from django.urls import path

from . import views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("mentions-legales/", views.page, {"nom": "mentions_legales"}, name="mentions_legales"),
    path("donnees-personnelles/", views.page, {"nom": "donnees_personnelles"}, name="donnees_personnelles"),
    path("accessibilite/", views.page, {"nom": "accessibilite"}, name="accessibilite"),
    path("sante/", views.sante, name="sante"),
]
