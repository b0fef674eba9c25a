from django.urls import path

from ressources.views import statistiques

urlpatterns = [path("chiffres/", statistiques.chiffres, name="chiffres")]
