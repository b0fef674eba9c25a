from django.urls import path

from pole_ess.portail.views import demo

urlpatterns = [
    path("courrier/", demo.courrier, name="demo_courrier"),
    path("courrier/<str:nom>/", demo.message, name="demo_message"),
    path("courrier/<str:nom>/html/", demo.message_html, name="demo_message_html"),
]
