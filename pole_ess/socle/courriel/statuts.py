"""What a mail server's words say of an address: gone for good, or only of a message, a day, or of us (RFC 3463)."""

import re

DURS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310"}
"""No such mailbox, no such domain, moved without an address, mailbox disabled, host not found."""
_VAGUES = {"", "5.0.0", "5.1.0", "5.4.1", "5.5.0", "5.7.1"}
"""Codes under which some servers put everything: the words decide."""
_STATUT = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})\b(?!\.\d)")
_REFUS = re.compile(r"\b55[0134]\b")
_MOTS_DURS = re.compile(
    r"user unknown|unknown (?:user|recipient|mailbox|local)|no such (?:user|recipient|address|mailbox|person)"
    r"|(?:does not|doesn't|n'existe) (?:exist|pas)|(?:user|recipient|mailbox|address)[^.;]{0,30} (?:not found|unknown)"
    r"|invalid (?:recipient|mailbox)|unrouteable address|inconnue?\b"
    r"|(?:account|mailbox)[^.;]{0,30}(?:disabled|closed|deleted|inactive)",
    re.IGNORECASE,
)
_DE_NOUS = re.compile(r"\b(?:sender|sending|from (?:address|domain)|helo|client host|expéditeur)\b", re.IGNORECASE)


def statut_de(texte: str) -> str:
    """The first enhanced code (« 5.1.1 ») in a server's words; empty when there is none."""
    trouve = _STATUT.search(texte)
    return trouve[1] if trouve else ""


def est_dur(statut: str, mots: str) -> bool:
    """Whether the address itself is at fault, for good. In doubt it is not: five soft ones in a row stop it too.

    A full mailbox, a filter, a wrong signature or a time-out says nothing of the address.
    """
    codes = [code for code in (statut_de(statut), statut_de(mots)) if code]
    if any(code[0] in "24" for code in codes[:1]):
        return False
    if any(code in DURS for code in codes):
        return True
    vague = all(code in _VAGUES for code in codes)
    refus = bool(codes) or bool(_REFUS.search(mots))
    return bool(vague and refus and _MOTS_DURS.search(mots) and not _DE_NOUS.search(mots))
