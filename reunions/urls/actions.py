from django.urls import path

from reunions.views import actions, projets, suites

urlpatterns = [
    path("actions/", actions.actions, name="actions"),
    path("actions/actions.csv", actions.actions_csv, name="actions_csv"),
    path("actions/nouvelle/", actions.action_creer, name="action_creer"),
    path("actions/<int:pk>/", suites.action_detail, name="action_detail"),
    path("actions/<int:pk>/modifier/", actions.action_modifier, name="action_modifier"),
    path("actions/<int:pk>/<slug:acte>/", suites.action_acte, name="action_acte"),
    path("projets/", projets.projets, name="projets"),
    path("projets/nouveau/", projets.projet_creer, name="projet_creer"),
    path("projets/<int:pk>/", suites.projet_detail, name="projet_detail"),
    path("projets/<int:pk>/modifier/", projets.projet_modifier, name="projet_modifier"),
    path("projets/<int:pk>/<slug:acte>/", suites.projet_acte, name="projet_acte"),
]
