"""Rows of invitations, answers and car-pooling. The member is invited; the stranger is not."""

import uuid
from datetime import timedelta

from django.utils import timezone

from annuaire.models import Commune
from pole_ess.socle import liens
from reunions.actions import invitations, reponses
from tests.factories.reunions import ParticipationFactory, ReunionFactory
from tests.table_des_roles import ligne

EQUIPE = "login 403 403 403 200 200"


def reunion(**valeurs):
    return lambda monde: {"pk": ReunionFactory(**valeurs).pk}


def jeton(monde, **valeurs):
    participation = ParticipationFactory(**valeurs)
    return {"jeton": liens.signer(invitations.INVITATION, {"p": participation.pk})}


def inscription(monde):
    charge = {"r": ReunionFactory().pk, "n": "Lou", "c": "lou@example.org", "l": ""}
    return {"jeton": liens.signer(reponses.INSCRIPTION, charge)}


def reponse(monde, role):
    return {"reponse": "present", "nom": "Lou", "courriel": "lou@example.org", "cle": str(uuid.uuid4())}


def sur_ma_route(monde):
    """A meeting where the member seeks a seat and somebody offers some, in the same commune."""
    vichy = Commune.objects.order_by("pk").first() or Commune.objects.create(code="03310", nom="Vichy")
    rencontre = ReunionFactory(commune=vichy)
    route = {"reunion": rencontre, "reponse": "present", "covoiturage_places": 1, "covoiturage_depuis": vichy}
    ParticipationFactory(utilisateur=monde.roles["membre"], covoiturage="cherche", **route)
    monde.conducteur = ParticipationFactory(covoiturage="propose", **route)
    return {"pk": rencontre.pk}


def mot(monde, role):
    return {"a": monde.conducteur.pk, "texte": "Bonjour", "cle": str(uuid.uuid4())}


def par_lien(monde):
    sur_ma_route(monde)
    sienne = monde.conducteur.reunion.participations.get(covoiturage="cherche")
    return {"jeton": liens.signer(invitations.INVITATION, {"p": sienne.pk})}


def invitee(monde, **valeurs):
    participation = ParticipationFactory(**valeurs)
    return {"pk": participation.reunion_id, "participation": participation.pk}


def notee(monde, role):
    return {"reponse": "excuse", "moyen": "telephone", "vue": "attendue"}


def acte(nom, **valeurs):
    def arguments(monde):
        rencontre = ReunionFactory(sequence=1)
        ParticipationFactory(reunion=rencontre, **valeurs)
        return {"pk": rencontre.pk, "acte": nom}

    return ligne("reunions:invitations_acte", EQUIPE, "login 403 403 403 ok ok", etat=nom, arguments=arguments)


INVITEE = {"invitee_le": timezone.now() - timedelta(days=3), "sequence_envoyee": 0}
LIGNES = [
    ligne("reunions:repondre_lien", "200", "ok", arguments=jeton, donnees=reponse),
    ligne("reunions:repondre_lien", "200", "200", etat="annulée",
          arguments=lambda monde: jeton(monde, reunion=ReunionFactory(etat="annulee")), donnees=reponse),
    ligne("reunions:repondre_lien", "410", "410", etat="oubliée", arguments=lambda monde: jeton(monde, courriel="")),
    ligne("reunions:repondre_lien", "200", "ok", etat="inscription", arguments=inscription),
    ligne("reunions:inscription", "200", "ok", arguments=reunion(), donnees=reponse),
    ligne("reunions:inscription", "404 200 200 200 200 200", "404 ok ok ok ok ok", etat="membres",
          arguments=reunion(audience="membres"), donnees=reponse),
    ligne("reunions:inscription", "404 404 404 404 200 200", "404 404 404 404 ok ok", etat="invités",
          arguments=reunion(audience="invites"), donnees=reponse),
    ligne("reunions:inscription", "404", "404", etat="brouillon", arguments=reunion(etat="brouillon"), donnees=reponse),
    ligne("reunions:inscription", "200", "200", etat="annulée", arguments=reunion(etat="annulee"), donnees=reponse),
    ligne("reunions:covoiturage", "login 200 200 200 200 200", "login 200 ok 200 200 200", arguments=sur_ma_route,
          donnees=mot),
    ligne("reunions:covoiturage_lien", "200", "ok", arguments=par_lien, donnees=mot),
    ligne("reunions:invitations", EQUIPE, arguments=reunion()),
    ligne("reunions:invitations", EQUIPE, etat="brouillon",
          arguments=reunion(etat="brouillon", debut=None)),
    ligne("reunions:invitations_csv", EQUIPE, arguments=reunion()),
    ligne("reunions:invitations_structures", EQUIPE, "login 403 403 403 ok ok", arguments=reunion()),
    ligne("reunions:invitations_structures", EQUIPE, "login 403 403 403 200 200", etat="tenue",
          arguments=reunion(etat="tenue")),
    ligne("reunions:invitations_liste", EQUIPE, "login 403 403 403 200+ 200+", arguments=reunion(),
          donnees=lambda monde, role: {"texte": "Lou, lou@example.org"}),
    ligne("reunions:invitation_retirer", "login 403 403 403 302 302", "login 403 403 403 ok ok", arguments=invitee),
    ligne("reunions:invitation_retirer", "login 403 403 403 302 302", "login 403 403 403 302 302", etat="déjà invitée",
          arguments=lambda monde: invitee(monde, **INVITEE)),
    ligne("reunions:invitation_repondre", EQUIPE, "login 403 403 403 ok ok", arguments=invitee, donnees=notee),
    ligne("reunions:invitation_repondre", EQUIPE, "login 403 403 403 200 200", etat="annulée",
          arguments=lambda monde: invitee(monde, reunion=ReunionFactory(etat="annulee")), donnees=notee),
    acte("inviter"),
    acte("relancer", **INVITEE),
    acte("mettre-a-jour", **INVITEE),
]  # fmt: skip
