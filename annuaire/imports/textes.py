"""Comparing words as people do: without accents, case nor punctuation."""

import re
import unicodedata


def sans_accent(texte: str) -> str:
    texte = texte.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c)).lower()


def cle_texte(texte: str) -> str:
    """« L'Espigaou  égaré » -> « l espigaou egare »; a + stays: ADEF and ADEF+ are two structures."""
    return " ".join(re.findall(r"[a-z0-9+]+", sans_accent(texte)))
