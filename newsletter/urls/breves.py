from django.urls import path

from newsletter.views import breves, breves_edition, rappels

urlpatterns = [
    path("breves/", breves.breves, name="breves"),
    path("breves/flux/", breves.flux, name="breves_flux"),
    path("breves/miennes/", breves_edition.miennes, name="mes_breves"),
    path("breves/proposer/", breves_edition.creer, name="breve_creer"),
    path("breves/rappel/", rappels.mon_rappel, name="mon_rappel"),
    path("rappel/<str:jeton>/", rappels.rappel, name="rappel"),
    path("breves/<int:pk>/", breves.breve, name="breve"),
    path("breves/<int:pk>/modifier/", breves_edition.modifier, name="breve_modifier"),
    path("breves/<int:pk>/acte/<slug:acte>/", breves_edition.acte, name="breve_acte"),
]
