"""Mail coming in: the provider's webhooks (anymail's form)."""

from django.urls import path

from . import views

app_name = "socle"
urlpatterns = [
    path("<slug:prestataire>/entrant/", views.webhook, {"sorte": "entrant"}, name="courrier_entrant"),
    path("<slug:prestataire>/suivi/", views.webhook, {"sorte": "suivi"}, name="courrier_suivi"),
]
