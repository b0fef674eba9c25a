"""Every page of the admin, by every role, and its home."""

import copy

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.annuaire.test_fusion import garnir
from tests.factories import StructureFactory, UtilisateurFactory
from tests.partage import ecrit_par_module

MODELES = sorted(
    (modele for modele in admin.site._registry if modele._meta.app_label in ("annuaire", "socle", "auth")),
    key=lambda modele: modele._meta.label,
)


def _garni():
    structure = StructureFactory(etat="publiee")
    garnir(structure)
    return structure


_garni_du_module = ecrit_par_module(_garni)


@pytest.fixture
def structure(_garni_du_module, db):
    """A published structure, among one row at least of every model."""
    return copy.deepcopy(_garni_du_module)


@pytest.fixture
def monde(structure):
    return structure


def urls_de(modele):
    nom = f"admin:{modele._meta.app_label}_{modele._meta.model_name}"
    urls = [reverse(f"{nom}_changelist"), reverse(f"{nom}_changelist") + "?q=x'%25y&p=99999&o=1.-2&e=9"]
    premier = modele._base_manager.first()
    urls.append(reverse(f"{nom}_add"))
    if premier is not None:
        urls += [reverse(f"{nom}_{vue}", args=[premier.pk]) for vue in ("change", "history")]
        if hasattr(modele, "history"):
            version = modele.history.filter(**{modele._meta.pk.name: premier.pk}).first()
            urls.append(reverse(f"{nom}_simple_history", args=[premier.pk, version.pk]))
    return [*urls, reverse(f"{nom}_change", args=["0"]), reverse(f"{nom}_change", args=["x'"])]


@pytest.mark.parametrize("modele", MODELES, ids=lambda modele: modele._meta.label)
@pytest.mark.parametrize("role", ["animateur", "administrateur"])
def test_pages_de_l_equipe_ne_cassent_pas(client, request, monde, role, modele):
    client.force_login(request.getfixturevalue(role))
    for url in urls_de(modele):
        reponse = client.get(url)
        assert reponse.status_code in (200, 302, 403, 404), url
        if reponse.status_code == 200:
            assert b"style=" not in reponse.content, url
            assert b"<script>" not in reponse.content, url


@pytest.mark.parametrize("modele", MODELES, ids=lambda modele: modele._meta.label)
@pytest.mark.parametrize("role", ["visiteur", "membre", "referent"])
def test_pages_fermees_a_qui_n_est_pas_de_l_equipe(client, request, monde, role, modele):
    if role != "visiteur":
        client.force_login(request.getfixturevalue(role))
    for url in urls_de(modele):
        reponse = client.get(url)
        assert (reponse.status_code, reponse.url.split("?")[0]) == (302, reverse("admin:login")), url


@pytest.mark.parametrize("modele", MODELES, ids=lambda modele: modele._meta.label)
def test_equipe_sans_groupe_ne_voit_rien(client, monde, modele):
    client.force_login(UtilisateurFactory(is_staff=True))
    for url in urls_de(modele):
        assert client.get(url).status_code in (302, 403, 404), url
    accueil = client.get(reverse("admin:index"))
    assert (accueil.context["app_list"], accueil.context["attentes"], accueil.context["calmes"]) == ([], [], [])


def test_accueil_dit_ce_qui_attend(client, animateur, monde, ouvrier_vivant):
    StructureFactory.create_batch(2, etat="a_valider")
    client.force_login(animateur)
    reponse = client.get(reverse("admin:index"))
    attendus = {ligne.titre: ligne.nombre for ligne in reponse.context["attentes"]}
    assert attendus == {
        "Structures à valider": 2,
        "Modifications à relire": 1,
        "Autres signalements d'annonces": 1,
        "Erreurs signalées": 1,
        "Imports à appliquer": 1,
        "Structures enregistrées qui ressemblent à une fiche": 1,
    }
    assert "Demandes de rattachement" in {ligne.titre for ligne in reponse.context["calmes"]}
    for ligne in [*reponse.context["attentes"], *reponse.context["calmes"]]:
        assert client.get(ligne.url).status_code == 200, ligne.titre
