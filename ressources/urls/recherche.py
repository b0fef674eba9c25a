from django.urls import path

from ressources.views import recherche

urlpatterns = [
    path("", recherche.annonce_liste, name="annonce_liste"),
]
