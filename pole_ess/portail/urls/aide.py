from django.urls import path

from pole_ess.portail.views import aide

urlpatterns = [
    path("aide/", aide.aide, name="aide"),
    path("aide/equipe/", aide.aide_equipe, name="aide_equipe"),
    path("aide/equipe/images/<str:nom>", aide.aide_image, name="aide_image"),
    path("aide/<slug:slug>/", aide.aide_page, name="aide_page"),
]
