from django.urls import path

from reunions.views import sondages

urlpatterns = [
    path("sondages/", sondages.mes_sondages, name="mes_sondages"),
    path("sondages/nouveau/", sondages.sondage_creer, name="sondage_creer"),
    path("sondages/<slug:jeton>/", sondages.sondage, name="sondage"),
    path("sondages/<slug:jeton>/gerer/", sondages.sondage_gerer, name="sondage_gerer"),
    path("sondages/<slug:jeton>/<slug:reponse>/", sondages.sondage_reponse, name="sondage_reponse"),
]
