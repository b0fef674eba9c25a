"""Legal forms as people and registers write them. SIRENE: nomenclature of the « catégories juridiques » (Insee)."""

from annuaire.models import Structure

from .textes import cle_texte

Forme = Structure.FormeJuridique

MOTS = {
    **{cle_texte(forme.label): forme for forme in Forme},
    **{cle_texte(forme.value): forme for forme in Forme},
    "association loi 1901": Forme.ASSOCIATION,
    "association declaree": Forme.ASSOCIATION,
    "asso": Forme.ASSOCIATION,
    "scop": Forme.COOPERATIVE,
    "scic": Forme.COOPERATIVE,
    "cae": Forme.COOPERATIVE,
    "societe cooperative": Forme.COOPERATIVE,
    "fonds de dotation": Forme.FONDATION,
    "sarl": Forme.SOCIETE_ESS,
    "sas": Forme.SOCIETE_ESS,
    "societe commerciale": Forme.SOCIETE_ESS,
    "entreprise": Forme.SOCIETE_ESS,
    "commune": Forme.COLLECTIVITE,
    "mairie": Forme.COLLECTIVITE,
    "communaute de communes": Forme.COLLECTIVITE,
    "epci": Forme.COLLECTIVITE,
    "ccas": Forme.COLLECTIVITE,
    "collectivite territoriale": Forme.COLLECTIVITE,
    "ge": Forme.GROUPEMENT_EMPLOYEURS,
    "geiq": Forme.GROUPEMENT_EMPLOYEURS,
    "collectif": Forme.COLLECTIF,
    "sans statut": Forme.COLLECTIF,
}

CATEGORIES = [
    ("9222", Forme.GROUPEMENT_EMPLOYEURS),
    ("92", Forme.ASSOCIATION),
    ("93", Forme.FONDATION),
    ("82", Forme.MUTUELLE),
    ("7", Forme.COLLECTIVITE),
    ("51", Forme.COOPERATIVE),
    *[(code, Forme.COOPERATIVE) for code in ("5443", "5451", "5453", "5454", "5455", "5458", "5459", "5460")],
    *[(code, Forme.COOPERATIVE) for code in ("5543", "5547", "5551", "5552", "5553", "5554", "5555", "5558", "5559")],
    *[(code, Forme.COOPERATIVE) for code in ("5560", "63")],
    ("5", Forme.SOCIETE_ESS),
]
"""Prefix of the category -> form, the first that fits."""


def forme_de(texte: str) -> str | None:
    """The form that a person wrote, or None when it is not known."""
    return MOTS.get(cle_texte(texte))


def forme_de_categorie(code: str) -> str:
    """The form behind a SIRENE category (4 digits); empty when none fits."""
    return next((forme for prefixe, forme in CATEGORIES if code.startswith(prefixe)), "")
