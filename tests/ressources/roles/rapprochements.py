"""Rows of matching. The world's structure offers; the stranger's structure seeks."""

from annuaire.models import Utilisateur
from ressources.actions.rapprochements import signer
from tests.factories.ressources import AnnonceFactory, BesoinFactory
from tests.table_des_roles import ligne

INVISIBLES = ["brouillon", "a_valider", "a_corriger", "refusee", "retiree", "archivee"]


def _annonces(etat):
    """Made before the table is compared; the form is the same for everyone."""
    faites = {}

    def arguments(monde):
        faites["offre"] = AnnonceFactory(structure=monde.structure, etat=etat).pk
        faites["besoin"] = BesoinFactory().pk
        return {}

    def donnees(monde, role):
        return {"annonce": faites["offre"], "autre": f"a{faites['besoin']}", "geste": "ecarter", "retour": "annonce"}

    return {"arguments": arguments, "donnees": donnees, "etat": etat}


def _jeton(faire):
    return lambda monde: {"jeton": faire(monde).strip("/").rsplit("/", 1)[-1]}


def _lien_ecarter(monde):
    offre, besoin = AnnonceFactory(structure=monde.structure), BesoinFactory()
    return signer(monde.roles["referent"], g="ecarter", a=offre.pk, x=f"a{besoin.pk}")


def _lien_d_un_membre(monde):
    """Somebody who may not say so any more."""
    offre, besoin = AnnonceFactory(structure=monde.structure), BesoinFactory()
    return signer(Utilisateur.objects.get(pk=monde.roles["membre"].pk), g="ecarter", a=offre.pk, x=f"a{besoin.pk}")


LIGNES = [
    ligne("ressources:rapprochements", "login 200 200 200 200 200"),
    ligne("ressources:rapprochement_ecarter", "405", "login 404 404 404 404 404", etat="rien de dit"),
    ligne("ressources:rapprochement_ecarter", "405", "login 403 403 ok ok ok", **_annonces("publiee")),
    *[
        ligne("ressources:rapprochement_ecarter", "405", "login 404 403 ok ok ok", **_annonces(etat))
        for etat in INVISIBLES
    ],
    *[
        ligne("ressources:rapprochements_lien", "200", "200+", etat=etat, arguments=_jeton(faire))
        for etat, faire in [
            ("écarter", _lien_ecarter), ("arrêter", lambda monde: signer(monde.roles["referent"], g="arreter")),
        ]
    ],
    ligne("ressources:rapprochements_lien", "410", "410", etat="plus référent", arguments=_jeton(_lien_d_un_membre)),
]  # fmt: skip
