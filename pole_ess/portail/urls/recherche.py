from django.urls import path

from pole_ess.portail.views import recherche

urlpatterns = [path("recherche/", recherche.recherche, name="recherche")]
