"""Finding and hiding a person in text, whatever the case, the accents and the order of the name."""

import re
import unicodedata

RETIRE = "[retiré]"
LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"}


def _plier_lettre(lettre: str) -> str:
    basse = lettre.lower()
    basse = LIGATURES.get(basse, basse)
    return "".join(c for c in unicodedata.normalize("NFKD", basse) if not unicodedata.combining(c))


def plier(texte: str) -> str:
    """Lower case without accents: what public.sans_accent does in the database."""
    return "".join(_plier_lettre(lettre) for lettre in texte)


def motif_adresse(adresse: str) -> re.Pattern:
    """Matches this address in folded text, not a longer one that contains it."""
    return re.compile(rf"(?<![\w.%+-]){re.escape(plier(adresse))}(?![\w-])(?!\.\w)")


def motif_nom(nom: str) -> re.Pattern | None:
    """Matches a name of two words or more in folded text, in either order; None for a single word.

    A single word (« Marie ») is too common to be cut out of sentences.
    """
    mots = re.findall(r"\w+", plier(nom))
    if len(mots) < 2:
        return None
    ordres = [mots, mots[1:] + mots[:1], mots[-1:] + mots[:-1]]
    alternatives = "|".join(sorted({r"[\W_]+".join(map(re.escape, ordre)) for ordre in ordres}))
    return re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])")


def caviarder(texte: str, motifs) -> str:
    """`texte` with every match of `motifs` (patterns on folded text) replaced by « [retiré] »."""
    for motif in motifs:
        plie, origine = [], []
        for rang, lettre in enumerate(texte):
            morceau = _plier_lettre(lettre)
            plie.append(morceau)
            origine.extend([rang] * len(morceau))
        morceaux, fin = [], 0
        for trouve in motif.finditer("".join(plie)):
            debut = origine[trouve.start()]
            morceaux += [texte[fin:debut], RETIRE]
            fin = origine[trouve.end() - 1] + 1
        texte = "".join([*morceaux, texte[fin:]])
    return texte


def caviarder_valeur(valeur, motifs):
    """The same through lists and dictionaries (JSON), keys included."""
    if isinstance(valeur, str):
        return caviarder(valeur, motifs)
    if isinstance(valeur, list):
        return [caviarder_valeur(element, motifs) for element in valeur]
    if isinstance(valeur, dict):
        return {caviarder(cle, motifs): caviarder_valeur(element, motifs) for cle, element in valeur.items()}
    return valeur
