"""When two names are the same name."""

import unicodedata


def mots(texte: str) -> str:
    """« Mise en  Réseaux » and « mise en réseaux » are one name: case, accents, hyphens and spaces do not count."""
    decompose = unicodedata.normalize("NFKD", texte.replace("’", "'").replace("-", " "))
    return " ".join("".join(c for c in decompose if not unicodedata.combining(c)).casefold().split())
