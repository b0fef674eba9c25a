from django.urls import path

from annuaire.views import edition, exports, fiche, fraicheur, liste, membres, proposition, relais, signalement

app_name = "annuaire"
urlpatterns = [
    path("", liste.structure_liste, name="structure_liste"),
    path("carte/points.json", liste.carte_points, name="carte_points"),
    path("communes/", liste.communes_suggestions, name="communes_suggestions"),
    path("export.<str:format>", exports.export, name="export"),
    path("donnees-ouvertes/", exports.donnees_ouvertes, name="donnees_ouvertes"),
    path("proposer/", proposition.proposer, name="proposer"),
    path("proposer/doublons/", proposition.doublons_suggestions, name="doublons_suggestions"),
    path("proposer/confirmer/<str:jeton>/", proposition.proposition_confirmer, name="proposition_confirmer"),
    path("lien/revendiquer/<str:jeton>/", membres.revendiquer_confirmer, name="revendiquer_confirmer"),
    path("lien/invitation/<str:jeton>/", membres.invitation, name="invitation"),
    path("lien/fiche/<str:jeton>/", fraicheur.fraicheur, name="fraicheur"),
    path("lien/au-nom-de/<str:jeton>/", fraicheur.au_nom_de, name="au_nom_de"),
    path("<slug:slug>/", fiche.structure_detail, name="structure_detail"),
    path("<slug:slug>/carte-de-visite.vcf", fiche.vcard, name="vcard"),
    path("<slug:slug>/partage.png", fiche.carte_partage, name="carte_partage"),
    path("<slug:slug>/ecrire/", relais.ecrire, name="ecrire"),
    path("<slug:slug>/signaler/", signalement.signaler, name="signaler"),
    path("<slug:slug>/retirer/", signalement.retirer, name="retirer"),
    path("<slug:slug>/modifier/", edition.structure_modifier, name="structure_modifier"),
    path("<slug:slug>/photos/", edition.photos, name="photos"),
    path("<slug:slug>/photos/<int:pk>/", edition.photo_modifier, name="photo_modifier"),
    path("<slug:slug>/contacts/", edition.contacts, name="contacts"),
    path("<slug:slug>/contacts/<int:pk>/", edition.contact_modifier, name="contact_modifier"),
    path("<slug:slug>/confirmer/", fraicheur.confirmer, name="confirmer"),
    path("<slug:slug>/membres/", membres.membres, name="membres"),
    path("<slug:slug>/membres/<int:pk>/", membres.membre_modifier, name="membre_modifier"),
    path("<slug:slug>/quitter/", membres.quitter, name="quitter"),
    path("<slug:slug>/revendiquer/", membres.revendiquer, name="revendiquer"),
]
