"""Rows of subscribing: by anybody, by a signed link, by an account."""

import uuid

from newsletter import liens
from tests.factories.newsletter import AbonneFactory, MentionFactory, NumeroFactory
from tests.table_des_roles import ligne

CHOIX = {"frequence": "chaque", "natures": "local"}


def demande(monde, role):
    return {
        "courriel": f"{role}-lettre@example.org",
        "accord": "on",
        "version": "1",
        "cle": str(uuid.uuid4()),
        **CHOIX,
    }


def confirmation(etat):
    def arguments(monde):
        return {"jeton": liens.jeton_de_confirmation(AbonneFactory(courriel="lea@example.org", etat=etat))}

    return arguments


def jeton(etat="confirme"):
    def arguments(monde):
        abonne = AbonneFactory(courriel="lea@example.org", etat=etat)
        numero = NumeroFactory(etat="en_cours", rang=9)
        return {"jeton": liens.jeton_d_abonne(abonne.pk, abonne.jeton, numero.pk)}

    return arguments


def parti(monde):
    return {"jeton": liens.jeton_d_abonne(0, "x" * 24)}


def abonnes(monde):
    """The member and the référent are subscribed: their choices are on the page."""
    MentionFactory()
    for role in ("membre", "referent"):
        AbonneFactory(courriel=monde.roles[role].email, utilisateur=monde.roles[role])
    return {}


LIGNES = [
    ligne("newsletter:abonnement", "200", "ok", donnees=demande),
    ligne("newsletter:abonnement", "200", "200", etat="sans accord",
          donnees=lambda m, r: demande(m, r) | {"accord": ""}),
    ligne("newsletter:confirmer", "200", "200+", arguments=confirmation("en_attente")),
    ligne("newsletter:confirmer", "200", "200+", etat="suspendu", arguments=confirmation("suspendu")),
    ligne("newsletter:preferences", "200", "ok", arguments=jeton(), donnees=lambda m, r: CHOIX),
    ligne("newsletter:preferences", "200", "ok", etat="suspendu", arguments=jeton("suspendu"),
          donnees=lambda m, r: CHOIX),
    ligne("newsletter:preferences", "410", "410", etat="parti", arguments=parti),
    ligne("newsletter:desabonner", "200", "200+", arguments=jeton(),
          donnees=lambda m, r: {"List-Unsubscribe": "One-Click"}),
    ligne("newsletter:desabonner", "200", "200", etat="parti", arguments=parti),
    ligne("newsletter:mon_abonnement", "login 200 200 200 200 200", "login ok ok ok ok ok", arguments=abonnes,
          donnees=lambda m, r: CHOIX | {"accord": "on", "version": "1"}),
    ligne("newsletter:mon_abonnement", "login 200 200 200 200 200", "login 302 ok ok 302 302", etat="partir",
          arguments=abonnes, donnees=lambda m, r: {"geste": "desabonner"}),
]  # fmt: skip
