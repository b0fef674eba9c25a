"""Making the files that the import tests read."""

import io

import openpyxl

from annuaire.imports.moteur import importer


def csv_de(texte: str, encodage="utf-8") -> io.BytesIO:
    return io.BytesIO(texte.encode(encodage))


def xlsx_de(rangees) -> io.BytesIO:
    classeur = openpyxl.Workbook()
    for rangee in rangees:
        classeur.active.append(rangee)
    sortie = io.BytesIO()
    classeur.save(sortie)
    sortie.seek(0)
    return sortie


def importer_texte(texte: str, source="liste", **options):
    return importer(csv_de(texte), nom="liste.csv", source=source, **options)


def statuts(rapport):
    return [ligne.statut for ligne in rapport.lignes]
