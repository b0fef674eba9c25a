"""The directory as files: CSV, XLSX, GeoJSON (RFC 7946), vCard.

The open export holds what any visitor reads on the sheets, never a named contact nor a phone or e-mail that is not
public. Its headers are those that the import understands: exporting then importing changes nothing. Cells that a
spreadsheet would run as formulas get an apostrophe, which the import takes back.
"""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import openpyxl
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from annuaire import cartes_de_visite
from annuaire.models import Activite, Competence, LabelStructure, Structure

LOT = 500
"""Structures read at a time: the memory of an export does not grow with the directory."""
FORMULES = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX_LIGNES_MAX = 100_000
DECIMALES = 6
"""Of a coordinate: about ten centimetres (RFC 7946 advises against more than seven)."""
SEPARATEUR = " | "


@dataclass(frozen=True)
class Format:
    """A format offered, its MIME type, and whether a reader may want it in the browser."""

    extension: str
    mime: str
    nom: str
    pour: str


FORMATS = {
    f.extension: f
    for f in (
        Format("csv", "text/csv; charset=utf-8", "CSV", "un tableur, une réutilisation (UTF-8, point-virgule)"),
        Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "XLSX",
            "Excel ou LibreOffice, colonnes déjà typées",
        ),
        Format("geojson", "application/geo+json", "GeoJSON", "une carte (WGS 84 ; structures sans lieu comprises)"),
        Format("vcf", "text/vcard; charset=utf-8", "vCard", "un carnet d'adresses"),
    )
}

COLONNES = [
    ("fiche", "Identifiant de la fiche dans le portail, dans son adresse"),
    ("nom", "Nom"),
    ("sigle", "Sigle"),
    ("forme_juridique", "Forme juridique"),
    ("activites", "Activités, séparées par une barre verticale"),
    ("competences", "Compétences à partager, séparées par une barre verticale"),
    ("labels", "Labels, avec leur date de fin entre parenthèses"),
    ("presentation", "Présentation"),
    ("missions", "Missions"),
    ("public_accueilli", "Public accueilli"),
    ("adresse", "Adresse"),
    ("code_postal", "Code postal, quand la commune n'en a qu'un"),
    ("commune", "Commune"),
    ("code_commune", "Code officiel géographique de la commune (COG)"),
    ("latitude", "Latitude, degrés WGS 84"),
    ("longitude", "Longitude, degrés WGS 84"),
    ("origine_point", "D'où vient le point : adresse, centre de la commune, placé à la main"),
    ("rayon_intervention", "Rayon d'intervention, en kilomètres"),
    ("telephone", "Téléphone de la structure, si elle l'a rendu public"),
    ("courriel", "Adresse e-mail générique, si la structure l'a rendue publique"),
    ("site", "Site web"),
    ("reseaux", "Réseaux sociaux, séparés par une barre verticale"),
    ("siret", "SIRET"),
    ("rna", "Numéro RNA"),
    ("annee_creation", "Année de création"),
    ("salaries_etp", "Salariés, en équivalents temps plein"),
    ("benevoles", "Nombre de bénévoles"),
    ("adherents", "Nombre d'adhérents"),
    ("horaires", "Horaires"),
    ("accessible_pmr", "Accessible en fauteuil : oui ou non"),
    ("accessible_braille", "Documents en braille : oui ou non"),
    ("accessible_lsf", "Accueil en langue des signes : oui ou non"),
    ("verifiee_le", "Date de la dernière vérification"),
    ("modifiee_le", "Date de la dernière modification"),
    ("exemple", "oui : structure inventée pour la démonstration"),
    ("page", "Adresse de la fiche"),
]
"""Column of the open export -> what it holds (shown on the page « Données ouvertes »)."""
COLONNES_EQUIPE = [
    ("telephone_public", "Téléphone public"),
    ("courriel_public", "E-mail public"),
    ("source_accord", "Source de l'accord"),
    ("etat", "État de la fiche"),
    ("source", "Source"),
    ("cle_source", "Clé dans la source"),
]
"""What the staff's export adds. Named contacts are never exported."""


