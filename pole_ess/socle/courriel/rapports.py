"""Reports that mail systems send: not delivered (RFC 3464, and shapes older than it), put off, complained about (5965).

Nothing here decides: it reads, whatever comes, in bounded time, and raises nothing.
"""

import base64
import logging
import re
from dataclasses import asdict, dataclass, field

from .statuts import est_dur, statut_de
from .texte import INTERDITS, masquer

journal = logging.getLogger("pole_ess.courriel")

DETAIL_MAX = 300
PARTIES_MAX = 30
"""Parts looked at: a report has three."""
OCTETS_MAX = 100_000
"""Characters read of a part: real ones have a few thousand."""

_AVIS = {"message/delivery-status", "message/global-delivery-status"}
_PLAINTE = {"message/feedback-report"}
_RENDUS = {
    "message/rfc822",
    "message/global",
    "message/rfc822-headers",
    "text/rfc822-headers",
    "message/global-headers",
}
_CHAMP = re.compile(r"^([!-9;-~]{1,76})[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_PANNE = re.compile(
    r"\b[45]\.[0-7]\.\d{1,3}\b|(?:said|error|smtp|code|reply|response|server|failed)[\s\S]{0,120}?\b[45][0-5]\d\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rapport:
    """`sorte`: rebond, plainte, or retard (any news that settles nothing). `dur`: the address is at fault, for good.

    `retours`: envelope senders of the mail that it speaks of; `desabonnement`: that mail's List-Unsubscribe. Both come
    from the report, so from anybody: only what is signed in them proves something.
    """

    sorte: str
    dur: bool = False
    detail: str = ""
    retours: list[str] = field(default_factory=list)
    desabonnement: str = ""

    def en_dict(self) -> dict:
        return asdict(self)


ILLISIBLE = Rapport("rebond", detail="Avis de non-remise illisible.")


def lire(message, *, attendu: bool = False) -> Rapport | None:
    """The report that this mail is, or None. `attendu`: it came where reports go, so an old shape is one too."""
    try:
        return _lire(message, attendu)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as erreur:
        # What the standard library's parser lets through on damaged headers, it may trip over when they are read.
        journal.warning("avis de non-remise illisible : %s", type(erreur).__name__)
        return ILLISIBLE if attendu and _d_une_machine(message) else None


def _lire(message, attendu: bool) -> Rapport | None:
    parties = _parties(message)
    rendu = next((_rendu(partie) for sorte, partie in parties if sorte in _RENDUS), {})
    for sorte, partie in parties:
        if sorte in _PLAINTE:
            return _plainte(_champs(_texte(partie)), rendu)
    for sorte, partie in parties:
        if sorte in _AVIS:
            return _rebond(_texte(partie), rendu, parties)
    return _forme_libre(message, parties) if attendu and _d_une_machine(message) else None


def _parties(message) -> list:
    """(type, part) of what the mail is made of, not of what it encloses."""
    trouvees, pile = [], [message]
    while pile and len(trouvees) < PARTIES_MAX:
        partie = pile.pop(0)
        sorte = partie.get_content_type()
        contenu = partie.get_payload()
        if sorte.startswith("multipart/") and isinstance(contenu, list):
            pile += contenu[:PARTIES_MAX]
        else:
            trouvees.append((sorte, partie))
    return trouvees


def _texte(partie) -> str:
    """A part as text: the parser makes messages of the blocks of message/*, which become lines again."""
    contenu = partie.get_payload()
    if isinstance(contenu, list):
        blocs = []
        for bloc in contenu[:PARTIES_MAX]:
            entetes = "\n".join(f"{nom}: {valeur}" for nom, valeur in list(bloc.raw_items())[:200])
            corps = bloc.get_payload()
            blocs.append(f"{entetes}\n\n{corps if isinstance(corps, str) else ''}")
        texte = "\n\n".join(blocs)[:OCTETS_MAX]
        if str(partie.get("Content-Transfer-Encoding", "")).strip().lower() == "base64" and ":" not in texte:
            texte = base64.b64decode(re.sub(r"\s", "", texte) + "==").decode("utf-8", "replace")
    else:
        octets = partie.get_payload(decode=True) or b""
        texte = octets[:OCTETS_MAX].decode("utf-8", "replace")
    return INTERDITS.sub("", texte.replace("\r\n", "\n").replace("\r", "\n"))


def _champs(bloc: str) -> dict[str, str]:
    """Header fields of a block, the first of each name, lines unfolded."""
    champs = {}
    for nom, valeur in _CHAMP.findall(bloc):
        champs.setdefault(nom.lower(), " ".join(valeur.split()))
    return champs


def _rendu(partie) -> dict[str, str]:
    """Header fields of the mail that came back."""
    return _champs(_texte(partie).lstrip("\n").partition("\n\n")[0])


def _origine(rendu: dict[str, str], *adresses: str) -> dict:
    retours = [adresse.strip("<> ") for adresse in (*adresses, rendu.get("return-path", "")) if adresse]
    return {"retours": [r[:254] for r in retours if r], "desabonnement": rendu.get("list-unsubscribe", "")[:2000]}


def _plainte(champs: dict[str, str], rendu: dict[str, str]) -> Rapport:
    """RFC 5965; a « not-spam » or a report on authentication accuses nobody."""
    genre = champs.get("feedback-type", "").lower()
    outil = champs.get("reported-domain") or champs.get("user-agent") or ""
    return Rapport(
        "plainte" if genre in ("abuse", "fraud", "complaint", "opt-out", "opt-out-list") else "retard",
        detail=_dire(f"Signalée comme indésirable ({genre or 'sans précision'}) {outil}"),
        **_origine(rendu, champs.get("original-mail-from", "")),
    )


def _rebond(texte: str, rendu: dict[str, str], parties: list) -> Rapport:
    """Of the blocks about recipients: hard when all are; put off when none says that it failed."""
    blocs = [_champs(bloc) for bloc in re.split(r"\n[ \t]*\n", texte)]
    blocs = [b for b in blocs if b.keys() & {"final-recipient", "action", "status", "diagnostic-code"}]
    if not blocs:  # damaged: the words for people may say the code
        return _de_mots(" ".join(_texte(p) for sorte, p in parties if sorte == "text/plain"), _origine(rendu))
    echecs = [b for b in blocs if _a_echoue(b)]
    if not echecs:
        return Rapport("retard", detail=_dire(_diagnostic(blocs[0])), **_origine(rendu))
    durs = [est_dur(b.get("status", ""), b.get("diagnostic-code", "")) for b in echecs]
    dur = all(durs) and len(echecs) == len(blocs)
    return Rapport("rebond", dur=dur, detail=_dire(_diagnostic(echecs[0])), **_origine(rendu))


def _a_echoue(bloc: dict[str, str]) -> bool:
    action = bloc.get("action", "").split(";")[0].split("(")[0].strip().lower()
    return action == "failed" or (not action and not bloc.get("status", "").startswith(("2", "4")))


def _diagnostic(bloc: dict[str, str]) -> str:
    mots = bloc.get("diagnostic-code", "").partition(";")[2] or bloc.get("diagnostic-code", "")
    return f"{bloc.get('status', '').split('(')[0].strip()} {mots.strip()}".strip() or "Sans précision."


def _forme_libre(message, parties: list) -> Rapport | None:
    """Reports in words only (qmail, old Exim): a mail server's code must be in them, else it is an automatic answer."""
    texte = " ".join(_texte(partie) for sorte, partie in parties if sorte in ("text/plain", "text/html"))
    if not _PANNE.search(texte[:OCTETS_MAX]) and "X-Failed-Recipients" not in message:
        return None
    return _de_mots(texte, {})


def _de_mots(texte: str, origine: dict) -> Rapport:
    texte = texte[:OCTETS_MAX]
    trouve = _PANNE.search(texte)
    ligne = texte[max(0, trouve.start() - 60) : trouve.end() + 200] if trouve else ""
    if statut_de(ligne).startswith("4") and not re.search(r"\b5[0-5]\d\b", ligne):
        abandon = re.search("giv(?:e|ing) up|expired|too long", texte)
        return Rapport("rebond" if abandon else "retard", detail=_dire(ligne), **origine)
    return Rapport("rebond", dur=est_dur("", ligne), detail=_dire(ligne or "Sans précision."), **origine)


def _d_une_machine(message) -> bool:
    """Nobody wrote it: no envelope sender, or a mail server's own address, or Exim's list of what failed."""
    entetes = {nom.lower(): str(valeur).strip().lower() for nom, valeur in message.raw_items()}
    enveloppe = message.envelope_sender
    if enveloppe is None:
        enveloppe = entetes.get("return-path")
    return (
        (enveloppe is not None and enveloppe.strip("<> ") == "")
        or "x-failed-recipients" in entetes
        or any(re.search(r"(?:mailer-daemon|postmaster)@", s) for s in (entetes.get("from", ""), enveloppe or ""))
    )


def _dire(texte: str) -> str:
    return " ".join(masquer(texte).split())[:DETAIL_MAX]
