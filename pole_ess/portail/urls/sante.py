from django.urls import path

from pole_ess.portail.views import sante

urlpatterns = [
    path("sante/", sante.sante, name="sante"),
    path("sante/pret/", sante.sante_prete, name="sante_prete"),
    path("metriques/", sante.metriques, name="metriques"),
]