def preparer(structures: QuerySet) -> QuerySet:
    """The same structures, with what a row needs in a constant number of queries per batch."""
    return (
        structures.select_related("commune")
        .defer("recherche", "recherche_trgm", "recherche_vecteur")
        .prefetch_related(
            Prefetch("activites", Activite.objects.order_by("ordre", "nom", "pk")),
            Prefetch("competences", Competence.objects.order_by("nom", "pk")),
            Prefetch("labels", LabelStructure.objects.select_related("label").order_by("label__nom", "pk")),
        )
    )


def _lire(structures: QuerySet) -> Iterator[Structure]:
    return preparer(structures).iterator(chunk_size=LOT)


def url_de(structure) -> str:
    return f"{settings.PORTAIL_URL}{structure.get_absolute_url()}"


def valeurs(structure, *, complet: bool = False) -> dict:
    """Column -> typed value (None when unknown). `complet`: the staff's view, private phone and e-mail included."""
    commune = structure.commune
    codes_postaux = commune.codes_postaux if commune else []
    ligne = {
        "fiche": structure.slug,
        "nom": structure.nom,
        "sigle": structure.sigle,
        "forme_juridique": structure.get_forme_juridique_display(),
        "activites": SEPARATEUR.join(a.nom for a in structure.activites.all()),
        "competences": SEPARATEUR.join(c.nom for c in structure.competences.all()),
        "labels": SEPARATEUR.join(
            f"{d.label.nom} ({d.expire_le:%Y-%m-%d})" if d.expire_le else d.label.nom for d in structure.labels.all()
        ),
        "adresse": structure.adresse,
        "code_postal": codes_postaux[0] if len(codes_postaux) == 1 else "",
        "commune": commune.nom if commune else "",
        "code_commune": commune.code if commune else "",
        "latitude": _degres(structure.latitude),
        "longitude": _degres(structure.longitude),
        "origine_point": structure.get_position_origine_display(),
        "telephone": structure.telephone if complet or structure.telephone_public else "",
        "courriel": structure.courriel if complet or structure.courriel_public else "",
        "reseaux": SEPARATEUR.join(structure.reseaux),
        "salaries_etp": None if structure.salaries_etp is None else float(structure.salaries_etp),
        "accessible_pmr": _oui(structure.accessible_pmr),
        "accessible_braille": _oui(structure.accessible_braille),
        "accessible_lsf": _oui(structure.accessible_lsf),
        "modifiee_le": structure.modifie_le.date(),
        "exemple": "oui" if structure.est_demonstration else "",
        "page": url_de(structure),
    }
    for champ in (
        "presentation", "missions", "public_accueilli", "rayon_intervention", "site", "siret", "rna", "annee_creation",
        "benevoles", "adherents", "horaires", "verifiee_le",
    ):  # fmt: skip
        ligne[champ] = getattr(structure, champ)
    if complet:
        ligne |= {
            "telephone_public": _oui(structure.telephone_public),
            "courriel_public": _oui(structure.courriel_public),
            "source_accord": structure.public_source,
            "etat": structure.get_etat_display(),
            "source": structure.source,
            "cle_source": structure.source_cle,
        }
    return {colonne: ligne[colonne] for colonne in colonnes(complet)}


def colonnes(complet: bool = False) -> list[str]:
    return [nom for nom, _description in COLONNES + (COLONNES_EQUIPE if complet else [])]


def _oui(valeur: bool) -> str:
    return "oui" if valeur else "non"


def _degres(valeur: float | None) -> float | None:
    return None if valeur is None else round(valeur, DECIMALES)


def neutraliser(valeur):
    """A text that a spreadsheet would run as a formula gets an apostrophe; numbers and dates are what they are."""
    if isinstance(valeur, str):
        texte = "".join(c for c in valeur if c >= " " or c in "\t\n\r")
        return f"'{texte}" if texte.startswith(FORMULES) else texte
    return valeur


class _Echo:
    """A file whose writes come back to the caller: a CSV row at a time."""

    def write(self, texte):
        return texte


