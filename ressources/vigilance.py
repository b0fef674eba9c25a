"""Words that put an announcement under the eyes of staff: whole words, whatever accents, case and plural."""

import re

from annuaire.imports.textes import cle_texte
from ressources.models import MotDeVigilance

TEXTES = ("titre", "description", "contrepartie", "equipements")


def trouver(objet, *, textes=TEXTES) -> list[str]:
    """The expressions of MotDeVigilance that the words of an announcement hold, in the order of the alphabet.

    `textes`: names of the fields to read, for another kind of object.
    """
    texte = _texte(objet, textes)
    expressions = MotDeVigilance.objects.order_by("expression").values_list("expression", flat=True)
    return [expression for expression in expressions if (m := _motif(expression)) and re.search(m, texte)]


def contient(objet, expression: str, *, textes=TEXTES) -> bool:
    """Whether the words of an announcement hold this one; `textes` as for `trouver`."""
    motif = _motif(expression)
    return bool(motif and re.search(motif, _texte(objet, textes)))


def _texte(objet, textes=TEXTES) -> str:
    return cle_texte(" . ".join(getattr(objet, champ) for champ in textes))


def _motif(expression: str) -> str:
    """« Gain garanti » finds « gains garantis », not « regain »: a plural mark may follow each word."""
    mots = [re.escape(mot) for mot in cle_texte(expression).split()]
    return r"\b" + r"\s+".join(rf"{mot}(?:s|x|es)?" for mot in mots) + r"\b" if mots else ""
