from django.urls import path

from pole_ess.portail.views import observatoire

urlpatterns = [
    path("observatoire/", observatoire.observatoire, name="observatoire"),
    path("observatoire/<slug:mesure>.csv", observatoire.mesure_csv, name="observatoire_csv"),
    path("observatoire/<int:annee>/rapport.pdf", observatoire.rapport, name="observatoire_rapport"),
    path("observatoire/<slug:chapitre>/", observatoire.chapitre, name="observatoire_chapitre"),
]
