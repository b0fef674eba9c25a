"""Minutes: open once published to whoever may see the meeting; written by staff."""

from reunions.actions import comptes_rendus as actes
from reunions.models import CompteRendu
from tests.factories.reunions import ReunionFactory
from tests.reunions.minutes import minutes_publiees, reunion_tenue
from tests.table_des_roles import ligne

EQUIPE = "404 404 404 404 200 200"
PREPARE, PREPARE_ECRIT = "login 403 403 403 200 200", "login 403 403 403 ok ok"


def brouillon(**reste):
    return lambda monde: {"pk": actes.rediger(reunion_tenue(), par=None).reunion_id, **reste}


def publie(audience="publique", **reste):
    return lambda monde: {"pk": minutes_publiees(reunion=reunion_tenue(audience=audience)).reunion_id, **reste}


def section(monde):
    minutes = actes.rediger(reunion_tenue(), par=None)
    return {"pk": minutes.reunion_id, "section": minutes.sections.first().pk}


def relu(monde):
    minutes = actes.rediger(reunion_tenue(), par=None)
    actes.marquer_relu(minutes, par=None)
    return {"pk": minutes.reunion_id}


def a_approuver(monde):
    minutes = minutes_publiees(reunion=reunion_tenue())
    reunion_tenue(jours=1, precedente=minutes.reunion)
    return {"pk": minutes.reunion_id}


def approbation(monde, role):
    derniere = CompteRendu.objects.latest("pk")
    return {"geste": "approuver", "a": actes.peuvent_approuver(derniere.reunion).first().pk}


PAGES = [
    ("reunions:compte_rendu", {}),
    ("reunions:compte_rendu_fichier", {"format": "pdf"}),
]
LIGNES = [
    *[
        ligne(nom, attendus, etat=etat, arguments=arguments(**reste))
        for nom, reste in PAGES
        for etat, attendus, arguments in [
            ("", "200", publie),
            ("brouillon", EQUIPE, brouillon),
            ("membres", "404 200 200 200 200 200", lambda **r: publie("membres", **r)),
            ("invites", EQUIPE, lambda **r: publie("invites", **r)),
        ]
    ],
    ligne("reunions:compte_rendu_fichier", "200", etat="synthese", arguments=publie(format="synthese.pdf")),
    ligne("reunions:compte_rendu_fichier", "404", etat="autre", arguments=publie(format="exe")),
    ligne("reunions:ordre_du_jour_fichier", "404", etat="autre", arguments=publie(format="pdf")),
    ligne(
        "reunions:ordre_du_jour_fichier",
        "404",
        etat="inconnue",
        arguments=lambda monde: {"pk": 999_999, "format": "brf"},
    ),
    ligne(
        "reunions:compte_rendu_rediger",
        PREPARE,
        PREPARE_ECRIT,
        arguments=lambda monde: {"pk": reunion_tenue().pk},
        donnees=lambda monde, role: {"geste": "commencer"},
    ),
    ligne(
        "reunions:compte_rendu_rediger",
        PREPARE,
        "login 403 403 403 302 302",
        etat="trop tôt",
        arguments=lambda monde: {"pk": ReunionFactory().pk},
        donnees=lambda monde, role: {"geste": "commencer"},
    ),
    *[
        ligne("reunions:compte_rendu_rediger", PREPARE, PREPARE_ECRIT, etat=etat, arguments=arguments, donnees=donnees)
        for etat, arguments, donnees in [
            ("ajouter", brouillon(), lambda m, r: {"geste": "ajouter", "titre": "Questions diverses"}),
            ("relire", brouillon(), lambda m, r: {"geste": "relire"}),
            ("publier", relu, lambda m, r: {"geste": "publier", "numero": 1}),
            ("rouvrir", publie(), lambda m, r: {"geste": "rouvrir"}),
            ("approuver", a_approuver, approbation),
        ]
    ],
    ligne(
        "reunions:compte_rendu_section",
        "login 403 403 403 302 302",
        PREPARE_ECRIT,
        arguments=section,
        donnees=lambda m, r: {"geste": "enregistrer", "titre": "Introduction", "texte": "Bonsoir.", "version": 1},
    ),
]
