"""Rows of bookings. The world's structure lends; the stranger's structure borrows."""

import uuid
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from ressources.agenda import jours
from tests.factories.ressources import AnnonceFactory, CalendrierFactory, ReservationFactory
from tests.table_des_roles import ligne

VUE = "login 200 200 200 200 200"


def leur_structure(monde):
    """The stranger's."""
    return monde.roles["etranger"].rattachements.get().structure


def dans(nombre):
    return timezone.localdate() + timedelta(days=nombre)


def calendrier(monde, etat="publiee"):
    return CalendrierFactory(annonce=AnnonceFactory(structure=monde.structure, etat=etat))


def reservable(etat="publiee"):
    return lambda monde: {"pk": calendrier(monde, etat).annonce_id}


def demande(monde, role):
    jour = dans(5).isoformat()
    return {"structure": leur_structure(monde).pk, "debut": jour, "fin": jour, "cle": str(uuid.uuid4())}


def reservation(etat, debut=5, fin=6, **valeurs):
    def faire(monde):
        return ReservationFactory(
            calendrier=calendrier(monde), structure=leur_structure(monde), etat=etat,
            periode=jours(dans(debut), dans(fin)), **valeurs,
        )  # fmt: skip

    return faire


def acte(nom, etat, post, donnees=None, **valeurs):
    faire = reservation(etat, **valeurs)
    return ligne(
        "ressources:reservation_acte",
        "405",
        post,
        etat="" if nom == "confirmer" else nom,
        arguments=lambda monde: {"pk": faire(monde).pk, "acte": nom},
        donnees=lambda monde, role: donnees or {},
    )


def photo(monde):
    prete = reservation("remise")(monde)
    cliche = prete.photos.create(moment="remise", fichier=ContentFile(b"RIFF", name="x"))
    return {"pk": prete.pk, "photo": cliche.pk}


LIGNES = [
    ligne("ressources:reserver", "login 200 403 403 200 200", "login ok 403 403 403 403", arguments=reservable(),
          donnees=demande),
    ligne("ressources:reserver", "login 404 403 403 200 200", "login 404 403 403 403 403", etat="brouillon",
          arguments=reservable("brouillon"), donnees=demande),
    ligne("ressources:reservations", "login 200 200 200 200 200"),
    *[
        ligne("ressources:reservation", VUE, etat="" if etat == "demandee" else etat,
              arguments=lambda monde, e=etat: {"pk": reservation(e)(monde).pk})
        for etat in ("demandee", "confirmee", "remise", "rendue", "refusee", "annulee", "non_venue")
    ],
    ligne("ressources:reservation", "login 404 200 200 200 200", etat="d'une autre",
          arguments=lambda monde: {"pk": ReservationFactory(calendrier=calendrier(monde)).pk}),
    ligne("ressources:reservation_photo", VUE, arguments=photo),
    acte("confirmer", "demandee", "login 403 403 ok ok ok"),
    acte("refuser", "demandee", "login 403 403 ok ok ok", {"motif": "Non"}),
    acte("annuler", "confirmee", "login ok 403 ok ok ok"),
    acte("remettre", "confirmee", "login 403 403 ok ok ok"),
    acte("rendre", "remise", "login 403 403 ok ok ok", {"etat": "conforme"}),
    acte("non_venue", "confirmee", "login 403 403 ok ok ok", debut=-1, fin=1),
    acte("prolonger", "confirmee", "login ok 403 403 ok ok", {"fin": dans(8).isoformat()}),
]  # fmt: skip
