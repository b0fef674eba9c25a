"""What will happen with a person's choices, in French: for the page, and after saving."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from annuaire.models import Avis, Rythme
from pole_ess.socle.templatetags import francais

from . import moments, sortes
from .reglages import pause_de, rythmes_de

TOUJOURS = [
    ("Les codes et les changements de votre compte", "c'est votre sécurité"),
    ("La confirmation de ce que vous faites : inscription, réservation, réponse, abonnement", "c'est votre reçu"),
    (
        "Ce qui change ou annule ce qui était convenu : rencontre, réservation, mission, commande, prêt en retard",
        "sans ce message, vous vous déplaceriez pour rien, ou quelqu'un vous attendrait",
    ),
    (
        "Une décision de l'équipe avec sa raison : annonce à corriger, refusée ou retirée, rôle changé",
        "la loi demande de vous la donner",
    ),
    (
        "Ce qui vous est adressé et n'existe nulle part ailleurs : message d'un visiteur, invitation, action confiée",
        "le portail ne fait que vous le remettre",
    ),
]
"""(what, why): mails that answer an act, or that the law or somebody's waiting asks for."""


@dataclass(frozen=True)
class Ligne:
    """One rhythm: its sentence, and the kinds told so."""

    quand: str
    noms: list[str]


def lire(utilisateur, montrees, pause=None) -> list[Ligne]:
    """By rhythm, those that have kinds, of the kinds shown; the days are those after the pause."""
    depuis = moments.a(pause.jusqu_au + timedelta(days=1), 0) if pause else None
    jours = {r: francais.date_en_clair(moments.prochain_jour(r, depuis)) for r in moments.GROUPES}
    rythmes = rythmes_de(utilisateur)
    quand = {
        Rythme.IMMEDIAT: "Tout de suite",
        Rythme.QUOTIDIEN: f"Le matin, en un seul message (le prochain : {jours[Rythme.QUOTIDIEN]})",
        Rythme.HEBDOMADAIRE: f"Le lundi matin, en un seul message (le prochain : {jours[Rythme.HEBDOMADAIRE]})",
        Rythme.JAMAIS: "Jamais",
    }
    lignes = [Ligne(mots, [s.nom for s in montrees if rythmes[s.cle] == rythme]) for rythme, mots in quand.items()]
    return [ligne for ligne in lignes if ligne.noms]


def phrase(utilisateur) -> str:
    """What comes next, after saving."""
    pause = pause_de(utilisateur)
    if pause is not None:
        jour = francais.date_en_clair(pause.jusqu_au)
        return f"Pause jusqu'au {jour} compris : ce qui arrive d'ici là vous sera dit ensuite, en un seul message."
    siens = set(rythmes_de(utilisateur).values())
    prochains = [moments.prochain_jour(r) for r in moments.GROUPES if r in siens]
    if not prochains:
        return "Vous ne recevez aucun message groupé."
    attend = Avis.objects.filter(utilisateur=utilisateur, etat=Avis.Etat.ATTENTE).count()
    quoi = f" ; {attend} {francais.pluriel(attend, 'nouvelle y attend,nouvelles y attendent')} déjà" if attend else ""
    return f"Votre prochain message groupé part au plus tôt le {francais.date_en_clair(min(prochains))}{quoi}."


def ailleurs(utilisateur) -> list[dict]:
    return [
        {"nom": un.nom, "etat": un.etat(utilisateur), "action": un.action, "url": reverse(un.url)}
        for un in sortes.ailleurs()
    ]
