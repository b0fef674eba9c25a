"""Rows of volunteers. The world's structure seeks; the stranger is a volunteer too."""

import uuid
from datetime import timedelta

from django.utils import timezone

from pole_ess.socle import liens
from ressources.actions.benevolat_courriels import DESISTEMENT, REFUS
from tests.factories.benevolat import (
    BesoinDeBenevolesFactory,
    CreneauFactory,
    InscriptionBenevoleFactory,
    MissionFactory,
    PriseDeContactFactory,
    ProfilBenevoleFactory,
)
from tests.factories.ressources import AnnonceFactory
from tests.table_des_roles import ligne

INVISIBLE = ["brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"]
MEMBRES = "login 200 200 200 200 200"
GERE, GERE_OK = "login 403 403 200 200 200", "login 403 403 ok ok ok"


def mission(etat="publiee", **valeurs):
    def arguments(monde):
        annonce = BesoinDeBenevolesFactory(structure=monde.structure, etat=etat)
        return {"pk": MissionFactory(annonce=annonce, **valeurs).pk}

    return arguments


def creneau_de(monde, etat="publiee", passe=False, **valeurs):
    annonce = BesoinDeBenevolesFactory(structure=monde.structure, etat=etat)
    debut = {"debut": timezone.now() - timedelta(hours=5)} if passe else {}
    return CreneauFactory(mission__annonce=annonce, **debut, **valeurs)


def creneau(**valeurs):
    return lambda monde: {"pk": creneau_de(monde, **valeurs).pk}


def place_de(monde, etat="inscrite", passe=False, **valeurs):
    return InscriptionBenevoleFactory(
        creneau=creneau_de(monde, passe=passe), utilisateur=monde.roles["etranger"], etat=etat, **valeurs
    )


def place(*, du_creneau=False, **valeurs):
    def arguments(monde):
        inscription = place_de(monde, **valeurs)
        return {"pk": inscription.creneau_id if du_creneau else inscription.pk}

    return arguments


def donner(**valeurs):
    return lambda monde, role: {**valeurs, "cle": str(uuid.uuid4())}


def horaires(monde, role):
    jour = (timezone.localdate() + timedelta(days=9)).isoformat()
    return {"intitule": "Buvette", "jour": jour, "de": "9 h", "a": "12 h", "places": "3", "cle": str(uuid.uuid4())}


def sur_la_place(**reste):
    """The check-in of the stranger's place, or taking it off."""
    return lambda monde, role: {"pk": monde.roles["etranger"].inscriptions_benevoles.get().pk, **reste}


def profil_a_chacun(monde):
    for personne in monde.roles.values():
        if personne is not None:
            ProfilBenevoleFactory(utilisateur=personne)
    return {}


def message(monde, role):
    sienne = monde.roles["etranger"].rattachements.get().structure
    return {
        "structure": (sienne if role == "etranger" else monde.structure).pk,
        "texte": "Bonjour",
        "cle": uuid.uuid4(),
    }


def contact_de(monde, **valeurs):
    etranger = monde.roles["etranger"]
    ProfilBenevoleFactory(utilisateur=etranger)
    return PriseDeContactFactory(structure=monde.structure, utilisateur=etranger, **valeurs)


def contact(**valeurs):
    return lambda monde: {"pk": contact_de(monde, **valeurs).pk}


def lien_de_place(monde):
    return {"jeton": liens.signer(DESISTEMENT, {"i": place_de(monde).pk})}


def lien_de_refus(monde):
    return {"jeton": liens.signer(REFUS, {"c": contact_de(monde).pk})}


PROFIL = {
    "nom_montre": "Camille",
    "competences": "Cuisine",
    "rayon_km": "15",
    "visible": "on",
    "demi_journees": ["samedi_matin"],
}
POUR_TOUS = [
    ligne("ressources:benevolat", "200", requete="?commune=vichy&km=20&jour=2030-05-01&competence=cuisine"),
    ligne("ressources:mission", "200", arguments=mission()),
    ligne("ressources:mission", "200", etat="pourvue", arguments=mission("pourvue")),
    *[ligne("ressources:mission", "404 404 200 200 200 200", etat=etat, arguments=mission(etat)) for etat in INVISIBLE],
    ligne("ressources:benevole_lien", "200", "200+", arguments=lien_de_place),
    ligne("ressources:benevole_lien", "200", "200+", etat="refus", arguments=lien_de_refus),
    ligne("ressources:benevole_lien", "404", "404", etat="cassé", arguments=lambda m: {"jeton": "abc"}),
]

