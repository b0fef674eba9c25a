"""Who takes what of a purchase and owes what, or needs how many hours of a shared post: as a table."""

import tempfile

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from annuaire.exports import neutraliser
from pole_ess.socle.templatetags.francais import chiffre
from ressources.presentation_lot import distance

ACHAT = ["Structure", "Commune", "Demandé", "Accepté en plus", "Commandé", "Reçu", "Marchandise (€)", "Livraison (€)"]
POSTE = ["Structure", "Commune", "SIRET", "Distance (km)", "Heures par mois", "Téléphone", "E-mail", "Note"]
"""An employers' group needs to know who to write to: the structure's own phone and address, as members see them."""


def tableau(mise, parts) -> tuple[list[str], list[list]]:
    """(headers, rows); numbers stay Decimal."""
    if mise.est_achat:
        return [*ACHAT, "À régler (€)", "Réglé", "Note"], [_ligne_d_achat(part) for part in parts]
    return POSTE, [_ligne_de_poste(mise, part) for part in parts]


def _commune(part) -> str:
    return part.structure.commune.nom if part.structure.commune else ""


def _ligne_d_achat(part) -> list:
    regle = "" if part.recu is None else "oui" if part.regle_le else "non"
    chiffres = [part.quantite, part.tolerance, part.commande, part.recu, part.montant, part.part_frais, part.du]
    return [part.structure.nom, _commune(part), *chiffres, regle, part.note]


def _ligne_de_poste(mise, part) -> list:
    structure, km = part.structure, distance(mise.annonce, part.structure)
    km = None if km is None else round(km, 1)
    contacts = [structure.telephone, structure.courriel]
    return [structure.nom, _commune(part), structure.siret, km, part.quantite, *contacts, part.note]


def a_la_francaise(lignes):
    """Decimals with a comma, for a French spreadsheet's CSV."""
    for ligne in lignes:
        yield [chiffre(v).replace("\u00a0", "") if hasattr(v, "as_integer_ratio") else v for v in ligne]


def classeur(titre, entetes, lignes) -> bytes:
    """The same as an XLSX: texts stay texts, numbers are typed."""
    livre = openpyxl.Workbook(write_only=True)
    feuille = livre.create_sheet(titre)
    feuille.freeze_panes = "B2"
    feuille.column_dimensions["A"].width = 40
    feuille.append([_cellule(feuille, nom, gras=True) for nom in entetes])
    for ligne in lignes:
        feuille.append([_cellule(feuille, valeur) if isinstance(valeur, str) else valeur for valeur in ligne])
    with tempfile.TemporaryFile() as fichier:
        livre.save(fichier)
        fichier.seek(0)
        return fichier.read()


def _cellule(feuille, texte, *, gras=False):
    cellule = WriteOnlyCell(feuille, value=neutraliser(texte)[:32_767])
    cellule.data_type = "s"
    if gras:
        cellule.font = Font(bold=True)
    return cellule
