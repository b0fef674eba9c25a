"""Volunteers: missions, shifts, who offers skills and days."""

from django.urls import path

from ressources.views import benevolat, benevolat_organiser, benevolat_profil

urlpatterns = [
    path("benevolat/", benevolat.liste, name="benevolat"),
    path("benevolat/mes-missions/", benevolat.mes_missions, name="mes_missions"),
    path("benevolat/mes-missions.ics", benevolat.mes_missions_ics, name="mes_missions_ics"),
    path("benevolat/profil/", benevolat_profil.profil, name="profil_benevole"),
    path("benevolat/profil/quitter/", benevolat_profil.quitter, name="profil_benevole_quitter"),
    path("benevolat/benevoles/", benevolat_profil.benevoles, name="benevoles"),
    path("benevolat/benevoles/<int:pk>/ecrire/", benevolat_profil.ecrire, name="benevole_ecrire"),
    path("benevolat/contacts/<int:pk>/", benevolat_profil.contact, name="contact_benevole"),
    path("benevolat/lien/<str:jeton>/", benevolat.par_lien, name="benevole_lien"),
    path("benevolat/places/<int:pk>/", benevolat.place, name="place_benevole"),
    path("benevolat/creneaux/<int:pk>/prendre/", benevolat.prendre, name="creneau_prendre"),
    path("benevolat/creneaux/<int:pk>/", benevolat_organiser.creneau, name="creneau"),
    path("benevolat/creneaux/<int:pk>/annuler/", benevolat_organiser.creneau_annuler, name="creneau_annuler"),
    path("benevolat/creneaux/<int:pk>/pointage/", benevolat_organiser.pointer, name="creneau_pointer"),
    path("benevolat/<int:pk>/", benevolat.mission, name="mission"),
    path("benevolat/<int:pk>/organiser/", benevolat_organiser.organiser, name="mission_organiser"),
    path("benevolat/<int:pk>/modifier/", benevolat_organiser.modifier, name="mission_modifier"),
    path("benevolat/<int:pk>/annuler/", benevolat_organiser.annuler, name="mission_annuler"),
    path("benevolat/<int:pk>/feuille/", benevolat_organiser.feuille, name="mission_feuille"),
    path("benevolat/<int:pk>/feuille.pdf", benevolat_organiser.feuille_pdf, name="mission_feuille_pdf"),
    path("<int:pk>/missions/nouvelle/", benevolat_organiser.ouvrir, name="mission_creer"),
]
