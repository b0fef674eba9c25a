"""The portal's routes with the demonstration's, as settings.demo mounts them."""

from django.urls import include, path

from pole_ess.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401 - Django reads them

urlpatterns = [*urlpatterns, path("demo/", include("pole_ess.portail.urls.demo"))]
