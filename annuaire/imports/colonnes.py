"""What the headers of a file mean: the hub's own, and those of the public registers (RNA, SIRENE).

`COLONNES` maps each of our names to its aliases, the preferred one first; headers are compared without case,
accents, spaces nor punctuation, so that « Forme juridique », « forme_juridique » and « FORME-JURIDIQUE » are one.
"""

import re
import unicodedata
from dataclasses import dataclass, field

COLONNES = {
    "fiche": ["fiche", "fiche portail"],
    "id": ["id", "identifiant", "cle", "reference", "numero"],
    "nom": [
        "nom", "structure", "nom structure", "nom de la structure", "association", "raison sociale", "titre",
        "denomination", "denominationUniteLegale", "denominationUsuelleEtablissement", "enseigne1Etablissement",
        "denominationUsuelle1UniteLegale", "organisme", "intitule", "nom complet",
    ],
    "sigle": ["sigle", "acronyme", "sigleUniteLegale", "titre_court"],
    "forme_juridique": ["forme juridique", "forme", "statut", "statut juridique"],
    "categorie_juridique": ["categorieJuridiqueUniteLegale", "categorie juridique", "nature juridique"],
    "activites": ["activites", "activite", "activites principales", "domaine", "domaines", "secteur", "secteurs"],
    "competences": ["competences", "competence", "competences a partager", "savoir-faire"],
    "labels": ["labels", "label", "agrements", "agrement"],
    "presentation": ["presentation", "description", "objet", "objet social", "resume"],
    "missions": ["missions", "mission"],
    "public_accueilli": ["public accueilli", "public", "publics"],
    "adresse": ["adresse", "rue", "adresse postale", "voie", "adresse complete"],
    "adresse_complement": ["adrs_complement", "complementAdresseEtablissement", "complement adresse"],
    "adresse_numero": ["adrs_numvoie", "numeroVoieEtablissement"],
    "adresse_repetition": ["adrs_repetition", "indiceRepetitionEtablissement"],
    "adresse_type": ["adrs_typevoie", "typeVoieEtablissement"],
    "adresse_voie": ["adrs_libvoie", "libelleVoieEtablissement"],
    "code_commune": [
        "code commune", "code insee", "code cog", "insee", "adrs_codeinsee", "codeCommuneEtablissement",
        "code_commune_insee", "citycode",
    ],
    "code_postal": ["code postal", "cp", "adrs_codepostal", "codePostalEtablissement", "postcode"],
    "commune": ["commune", "ville", "localite", "adrs_libcommune", "libelleCommuneEtablissement", "city"],
    "latitude": ["latitude", "lat"],
    "longitude": ["longitude", "lon", "lng", "long"],
    "origine_point": ["origine point", "origine du point"],
    "rayon_intervention": ["rayon intervention", "rayon d'intervention", "rayon d'intervention (km)", "rayon km"],
    "telephone": ["telephone", "tel", "telephone fixe", "numero de telephone", "portable"],
    "telephone_public": ["telephone public", "tel public"],
    "courriel": ["courriel", "e-mail", "email", "mail", "adresse e-mail", "adresse mail", "adresse email", "mel"],
    "courriel_public": ["courriel public", "e-mail public", "email public", "adresse e-mail publique"],
    "public_source": ["source accord", "source de l'accord", "public source", "accord"],
    "site": ["site", "site web", "site internet", "siteweb", "url", "web"],
    "reseaux": ["reseaux", "reseaux sociaux", "facebook", "instagram", "mastodon"],
    "siret": ["siret", "n° siret", "numero siret"],
    "rna": ["rna", "numero rna", "n° rna", "identifiantAssociationUniteLegale", "id_rna", "waldec"],
    "annee_creation": ["annee creation", "annee de creation", "creation", "date creation", "date_creat",
                       "dateCreationUniteLegale", "dateCreationEtablissement"],
    "salaries_etp": ["salaries etp", "salaries", "etp", "salaries (etp)", "nombre de salaries"],
    "benevoles": ["benevoles", "nombre de benevoles"],
    "adherents": ["adherents", "nombre d'adherents"],
    "horaires": ["horaires", "horaires d'ouverture", "ouverture"],
    "accessible_pmr": ["accessible pmr", "pmr", "accessible en fauteuil", "accessible en fauteuil (pmr)"],
    "accessible_braille": ["accessible braille", "braille", "documents en braille"],
    "accessible_lsf": ["accessible lsf", "lsf", "accueil en langue des signes (lsf)", "langue des signes"],
    "contact_nom": ["contact nom", "contact", "nom du contact", "personne a contacter", "nom contact"],
    "contact_fonction": ["contact fonction", "fonction", "fonction du contact", "fonction contact"],
    "contact_telephone": ["contact telephone", "telephone du contact", "telephone contact"],
    "contact_courriel": ["contact courriel", "e-mail du contact", "courriel du contact", "email contact"],
    "ajouter_quand_meme": ["ajouter quand meme", "pas un doublon", "motif ajout"],
    "date_dissolution": ["date_disso", "dateCessation"],
    "position": ["position", "etatAdministratifEtablissement", "etatAdministratifUniteLegale"],
}  # fmt: skip

