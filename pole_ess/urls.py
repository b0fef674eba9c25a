from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from pole_ess.portail import erreurs, medias
from reunions.views.atelier_participant import rejoindre

urlpatterns = [
    path("", include("pole_ess.portail.urls")),
    path("annuaire/", include("annuaire.urls")),
    path("offres-et-besoins/", include("ressources.urls")),
    path("rencontres/", include("reunions.urls")),
    path("lettre/", include("newsletter.urls")),
    path("atelier/<str:code>/", rejoindre, name="atelier_court"),  # read on a wall, typed or scanned
    path("courrier/", include("pole_ess.socle.urls")),
    path("compte/", include("annuaire.urls_compte")),
    path("compte/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

if settings.SERVIR_MEDIAS:
    urlpatterns += [path("media/<path:chemin>", medias.media, name="media")]
if settings.DEMO:
    urlpatterns += [path("demo/", include("pole_ess.portail.urls.demo"))]

handler400 = erreurs.requete_invalide
handler403 = erreurs.interdit
handler404 = erreurs.introuvable
handler429 = erreurs.trop_de_demandes  # allauth calls it
handler500 = erreurs.erreur_serveur