DES_BENEVOLES = [
    ligne("ressources:mes_missions", MEMBRES),
    ligne("ressources:mes_missions_ics", MEMBRES),
    ligne("ressources:profil_benevole", MEMBRES, "login ok ok ok ok ok", donnees=lambda m, r: PROFIL),
    ligne("ressources:profil_benevole_quitter", MEMBRES, "login ok ok ok ok ok", arguments=profil_a_chacun),
    ligne(
        "ressources:creneau_prendre",
        MEMBRES,
        "login ok ok ok ok ok",
        arguments=creneau(),
        donnees=donner(nom="Alix"),
    ),
    ligne(
        "ressources:creneau_prendre",
        "login 302 200 200 200 200",
        "login 302 ok ok ok ok",
        etat="une place déjà",
        arguments=place(du_creneau=True),
        donnees=donner(nom="Alix"),
    ),
    ligne("ressources:creneau_prendre", MEMBRES, MEMBRES, etat="passé", arguments=creneau(passe=True),
          donnees=donner(nom="Alix")),
    ligne("ressources:creneau_prendre", "login 404 200 200 200 200", "login 404 200 200 200 200", etat="a_valider",
          arguments=creneau(etat="a_valider"), donnees=donner(nom="Alix")),
    ligne(
        "ressources:place_benevole",
        "login 200 404 200 200 200",
        "login ok 404 403 403 403",
        arguments=place(),
        donnees=lambda m, r: {"geste": "renoncer", "motif": "Grippe"},
    ),
    ligne(
        "ressources:place_benevole",
        "login 200 404 200 200 200",
        "login ok 404 403 403 403",
        etat="juste venue",
        arguments=place(etat="venue", passe=True, heures=3),
        donnees=lambda m, r: {"geste": "juste"},
    ),
    ligne(
        "ressources:place_benevole",
        "login 200 404 200 200 200",
        "login ok 404 403 403 403",
        etat="corriger venue",
        arguments=place(etat="venue", passe=True, heures=3),
        donnees=lambda m, r: {"geste": "corriger", "heures": "2,5", "mot": "Parti plus tôt"},
    ),
    ligne(
        "ressources:place_benevole",
        "login 200 404 200 200 200",
        "login 200 404 403 403 403",
        etat="renoncer passée",
        arguments=place(passe=True),
        donnees=lambda m, r: {"geste": "renoncer"},
    ),
]  # fmt: skip

DE_LA_STRUCTURE = [
    ligne(
        "ressources:mission_creer",
        GERE,
        GERE_OK,
        arguments=lambda m: {"pk": BesoinDeBenevolesFactory(structure=m.structure).pk},
        donnees=donner(evenement="La fête", competences="Cuisine"),
    ),
    ligne(
        "ressources:mission_creer",
        "login 403 403 404 404 404",
        "login 403 403 404 404 404",
        etat="pas un besoin de bénévoles",
        arguments=lambda m: {"pk": AnnonceFactory(structure=m.structure).pk},
        donnees=donner(evenement="La fête", competences="Cuisine"),
    ),
    ligne("ressources:mission_organiser", GERE, GERE_OK, arguments=mission(), donnees=horaires),
    ligne("ressources:mission_organiser", GERE, GERE, etat="jour passé", arguments=mission(),
          donnees=lambda m, r: {**horaires(m, r), "jour": "2020-01-01"}),
    ligne("ressources:mission_organiser", "login 404 403 200 200 200", "login 404 403 ok ok ok", etat="brouillon",
          arguments=mission("brouillon"), donnees=horaires),
    ligne("ressources:mission_modifier", GERE, GERE_OK, arguments=mission(),
          donnees=donner(evenement="Le bal", competences="Cuisine")),
    ligne("ressources:mission_annuler", GERE, GERE_OK, arguments=mission(), donnees=donner(motif="Orage")),
    ligne("ressources:mission_feuille", GERE, arguments=mission()),
    ligne("ressources:mission_feuille_pdf", GERE, arguments=mission()),
    ligne("ressources:creneau", GERE, GERE_OK, arguments=creneau(), donnees=horaires),
    ligne("ressources:creneau", GERE, GERE_OK, etat="retirer", arguments=place(du_creneau=True),
          donnees=sur_la_place(motif="Âge minimum")),
    ligne("ressources:creneau", GERE, GERE, etat="passé", arguments=creneau(passe=True), donnees=horaires),
    ligne("ressources:creneau_annuler", GERE, GERE_OK, arguments=creneau(), donnees=donner(motif="Orage")),
    ligne(
        "ressources:creneau_pointer",
        GERE,
        GERE_OK,
        arguments=place(du_creneau=True, passe=True),
        donnees=sur_la_place(etat="venue", vue="inscrite", heures="2,5"),
    ),
    ligne("ressources:creneau_pointer", GERE, GERE, etat="trop tôt", arguments=place(du_creneau=True),
          donnees=sur_la_place(etat="venue", vue="inscrite")),
    ligne("ressources:benevoles", "login 200 403 200 200 200", requete="?competence=cuisine&jour=samedi&moment=matin"),
    ligne(
        "ressources:benevole_ecrire",
        "login 200 403 200 200 200",
        "login ok 403 ok ok ok",
        arguments=lambda m: {"pk": ProfilBenevoleFactory().pk},
        donnees=message,
    ),
    ligne(
        "ressources:benevole_ecrire",
        "login 404 403 404 404 404",
        "login 404 403 404 404 404",
        etat="caché",
        arguments=lambda m: {"pk": ProfilBenevoleFactory(visible=False).pk},
        donnees=message,
    ),
    ligne(
        "ressources:contact_benevole",
        "login 200 404 200 404 404",
        "login ok 404 ok 404 404",
        arguments=contact(),
        donnees=donner(geste="ecrire", texte="Bonjour"),
    ),
    ligne(
        "ressources:contact_benevole",
        "login 200 404 200 404 404",
        "login ok 404 403 404 404",
        etat="refuser",
        arguments=contact(),
        donnees=donner(geste="refuser"),
    ),
    ligne(
        "ressources:contact_benevole",
        "login 200 404 200 404 404",
        "login ok 404 200 404 404",
        etat="refusé",
        arguments=contact(refuse_le=timezone.now()),
        donnees=donner(geste="ecrire", texte="Bonjour"),
    ),
]  # fmt: skip

LIGNES = [*POUR_TOUS, *DES_BENEVOLES, *DE_LA_STRUCTURE]
