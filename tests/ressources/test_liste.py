"""The list page: one URL, whole with or without JavaScript, the same number of queries whatever it shows."""

import pytest

from ressources.models import PhotoAnnonce
from tests.factories import CommuneFactory
from tests.factories.ressources import AnnonceFactory, CategorieFactory

pytestmark = pytest.mark.django_db
URL = "/offres-et-besoins/"


def remplir(nombre: int):
    for rang in range(nombre):
        commune = CommuneFactory(code=f"03{rang + 1:03d}", latitude=46.1 + rang / 1000, longitude=3.4)
        categorie = CategorieFactory(slug=f"categorie-{rang}", nom=f"Catégorie {rang}")
        annonce = AnnonceFactory(titre=f"Enceintes {rang:02d}", commune=commune, categorie=categorie)
        for ordre in range(2):
            PhotoAnnonce.objects.create(
                annonce=annonce, fichier=f"annonces/{rang}-{ordre}.webp", vignette=f"annonces/v{rang}-{ordre}.webp",
                alternative="Deux enceintes", ordre=ordre, largeur=10, hauteur=10,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("chaine", "requetes"),
    [
        ("", 5),
        ("?q=enceintes&sens=offre&nature=materiel&mode=pret&vue=liste", 6),
        ("?q=enceinets", 8),
        ("?commune=03001&km=20", 6),
        ("?du=2099-01-01&au=2099-01-05&gratuit=1", 5),
    ],
)
@pytest.mark.parametrize("nombre", [1, 25])
def test_le_nombre_de_requetes_est_constant(client, django_assert_num_queries, nombre, chaine, requetes):
    remplir(nombre)
    client.get(URL)
    with django_assert_num_queries(requetes):
        reponse = client.get(URL + chaine)
    assert reponse.context["resultat"].total == nombre
