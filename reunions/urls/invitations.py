from django.urls import path

from reunions.views import covoiturage, inscription, invitations

urlpatterns = [
    path("lien/invitation/<str:jeton>/", inscription.repondre_lien, name="repondre_lien"),
    path("lien/covoiturage/<str:jeton>/", covoiturage.covoiturage_lien, name="covoiturage_lien"),
    path("<int:pk>/inscription/", inscription.inscription, name="inscription"),
    path("<int:pk>/covoiturage/", covoiturage.covoiturage, name="covoiturage"),
    path("<int:pk>/invitations/", invitations.invitations, name="invitations"),
    path("<int:pk>/invitations.csv", invitations.en_csv, name="invitations_csv"),
    path("<int:pk>/invitations/structures/", invitations.structures, name="invitations_structures"),
    path("<int:pk>/invitations/liste/", invitations.liste, name="invitations_liste"),
    path("<int:pk>/invitations/<int:participation>/retirer/", invitations.retirer, name="invitation_retirer"),
    path("<int:pk>/invitations/<int:participation>/reponse/", invitations.repondre_pour, name="invitation_repondre"),
    path("<int:pk>/invitations/<slug:acte>/", invitations.acte, name="invitations_acte"),
]
