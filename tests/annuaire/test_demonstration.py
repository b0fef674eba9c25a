"""The demonstration: quick, idempotent, refused in production, nothing invented on a real structure."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from annuaire.demonstration.comptes import COMPTES
from annuaire.models import (
    Contact,
    Echange,
    LabelStructure,
    Modification,
    Photo,
    Rattachement,
    Signalement,
    Structure,
    Utilisateur,
)
from pole_ess.socle.models import ReglagesPole
from tests.bases import RESERVE

pytestmark = pytest.mark.lent


@pytest.fixture
def demonstration(db, settings):
    settings.DEMO = True
    RESERVE.demonstration()


def etat():
    return {
        modele.__name__: list(modele.objects.order_by("pk").values())
        for modele in (Structure, Contact, Echange, Modification, Rattachement, Signalement, Photo, LabelStructure)
    } | {"comptes": list(Utilisateur.objects.order_by("pk").values("email", "password", "is_staff"))}


def test_refusee_en_production(db, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="ne se charge pas ici"):
        call_command("charger_demonstration")
    assert (Structure.objects.count(), Utilisateur.objects.count()) == (0, 0)


def test_deux_fois_ne_change_rien(demonstration):
    avant = etat()
    call_command("charger_demonstration", verbosity=0)
    assert etat() == avant


def test_ce_qui_a_ete_modifie_ou_supprime_reste_ainsi(demonstration):
    Structure.objects.filter(source_cle="monnaie-locale").update(nom="Renommée")
    Structure.objects.get(source_cle="mutuelle-locale").delete()
    call_command("charger_demonstration", verbosity=0)
    assert Structure.objects.filter(nom="Renommée").count() == 1
    assert not Structure.objects.filter(source_cle="mutuelle-locale").exists()


def test_reel_et_invente_ne_se_melangent_pas(demonstration):
    reelles = Structure.objects.filter(source="liste-2014")
    assert reelles.count() == 49
    assert (
        reelles.filter(est_demonstration=False, etat="publiee", presentation="", telephone="", courriel="").count()
        == 49
    )
    for modele in (Contact, Echange, Modification, Rattachement, Signalement, Photo, LabelStructure):
        assert not modele.objects.filter(structure__in=reelles).exists()
    inventees = Structure.objects.exclude(source="liste-2014")
    assert inventees.count() == 62
    assert all(s.est_demonstration and s.nom.endswith(" (exemple)") for s in inventees)


def test_coordonnees_inventees_seulement(demonstration):
    for s in Structure.objects.filter(est_demonstration=True):
        assert not s.courriel or s.courriel.endswith(".example.org")
        assert not s.courriel_proposition or s.courriel_proposition.endswith(".example.org")
        assert not s.site or ".example.org/" in s.site
        assert not s.telephone or re.fullmatch(r"04 65 71 \d\d \d\d", s.telephone)
    for contact in Contact.objects.all():
        assert contact.courriel.endswith(".example.org")
        assert contact.courriel.isascii()
        assert contact.telephone.startswith("06 39 98 ")


def test_de_tous_les_etats(demonstration):
    inventees = Structure.objects.filter(est_demonstration=True)
    assert {etat: inventees.filter(etat=etat).count() for etat, _ in Structure.Etat.choices} == {
        "brouillon": 1,
        "a_valider": 4,
        "a_corriger": 2,
        "publiee": 53,
        "refusee": 1,
        "archivee": 1,
    }
    assert inventees.filter(latitude=None).count() == 2
    assert Modification.objects.filter(etat="a_relire").count() == 3
    assert Signalement.objects.filter(etat="a_traiter").count() == 3
    assert {c.nom_public for c in Contact.objects.all()} == {True, False}
    assert Photo.objects.count() >= 5
    for structure in inventees:
        structure.full_clean(exclude=["slug"])


def test_doublons_a_decouvrir(demonstration):
    from annuaire.doublons import candidats

    bis = Structure.objects.get(source_cle="clic-cafe-bis")
    assert [d.structure.source_cle for d in candidats(nom=bis.nom, commune=bis.commune, sauf=bis)] == [
        "numerique-pour-tous"
    ]


def test_un_compte_par_role(demonstration):
    for _role, adresse, mot_de_passe in COMPTES:
        assert authenticate(username=adresse, password=mot_de_passe).email == adresse
        assert EmailAddress.objects.get(email=adresse).verified
    assert Utilisateur.objects.filter(is_superuser=True).count() == 1
    animateur = Utilisateur.objects.get(email="animateur@demo.example.org")
    assert (animateur.is_staff, [g.name for g in animateur.groups.all()]) == (True, ["Animateurs"])
    roles = Rattachement.objects.order_by("role", "utilisateur__email").values_list(
        "role", "utilisateur__email", "structure__source_cle"
    )
    assert list(roles) == [
        ("membre", "membre@demo.example.org", "atelier-velo-parcs"),
        ("referent", "referent@demo.example.org", "atelier-velo-parcs"),
        ("referent", "voisin@demo.example.org", "tiers-lieu-moulin"),
    ]


def test_le_territoire(demonstration):
    assert len(ReglagesPole.actuels().territoire) == 358
