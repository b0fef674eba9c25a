"""DOCX and ODT, by pandoc from one HTML page, when the optional extra « documents » is installed.

pandoc runs in its sandbox: it reads what it is given and nothing else, neither files nor network.
"""

import base64
import importlib.util
import tempfile
from pathlib import Path

from django.template.loader import render_to_string

from pole_ess.socle import documents

from . import markdown
from .donnees import donnees as en_mots

SORTES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


def est_installe() -> bool:
    return importlib.util.find_spec("pypandoc") is not None


def page(vue: dict, *, mentions, pole: str, pied: str) -> str:
    """The HTML that pandoc reads; the drawing is an image with its words beside it."""
    contexte = en_mots(vue, mentions=mentions, pole=pole, pied=pied)
    contexte["sections"] = [{"titre": s["titre"], "html": markdown.html(s["texte"])} for s in vue["sections"]]
    if contexte["resultats"]:
        contexte["image"] = "data:image/png;base64," + _image(contexte["resultats"])
    return render_to_string("reunions/compte_rendu_bureautique.html", contexte)


def _image(resultats) -> str:
    octets = documents.image("graphique", {cle: resultats[cle] for cle in ("axes", "description")})
    return base64.b64encode(octets).decode("ascii")


def convertir(html: str, sorte: str) -> bytes:
    """`sorte`: of SORTES. Raises RuntimeError when pandoc refuses."""
    import pypandoc

    with tempfile.TemporaryDirectory() as dossier:
        sortie = Path(dossier) / f"compte-rendu.{sorte}"
        pypandoc.convert_text(
            html,
            sorte,
            format="html",
            outputfile=str(sortie),
            extra_args=["--sandbox", "--standalone", "--metadata=lang:fr-FR"],
        )
        return sortie.read_bytes()
