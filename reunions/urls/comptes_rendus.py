from django.urls import path

from reunions.views import comptes_rendus, redaction

urlpatterns = [
    path("<int:pk>/compte-rendu/", comptes_rendus.page, name="compte_rendu"),
    path("<int:pk>/compte-rendu.<str:format>", comptes_rendus.fichier, name="compte_rendu_fichier"),
    path("<int:pk>/ordre-du-jour.<str:format>", comptes_rendus.ordre_du_jour, name="ordre_du_jour_fichier"),
    path("<int:pk>/compte-rendu/rediger/", redaction.page, name="compte_rendu_rediger"),
    path("<int:pk>/compte-rendu/sections/<int:section>/", redaction.section, name="compte_rendu_section"),
]
