"""Reading a CSV or XLSX file of strangers into headers and numbered rows of text.

Nothing here trusts the file's name: what it holds decides, and a file that lies about its type is refused.
"""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import PurePath

from .erreurs import FichierIllisible

LIGNES_MAX = 50_000
COLONNES_MAX = 300
CELLULE_MAX = 20_000
"""Characters of one cell: the longest field (a presentation) holds 4,000."""

SIGNATURES = [
    (b"PK\x03\x04", "une archive ou un classeur"),
    (b"\xd0\xcf\x11\xe0", "un ancien classeur Excel (.xls)"),
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"\x1f\x8b", "une archive compressée"),
]


@dataclass
class Tableau:
    """Headers as written, and rows as (line number in the file, cells); blank rows are left out."""

    entetes: list[str]
    lignes: list[tuple[int, list[str]]]


def lire(fichier, nom: str, *, quoi: str = "une structure") -> Tableau:
    """Read an open binary file named `nom`. Raises FichierIllisible, in French, for anything else than a table."""
    fichier.seek(0)
    octets = fichier.read()
    if not octets.strip():
        raise FichierIllisible("Ce fichier est vide.")
    extension = PurePath(nom).suffix.lower()
    nature = next((mot for signature, mot in SIGNATURES if octets.startswith(signature)), "")
    if extension == ".xlsx":
        if not octets.startswith(b"PK\x03\x04"):
            raise FichierIllisible(
                "Ce fichier se dit classeur Excel (.xlsx) mais n'en est pas un. Ouvrez-le dans votre tableur et "
                "enregistrez-le de nouveau en .xlsx ou en CSV."
            )
        from .xlsx import lire_xlsx

        rangees = lire_xlsx(octets)
    elif extension in {".csv", ".tsv", ".txt"}:
        if nature:
            raise FichierIllisible(
                f"Ce fichier se dit CSV mais c'est {nature}. Enregistrez votre tableau en CSV, ou donnez le .xlsx."
            )
        rangees = _lire_csv(octets)
    elif extension in {".xls", ".ods"}:
        raise FichierIllisible(
            f"Le format {extension} n'est pas lu. Dans votre tableur, enregistrez le fichier en .xlsx ou en CSV."
        )
    else:
        raise FichierIllisible("Donnez un fichier .csv ou .xlsx : c'est le nom du fichier qui doit finir ainsi.")
    return _en_tableau(rangees, quoi)


def _en_tableau(rangees, quoi: str) -> Tableau:
    entetes, lignes = None, []
    for numero, cellules in rangees:
        if not any(cellule.strip() for cellule in cellules):
            continue
        if len(cellules) > COLONNES_MAX:
            raise FichierIllisible(f"La ligne {numero} a plus de {COLONNES_MAX} colonnes : ce n'est pas une liste.")
        if any(len(cellule) > CELLULE_MAX for cellule in cellules):
            raise FichierIllisible(f"La ligne {numero} contient un texte démesuré : un guillemet est-il resté ouvert ?")
        if entetes is None:
            entetes = [cellule.strip() for cellule in cellules]
            continue
        if len(lignes) >= LIGNES_MAX:
            raise FichierIllisible(f"Ce fichier dépasse {LIGNES_MAX} lignes : coupez-le en plusieurs.")
        lignes.append((numero, cellules))
    if entetes is None:
        raise FichierIllisible("Ce fichier est vide.")
    if not lignes:
        raise FichierIllisible(f"Ce fichier n'a qu'une ligne : il faut des en-têtes, puis {quoi} par ligne.")
    return Tableau(entetes, lignes)


def _decoder(octets: bytes) -> str:
    utf_16 = octets[:2] in (b"\xff\xfe", b"\xfe\xff")  # Excel's « Texte Unicode »
    encodages = ["utf-16"] if utf_16 else ["utf-8-sig", "cp1252"]
    for encodage in encodages:
        try:
            texte = octets.decode(encodage)
        except UnicodeDecodeError:
            continue
        if re.search(r"[\x00-\x08\x0e-\x1f]", texte):
            break
        return texte
    raise FichierIllisible("Ce fichier n'est pas un texte lisible. Enregistrez-le en CSV (UTF-8) depuis votre tableur.")


def separateur(texte: str) -> str:
    """The separator most present in the header, outside quotes; a single column has none."""
    entete = re.sub(r'"[^"]*"', "", texte.lstrip("\r\n \t").split("\n", 1)[0])
    comptes = {signe: entete.count(signe) for signe in (";", "\t", ",")}
    return max(comptes, key=comptes.get)


def _lire_csv(octets: bytes):
    """(line where the row starts, cells): a quoted cell may hold line breaks, and counts its lines."""
    texte = _decoder(octets)
    if re.match(r"\s*<(!doctype|html|\?xml|svg|head|body)", texte, re.IGNORECASE):
        raise FichierIllisible("Ce fichier est une page web, pas un CSV.")
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur(texte), strict=False)
    debut = 1
    try:
        for cellules in lecteur:
            yield debut, cellules
            debut = lecteur.line_num + 1
    except csv.Error as erreur:
        raise FichierIllisible(f"Ligne {debut} : ce CSV est mal formé (un guillemet resté ouvert ?).") from erreur
