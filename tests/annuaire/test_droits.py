"""The group « Animateurs » has exactly its list, and cannot raise anybody's rights, its own included."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from annuaire import droits
from annuaire.models import Structure, Utilisateur
from tests.factories import UtilisateurFactory


def du_groupe():
    return {
        f"{app}.{codename}"
        for app, codename in Permission.objects.filter(group__name=droits.GROUPE).values_list(
            "content_type__app_label", "codename"
        )
    }


def test_le_groupe_a_exactement_sa_liste(db):
    voulues = {
        f"{app}.{verbe}_{modele}"
        for app, modeles in droits.PERMISSIONS.items()
        for modele, verbes in modeles.items()
        for verbe in verbes.split()
    }
    assert du_groupe() == voulues
    assert not {droit for droit in voulues if droit.startswith("auth.")}
    assert not voulues & {"annuaire.delete_structure", "annuaire.add_utilisateur", "annuaire.delete_utilisateur"}


def test_ce_qu_on_ajoute_a_la_main_ne_reste_pas(db):
    avant, groupe = du_groupe(), Group.objects.get(name=droits.GROUPE)
    groupe.permissions.set([Permission.objects.get(codename="change_group")])
    droits.accorder()
    assert du_groupe() == avant


@pytest.fixture
def anim(client, animateur):
    client.force_login(animateur)
    return client


def page(utilisateur, vue="change"):
    return reverse(f"admin:annuaire_utilisateur_{vue}", args=[utilisateur.pk])


ELEVATION = {"is_staff": "on", "is_superuser": "on", "groups": ["1"], "user_permissions": ["1"], "password": "x"}


def test_animateur_corrige_un_membre_sans_lui_donner_de_droits(anim):
    membre = UtilisateurFactory()
    lignes = {"rattachements-TOTAL_FORMS": 0, "rattachements-INITIAL_FORMS": 0}
    donnees = {"nom": "Nouveau nom", "is_active": "on", "email": "x@example.org", **ELEVATION, **lignes}
    reponse = anim.post(page(membre), donnees)
    assert reponse.status_code == 302
    relu = Utilisateur.objects.get(pk=membre.pk)
    assert (relu.nom, relu.email, relu.password) == ("Nouveau nom", membre.email, membre.password)
    assert (relu.is_staff, relu.is_superuser) == (False, False)
    assert (relu.groups.count(), relu.user_permissions.count()) == (0, 0)


@pytest.mark.parametrize("cible", ["soi", "administrateur", "collegue"])
def test_animateur_ne_touche_pas_l_equipe(anim, request, cible):
    if cible == "soi":
        compte = request.getfixturevalue("animateur")
    elif cible == "administrateur":
        compte = request.getfixturevalue("administrateur")
    else:
        compte = UtilisateurFactory(is_staff=True)
    avant = Utilisateur.objects.filter(pk=compte.pk).values().get()
    assert anim.post(page(compte), {"nom": "Piraté", "is_active": "", **ELEVATION}).status_code == 403
    assert anim.post(page(compte, "delete"), {"post": "yes"}).status_code == 403
    assert Utilisateur.objects.filter(pk=compte.pk).values().get() == avant


def test_animateur_ne_cree_ni_compte_ni_groupe_ni_mot_de_passe(anim):
    membre, groupe = UtilisateurFactory(), Group.objects.get(name=droits.GROUPE)
    assert anim.get(reverse("admin:annuaire_utilisateur_add")).status_code == 403
    mot = {"password1": "Une-phrase-longue-9", "password2": "Une-phrase-longue-9", "usable_password": "true"}
    adresse = reverse("admin:auth_user_password_change", args=[membre.pk])
    assert anim.post(adresse, mot).status_code == 403
    assert anim.post(reverse("admin:auth_group_change", args=[groupe.pk]), {"name": "x"}).status_code == 403
    assert anim.post(reverse("admin:auth_group_add"), {"name": "x"}).status_code == 403
    assert anim.post(reverse("admin:socle_reglagespole_change", args=[1]), {"nom": "x"}).status_code == 403
    assert Utilisateur.objects.get(pk=membre.pk).password == membre.password
    assert list(Group.objects.values_list("name", flat=True)) == [droits.GROUPE]


def test_animateur_n_efface_pas_de_structure(anim, structure):
    assert (
        anim.post(reverse("admin:annuaire_structure_delete", args=[structure.pk]), {"post": "yes"}).status_code == 403
    )
    assert Structure.objects.filter(pk=structure.pk).exists()


@pytest.mark.parametrize(
    "page",
    [
        "structure_doublons",
        "structure_a_telephoner",
        "structure_a_telephoner_csv",
        "importstructures_add",
        "importstructures_changelist",
    ],
)
def test_equipe_sans_groupe_est_refusee_partout(client, db, page):
    client.force_login(UtilisateurFactory(is_staff=True))
    assert client.get(reverse(f"admin:annuaire_{page}")).status_code == 403


def test_equipe_sans_groupe_n_exporte_ni_n_agit(client, structure):
    client.force_login(UtilisateurFactory(is_staff=True))
    assert client.get(reverse("admin:annuaire_importstructures_exporter", args=["csv"])).status_code == 403
    for nom, arguments in [
        ("acte", [structure.pk, "archiver"]),
        ("au_nom_de", [structure.pk]),
        ("bordereau", [structure.pk]),
        ("echange", [structure.pk]),
        ("fusion", [structure.pk, structure.pk + 1]),
        ("non_doublon", [structure.pk, structure.pk + 1]),
    ]:
        adresse = reverse(f"admin:annuaire_structure_{nom}", args=arguments)
        assert (client.get(adresse).status_code, client.post(adresse, {}).status_code) == (403, 403), nom
    structure.refresh_from_db()
    assert structure.etat == "publiee"
