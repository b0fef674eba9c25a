from django.urls import path

from ressources.views import lots

urlpatterns = [
    path("<int:pk>/lot/", lots.lot, name="lot"),
    path("<int:pk>/parts/<int:part>/", lots.part, name="part"),
]
