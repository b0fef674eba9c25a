from django.urls import path

from ressources.views import vie, vie_liens

urlpatterns = [
    path("<int:pk>/pourvue/", vie.annonce_pourvue, name="annonce_pourvue"),
    path("<int:pk>/retirer/", vie.annonce_retirer, name="annonce_retirer"),
    path("<int:pk>/prolonger/", vie.annonce_prolonger, name="annonce_prolonger"),
    path("<int:pk>/rouvrir/", vie.annonce_rouvrir, name="annonce_rouvrir"),
    path("<int:pk>/signaler/", vie_liens.signaler, name="signaler"),
    path("lien/annonce/<str:jeton>/", vie_liens.annonce_lien, name="annonce_lien"),
]
