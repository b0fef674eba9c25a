"""Lists whose own tests count nothing: the same literal number of queries with one object and with many."""

import pytest
from django.urls import reverse

from ressources.models import Alerte
from tests.factories import CommuneFactory
from tests.factories.ressources import AnnonceFactory, CategorieFactory

pytestmark = pytest.mark.django_db
ETATS = ["publiee", "brouillon", "a_valider", "a_corriger", "pourvue", "retiree", "refusee", "archivee"]


def _annonces(structure, referent, nombre):
    for rang in range(nombre):
        commune = CommuneFactory(code=f"03{rang + 1:03d}")
        AnnonceFactory(
            structure=structure, commune=commune, categorie=CategorieFactory(), etat=ETATS[rang % len(ETATS)]
        )


def _publiees(structure, referent, nombre):
    for rang in range(nombre):
        AnnonceFactory(commune=CommuneFactory(code=f"03{rang + 1:03d}"), categorie=CategorieFactory())


def _alertes(structure, referent, nombre):
    for rang in range(nombre):
        Alerte.objects.create(utilisateur=referent, nom=f"Alerte {rang}", criteres=f"q=chaises{rang}&nature=materiel")


@pytest.mark.parametrize("nombre", [1, 20])
@pytest.mark.parametrize(
    ("remplir", "nom", "requetes"),
    [
        (_annonces, "ressources:mes_annonces", 7),
        (_alertes, "ressources:alertes", 4),
        (_publiees, "ressources:annonce_flux", 3),
    ],
    ids=["mes annonces", "alertes", "flux"],
)
def test_une_liste_coute_autant(client, structure, referent, django_assert_num_queries, nombre, remplir, nom, requetes):
    remplir(structure, referent, nombre)
    client.force_login(referent)
    url = reverse(nom)
    client.get(url)
    with django_assert_num_queries(requetes):
        assert client.get(url).status_code == 200
