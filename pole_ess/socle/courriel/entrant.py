"""Mail coming in: which exchange it belongs to, whether a person wrote it, who handles it.

The address written to says everything: `<sorte>+<jeton>@<domain>`. `sorte` names the app's handler, `jeton` the
exchange. From is never believed: anyone can write anything there.
"""

import hashlib
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from ..file_attente import programmer
from ..limites import LimiteDepassee, compter
from ..models import CourrielEntrant
from . import rapports
from .rapports import Rapport
from .texte import INTERDITS, depouiller, texte_de_html

PLAFOND_PAR_FIL = 20
"""Mails of one exchange in a day: two robots that answer each other stop here."""
_JOUR = 24 * 3600
_ADRESSE = re.compile(r"^([a-z]{2,20})\+([a-z0-9._-]{8,80})@", re.IGNORECASE)
_PRECEDENCES = {"bulk", "junk", "list", "auto_reply", "auto-reply"}

Traitant = Callable[[CourrielEntrant, str], None]
_traitants: dict[str, Traitant] = {}
_agendas: set[str] = set()
_automatiques: set[str] = set()
_rapports: dict[str, Callable[[Rapport], str]] = {}
CALENDRIER_MAX = 100_000
"""Characters: a reply to one invitation is far shorter."""


class Ignorer(Exception):
    """Raised by a handler: the mail has nobody to go to any more (closed exchange, unknown token); says why."""


def enregistrer(
    sorte: str,
    traitant: Traitant,
    *,
    agenda: bool = False,
    automatique: bool = False,
    rapports: Callable[[Rapport], str] | None = None,
) -> None:
    """In AppConfig.ready: `traitant(entrant, jeton)` handles the mails written to <sorte>+<jeton>@….

    `agenda`: it also reads answers to invitations (`entrant.calendrier`). Agendas send those by themselves and mark
    some as automatic, which is no reason to ignore them: such a handler never answers by mail.

    `automatique`: mail programs write there by themselves, a mail's words do not matter, so neither robots nor what
    looks like spam is ignored. Such a handler never answers by mail either.

    `rapports`: the address is where reports of failure come back, and takes nothing else (`entrant.rapport`). The
    function says which exchange a report that came to no exchange's address is about; empty when nothing proves it.

    It runs in a job, in one transaction with the change of the row's state, once for each mail; it may raise
    Ignorer. `entrant.texte` is already stripped of quotes and addresses.
    """
    if _traitants.setdefault(sorte, traitant) is not traitant:
        raise ValueError(f"{sorte} has a handler already")
    if agenda:
        _agendas.add(sorte)
    if automatique:
        _automatiques.add(sorte)
    if rapports is not None:
        _rapports[sorte] = rapports


def adresse_de_reponse(sorte: str, jeton: str) -> str:
    """The Reply-To that brings answers back to an exchange; empty when the hub receives no mail.

    `jeton`: 8 to 80 letters, digits, - or _, compared without case: some servers write addresses in lower case.
    """
    domaine = settings.COURRIER_ENTRANT_DOMAINE
    adresse = f"{sorte}+{jeton}@{domaine}"
    if not _ADRESSE.match(adresse) or len(adresse.partition("@")[0]) > 64:  # RFC 5321, 4.5.3.1.1
        raise ValueError(f"{sorte}+{jeton} cannot be an address")
    return adresse.lower() if domaine else ""


@transaction.atomic
def recevoir(message, *, evenement: str | None = None) -> CourrielEntrant | None:
    """Store one mail (anymail's AnymailInboundMessage) and queue its handling; None when it was stored before.

    Providers call again until they get an answer: the row is unique per Message-ID and exchange.
    """
    destinataire, sorte, jeton = _destination(message)
    rapport = rapports.lire(message, attendu=sorte in _rapports) if sorte in _rapports or not sorte else None
    if rapport and not sorte:
        sorte, jeton = _echange_du_rapport(rapport)
    fil = f"{sorte}+{jeton}" if jeton else ""
    entrant, nouveau = CourrielEntrant.objects.get_or_create(
        identifiant=_identifiant(message, evenement, fil),
        defaults={
            "jeton": fil,
            "destinataire": _propre(destinataire, 254),
            "sujet": _propre(message.subject, 200),
            "etat": CourrielEntrant.Etat.RECU,
        },
    )
    if not nouveau:
        return None
    entrant.calendrier = reponse_d_agenda(message) if sorte in _agendas else ""
    entrant.rapport = rapport.en_dict() if rapport and sorte in _rapports else None
    if rapport and not fil:
        entrant.motif = "avis dont rien ne prouve de quelle lettre il parle"
    else:
        entrant.motif = motif_d_ignorer(message, fil, sorte, machine=bool(entrant.calendrier or entrant.rapport))
    if entrant.motif:
        entrant.etat, entrant.calendrier, entrant.rapport = CourrielEntrant.Etat.IGNORE, "", None
    elif sorte in _rapports or sorte in _automatiques:
        programmer("courriel.traiter_entrant", entrant_id=entrant.pk)
    else:
        brut = message.stripped_text or message.text or texte_de_html(message.html or "")
        entrant.texte = depouiller(brut)
        programmer("courriel.traiter_entrant", entrant_id=entrant.pk)
    entrant.save()
    return entrant


