"""A bilan as files: totals and facts for a spreadsheet, data for the PDF, all structures of a year for the staff."""

from pole_ess.socle.tableaux import Tableau

from .annee import BilanAnnuel
from .mesures import NOMS_DES_BASES, NOMS_DES_SENS, Base, Sens
from .presentation import (
    comparaison,
    periode_en_clair,
    tableaux,
)
from .sources import MESURES, SOURCES

BASES_DITES = [
    ("Dit par les deux", "Les deux structures le disent. Quand elles donnent deux chiffres, le plus petit compte."),
    ("Dit par une seule", "L'autre structure ne l'a pas confirmé, ou n'est pas sur le portail."),
    ("Estimé", "Personne ne l'a dit : un coefficient daté, dont la source est citée, multiplie ce qui est connu."),
]


def totaux(bilan: BilanAnnuel, nom: str) -> Tableau:
    """A row per side, measure and basis."""
    lignes = []
    for sens in Sens:
        for mesure in bilan.mesures(sens):
            for base in Base:
                valeur = bilan.valeur(mesure, base, sens)
                if valeur.total is not None:
                    quoi = (NOMS_DES_SENS[sens], mesure.nom, mesure.unite, NOMS_DES_BASES[base])
                    lignes.append((nom, (bilan.annee, _arrete(bilan), *quoi, valeur.total, valeur.echanges)))
    entetes = ("structure", "année", "arrêté au", "côté", "mesure", "unité", "base", "valeur", "échanges")
    return Tableau("totaux", "Totaux", entetes, tuple(lignes))


def detail(bilan: BilanAnnuel, nom: str) -> Tableau:
    """A row per figure; an estimate says its coefficient, its dates and its source."""
    lignes = []
    for fait in bilan.faits:
        quoi = (fait.le.isoformat(), NOMS_DES_SENS[fait.sens], fait.quoi, fait.avec)
        for c in fait.chiffres:
            dit = (c.mesure.nom, c.mesure.unite, NOMS_DES_BASES[c.base], c.valeur)
            lignes.append((nom, (*quoi, *dit, *_calcul(c.coefficient))))
    entetes = (
        *["structure", "jour", "côté", "quoi", "avec", "mesure", "unité", "base", "valeur", "coefficient"],
        *["unité du coefficient", "vaut du", "vaut jusqu'au", "source", "adresse de la source", "valeur d'exemple"],
    )
    return Tableau("echanges", "Échanges", entetes, tuple(lignes))


def _calcul(c) -> tuple:
    """The cells that only an estimate fills."""
    if c is None:
        return (None,) * 7
    fin = c.au and c.au.isoformat()
    return c.valeur, c.unite, c.du.isoformat(), fin, c.source, c.source_url, "oui" if c.exemple else "non"


FICHIERS = {"totaux": totaux, "echanges": detail}


def _arrete(bilan: BilanAnnuel) -> str:
    return bilan.jusqu_au.isoformat() if bilan.jusqu_au else f"{bilan.annee}-12-31"


def pour_pdf(bilan: BilanAnnuel, avant: BilanAnnuel, *, structure, pole) -> dict:
    """The data of templates/documents/bilan.typ. No partner is named: the document is for the structure's readers."""
    return {
        "titre": f"Bilan {bilan.annee} des échanges de {structure.nom}",
        "auteur": structure.nom,
        "pied": f"Bilan {bilan.annee}, {structure.nom}, {pole.nom}",
        "chapeau": f"{periode_en_clair(bilan)}, d'après ce qui est dit et noté sur le portail « {pole.nom} ».",
        "tableaux": [
            {
                "titre": t.titre,
                "entetes": t.entetes,
                "lignes": [[nom, *valeurs] for nom, valeurs in t.lignes],
                "note": t.note,
            }
            for t in tableaux(bilan)
        ],
        "avant": f"Par rapport à {avant.annee}",
        "comparaison": [{"titre": titre, "phrases": phrases} for titre, phrases in comparaison(bilan, avant)],
        "bases": BASES_DITES,
        "sources": [(source.nom, source.explication) for source in SOURCES],
        "coefficients": [_coefficient(c) for c in bilan.coefficients()],
    }


def _coefficient(c) -> list[str]:
    return [str(c), c.en_clair, c.dates_en_clair, c.source_en_clair, c.source_url]


# -- all structures


def de_tous(bilans: dict[int, BilanAnnuel], structures, *, pour_fichier=False) -> Tableau:
    """A row per structure, side and basis: given here is received there, so no column has a total.

    `structures`: those to show, in order. A file has the name, side and basis in columns of their own.
    """
    lignes = []
    for structure in structures:
        bilan = bilans[structure.pk]
        for sens in Sens:
            for base in Base:
                valeurs = tuple(bilan.valeur(mesure, base, sens).total for mesure in MESURES)
                if any(valeur is not None for valeur in valeurs):
                    quoi = NOMS_DES_SENS[sens], NOMS_DES_BASES[base]
                    if pour_fichier:
                        lignes.append((structure.nom, (structure.slug, *quoi, *valeurs)))
                    else:
                        lignes.append((f"{structure.nom} : {quoi[0]}, {quoi[1]}", valeurs))
    mesures = [f"{mesure.nom} ({mesure.signe})" if mesure.signe else mesure.nom for mesure in MESURES]
    entetes = ("Structure", "Fiche", "Côté", "Base", *mesures) if pour_fichier else ("Structure, côté, base", *mesures)
    note = (
        "Une ligne par côté et par base. Rien ne s'additionne : ni deux bases, ni ce que l'une donne et l'autre reçoit."
    )
    return Tableau("bilans", "Bilans des structures", entetes, tuple(lignes), note=note)
