from django.urls import path

from pole_ess.portail.views import sante

urlpatterns = [path("sante/", sante.sante, name="sante")]
