"""Files of strangers: every honest form is read, everything else gets a clear French message."""

import io
import zipfile

import openpyxl
import pytest

from annuaire.imports import lecture, xlsx
from annuaire.imports.colonnes import reconnaitre
from annuaire.imports.erreurs import FichierIllisible

from .import_aide import csv_de, xlsx_de

TABLE = [["Nom", "Commune"], ["Épicerie d'exemple", "Vichy"], ["Œuvre, à suivre", "Cusset"]]


@pytest.mark.parametrize("separateur", [",", ";", "\t"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
def test_csv_de_toutes_les_formes(separateur, encodage, fin):
    texte = fin.join(separateur.join(f'"{c}"' if separateur in c else c for c in rangee) for rangee in TABLE)
    tableau = lecture.lire(csv_de(texte, encodage), "liste.csv")
    assert tableau.entetes == TABLE[0]
    assert tableau.lignes == [(2, TABLE[1]), (3, TABLE[2])]


def test_numero_de_ligne_malgre_retours_entre_guillemets_et_lignes_vides():
    tableau = lecture.lire(csv_de('nom;objet\nA;"un\ndeux\n\ntrois"\n\n;;\nB;x\n'), "liste.csv")
    assert [(numero, cellules[0]) for numero, cellules in tableau.lignes] == [(2, "A"), (8, "B")]


def test_separateur_lu_hors_des_guillemets():
    tableau = lecture.lire(csv_de('"nom, sigle, et reste";commune\nA;Vichy\n'), "liste.csv")
    assert tableau.entetes == ["nom, sigle, et reste", "commune"]


def test_xlsx_lu_comme_les_gens_le_voient():
    import datetime

    tableau = lecture.lire(
        xlsx_de(
            [["nom", "siret", "etp", "le", "pmr"], [], ["A", 73282932000074, 2.5, datetime.date(2014, 1, 30), True]]
        ),
        "liste.XLSX",
    )
    assert tableau.lignes == [(3, ["A", "73282932000074", "2.5", "2014-01-30", "oui"])]


def test_xlsx_les_formules_donnent_leur_valeur_jamais_leur_texte():
    tableau = lecture.lire(xlsx_de([["nom", "sigle"], ["A", "=1+1"]]), "liste.xlsx")
    assert tableau.lignes == [(2, ["A", ""])]


def test_xlsx_qui_ment_sur_ses_dimensions():
    fichier = xlsx_de(TABLE)
    sortie = io.BytesIO()
    with zipfile.ZipFile(fichier) as avant, zipfile.ZipFile(sortie, "w") as apres:
        for partie in avant.namelist():
            octets = avant.read(partie).replace(b'ref="A1:B3"', b'ref="A1:XFD1048576"')
            apres.writestr(partie, octets)
    assert lecture.lire(sortie, "liste.xlsx").lignes == [(2, TABLE[1]), (3, TABLE[2])]


def archive(*parties, compression=zipfile.ZIP_DEFLATED):
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", compression) as ouverte:
        for nom, contenu in parties:
            ouverte.writestr(nom, contenu)
    return sortie.getvalue()


def test_bombe_zip_refusee_sans_etre_ouverte(monkeypatch):
    bombe = archive(("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b"0" * 30_000_000))
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: pytest.fail("opened"))
    with pytest.raises(FichierIllisible, match="anormalement compressé"):
        lecture.lire(io.BytesIO(bombe), "liste.xlsx")
    monkeypatch.setattr(xlsx, "INFLE_MAX", 1000)
    with pytest.raises(FichierIllisible, match="démesuré"):
        lecture.lire(io.BytesIO(bombe), "liste.xlsx")


def test_xml_avec_entites_refuse():
    vrai = xlsx_de(TABLE).getvalue()
    sortie = io.BytesIO()
    bombe = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    with zipfile.ZipFile(io.BytesIO(vrai)) as avant, zipfile.ZipFile(sortie, "w") as apres:
        for partie in avant.namelist():
            apres.writestr(partie, bombe if partie == "xl/worksheets/sheet1.xml" else avant.read(partie))
    with pytest.raises(FichierIllisible, match="ne s'ouvre pas"):
        lecture.lire(sortie, "liste.xlsx")


@pytest.mark.parametrize(
    ("nom", "octets", "message"),
    [
        ("liste.csv", b"", "vide"),
        ("liste.csv", b"\n \n", "vide"),
        ("liste.csv", b";;;\n", "vide"),
        ("liste.csv", b"nom;commune\n", "qu'une ligne"),
        ("liste.csv", b"\x89PNG\r\n\x1a\n", "une image"),
        ("liste.csv", b"%PDF-1.4\n", "un PDF"),
        ("liste.csv", b"PK\x03\x04rien", "une archive ou un classeur"),
        ("liste.csv", b"nom\x00;commune\nA;B\n", "pas un texte lisible"),
        ("liste.csv", b"\x81\x8d\x8f;\x90\n", "pas un texte lisible"),
        ("liste.csv", b"<!DOCTYPE html><html>\n", "une page web"),
        ("liste.csv", b'nom;objet\nA;"' + b"x" * 200_000, "mal formé|démesuré"),
        ("liste.csv", b"nom;objet\nA;" + b"x" * 30_000, "démesuré"),
        ("liste.csv", b"nom" + b";c" * 400 + b"\nA\n", "300 colonnes"),
        ("liste.xlsx", b"nom;commune\nA;Vichy\n", "se dit classeur Excel"),
        ("liste.xlsx", b"PK\x03\x04" + b"x" * 100, "ne s'ouvre pas"),
        ("liste.xlsx", archive(("mimetype", "text/plain")), "autre chose"),
        ("liste.xlsx", archive(("xl/workbook.xml", "<a>")), "ne s'ouvre pas"),
        ("liste.xls", b"\xd0\xcf\x11\xe0", "n'est pas lu"),
        ("liste.ods", b"PK\x03\x04", "n'est pas lu"),
        ("liste.exe", b"MZ", "csv ou .xlsx"),
        ("liste", b"nom\nA\n", "csv ou .xlsx"),
    ],
)
def test_mauvais_fichier(nom, octets, message):
    with pytest.raises(FichierIllisible, match=message):
        lecture.lire(io.BytesIO(octets), nom)


def test_trop_de_lignes(monkeypatch):
    monkeypatch.setattr(lecture, "LIGNES_MAX", 2)
    with pytest.raises(FichierIllisible, match="2 lignes"):
        lecture.lire(csv_de("nom\nA\nB\nC\n"), "liste.csv")


def test_entetes_sans_casse_ni_accent_et_registres():
    colonnes = reconnaitre(
        [
            "NOM DE LA STRUCTURE",
            "Activités",
            "E-Mail",
            "adrs_libvoie",
            "adrg_libvoie",
            "Couleur",
            "denominationUniteLegale",
        ]
    )
    assert colonnes.positions == {"nom": [0, 6], "activites": [1], "courriel": [2], "adresse_voie": [3]}
    assert colonnes.ignorees == ["Couleur"]
    assert colonnes.personnelles == ["adrg_libvoie"]
