"""« Offres et besoins » on a structure's sheet."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import RattachementFactory
from tests.factories.ressources import AnnonceFactory, BesoinFactory

pytestmark = pytest.mark.django_db


def bloc(client, structure):
    return client.get(structure.get_absolute_url()).content.decode().partition('id="bloc-annonces"')[2]


def test_les_annonces_ouvertes_se_voient(client, structure):
    AnnonceFactory(structure=structure, titre="Vingt chaises")
    BesoinFactory(structure=structure, titre="Un conteur")
    AnnonceFactory(structure=structure, titre="Expirée", expire_le=timezone.localdate() - timedelta(days=1))
    AnnonceFactory(structure=structure, titre="Brouillon", etat="brouillon")
    AnnonceFactory(titre="Ailleurs")
    page = bloc(client, structure)
    assert "Vingt chaises" in page
    assert "Un conteur" in page
    assert not any(mot in page for mot in ("Expirée", "Brouillon", "Ailleurs", "Publier une annonce"))


def test_sans_annonce_seul_le_referent_voit_le_bloc(client, structure, referent, membre):
    assert bloc(client, structure) == ""
    client.force_login(membre)
    assert bloc(client, structure) == ""
    client.force_login(referent)
    assert f"/offres-et-besoins/publier/?structure={structure.pk}" in bloc(client, structure)


def test_publier_depuis_la_fiche_est_pour_cette_structure(client, structure, referent):
    """The link of the sheet is one that the form understands, even for a référent of several structures."""
    autre = RattachementFactory(utilisateur=referent, role="referent").structure
    client.force_login(referent)
    for pour in (structure, autre):
        adresse = re.search(r'href="(/offres-et-besoins/publier/[^"]*)"', bloc(client, pour))[1]
        formulaire = client.get(f"{adresse}&sens=offre&nature=materiel").context["form"]
        assert formulaire.get_initial_for_field(formulaire.fields["structure"], "structure") == pour


def test_en_requetes_constantes(client, structure, nombre_de_requetes):
    AnnonceFactory(structure=structure)
    une = nombre_de_requetes(lambda: client.get(structure.get_absolute_url()))
    for _ in range(8):
        AnnonceFactory(structure=structure)
    assert nombre_de_requetes(lambda: client.get(structure.get_absolute_url())) == une
