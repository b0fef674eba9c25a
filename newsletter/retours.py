"""Where reports about the letter, and departures by mail, come in: by the provider's calls and by addresses.

bounces+NUMERO.ENVOI.SIGNATURE@… (envelope sender), desabonner+JETON@… (List-Unsubscribe), or any address of the hub for
a report that encloses the letter, whose own signed links then say whose it was.
"""

import re
from email.utils import parseaddr

from anymail.signals import EventType, RejectReason
from django.conf import settings

from newsletter import liens
from newsletter.actions import abonnements, retours
from newsletter.models import Abonne, Desabonnement, Envoi
from pole_ess.socle.courriel.entrant import Ignorer
from pole_ess.socle.courriel.rapports import Rapport
from pole_ess.socle.courriel.statuts import est_dur, statut_de

_ECHECS = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_RETOUR = re.compile(r"bounces\+([0-9a-f.]{8,60})@", re.IGNORECASE)
_LIEN = re.compile(r"/lettre/desabonner/([\w:-]{10,300})/")


# -- by mail


def echange_du_rapport(rapport: Rapport) -> str:
    """Which return address a report that came elsewhere is about; empty unless something signed in it says so."""
    for adresse in rapport.retours:
        if trouve := _RETOUR.match(adresse):
            return trouve[1].lower()
    if trouve := _LIEN.search(re.sub(r"\s", "", rapport.desabonnement)):
        try:
            abonne, numero = liens.lire_abonne(trouve[1])
        except liens.LienInvalide:
            return ""
        envoi = Envoi.objects.filter(abonne=abonne, numero=numero).first() if abonne and numero else None
        return liens.jeton_de_retour(numero.pk, envoi.pk) if envoi else ""
    return ""


def traiter_rapport(entrant, jeton: str) -> None:
    """A report come to a return address. Raises retours.PasEncore, to be handed again."""
    try:
        envoi_id = liens.lire_retour(jeton)
    except liens.LienInvalide:
        raise Ignorer("adresse de retour qui n'est pas de nous") from None
    rapport = Rapport(**entrant.rapport)
    if rapport.sorte == "plainte":
        change = retours.noter_plainte(envoi_id, detail=rapport.detail)
    elif rapport.sorte == "rebond":
        change = retours.noter_rebond(envoi_id, dur=rapport.dur, detail=rapport.detail)
    else:
        raise Ignorer(f"avis qui ne change rien (retard, remise) : {rapport.detail}")
    if not change:
        raise Ignorer("avis déjà connu, ou lettre qui n'est pas partie")
    entrant.texte = ("Plainte. " if rapport.sorte == "plainte" else "Rebond. ") + rapport.detail
    entrant.save(update_fields=["texte"])


def traiter_depart(entrant, jeton: str) -> None:
    """A mail to the address of List-Unsubscribe: its words do not matter, its token is the subscriber's own."""
    abonne = Abonne.objects.filter(jeton=jeton).first()
    if abonne is None or not abonnements.desabonner(abonne, voie=Desabonnement.Voie.COURRIEL):
        raise Ignorer("personne n'est abonné sous ce jeton (déjà parti ?)")


# -- by the provider's calls, which prove who they are


def suivre(evenement) -> bool:
    """Take a report about a letter (anymail's AnymailTrackingEvent); whether it was one. Raises retours.PasEncore."""
    envoi_id = _envoi_de(evenement)
    if envoi_id is None:
        return False
    if evenement.event_type in _ECHECS:
        retours.noter_rebond(envoi_id, dur=_dit_dur(evenement), detail=_mots(evenement)[:300])
    elif evenement.event_type == EventType.COMPLAINED:
        retours.noter_plainte(envoi_id, detail=_mots(evenement)[:300])
    elif evenement.event_type == EventType.DELIVERED:
        retours.noter_remise(envoi_id, le=evenement.timestamp)
    elif evenement.event_type == EventType.UNSUBSCRIBED:
        envoi = Envoi.objects.select_related("abonne", "numero").filter(pk=envoi_id).first()
        if envoi and envoi.abonne:
            abonnements.desabonner(envoi.abonne, voie=Desabonnement.Voie.UN_CLIC, numero=envoi.numero)
    return True


def _envoi_de(evenement) -> int | None:
    """From the metadata that went with the message, or its Message-ID."""
    cle = str((evenement.metadata or {}).get("envoi") or "")
    if re.fullmatch(r"\d{1,18}", cle):
        return int(cle)
    domaine = parseaddr(settings.LETTRE_EXPEDITEUR)[1].rpartition("@")[2]
    trouve = re.fullmatch(r"(\d{1,18})\.r(\d{1,18})@" + re.escape(domaine), str(evenement.message_id or "").strip("<>"))
    return int(trouve[2]) if trouve else None


def _mots(evenement) -> str:
    return " ".join(filter(None, [evenement.description, evenement.mta_response]))


def _dit_dur(evenement) -> bool:
    """The mail server's words decide; without any, the provider's own verdict, by the names that each gives it."""
    mots = _mots(evenement)
    if statut_de(mots) or est_dur("", mots):
        return est_dur("", mots)
    brut = evenement.esp_event if isinstance(evenement.esp_event, dict) else {}
    return (
        evenement.reject_reason == RejectReason.INVALID
        or brut.get("Type") == "HardBounce"
        or brut.get("event") == "hard_bounce"
        or brut.get("hard_bounce") is True
        or mots.startswith("Permanent:")
    )
