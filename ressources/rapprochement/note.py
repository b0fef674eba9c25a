"""How well a need and an offer go together, from 0 to 100, and why. Nothing here reads the database."""

from dataclasses import dataclass, field
from datetime import date
from math import log

from annuaire.geographie import distance_km
from ressources.modes import PAYANTS

from .candidats import PORTEE_KM, PORTEE_MAX_KM, VOISINES
from .jours import libre_le

SEUIL = 38
"""Below it, nothing is better than a silly match."""

DIT_LA_CATEGORIE = {
    "materiel": 12, "local": 34, "competence": 26, "artiste": 14, "entraide": 34, "benevolat": 26, "formation": 16,
    "achat_groupe": 26,
}  # fmt: skip
"""What the same category is worth: a category of premises says what they are, one of equipment hardly."""
BUT_COMPTE = {"materiel": 0.2, "local": 0.6, "achat_groupe": 0.3}
"""Weight of « pour… » in a title; 0.8 for services, whose purpose is the thing itself."""
SERVICES = ("competence", "artiste", "formation", "entraide", "benevolat")
JOURS_PAR_UNITE = {"demi_journee": 0.5, "jour": 1, "week_end": 2, "semaine": 7, "mois": 30}


@dataclass
class Note:
    score: float
    raisons: list = field(default_factory=list)


@dataclass(frozen=True)
class Cote:
    """One side: the announcement, its terms, the days it is wanted or free (empty: always)."""

    annonce: object
    sens: object
    periodes: tuple = ()
    bloque: tuple = ()


def noter(besoin: Cote, offre: Cote, frequences, lisibles: dict, jour: date) -> Note | None:
    """None when they cannot go together: too far, never on the same days, far too few, far too dear."""
    b, o = besoin.annonce, offre.annonce
    proximite = _distance(b, o)
    dates = libre_le(besoin, offre, jour)
    quantite = _quantite(b, o)
    prix = _prix(b, o)
    if None in (proximite, dates, quantite, prix):
        return None
    mots, communs = _mots(besoin, offre, frequences)
    meme = b.categorie_id is not None and b.categorie_id == o.categorie_id
    if not communs and not meme:
        return None
    autre = b.categorie_id and o.categorie_id and not meme and b.nature == o.nature
    nature = 1 if b.nature == o.nature else VOISINES[b.nature].get(o.nature, 0)
    score = nature * (68 * mots + (DIT_LA_CATEGORIE[b.nature] if meme else 0)) - (10 if autre else 0)
    raisons = []
    if meme:
        raisons.append(f"même catégorie : {o.categorie}")
    if communs:
        dits = list(dict.fromkeys(lisibles.get(terme, terme) for terme in communs))
        raisons.append(f"en commun : {', '.join(dits[:3])}")
    for points, raison in (proximite, dates, quantite, prix):
        score += points
        if raison:
            raisons.append(raison)
    return Note(max(0.0, min(100.0, score)), raisons)


def _poids(cote: Cote) -> dict:
    but = BUT_COMPTE.get(cote.annonce.nature, 0.8)
    description = 0.15 if cote.annonce.nature == "materiel" else 0.35
    return (
        dict.fromkeys(cote.sens.description, description)
        | dict.fromkeys(cote.sens.but, but)
        | dict.fromkeys(cote.sens.objet, 1.0)
    )


def rarete(terme, frequences) -> float:
    """Inverse document frequency, never null: a word that all have still tells a chair from a table."""
    return 0.6 + log(1 + frequences.total / (1 + frequences.par_terme.get(terme, 0)))


