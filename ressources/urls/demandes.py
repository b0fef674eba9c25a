"""Unmet demand."""

from django.urls import path

from ressources.views import demandes

urlpatterns = [path("demandes/", demandes.demandes, name="demandes")]
