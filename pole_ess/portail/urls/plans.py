from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from pole_ess.portail import plan_du_site

urlpatterns = [
    path("robots.txt", plan_du_site.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": plan_du_site.PLANS, "sitemap_url_name": "plan_partiel"},
        name="plan_du_site",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": plan_du_site.PLANS}, name="plan_partiel"),
]
