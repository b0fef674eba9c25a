"""A long text in few letters, for paper and for help beside a form."""

import re


def abreger(texte: str, maximum: int) -> str:
    """At most `maximum` letters, cut after a sentence when one ends in the second half, else after a word."""
    texte = re.sub(r"[ \t\r\n\f\v]+", " ", texte).strip()  # no-break spaces stay
    if len(texte) <= maximum:
        return texte
    coupe = texte[:maximum]
    fin = max(coupe.rfind(signe) for signe in (". ", "! ", "? "))
    if fin >= maximum // 2:
        return f"{coupe[: fin + 1].rstrip()} (…)"
    return f"{coupe.rpartition(' ')[0].rstrip(' ,;:') or coupe}…"
