"""Files of registers for the tests, with the headers that their publishers write."""

import io

from annuaire.registres.moteur import importer
from pole_ess.socle.models import ReglagesPole
from tests.factories import CommuneFactory

WALDEC = [
    "id", "id_ex", "siret", "rup_mi", "gestion", "date_creat", "date_decla", "date_publi", "date_disso", "nature",
    "groupement", "titre", "titre_court", "objet", "objet_social1", "objet_social2", "adrs_complement", "adrs_numvoie",
    "adrs_repetition", "adrs_typevoie", "adrs_libvoie", "adrs_distrib", "adrs_codeinsee", "adrs_codepostal",
    "adrs_libcommune", "adrg_declarant", "adrg_complemid", "adrg_complemgeo", "adrg_libvoie", "adrg_distrib",
    "adrg_codepostal", "adrg_achemine", "adrg_pays", "dir_civilite", "siteweb", "publiweb", "observation", "position",
    "maj_time",
]  # fmt: skip
ANCIENNES = [
    "id", "id_ex", "siret", "gestion", "date_creat", "date_publi", "nature", "groupement", "titre", "objet",
    "objet_social1", "objet_social2", "adr1", "adr2", "adr3", "adrs_codepostal", "libcom", "adrs_codeinsee",
    "dir_civilite", "siteweb", "observation", "position", "rup_mi", "maj_time",
]  # fmt: skip
ETABLISSEMENTS = [
    "siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement", "etablissementSiege",
    "numeroVoieEtablissement", "typeVoieEtablissement", "libelleVoieEtablissement", "codePostalEtablissement",
    "libelleCommuneEtablissement", "codeCommuneEtablissement", "etatAdministratifEtablissement",
    "enseigne1Etablissement", "activitePrincipaleEtablissement",
]  # fmt: skip
UNITES = [
    "siren", "statutDiffusionUniteLegale", "sigleUniteLegale", "prenom1UniteLegale",
    "identifiantAssociationUniteLegale", "etatAdministratifUniteLegale", "nomUniteLegale", "denominationUniteLegale",
    "categorieJuridiqueUniteLegale", "economieSocialeSolidaireUniteLegale",
]  # fmt: skip
TABLEUR = [*ETABLISSEMENTS, *UNITES[1:]]
"""A list made on sirene.fr: the establishment and its unit on one line."""

ASSOCIATION = {
    "id": "W001000001",
    "titre": "LES AMIS DU PONT",
    "objet": "garder le pont",
    "objet_social1": "010020",
    "adrs_numvoie": "3",
    "adrs_typevoie": "RUE",
    "adrs_libvoie": "DU PONT",
    "adrs_codeinsee": "03310",
    "adrs_codepostal": "03200",
    "adrs_libcommune": "VICHY",
    "adrg_declarant": "MADAME NOM DE PERSONNE",
    "date_creat": "2012-05-04",
    "date_disso": "0001-01-01",
    "siteweb": "amis-du-pont.example.org",
    "position": "A",
}
COOPERATIVE = {
    "siren": "000000018",
    "siret": "00000001800010",
    "statutDiffusionEtablissement": "O",
    "dateCreationEtablissement": "2015-02-03",
    "libelleVoieEtablissement": "DES EXEMPLES",
    "codePostalEtablissement": "03200",
    "libelleCommuneEtablissement": "VICHY",
    "codeCommuneEtablissement": "03310",
    "etatAdministratifEtablissement": "A",
    "activitePrincipaleEtablissement": "88.10A",
    "statutDiffusionUniteLegale": "O",
    "etatAdministratifUniteLegale": "A",
    "denominationUniteLegale": "COOPERATIVE D'EXEMPLE",
    "categorieJuridiqueUniteLegale": "5458",
    "economieSocialeSolidaireUniteLegale": "O",
}


def ligne(entetes, faits, signe) -> str:
    return signe.join(f'"{faits.get(entete, "")}"' for entete in entetes)


def fichier(*lignes, entetes=WALDEC, modele=ASSOCIATION, signe=";", encodage="utf-8") -> io.BytesIO:
    """A file of `lignes`, each the facts that differ from `modele`."""
    textes = [signe.join(entetes), *(ligne(entetes, modele | faits, signe) for faits in lignes)]
    return io.BytesIO("\r\n".join([*textes, ""]).encode(encodage))


def sirene(*lignes, entetes=TABLEUR) -> io.BytesIO:
    return fichier(*lignes, entetes=entetes, modele=COOPERATIVE, signe=",")


def rna(*lignes, **options):
    """The report of an import of these associations."""
    return importer(fichier(*lignes), nom="rna.csv", source="rna", **options)


def territoire(*codes):
    """The hub's territory: communes made when they are not known."""
    for code in codes:
        CommuneFactory(code=code)
    reglages = ReglagesPole.actuels()
    reglages.territoire = list(codes)
    reglages.save()
