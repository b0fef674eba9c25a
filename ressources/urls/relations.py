from django.urls import path

from ressources.views import relations, relations_liens

urlpatterns = [
    path("<int:pk>/repondre/", relations.repondre, name="repondre"),
    path("messages/", relations.conversations, name="conversations"),
    path("messages/<int:pk>/", relations.conversation, name="conversation"),
    path("messages/<int:pk>/<slug:acte>/", relations.acte, name="conversation_acte"),
    path("lien/conversation/<str:jeton>/", relations_liens.par_lien, name="conversation_lien"),
]
