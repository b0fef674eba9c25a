from django.urls import path

from . import views_demo

urlpatterns = [
    path("courrier/", views_demo.courrier, name="demo_courrier"),
    path("courrier/<str:nom>/", views_demo.message, name="demo_message"),
    path("courrier/<str:nom>/html/", views_demo.message_html, name="demo_message_html"),
]
