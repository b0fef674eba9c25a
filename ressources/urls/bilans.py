"""What a structure did in a year."""

from django.urls import path

from ressources.views import bilans

urlpatterns = [
    path("bilan/", bilans.bilans, name="bilans"),
    path("bilan/<slug:slug>/", bilans.bilan_structure, name="bilan_structure"),
    path("bilan/<slug:slug>/montrer/", bilans.montrer, name="bilan_montrer"),
    path("bilan/<slug:slug>/echange/<slug:echange>/", bilans.declarer, name="bilan_declarer"),
    path("bilan/<slug:slug>/<int:annee>/", bilans.bilan, name="bilan"),
    path("bilan/<slug:slug>/<int:annee>/bilan.pdf", bilans.bilan_pdf, name="bilan_pdf"),
    path("bilan/<slug:slug>/<int:annee>/<slug:fichier>.csv", bilans.bilan_csv, name="bilan_csv"),
]
