"""The headers of the registers' files, as their publishers write them.

RNA: data.gouv.fr's « rna_waldec » (associations declared or changed since 2009) and « rna_import » (older ones).
SIRENE: a list made on sirene.fr, or the stock of Insee, whose establishments (place) and legal units (name, ESS,
category) are two files, joined by their SIREN. What speaks of a person has no entry here: it is never read.
"""

from annuaire.imports.colonnes import Correspondance, index, reconnaitre
from annuaire.imports.erreurs import FichierIllisible
from annuaire.models import Registre

RNA = {
    "identifiant": ["id", "id_association", "numero rna"],
    "nom": ["titre"],
    "objet": ["objet"],
    "code_activite": ["objet_social1"],
    "siret": ["siret"],
    "code_commune": ["adrs_codeinsee"],
    "code_postal": ["adrs_codepostal"],
    "commune": ["adrs_libcommune", "libcom"],
    "numero": ["adrs_numvoie"],
    "repetition": ["adrs_repetition"],
    "type_voie": ["adrs_typevoie"],
    "voie": ["adrs_libvoie"],
    "adresse": ["adr1", "adr2", "adr3"],
    "site": ["siteweb"],
    "date_creation": ["date_creat"],
    "date_fin": ["date_disso"],
    "position": ["position"],
}
SIRENE = {
    "identifiant": ["siret"],
    "siren": ["siren"],
    "nom": ["denominationUniteLegale"],
    "nom_usuel": [
        "denominationUsuelleEtablissement", "enseigne1Etablissement", "denominationUsuelle1UniteLegale",
    ],
    "rna": ["identifiantAssociationUniteLegale"],
    "ess": ["economieSocialeSolidaireUniteLegale"],
    "categorie": ["categorieJuridiqueUniteLegale"],
    "code_activite": ["activitePrincipaleEtablissement", "activitePrincipaleUniteLegale", "activitePrincipale"],
    "code_commune": ["codeCommuneEtablissement"],
    "code_postal": ["codePostalEtablissement"],
    "commune": ["libelleCommuneEtablissement"],
    "numero": ["numeroVoieEtablissement"],
    "repetition": ["indiceRepetitionEtablissement"],
    "type_voie": ["typeVoieEtablissement"],
    "voie": ["libelleVoieEtablissement"],
    "date_creation": ["dateCreationEtablissement", "dateCreationUniteLegale"],
    "etat": ["etatAdministratifEtablissement"],
    "etat_unite": ["etatAdministratifUniteLegale"],
    "diffusion": ["statutDiffusionEtablissement"],
    "diffusion_unite": ["statutDiffusionUniteLegale"],
}  # fmt: skip
COLONNES = {Registre.RNA: RNA, Registre.SIRENE: SIRENE}
INDEX = {registre: index(colonnes) for registre, colonnes in COLONNES.items()}
EXIGEES = {
    Registre.RNA: [("identifiant", "id"), ("nom", "titre"), ("position", "position")],
    Registre.SIRENE: [
        ("identifiant", "siret"),
        ("etat", "etatAdministratifEtablissement"),
        ("diffusion", "statutDiffusionEtablissement"),
    ],
}
"""Without one of these, the file is another, or would make us store what may not be."""
DE_L_UNITE = [
    ("siren", "siren"),
    ("nom", "denominationUniteLegale"),
    ("categorie", "categorieJuridiqueUniteLegale"),
    ("diffusion_unite", "statutDiffusionUniteLegale"),
]
"""What tells a natural person from a structure: in the same file, or in that of the legal units."""


def lire_entetes(entetes: list[str], registre: str, *, avec_unites: bool = False) -> Correspondance:
    """What each header means. Raises FichierIllisible, which names what is missing and another register's file."""
    colonnes = reconnaitre(entetes, alias=INDEX[registre])
    colonnes.ignorees = []  # a register has dozens of columns of no use here: saying so would hide what matters
    manquantes = [titre for nom, titre in EXIGEES[registre] if nom not in colonnes]
    if "code_commune" not in colonnes and "commune" not in colonnes:
        manquantes.append("adrs_codeinsee" if registre == Registre.RNA else "codeCommuneEtablissement")
    if registre == Registre.SIRENE and not avec_unites:
        manquantes += [titre for nom, titre in DE_L_UNITE if nom not in colonnes]
    if not manquantes:
        return colonnes
    autre = next(
        (r for r in Registre if r != registre and not [1 for n, _ in EXIGEES[r] if n not in _essai(entetes, r)]), None
    )
    if autre:
        raise FichierIllisible(f"Ce fichier vient d'un autre registre : {Registre(autre).label}.")
    raise FichierIllisible(
        f"Ce n'est pas un fichier {Registre(registre).label} : il manque {_citer(manquantes)}. "
        f"En-têtes lus : {_citer(entetes[:12]) or 'aucun'}."
        + (
            " Les stocks de l'Insee sont deux fichiers : donnez aussi les unités légales."
            if "siren" in colonnes
            else ""
        )
    )


def lire_entetes_des_unites(entetes: list[str]) -> Correspondance:
    """The same for the file of the legal units."""
    colonnes = reconnaitre(entetes, alias=INDEX[Registre.SIRENE])
    manquantes = [titre for nom, titre in DE_L_UNITE if nom not in colonnes]
    if manquantes:
        raise FichierIllisible(f"Ce n'est pas un fichier d'unités légales : il manque {_citer(manquantes)}.")
    return colonnes


def _essai(entetes, registre) -> Correspondance:
    return reconnaitre(entetes, alias=INDEX[registre])


def _citer(entetes) -> str:
    return ", ".join(f"« {entete[:40]} »" for entete in entetes if entete)
