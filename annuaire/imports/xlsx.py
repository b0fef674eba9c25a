"""Reading XLSX from strangers: sizes checked before anything is inflated, XML through defusedxml."""

import datetime
import io
import warnings
import zipfile

import openpyxl
from defusedxml.common import DefusedXmlException

from .erreurs import FichierIllisible
from .lecture import COLONNES_MAX

assert openpyxl.DEFUSEDXML, "openpyxl must find defusedxml"

INFLE_MAX = 150 * 1024 * 1024
"""Bytes of all parts once inflated."""
RATIO_MAX = 200
"""An honest sheet inflates ten to forty times."""
PARTIES_MAX = 2000
RANGEES_MAX = 200_000
LARGES_MAX = 1000
"""Empty rows wider than COLONNES_MAX: a sheet formatted to its last column has some."""

ABIME = "Ce classeur ne s'ouvre pas : il est abîmé, ou protégé par un mot de passe. Enregistrez-le de nouveau en .xlsx."


def _verifier_archive(octets: bytes) -> None:
    """zipfile never inflates a part beyond the size it declares, so the declared sizes bound the memory."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        parties = archive.infolist()
        if len(parties) > PARTIES_MAX or sum(partie.file_size for partie in parties) > INFLE_MAX:
            raise FichierIllisible("Ce classeur est démesuré une fois décompressé : il n'a pas été ouvert.")
        if any(p.file_size > 1024 * 1024 and p.file_size > RATIO_MAX * max(p.compress_size, 1) for p in parties):
            raise FichierIllisible("Ce classeur est anormalement compressé : il n'a pas été ouvert.")
        noms = {partie.filename for partie in parties}
        if "xl/workbook.xml" not in noms:
            raise FichierIllisible(
                "Ce fichier se dit classeur Excel (.xlsx) mais c'est autre chose (archive, texte, présentation…)."
            )


def lire_xlsx(octets: bytes):
    """(row number, cells as text) of the first sheet; a formula gives its last computed value."""
    try:
        _verifier_archive(octets)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl on extensions that it drops
            classeur = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, data_only=True, keep_links=False)
            if not classeur.worksheets:
                raise FichierIllisible("Ce classeur n'a pas de feuille de calcul.")
            feuille = classeur.worksheets[0]
            feuille.reset_dimensions()  # the declared ones may lie
            rangees = []
            larges = 0
            for numero, cellules in enumerate(feuille.iter_rows(values_only=True), 1):
                if numero > RANGEES_MAX:
                    raise FichierIllisible("Ce classeur a trop de lignes : coupez-le en plusieurs.")
                pleine = any(cellule is not None for cellule in cellules)
                # One cell in the last column makes 16,384 of a row: stop before they fill the memory, or the hour.
                larges += len(cellules) > COLONNES_MAX
                if larges > LARGES_MAX or (pleine and len(cellules) > COLONNES_MAX):
                    raise FichierIllisible(
                        f"La ligne {numero} a plus de {COLONNES_MAX} colonnes : une liste en a moins."
                    )
                if pleine:
                    rangees.append((numero, [_texte(cellule) for cellule in cellules]))
    except FichierIllisible:
        raise
    except (DefusedXmlException, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as erreur:
        raise FichierIllisible(ABIME) from erreur
    except Exception as erreur:  # openpyxl raises anything on a forged part: KeyError, TypeError, ParseError…
        raise FichierIllisible(ABIME) from erreur
    return rangees


def _texte(valeur) -> str:
    """A cell as people read it: no « 3.0 », dates as 2014-01-30, oui / non."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float):
        return str(int(valeur)) if valeur.is_integer() and abs(valeur) < 1e15 else repr(valeur)
    if isinstance(valeur, datetime.datetime | datetime.date):
        return valeur.strftime("%Y-%m-%d")
    return str(valeur)
