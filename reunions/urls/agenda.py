from django.urls import path

from reunions.views import affiches, agenda, evenements, evenements_import

urlpatterns = [
    path("", agenda.agenda, name="agenda"),
    path("mois/", agenda.agenda_mois, name="agenda_mois"),
    path("flux/", agenda.flux, name="flux"),
    path("agenda.ics", agenda.flux_ics, name="flux_ics"),
    path("evenements/", evenements.mes_evenements, name="mes_evenements"),
    path("evenements/proposer/", evenements.evenement_creer, name="evenement_creer"),
    path("evenements/proches/", evenements.evenements_proches, name="evenements_proches"),
    path("evenements/importer/", evenements_import.importer, name="evenements_importer"),
    path("evenements/<int:pk>/", evenements.evenement_detail, name="evenement_detail"),
    path("evenements/<int:pk>/agenda.ics", evenements.evenement_ics, name="evenement_ics"),
    path("evenements/<int:pk>/affiche.pdf", affiches.evenement_affiche, name="evenement_affiche"),
    path("evenements/<int:pk>/modifier/", evenements.evenement_modifier, name="evenement_modifier"),
    path("evenements/<int:pk>/acte/<slug:acte>/", evenements.evenement_acte, name="evenement_acte"),
]
