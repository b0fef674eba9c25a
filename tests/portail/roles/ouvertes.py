from ressources.models import Annonce
from tests.factories.ressources import AnnonceFactory
from tests.table_des_roles import ligne


def _annonce(monde):
    annonce = Annonce.objects.filter(structure=monde.structure).first() or AnnonceFactory(structure=monde.structure)
    return {"id": annonce.pk}


FICHIERS = {"offres-et-besoins": "geojson", "agenda": "csv", "comptes-rendus": "csv", "actions": "xlsx"}
LISTES_DE_L_API = ["structures", "annonces", "evenements", "comptes_rendus", "communes", "activites", "openapi-json"]

LIGNES = [
    ligne("donnees_ouvertes", "200"),
    ligne("api_documentation", "200"),
    *[
        ligne("donnees_fichier", "200", etat=jeu, arguments=lambda m, jeu=jeu, f=f: {"jeu": jeu, "format": f})
        for jeu, f in FICHIERS.items()
    ],
    *[ligne(nom, "200") for nom in ("flux_nouveautes", "flux_structures", "flux_comptes_rendus")],
    # Nobody is logged in under /api/ and /integre/: the same for the six roles.
    *[ligne(f"api:{nom}", "200") for nom in LISTES_DE_L_API],
    *[
        ligne("api:structure", code, etat=etat, arguments=lambda m, e=etat: {"slug": m.structures[e].slug})
        for etat, code in [("publiee", "200"), ("a_valider", "404"), ("archivee", "404")]
    ],
    ligne("api:annonce", "200", arguments=_annonce),
    ligne("api:api-root", "404"),
    ligne("integrer", "200", requete="?quoi=annonces"),
    *[ligne(f"integre_{nom}", "200") for nom in ("annuaire", "carte", "annonces", "agenda")],
]
