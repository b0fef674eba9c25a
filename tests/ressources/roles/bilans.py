"""Rows of the roles table: what a structure did in a year. Strangers do not learn that it exists; staff read."""

from django.utils import timezone

from ressources.models import Bilan
from tests.factories.ressources import AnnonceFactory, MiseEnRelationFactory
from tests.table_des_roles import ligne

LU = "login 404 200 200 200 200"


def de(etat="publiee", **reste):
    return lambda monde: {"slug": monde.structures[etat].slug, **reste}


def cette_annee(etat="publiee", **reste):
    return lambda monde: {**de(etat, **reste)(monde), "annee": timezone.localdate().year}


def attendu(monde):
    """An exchange that the other side put figures on."""
    relation = MiseEnRelationFactory(annonce=AnnonceFactory(structure=monde.structure), etat="conclue")
    Bilan.objects.create(annonce=relation.annonce, mise_en_relation=relation, structure=relation.structure, heures=2)
    return {"slug": monde.structure.slug, "echange": f"r{relation.pk}"}


def chiffres(monde, role):
    return {"heures": "3,5", "euros": "", "kilos": ""}


LIGNES = [
    ligne("ressources:bilans", "login 302 200 200 200 200"),
    ligne("ressources:bilan_structure", "login 404 302 302 302 302", arguments=de()),
    ligne("ressources:bilan_structure", "login 404 404 404 302 302", etat="archivee", arguments=de("archivee")),
    ligne("ressources:bilan", LU, arguments=cette_annee()),
    ligne("ressources:bilan", LU, etat="refusee", arguments=cette_annee("refusee")),
    ligne("ressources:bilan", "login 404 404 404 200 200", etat="archivee", arguments=cette_annee("archivee")),
    ligne("ressources:bilan", "login 404 404 404 404 404", etat="hors des années", arguments=de(annee=1999)),
    ligne("ressources:bilan_pdf", LU, arguments=cette_annee()),
    ligne("ressources:bilan_csv", LU, arguments=cette_annee(fichier="totaux")),
    ligne("ressources:bilan_csv", LU, etat="echanges", arguments=cette_annee(fichier="echanges")),
    ligne("ressources:bilan_csv", "login 404 404 404 404 404", etat="inconnu", arguments=cette_annee(fichier="tout")),
    ligne("ressources:bilan_montrer", "405", "login 404 403 ok ok ok", arguments=de(),
          donnees=lambda monde, role: {"oui": "on"}),
    ligne("ressources:bilan_declarer", "login 404 200 200 403 403", "login 404 ok ok 403 403", arguments=attendu,
          donnees=chiffres),
    ligne("ressources:bilan_declarer", "login 404 404 404 403 403", "login 404 404 404 403 403",
          etat="d'une autre", donnees=chiffres,
          arguments=lambda monde: {**de()(monde), "echange": f"r{MiseEnRelationFactory(etat='conclue').pk}"}),
]  # fmt: skip
