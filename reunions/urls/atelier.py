from django.urls import path

from reunions.views import atelier, atelier_direct, atelier_participant, regroupement

urlpatterns = [
    path("rejoindre/", atelier_participant.rejoindre, name="rejoindre"),
    path("rejoindre/structures/", atelier_participant.structures, name="rejoindre_structures"),
    path("direct/<str:jeton>/", atelier_direct.direct, name="atelier_direct"),
    path("participer/<str:jeton>/", atelier_participant.ecrire, name="atelier_ecrire"),
    path("<int:pk>/atelier/", atelier.console, name="atelier"),
    path("<int:pk>/atelier/reglages/", atelier.reglages, name="atelier_reglages"),
    path("<int:pk>/atelier/papier/", atelier.papier, name="atelier_papier"),
    path("<int:pk>/atelier/regrouper/<int:axe>/", regroupement.regrouper, name="atelier_regrouper"),
    path("<int:pk>/projecteur/", atelier.projecteur, name="projecteur"),
]
