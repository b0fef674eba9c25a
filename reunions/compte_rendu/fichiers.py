"""The minutes as files. A file is made once per content and audience, then kept a while: its key is its content."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

from pole_ess.socle import documents

from . import braille, bureautique, donnees, en_lignes, synthese

GARDE = 24 * 3600
GARDE_MAX = 2_000_000
"""Seconds and bytes: what is larger is made again."""
GABARITS = 1
"""To raise when a layout changes: files that were kept are made again."""


class OutilAbsent(Exception):
    """The file needs a tool that this server does not have; the message says how to install it."""


@dataclass(frozen=True)
class Format:
    """`faire(vue, mentions, pole, pied)` gives the bytes; `manque`: what to say when its tool is not there."""

    nom: str
    extension: str
    type_mime: str
    faire: Callable[..., bytes]
    est_installe: Callable[[], bool] = lambda: True
    manque: str = ""


SANS_PANDOC = (
    "Les fichiers DOCX et ODT sont faits par pandoc, qui n'est pas installé sur ce serveur. La personne qui "
    "l'administre peut l'ajouter : pip install 'pole-ess[documents]' (ou pip install pypandoc_binary), puis "
    "redémarrer le portail."
)
SANS_LIBLOUIS = (
    "Le braille est transcrit par liblouis, qui n'est pas installé sur ce serveur. La personne qui l'administre peut "
    "l'ajouter : apt install liblouis-bin. Rien n'est à redémarrer."
)


def _pdf(vue, **reste) -> bytes:
    return documents.pdf("compte_rendu", donnees.donnees(vue, **reste))


def _synthese(vue, *, mentions, pole, pied) -> bytes:
    return documents.pdf("synthese", synthese.donnees(vue, pole=pole, pied=pied))


def _bureautique(sorte):
    return lambda vue, **reste: bureautique.convertir(bureautique.page(vue, **reste), sorte)


def _braille(sorte):
    return lambda vue, **reste: braille.ecrire(en_lignes.compte_rendu(vue, **reste), sorte)


# The tools are asked when the file is: `bureautique.est_installe` is looked up at each call.
PANDOC = {"est_installe": lambda: bureautique.est_installe(), "manque": SANS_PANDOC}
LIBLOUIS = {"est_installe": lambda: braille.est_installe(), "manque": SANS_LIBLOUIS}
BRF = "application/octet-stream"
FORMATS = {
    "pdf": Format("PDF accessible", "pdf", "application/pdf", _pdf),
    "synthese.pdf": Format("Une page pour les élus (PDF)", "pdf", "application/pdf", _synthese),
    "docx": Format("Word (DOCX)", "docx", bureautique.SORTES["docx"], _bureautique("docx"), **PANDOC),
    "odt": Format("LibreOffice (ODT)", "odt", bureautique.SORTES["odt"], _bureautique("odt"), **PANDOC),
    "brf": Format("Braille intégral (BRF)", "brf", BRF, _braille("integral"), **LIBLOUIS),
    "brf-abrege": Format("Braille abrégé (BRF)", "brf", BRF, _braille("abrege"), **LIBLOUIS),
}
FORMATS_AGENDA = {nom: FORMATS[nom] for nom in ("brf", "brf-abrege")}


def verifier(nom: str) -> Format:
    """The format of this name. Raises KeyError when there is none, OutilAbsent when its tool is not there."""
    choisi = FORMATS[nom]
    if not choisi.est_installe():
        raise OutilAbsent(choisi.manque)
    return choisi


def fichier(nom: str, vue: dict, *, mentions: list[str], pole: str, pied: str) -> bytes:
    """The minutes in the format `nom`, of FORMATS. Raises OutilAbsent."""
    choisi = verifier(nom)
    return _garde([nom, vue, mentions, pole, pied], lambda: choisi.faire(vue, mentions=mentions, pole=pole, pied=pied))


def ordre_du_jour(nom: str, vue: dict) -> bytes:
    """The agenda in braille; `nom`: of FORMATS_AGENDA. Raises OutilAbsent."""
    verifier(nom)
    sorte = "abrege" if nom == "brf-abrege" else "integral"
    return _garde(["agenda", nom, vue], lambda: braille.ecrire(en_lignes.ordre_du_jour(vue), sorte))


def _garde(contenu, faire) -> bytes:
    """What was made for the same content, or made now."""
    empreinte = hashlib.sha256(json.dumps([GABARITS, contenu], sort_keys=True).encode()).hexdigest()
    cle = f"compte-rendu:{empreinte}"
    octets = cache.get(cle)
    if octets is None:
        octets = faire()
        if len(octets) <= GARDE_MAX:
            cache.set(cle, octets, GARDE)
    return octets
