"""What no log line, no error report and no measure may hold: addresses of people, and links that open something."""

import re

ADRESSE = re.compile(r"(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
"""With its limits (RFC 5321, 4.5.3.1), so that hostile input costs a bounded time per character."""
_JETON = re.compile(r"(?<![\w.-])[\w.-]+(?:(?::|%3A)[\w-]{4,12})?(?::|%3A)[\w-]{27,64}", re.IGNORECASE)
"""What django.core.signing writes: value, time in base 62, signature. Tried once a word, so linear."""
_LIGNE_CITEE = re.compile(r"(DETAIL|CONTEXT):.*?(?=\n\n(?:The above exception was|During handling of)|\Z)", re.DOTALL)
"""PostgreSQL quotes the refused row there, with the names in it, over as many lines as the row has."""
SECRETS = frozenset({"jeton", "code", "cle", "key", "uidb36"})
"""Parts of our addresses that open a page, or an account, to who holds them."""
SEGMENT_MAX = 30
CACHE = "…"


def masquer(texte: str) -> str:
    """A text for technicians, without addresses, signed tokens nor the rows that PostgreSQL quotes."""
    texte = _LIGNE_CITEE.sub(rf"\1: {CACHE}", texte)
    return ADRESSE.sub("[adresse]", _JETON.sub(CACHE, texte))


def chemin_public(chemin: str, resolu=None) -> str:
    """A request's path without what gives access; `resolu`: its ResolverMatch, when a route was found.

    Without one nobody knows which part is the secret of a mistyped link: whatever looks like it goes.
    """
    if resolu is None:
        return "/".join(CACHE if _suspect(segment) else segment for segment in chemin.split("/"))
    for nom, valeur in resolu.kwargs.items():
        if nom in SECRETS and valeur:
            chemin = chemin.replace(str(valeur), CACHE)
    return masquer(chemin)


def _suspect(segment: str) -> bool:
    return len(segment) > SEGMENT_MAX or ":" in segment or "@" in segment
