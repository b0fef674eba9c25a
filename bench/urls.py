"""The portal's URLs, and a bare view to compare the list page with."""

from django.http import HttpResponse
from django.urls import path

from pole_ess.urls import handler400, handler403, handler404, handler500
from pole_ess.urls import urlpatterns as portail

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def nue(request):
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("_nue/", nue), *portail]