def lignes_csv(entetes: list[str], lignes: Iterable[Iterable]) -> Iterator[str]:
    """A French spreadsheet's CSV: byte order mark, semicolons, formulas neutralised."""
    redacteur = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff" + redacteur.writerow(entetes)
    for ligne in lignes:
        yield redacteur.writerow(["" if v is None else neutraliser(v) for v in ligne])


def en_csv(structures: QuerySet, *, complet: bool = False) -> Iterator[str]:
    return lignes_csv(colonnes(complet), (valeurs(s, complet=complet).values() for s in _lire(structures)))


def collection_geojson(elements: Iterable[tuple]) -> Iterator[str]:
    """A FeatureCollection of (id, latitude, longitude, properties), written as it is read; without a place,
    `geometry` is null (RFC 7946)."""
    yield '{"type":"FeatureCollection","features":['
    separateur = ""
    for cle, latitude, longitude, proprietes in elements:
        geometrie = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
        yield separateur + json.dumps(
            {"type": "Feature", "id": cle, "geometry": geometrie, "properties": proprietes},
            ensure_ascii=False,
            default=str,
        )
        separateur = ",\n"
    yield "]}"


def en_geojson(structures: QuerySet, *, complet: bool = False) -> Iterator[str]:
    return collection_geojson(
        (structure.slug, ligne.pop("latitude"), ligne.pop("longitude"), ligne)
        for structure in _lire(structures)
        for ligne in [valeurs(structure, complet=complet)]
    )


def en_vcf(structures: QuerySet, *, complet: bool = False) -> Iterator[str]:
    for structure in _lire(structures):
        yield cartes_de_visite.carte(structure, url=url_de(structure), prive=complet)


def classeur(titre: str, entetes: list[str], lignes: Iterable[Iterable], *, large: str = "B"):
    """An open temporary file at its start, which the caller closes: one sheet, typed cells, formulas neutralised.

    `large`: the column of the names, which stays in sight with those before it.
    """
    livre = openpyxl.Workbook(write_only=True)
    feuille = livre.create_sheet(titre)
    feuille.freeze_panes = f"{chr(ord(large) + 1)}2"
    feuille.column_dimensions[large].width = 40
    cellules = []
    for nom in entetes:
        cellule = WriteOnlyCell(feuille, value=nom)
        cellule.font = Font(bold=True)
        cellules.append(cellule)
    feuille.append(cellules)
    for ligne in lignes:
        feuille.append([_cellule(feuille, valeur) for valeur in ligne])
    fichier = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    livre.save(fichier)
    fichier.seek(0)
    return fichier


def en_xlsx(structures: QuerySet, *, complet: bool = False):
    """As `classeur`. Rows past XLSX_LIGNES_MAX are left out."""
    lignes = (valeurs(s, complet=complet).values() for s in _lire(structures[:XLSX_LIGNES_MAX]))
    return classeur("Annuaire", colonnes(complet), lignes)


def _cellule(feuille, valeur):
    """Text stays text (a SIRET, a postcode, a formula-like name), numbers and dates are typed."""
    if not isinstance(valeur, str):
        return valeur
    texte = neutraliser(valeur)[:32_767]
    cellule = WriteOnlyCell(feuille, value=texte)
    cellule.data_type = "s"
    return cellule


ECRIVAINS = {"csv": en_csv, "geojson": en_geojson, "vcf": en_vcf}


def octets(format: str, structures: QuerySet, *, complet: bool = False) -> Iterator[bytes]:
    """The file in any of FORMATS, chunk by chunk. Raises KeyError for another format."""
    if format == "xlsx":
        yield from blocs(en_xlsx(structures, complet=complet))
        return
    for morceau in ECRIVAINS[format](structures, complet=complet):
        yield morceau.encode("utf-8", "replace")


def blocs(fichier) -> Iterator[bytes]:
    """An open file, block by block; closed when it is read."""
    with fichier:
        while bloc := fichier.read(64 * 1024):
            yield bloc
