from django.urls import path

from newsletter.views import archive

urlpatterns = [
    path("", archive.archives, name="archives"),
    path("flux/", archive.flux, name="flux"),
    path("<int:rang>/", archive.numero, name="numero"),
]