def _mots(besoin: Cote, offre: Cote, frequences) -> tuple[float, list]:
    """(0 to 1, the terms in common): how much of each title the other announcement says."""
    pb, po = _poids(besoin), _poids(offre)
    communs = [terme for terme in pb if terme in po]
    if not communs:
        return 0.0, []
    idf = {terme: rarete(terme, frequences) for terme in {*pb, *besoin.sens.titre, *offre.sens.titre}}
    partage = sum(idf[t] * pb[t] * max(po[t], 0.45) for t in communs)
    titre_b = sum(idf[t] * pb[t] for t in besoin.sens.titre)
    titre_o = sum(idf[t] * po[t] for t in offre.sens.titre)
    couvre_b = min(1.0, partage / titre_b) if titre_b else 0.0
    couvre_o = min(1.0, partage / titre_o) if titre_o else 0.0
    communs.sort(key=lambda t: -idf[t] * pb[t] * po[t])
    return min(1.0, 0.5 * couvre_b + 0.2 * couvre_o + _tetes(besoin, offre)), communs


def _tetes(besoin: Cote, offre: Cote) -> float:
    """What a title names first is the thing itself: « bureau d'angle » is a desk, « chaises de bureau » are not."""
    tete_b, tete_o = (next(iter(cote.sens.objet), None) for cote in (besoin, offre))
    if tete_b is not None and tete_b == tete_o:
        return 0.3
    if tete_b in offre.sens.titre or tete_o in besoin.sens.titre:
        return 0.1 if besoin.annonce.nature == "materiel" else 0.3
    return 0.0


def _distance(b, o):
    """(points, reason), or None when too far."""
    a_distance = {"a_distance", "les_deux"}
    if o.presence in a_distance and b.presence != "sur_place":
        return 4, "à distance"
    if b.latitude is None or o.latitude is None:
        return 0, ""
    km = distance_km(b.latitude, b.longitude, o.latitude, o.longitude)
    portee = PORTEE_KM[b.nature]
    if o.structure.rayon_intervention and (o.nature in SERVICES or o.transport == "livraison"):
        portee = min(o.structure.rayon_intervention, PORTEE_MAX_KM)
    if km > portee:
        return None
    dit = "dans la même commune" if b.commune_id and b.commune_id == o.commune_id else f"à {max(1, round(km))} km"
    return 8 * (1 - km / max(portee, 1)), dit


def _quantite(b, o):
    """(points, reason), or None when far too few or far too small; a little short is said, not refused."""
    if b.nature == o.nature == "local":
        return _capacite(b, o)
    if b.nature not in ("materiel", "achat_groupe") or b.nature != o.nature or b.quantite == 1:
        return 0, ""
    if o.restant * 2 < b.quantite:
        return None
    if o.restant < b.quantite:
        return -10, f"{o.restant} sur les {b.quantite} cherchés"
    return 2, f"{o.restant} disponibles"


def _capacite(b, o):
    if b.capacite is None or o.capacite is None:
        return 0, ""
    if o.capacite < 0.8 * b.capacite:
        return None
    return 2 if o.capacite >= b.capacite else -6, f"{o.capacite} personnes"


def _prix(b, o):
    """(points, reason), or None when far above the budget."""
    payant = o.mode in PAYANTS
    if not payant:
        return (4, "don") if o.mode == "don" else (4, "gratuit") if o.mode in ("pret", "service_gratuit") else (0, "")
    if b.mode and b.mode not in PAYANTS:
        return -20, f"{_dire_payant(o.mode)}, alors qu'un échange gratuit est cherché"
    if b.prix is None or o.prix is None:
        return 0, ""
    (demande, unite), (budget, celle_du_besoin) = _ramener(o), _ramener(b)
    if unite != celle_du_besoin:
        return 0, ""
    if budget > 0 and demande > budget * 1.5:
        return None
    if demande > budget:
        return -12, "un peu au-dessus du budget"
    return 4, "dans le budget"


def _dire_payant(mode) -> str:
    return {"vente": "à vendre", "location": "à louer"}.get(mode, "payant")


def _ramener(annonce):
    """(price, unit): by the day when the unit is a length of time; other units are only compared with themselves."""
    if annonce.prix_unite in JOURS_PAR_UNITE:
        return float(annonce.prix) / JOURS_PAR_UNITE[annonce.prix_unite], "jour"
    return float(annonce.prix), annonce.prix_unite
