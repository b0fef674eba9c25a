"""Columns of the open files, made from what the API says of the same objects: one definition of what is public."""

from collections.abc import Callable
from dataclasses import dataclass

from annuaire.exports import SEPARATEUR
from pole_ess.portail.api import lecture, schemas


@dataclass(frozen=True)
class Colonne:
    """`valeur`: from the object, as the API says it, to the cell."""

    nom: str
    description: str
    valeur: Callable[[dict], object]


def _une(schema, nom: str) -> Colonne:
    """The field of that name, with its own words; true and false are said « oui » and « non »."""
    return Colonne(nom, schema.model_fields[nom].description.rstrip("."), lambda objet: _cellule(objet[nom]))


def _cellule(valeur):
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return valeur.isoformat() if hasattr(valeur, "hour") else valeur


def _dans(cle: str, champ: str):
    """A field of an object that may not be there."""
    return lambda objet: (objet[cle] or {}).get(champ, "" if champ in ("nom", "slug", "code") else None)


LIEU = [
    Colonne("commune", "Commune", _dans("commune", "nom")),
    Colonne("code_commune", "Code officiel géographique de la commune (COG)", _dans("commune", "code")),
]
STRUCTURE = [
    Colonne("structure", "Nom de la structure", _dans("structure", "nom")),
    Colonne("fiche", "Identifiant de la fiche de la structure", _dans("structure", "slug")),
]


def _colonnes(schema, *noms) -> list[Colonne]:
    toutes = []
    for nom in noms:
        toutes += [_une(schema, nom)] if isinstance(nom, str) else nom
    return toutes


ANNONCES = _colonnes(
    schemas.Annonce,
    *["id", "sens", "nature", "mode", "titre", "description"],
    [Colonne("categorie", "Catégorie, propre à la nature", _dans("categorie", "nom"))],
    STRUCTURE,
    LIEU,
    [
        Colonne("latitude", "Latitude, degrés WGS 84", _dans("position", "latitude")),
        Colonne("longitude", "Longitude, degrés WGS 84", _dans("position", "longitude")),
    ],
    *["quantite", "restant", "lot", "prix", "prix_unite", "prix_sur_demande", "caution", "contrepartie"],
    *["etat_materiel", "transport", "surface", "capacite", "accessible_pmr", "equipements", "residence_artistes"],
    *["travail_partage", "niveau", "presence", "jauge", "duree", "places"],
    [
        Colonne(
            "periodes",
            "Jours libres, ou voulus, séparés par une barre verticale ; vide : toujours",
            lambda annonce: SEPARATEUR.join(f"{p['du']}/{p['au']}" for p in annonce["periodes"]),
        )
    ],
    *["urgente_pour", "etat", "expire_le", "publiee_le", "modifiee_le", "exemple", "page"],
)
AGENDA = _colonnes(
    schemas.Evenement,
    *["id", "type", "titre", "description", "debut", "fin", "journee_entiere", "annule", "lieu", "adresse"],
    LIEU,
    *["accessible_pmr", "tarif", "site"],
    STRUCTURE,
    *["publie_le", "modifie_le", "exemple", "page"],
)
COMPTES_RENDUS = _colonnes(
    schemas.CompteRendu,
    *["reunion", "titre", "genre", "debut"],
    LIEU,
    *["version", "publie_le", "approuve_le", "presents", "excuses"],
    [Colonne("post_its", "Nombre de post-it de l'atelier", lambda objet: sum(axe["total"] for axe in objet["axes"]))],
    *["exemple", "page"],
)
ACTIONS = [
    Colonne("id", "Identifiant", lambda action: action.pk),
    Colonne("action", "Ce qui a été décidé", lambda action: action.titre),
    Colonne("etat", "à faire, en cours, faite ou abandonnée", lambda action: action.get_etat_display()),
    Colonne("pour_le", "Jour prévu", lambda action: action.echeance),
    Colonne("en_retard", "oui : encore ouverte après ce jour", lambda action: _cellule(action.est_en_retard)),
    Colonne("pilote", "Structure qui la mène", lambda action: (lecture.citee(action.pilote) or {}).get("nom", "")),
    Colonne(
        "avec",
        "Structures qui s'y sont jointes, séparées par une barre verticale",
        lambda action: SEPARATEUR.join(s.nom for s in action.structures.all() if s.est_publiee),
    ),
    Colonne("reunion", "Identifiant de la rencontre où elle a été décidée", lambda action: action.reunion_visible),
    Colonne("projet", "Projet ou commission", lambda action: action.projet.nom if action.projet else ""),
    Colonne("notee_le", "Instant où elle a été notée", lambda action: action.cree_le.isoformat()),
    Colonne("close_le", "Instant où elle a été close", lambda action: action.close_le and action.close_le.isoformat()),
    Colonne("exemple", "oui : inventée pour la démonstration", lambda action: _cellule(action.est_demonstration)),
    Colonne("page", "Adresse de sa page", lecture.adresse),
]
