from django.urls import path

from reunions.views import presences

urlpatterns = [
    path("<int:pk>/presences/", presences.presences, name="presences"),
    path("<int:pk>/presences/feuille/", presences.feuille, name="feuille"),
    path("<int:pk>/presences/feuille.pdf", presences.feuille_pdf, name="feuille_pdf"),
]
