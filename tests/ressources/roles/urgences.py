"""Rows of the roles table: urgent help, in waves."""

import uuid
from datetime import timedelta

from django.utils import timezone

from ressources.actions.urgences_vagues import lien
from tests.factories.urgences import AppelFactory, BenevoleFactory, ReglagesUrgencesFactory, UrgenceFactory
from tests.table_des_roles import ligne

OUVERTES = {"près": 1, "loin": 2, "équipe": 3}
CLOSES = ["pourvue", "annulee", "expiree"]


def urgence(etat):
    """Of the world's structure: open in one of its waves, or closed."""

    def arguments(monde):
        reste = {"etat": etat} if etat in CLOSES else {"vague": OUVERTES[etat]}
        if etat == "pourvue":
            reste["autrement"] = True
            reste["confirmes"] = 0
        sienne = UrgenceFactory(
            structure=monde.structure,
            par=monde.roles["referent"],
            prochaine_vague_le=timezone.now() + timedelta(minutes=20) if OUVERTES.get(etat, 3) < 3 else None,
            **reste,
        )
        return {"pk": sienne.pk}

    return arguments


def geste(acte, **reste):
    return lambda monde, role: {"geste": acte, **reste}


def nouvelle(monde, role):
    compte = monde.roles[role]
    lien_ = compte.rattachements.filter(role="referent", structure__etat="publiee").first() if compte else None
    structure = lien_.structure if lien_ else monde.structure
    return {
        "structure": structure.pk,
        "titre": "Remplacement en cuisine",
        "quoi": "competence",
        "jour": (timezone.localdate() + timedelta(days=1)).isoformat(),
        "de": "8 h",
        "a": "16 h",
        "commune": structure.commune.nom,
        "places": "1",
        "telephone": "01 99 00 12 34",
        "delai": "20",
        "cle": str(uuid.uuid4()),
    }


def preference(monde, role):
    return {
        "accepte": "structure",
        "rayon": "15",
        "calme_debut": "21 h",
        "calme_fin": "7 h",
        "par_semaine": "3",
    }


def appel(etat):
    def arguments(monde):
        reste = {}
        if etat in ("reserve", "trop_tard"):
            reste = {"urgence__etat": "pourvue", "urgence__autrement": True, "urgence__confirmes": 0}
        sien = AppelFactory(etat=etat, **reste)
        if etat in ("reserve", "trop_tard"):
            type(sien.urgence).objects.filter(pk=sien.urgence_id).update(places=2)
            AppelFactory.create_batch(2, urgence=sien.urgence, etat="oui")
            type(sien.urgence).objects.filter(pk=sien.urgence_id).update(confirmes=2, autrement=False)
        BenevoleFactory(utilisateur=sien.utilisateur)
        return {"jeton": lien(sien).strip("/").rsplit("/", 1)[-1]}

    return arguments


def reponse(acte):
    donnees = {"geste": acte}
    if acte == "oui":
        donnees |= {"nom": "Lou", "telephone": "01 99 00 45 67"}
    return lambda monde, role: donnees


def efface(monde):
    sien = AppelFactory()
    jeton = lien(sien).strip("/").rsplit("/", 1)[-1]
    sien.utilisateur.delete()
    return {"jeton": jeton}


def reglee(monde):
    return {"structure": ReglagesUrgencesFactory(structure=monde.structure).structure_id}


VOIT = "login 404 200 200 200 200"
CONDUIT = "login 404 403 ok ok ok"
SANS_EFFET = "login 404 403 302 302 302"

LIGNES = [
    ligne("ressources:urgences", "200"),
    ligne("ressources:urgence_creer", "login 200 200 200 200 200", "login ok 403 ok 403 403", donnees=nouvelle),
    ligne("ressources:urgences_preferences", "login 200 200 200 200 200", "login ok ok ok ok ok", donnees=preference),
    ligne(
        "ressources:urgences_structure",
        "login 404 404 200 404 404",
        "login 404 404 ok 404 404",
        arguments=reglee,
        donnees=lambda monde, role: {"accepte": "on", "rayon": "40"},
    ),
    *[ligne("ressources:urgence", VOIT, "login 404 403 302 302 302", etat=f"sans geste {etat}", arguments=urgence(etat))
      for etat in OUVERTES],
    *[
        ligne("ressources:urgence", VOIT, CONDUIT, etat=f"{acte} {etat}", arguments=urgence(etat), donnees=geste(acte))
        for etat in OUVERTES
        for acte in ("annuler", "pourvue")
    ],
    *[
        ligne("ressources:urgence", VOIT, CONDUIT if etat != "équipe" else SANS_EFFET, etat=f"elargir {etat}",
              arguments=urgence(etat), donnees=geste("elargir", vague=OUVERTES[etat]))
        for etat in OUVERTES
    ],
    *[
        ligne("ressources:urgence", VOIT, SANS_EFFET, etat=f"{acte} {etat}", arguments=urgence(etat),
              donnees=geste(acte))
        for etat in CLOSES
        for acte in ("annuler", "pourvue", "elargir")
        if (acte, etat) != ("annuler", "pourvue")
    ],
    ligne("ressources:urgence", VOIT, CONDUIT, etat="annuler pourvue", arguments=urgence("pourvue"),
          donnees=geste("annuler")),
    *[
        ligne("ressources:urgence_lien", "200", "ok" if ecrit else "302", etat=f"{acte} {etat}",
              arguments=appel(etat), donnees=reponse(acte))
        for etat, acte, ecrit in [
            ("envoye", "oui", True), ("envoye", "non", True), ("envoye", "jamais", True), ("envoye", "desister", False),
            ("oui", "desister", True), ("oui", "oui", False), ("oui", "non", False),
            ("non", "oui", True), ("non", "non", False), ("desiste", "oui", True),
            ("reserve", "oui", False), ("reserve", "non", True), ("trop_tard", "oui", True),
        ]
    ],
    ligne("ressources:urgence_lien", "200", "200", etat="rien de dit", arguments=appel("envoye")),
    ligne("ressources:urgence_lien", "410", "410", etat="effacé", arguments=efface),
    ligne("ressources:urgence_lien", "404", "404", etat="cassé", arguments=lambda monde: {"jeton": "abc"}),
]  # fmt: skip
