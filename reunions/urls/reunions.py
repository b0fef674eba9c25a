from django.urls import path

from reunions.views import accueil, affiches, ordre_du_jour, reunions

urlpatterns = [
    path("nouvelle/", reunions.reunion_creer, name="reunion_creer"),
    path("reste-a-accueillir/", accueil.reste_a_accueillir, name="reste_a_accueillir"),
    path("accueillir/", accueil.accueillir, name="accueillir"),
    path("point/", ordre_du_jour.point_a_proposer, name="point_a_proposer"),
    path("<int:pk>/", reunions.reunion_detail, name="reunion_detail"),
    path("<int:pk>/agenda.ics", reunions.reunion_ics, name="reunion_ics"),
    path("<int:pk>/affiche.pdf", affiches.affiche, name="affiche"),
    path("<int:pk>/preparer/", reunions.preparer, name="preparer"),
    path("<int:pk>/modifier/", reunions.reunion_modifier, name="reunion_modifier"),
    path("<int:pk>/acte/<slug:acte>/", reunions.reunion_acte, name="reunion_acte"),
    path("<int:pk>/ordre-du-jour/", ordre_du_jour.ordre_du_jour, name="ordre_du_jour"),
    path("<int:pk>/ordre-du-jour/<int:point>/", ordre_du_jour.point_modifier, name="point_modifier"),
    path("<int:pk>/animateurs/", ordre_du_jour.animateurs, name="animateurs"),
    path("<int:pk>/animateurs/<int:animateur>/", ordre_du_jour.animateur_modifier, name="animateur_modifier"),
    path("<int:pk>/documents/", ordre_du_jour.documents, name="documents"),
    path("<int:pk>/documents/<int:document>/", ordre_du_jour.document, name="document"),
]