def reponse_d_agenda(message) -> str:
    """The text/calendar part whose method is REPLY (RFC 6047), be it an alternative or a file; else empty."""
    for partie in message.walk():
        if partie.get_content_type() not in ("text/calendar", "application/ics"):
            continue
        octets = partie.get_payload(decode=True) or b""
        texte = INTERDITS.sub("", octets[:CALENDRIER_MAX].decode("utf-8", "replace"))
        if re.search(r"^METHOD:REPLY\s*$", texte, re.IGNORECASE | re.MULTILINE):
            return texte
    return ""


def motif_d_ignorer(message, fil: str, sorte: str, *, machine: bool = False) -> str:
    """Why this mail goes no further, in French for the staff; empty when somebody wrote it to a known exchange.

    `machine`: it holds what a machine is expected to send there.
    """
    if sorte in _rapports and not machine:
        return "ni avis de non-remise, ni plainte"
    if not machine and sorte not in _automatiques:
        if est_automatique(message):
            return "réponse automatique"
        if message.spam_detected:
            return "indésirable"
    if not fil:
        return "adresse sans échange"
    if sorte not in _traitants:
        return "sorte d'échange inconnue"
    try:
        compter(f"entrant:{fil}", maximum=PLAFOND_PAR_FIL, secondes=_JOUR)
    except LimiteDepassee:
        return "trop de messages dans cet échange"
    return ""


def est_automatique(message) -> bool:
    """A robot wrote it: out of office, bounce, list, or one of our own mails come back (RFC 3834, section 2)."""
    entete = {nom.lower(): str(valeur).strip().lower() for nom, valeur in message.items()}
    expediteur = message.envelope_sender
    if expediteur is None:
        expediteur = entete.get("return-path")
    notre_hote = f"@{urlsplit(settings.PORTAIL_URL).hostname}>"
    return (
        entete.get("auto-submitted", "no").split(";")[0].strip() != "no"
        or entete.get("precedence", "") in _PRECEDENCES
        or any(nom in entete for nom in ("x-autoreply", "x-autorespond", "list-id", "list-unsubscribe"))
        or message.get_content_type() == "multipart/report"
        or (expediteur is not None and expediteur.strip("<> ") == "")
        or (expediteur or "").lower().strip("<> ").startswith(("mailer-daemon@", "postmaster@"))
        or entete.get("message-id", "").endswith(notre_hote)
    )


@transaction.atomic
def traiter(entrant_id: int) -> str:
    """Hand one stored mail to its handler; once, however often the job runs."""
    entrant = CourrielEntrant.objects.select_for_update().filter(pk=entrant_id).first()
    if entrant is None or entrant.etat != CourrielEntrant.Etat.RECU:
        return "rien à faire"
    sorte, _, jeton = entrant.jeton.partition("+")
    try:
        with transaction.atomic():
            _traitants[sorte](entrant, jeton)
    except Ignorer as raison:
        entrant.etat, entrant.motif = CourrielEntrant.Etat.IGNORE, str(raison)[:200]
    else:
        entrant.etat = CourrielEntrant.Etat.TRAITE
    entrant.calendrier, entrant.rapport = "", None
    entrant.save(update_fields=["etat", "motif", "calendrier", "rapport"])
    return str(entrant.etat)


def _destination(message) -> tuple[str, str, str]:
    """(address, sorte, jeton) of the first address that names an exchange: envelope first, then headers."""
    adresses = [message.envelope_recipient or ""]
    for champ in (message.to, message.cc, message.bcc):
        adresses += [adresse.addr_spec for adresse in champ]
    for adresse in adresses:
        if trouve := _ADRESSE.match(adresse):
            return adresse, trouve[1].lower(), trouve[2].lower()
    return next(filter(None, adresses), ""), "", ""


def _echange_du_rapport(rapport: Rapport) -> tuple[str, str]:
    """(sorte, jeton) that a report come to a general address is about."""
    for sorte, retrouver in _rapports.items():
        if jeton := retrouver(rapport):
            return sorte, jeton
    return "", ""


def _identifiant(message, evenement: str | None, fil: str) -> str:
    source = message["Message-ID"] or evenement or message.as_string()
    return hashlib.sha256(f"{source}|{fil}".encode("utf-8", "replace")).hexdigest()


def _propre(texte, longueur: int) -> str:
    return " ".join(INTERDITS.sub("", str(texte or "")).split())[:longueur]
