from django.urls import path

from ressources.views import mises_creation, mises_en_commun, mises_pilotage

urlpatterns = [
    path("ensemble/", mises_en_commun.liste, name="ensemble"),
    path("ensemble/achat/", mises_creation.achat, name="achat_creer"),
    path("ensemble/poste/", mises_creation.poste, name="poste_creer"),
    path("ensemble/<int:pk>/", mises_en_commun.mise, name="mise_en_commun"),
    path("ensemble/<int:pk>/piloter/", mises_pilotage.piloter, name="mise_piloter"),
    path("ensemble/<int:pk>/reglages/", mises_creation.reglages, name="mise_reglages"),
    path("ensemble/<int:pk>/tableau.<str:format>", mises_pilotage.tableau, name="mise_tableau"),
]
