"""Rows of date polls: asked by staff or a référent, answered by anybody who has the link."""

import uuid
from datetime import timedelta

from django.utils import timezone

from reunions.models import DateProposee, ReponseSondage
from tests.factories.reunions import SondageFactory
from tests.table_des_roles import ligne


def sondage_de(monde):
    """The référent's, with two dates and one answer."""
    sondage = SondageFactory(auteur=monde.roles["referent"])
    for jours in (5, 6):
        sondage.dates.create(debut=timezone.now() + timedelta(days=jours))
    return sondage


def adresse(monde):
    return {"jeton": sondage_de(monde).jeton}


def adresse_de_reponse(monde):
    sondage = sondage_de(monde)
    reponse = ReponseSondage.objects.create(sondage=sondage, nom="Lou", jeton=uuid.uuid4().hex, cle=uuid.uuid4())
    return {"jeton": sondage.jeton, "reponse": reponse.jeton}


def reponse(monde, role):
    choix = {f"date_{pk}": "oui" for pk in DateProposee.objects.values_list("pk", flat=True)}
    return {"nom": "Lou", "cle": str(uuid.uuid4()), **choix}


def dates(monde, role):
    lignes = {"jour_0": "12/03/2099", "heure_0": "18 h", "jour_1": "13 mars 2099", "heure_1": "14 h 30"}
    return {"titre": "Quelle date ?", "cle": str(uuid.uuid4()), **lignes}


def retenir(monde, role):
    return {"geste": "retenir", "date": DateProposee.objects.order_by("pk").first().pk}


LIGNES = [
    ligne("reunions:mes_sondages", "login 200 200 200 200 200"),
    ligne("reunions:sondage_creer", "login 200 403 200 200 200", "login ok 403 ok ok ok", donnees=dates),
    ligne("reunions:sondage", "200", "ok", arguments=adresse, donnees=reponse),
    ligne("reunions:sondage_reponse", "200", "ok", arguments=adresse_de_reponse, donnees=reponse),
    ligne(
        "reunions:sondage_gerer",
        "login 403 403 200 200 200",
        "login 403 403 ok ok ok",
        arguments=adresse,
        donnees=retenir,
    ),
]
