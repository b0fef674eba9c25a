from django.urls import path

from ressources.views import annonces

urlpatterns = [
    path("<int:pk>-<slug:slug>/", annonces.annonce_detail, name="annonce_detail"),
]
