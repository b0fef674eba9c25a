"""Rows of the shared agenda and of what goes out of it."""

import uuid

from tests.factories.reunions import EvenementFactory, ReunionFactory
from tests.reunions.calendriers import ics, vevent
from tests.table_des_roles import ligne


def des_dates(monde):
    ReunionFactory()
    EvenementFactory(structure=monde.structure)
    return {}


FILTRES = "?q=essai&type=forum&type=pole-visite&commune=03310&km=20"
LIGNES = [
    ligne("reunions:agenda", "200", arguments=des_dates, requete=f"{FILTRES}&du=2027-03-12"),
    ligne("reunions:agenda_mois", "200", arguments=des_dates, requete=f"{FILTRES}&mois=2027-03"),
    ligne("reunions:flux", "200", arguments=des_dates, requete=FILTRES),
    ligne("reunions:flux_ics", "200", arguments=des_dates, requete=FILTRES),
]


def evenement(etat="publie", acte=None):
    def arguments(monde):
        pk = EvenementFactory(structure=monde.structure, etat=etat).pk
        return {"pk": pk} | ({"acte": acte} if acte else {})

    return arguments


def saisie(monde, role):
    sienne = monde.structure
    if role == "etranger":
        sienne = monde.roles["etranger"].rattachements.get().structure
    return {
        "structure": sienne.pk,
        "genre": "spectacle",
        "titre": "Contes d'hiver",
        "jour": "12/03/2099",
        "heure": "20 h 30",
        "cle": str(uuid.uuid4()),
        "geste": "enregistrer",
    }


def calendrier(monde, role):
    return {**saisie(monde, role), "geste": "importer", "texte": ics(vevent())}


CACHE = "404 404 200 200 200 200"
GERE, GERE_ECRIT = "login 404 403 200 200 200", "login 404 403 ok ok ok"
PUBLIC_GERE, PUBLIC_GERE_ECRIT = "login 403 403 200 200 200", "login 403 403 ok ok ok"
LIGNES += [
    ligne("reunions:mes_evenements", "login 200 200 200 200 200", "405 405 405 405 405 405"),
    ligne("reunions:evenement_creer", "login 200 200 200 200 200", "login ok 200 ok ok ok", donnees=saisie),
    ligne(
        "reunions:evenements_proches",
        "login 200 200 200 200 200",
        arguments=des_dates,
        requete="?jour=12/03/2099&commune=Vichy",
    ),
    ligne(
        "reunions:evenements_importer", "login 200 200 200 200 200", "login 200+ 200 200+ 200+ 200+", donnees=calendrier
    ),
    *[
        ligne("reunions:evenement_detail", get, etat=etat, arguments=evenement(etat))
        for etat, get in [
            ("brouillon", CACHE),
            ("a_valider", CACHE),
            ("a_corriger", CACHE),
            ("publie", "200"),
            ("annule", "200"),
            ("refuse", CACHE),
            ("archive", CACHE),
        ]
    ],
    ligne("reunions:evenement_ics", "200", etat="publie", arguments=evenement()),
    ligne("reunions:evenement_affiche", "200", etat="publie", arguments=evenement()),
    ligne("reunions:evenement_affiche", "404", etat="a_valider", arguments=evenement("a_valider")),
    ligne("reunions:evenement_ics", "404", etat="a_valider", arguments=evenement("a_valider")),
    ligne(
        "reunions:evenement_modifier",
        PUBLIC_GERE,
        PUBLIC_GERE_ECRIT,
        etat="publie",
        arguments=evenement(),
        donnees=saisie,
    ),
    ligne(
        "reunions:evenement_modifier",
        GERE,
        GERE_ECRIT,
        etat="a_corriger",
        arguments=evenement("a_corriger"),
        donnees=saisie,
    ),
    ligne(
        "reunions:evenement_modifier",
        GERE,
        "login 404 403 200 200 200",
        etat="refuse",
        arguments=evenement("refuse"),
        donnees=saisie,
    ),
    *[
        ligne(
            "reunions:evenement_acte",
            PUBLIC_GERE if etat == "publie" else GERE,
            PUBLIC_GERE_ECRIT if etat == "publie" else GERE_ECRIT,
            etat=acte,
            arguments=evenement(etat, acte),
            donnees=lambda monde, role: {"motif": "La salle est prise"},
        )
        for acte, etat in [("soumettre", "brouillon"), ("annuler", "publie"), ("archiver", "a_valider")]
    ],
]
