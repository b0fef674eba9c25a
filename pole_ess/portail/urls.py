from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from . import plan_du_site, views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("mentions-legales/", views.page, {"nom": "mentions_legales"}, name="mentions_legales"),
    path("donnees-personnelles/", views.page, {"nom": "donnees_personnelles"}, name="donnees_personnelles"),
    path("accessibilite/", views.page, {"nom": "accessibilite"}, name="accessibilite"),
    path("sante/", views.sante, name="sante"),
    path("robots.txt", plan_du_site.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": plan_du_site.PLANS, "sitemap_url_name": "plan_partiel"},
        name="plan_du_site",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": plan_du_site.PLANS}, name="plan_partiel"),
]
