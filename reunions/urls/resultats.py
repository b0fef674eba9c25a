from django.urls import path

from reunions.views import resultats

urlpatterns = [
    path("resultats/", resultats.comparaison, name="comparaison"),
    path("<int:pk>/resultats/", resultats.atelier, name="atelier_resultats"),
    path("<int:pk>/resultats/<slug:quoi>.csv", resultats.fichier, name="atelier_resultats_csv"),
]
