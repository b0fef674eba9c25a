"""Rows of calendars: the month, its rules, closures, planning, feeds, agreement. The world's structure lends."""

from ressources.agenda import jours
from ressources.models import Calendrier, ReglagesStructure
from tests.factories.ressources import AnnonceFactory, ReservationFactory
from tests.table_des_roles import ligne

from .reservations import VUE, calendrier, dans, reservation

GERE = "login 403 403 200 200 200"
GERE_ET_ECRIT = "login 403 403 ok ok ok"
ABSENTE = "login 404 404 404 404 404"
REGLES = {
    "actif": "on", "genre": "pool", "capacite": "12", "pas": "jour", "preavis_jours": "2", "duree_max_jours": "",
    "battement_heures": "6", "horizon_jours": "90", "consignes": "Au local.",
}  # fmt: skip


def de(etat="publiee"):
    return lambda monde: {"pk": calendrier(monde, etat).annonce_id}


def sans(**valeurs):
    """An announcement without a calendar."""
    return lambda monde: {"pk": AnnonceFactory(structure=monde.structure, **valeurs).pk}


def regles(monde, role):
    return REGLES


def dates(monde, role):
    return {"genre": "fermeture", "debut": dans(5).isoformat(), "fin": dans(6).isoformat(), "motif": "Congés"}


def fermeture(monde):
    ferme = calendrier(monde).fermetures.create(periode=jours(dans(3), dans(4)))
    return {"pk": ferme.calendrier.annonce_id, "fermeture": ferme.pk}


def jeton_de_ressource(monde):
    return {"jeton": calendrier(monde).jeton_agenda}


def jeton_de_structure(monde, etat="publiee"):
    return {"jeton": ReglagesStructure.objects.create(structure=monde.structures[etat]).jeton_agenda}


def structure(etat):
    return lambda monde: {"slug": monde.structures[etat].slug}


LIGNES = [
    ligne("ressources:calendrier", "200", arguments=de()),
    *[
        ligne("ressources:calendrier", "404 404 200 200 200 200", etat=etat, arguments=de(etat))
        for etat in ("brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee")
    ],
    ligne("ressources:calendrier", "200", etat="pourvue", arguments=de("pourvue")),
    ligne("ressources:calendrier", "404", etat="sans calendrier", arguments=sans()),
    ligne("ressources:calendrier_reglages", GERE, GERE_ET_ECRIT, arguments=de(), donnees=regles),
    ligne("ressources:calendrier_reglages", GERE, GERE_ET_ECRIT, etat="à ouvrir", arguments=sans(), donnees=regles),
    ligne("ressources:calendrier_reglages", "login 404 403 200 200 200", "login 404 403 ok ok ok", etat="brouillon",
          arguments=de("brouillon"), donnees=regles),
    ligne("ressources:calendrier_reglages", "login 403 403 404 404 404", "login 403 403 404 404 404", etat="un don",
          arguments=sans(mode="don"), donnees=regles),
    ligne("ressources:calendrier_adresse", "405", GERE_ET_ECRIT, arguments=de(),
          donnees=lambda monde, role: {"ancien": Calendrier.objects.get().jeton_agenda}),
    ligne("ressources:fermeture_creer", GERE, GERE_ET_ECRIT, arguments=de(), donnees=dates),
    ligne("ressources:fermeture_creer", "login 404 403 200 200 200", "login 404 403 ok ok ok", etat="brouillon",
          arguments=de("brouillon"), donnees=dates),
    ligne("ressources:fermeture_modifier", GERE, GERE_ET_ECRIT, arguments=fermeture, donnees=dates),
    ligne("ressources:fermeture_modifier", GERE, GERE_ET_ECRIT, etat="supprimer", arguments=fermeture,
          donnees=lambda monde, role: {"geste": "supprimer"}),
    ligne("ressources:planning", "login 404 200 200 200 200", arguments=structure("publiee")),
    ligne("ressources:planning", "login 404 404 404 200 200", etat="archivee", arguments=structure("archivee")),
    ligne("ressources:planning_adresse", "405", "login 404 403 ok ok ok", arguments=structure("publiee")),
    ligne("ressources:agenda_ressource", "200", arguments=jeton_de_ressource),
    ligne("ressources:agenda_ressource", "404", etat="faux", arguments=lambda monde: {"jeton": "a" * 40}),
    ligne("ressources:agenda_structure", "200", arguments=jeton_de_structure),
    ligne("ressources:agenda_structure", "404", etat="archivee",
          arguments=lambda monde: jeton_de_structure(monde, "archivee")),
    *[
        ligne("ressources:convention", VUE if etat in ("confirmee", "remise", "rendue") else ABSENTE,
              etat="" if etat == "confirmee" else etat,
              arguments=lambda monde, e=etat: {"pk": reservation(e)(monde).pk})
        for etat in ("confirmee", "demandee", "remise", "rendue", "refusee", "annulee", "non_venue")
    ],
    ligne("ressources:convention", "login 404 200 200 200 200", etat="d'une autre",
          arguments=lambda monde: {"pk": ReservationFactory(calendrier=calendrier(monde), etat="confirmee").pk}),
]  # fmt: skip
