from django.urls import path

from pole_ess.portail.api.v1 import api
from pole_ess.portail.views import integre, ouvertes

urlpatterns = [
    path("donnees-ouvertes/", ouvertes.donnees_ouvertes, name="donnees_ouvertes"),
    path("donnees-ouvertes/api/", ouvertes.documentation, name="api_documentation"),
    path("donnees-ouvertes/<slug:jeu>.<slug:format>", ouvertes.fichier, name="donnees_fichier"),
    path("flux/nouveautes.rss", ouvertes.flux_nouveautes, name="flux_nouveautes"),
    path("flux/structures.rss", ouvertes.flux_structures, name="flux_structures"),
    path("flux/comptes-rendus.rss", ouvertes.flux_comptes_rendus, name="flux_comptes_rendus"),
    path("api/v1/", api.urls),
    path("integrer/", integre.integrer, name="integrer"),
    path("integre/annuaire/", integre.annuaire, name="integre_annuaire"),
    path("integre/carte/", integre.carte, name="integre_carte"),
    path("integre/offres-et-besoins/", integre.annonces, name="integre_annonces"),
    path("integre/agenda/", integre.agenda, name="integre_agenda"),
]
