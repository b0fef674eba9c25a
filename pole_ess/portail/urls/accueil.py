from django.urls import path

from pole_ess.portail.views import accueil

urlpatterns = [path("", accueil.accueil, name="accueil")]
