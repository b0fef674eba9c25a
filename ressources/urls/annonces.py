from django.urls import path

from ressources.views import annonces, annonces_edition, annonces_photos
from ressources.views.brouillon import brouillon

urlpatterns = [
    path("publier/", annonces_edition.annonce_creer, name="annonce_creer"),
    path("publier/structures/", annonces_edition.structures_suggestions, name="structures_suggestions"),
    path("brouillon/<uuid:cle>/", brouillon, name="brouillon"),
    path("mes-annonces/", annonces.mes_annonces, name="mes_annonces"),
    path("<int:pk>-<slug:slug>/", annonces.annonce_detail, name="annonce_detail"),
    path("<int:pk>/modifier/", annonces_edition.annonce_modifier, name="annonce_modifier"),
    path("<int:pk>/apercu/", annonces_edition.annonce_apercu, name="annonce_apercu"),
    path("<int:pk>/soumettre/", annonces_edition.annonce_soumettre, name="annonce_soumettre"),
    path("<int:pk>/dupliquer/", annonces.annonce_dupliquer, name="annonce_dupliquer"),
    path("<int:pk>/photos/", annonces_photos.photos, name="photos"),
    path("<int:pk>/photos/<int:photo>/", annonces_photos.photo_modifier, name="photo_modifier"),
    path("<int:pk>/fichiers/", annonces_photos.fichiers, name="fichiers"),
    path("<int:pk>/fichiers/<int:fichier>/", annonces_photos.fichier, name="fichier"),
]