IGNOREES_SCIEMMENT = {
    "adrgasscodeinsee", "adrgcodepostal", "adrgcomplemgeo", "adrgcomplemid", "adrgdeclarant", "adrgdistrib",
    "adrgachemine", "adrglibvoie", "adrgpays", "dirigeant", "president", "nomunitelegale", "prenom1unitelegale",
}  # fmt: skip
"""Data about a person (the RNA's correspondence address, names of managers): never read."""

EXPORTEES_SEULEMENT = {"verifieele", "modifieele", "exemple", "page", "etat", "source", "clesource"}
"""Columns of our own exports that an import has no use for: not worth a warning."""


def cle(entete: str) -> str:
    """« Forme juridique » -> « formejuridique »."""
    sans = "".join(c for c in unicodedata.normalize("NFKD", entete) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]", "", sans.lower())


def index(colonnes: dict[str, list[str]]) -> dict[str, tuple[str, int]]:
    """Header, compared as `cle` does -> (our name, rank among its aliases)."""
    return {cle(alias): (nom, rang) for nom, tous in colonnes.items() for rang, alias in enumerate([nom, *tous])}


ALIAS = index(COLONNES)


@dataclass
class Correspondance:
    """Our column -> positions in the file, the preferred header first; and the headers that nobody reads."""

    positions: dict[str, list[int]] = field(default_factory=dict)
    ignorees: list[str] = field(default_factory=list)
    personnelles: list[str] = field(default_factory=list)

    def valeur(self, cellules: list[str], colonne: str) -> str:
        """The first non-empty cell among the headers that mean `colonne`."""
        for position in self.positions.get(colonne, ()):
            if position < len(cellules) and (texte := nettoyer(cellules[position])):
                return texte
        return ""

    def valeurs(self, cellules: list[str], colonne: str) -> list[str]:
        """Every non-empty cell of `colonne`: several headers may feed a list (Facebook, Instagram…)."""
        textes = (nettoyer(cellules[p]) for p in self.positions.get(colonne, ()) if p < len(cellules))
        return [texte for texte in textes if texte]

    def __contains__(self, colonne: str) -> bool:
        return colonne in self.positions


def nettoyer(cellule: str) -> str:
    """A cell without outer spaces, control characters, the register's « [ND] », nor our exports' apostrophe."""
    texte = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", cellule.replace("\r\n", "\n").replace("\r", "\n"))
    texte = texte.strip()
    if re.match(r"'[=+\-@\t\r]", texte):
        texte = texte[1:]
    return "" if texte in {"[ND]", "NULL", "null", "#N/A", "#N/D", "0001-01-01"} else texte


def reconnaitre(
    entetes: list[str],
    *,
    alias=ALIAS,
    personnelles=frozenset(IGNOREES_SCIEMMENT),
    connues=frozenset(EXPORTEES_SEULEMENT),
) -> Correspondance:
    """Match the headers of a file. The RNA's own `id` (W…) is told from ours by its value, line by line.

    `alias`: see `index`; `personnelles`: headers never read; `connues`: left out without a warning.
    """
    correspondance, trouvees = Correspondance(), {}
    for position, entete in enumerate(entetes):
        reconnue = cle(entete)
        if reconnue in personnelles or reconnue.startswith("adrg"):
            correspondance.personnelles.append(entete)
        elif reconnue in alias:
            nom, rang = alias[reconnue]
            trouvees.setdefault(nom, []).append((rang, position))
        elif entete and reconnue not in connues:
            correspondance.ignorees.append(entete)
    correspondance.positions = {nom: [p for _rang, p in sorted(places)] for nom, places in trouvees.items()}
    return correspondance
