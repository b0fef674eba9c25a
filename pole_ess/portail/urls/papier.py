from django.urls import path

from pole_ess.portail.views import papier

urlpatterns = [
    path("annuaire-papier/", papier.annuaire_papier, name="annuaire_papier"),
    path("annuaire-papier/livret.pdf", papier.livret, name="annuaire_papier_fichier"),
]
