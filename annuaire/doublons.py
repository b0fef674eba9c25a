"""Which structures might be the same one, and why, in words.

The rule (OpenFairDB's, adapted to short French names and acronyms): SIRET, then RNA, then a close name within
100 m or in the same commune, then the same e-mail or telephone. Names are compared without accents, case,
punctuation nor words that say nothing (« association », articles, the commune's own name); they are close when
their Levenshtein distance is at most 30 % of the longer one, or when at most two words differ and one is shared.
Under six letters only equal names are close: ADEF and ADEF+ are two structures.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, Value
from django.db.models.functions import Lower

from annuaire.geographie import boite, distance_km
from annuaire.models import NonDoublon, Structure
from annuaire.validateurs import normaliser_rna, normaliser_siret, normaliser_telephone

METRES = 100
"""Two close names nearer than this are candidates, whatever their communes."""
PREFILTRE = 60
"""Rows of a place compared in Python at most, the most similar names first."""
MOTS_VIDES = frozenset(
    [
        "a",
        "au",
        "aux",
        "de",
        "des",
        "du",
        "d",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "pour",
        "par",
        "sur",
        "association",
        "asso",
        "ass",
        "assoc",
        "societe",
        "ste",
        "cie",
        "compagnie",
    ]
)
RANGS = {"même SIRET": 0, "même numéro RNA": 1}


@dataclass
class Doublon:
    """A structure that might be the same, and why, the strongest reason first."""

    structure: Structure
    raisons: list[str] = field(default_factory=list)
    rang: tuple = (9, 0.0)


def sans_accent(texte: str) -> str:
    """lower + no accents, as the database's public.sans_accent for French letters."""
    texte = texte.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c)).lower()


def mots(nom: str, *, lieu: str = "") -> list[str]:
    """The words of a name that tell it apart; all of them when none would be left."""
    tous = re.findall(r"[a-z0-9+]+", re.sub(r"\b([a-z])\.", r"\1", sans_accent(nom)))
    du_lieu = set(re.findall(r"[a-z0-9+]+", sans_accent(lieu)))
    return (
        [mot for mot in tous if mot not in MOTS_VIDES and mot not in du_lieu]
        or [mot for mot in tous if mot not in MOTS_VIDES]
        or tous
    )


def levenshtein(a: str, b: str, *, maximum: int) -> int:
    """Edit distance; `maximum + 1` as soon as it is known to be larger."""
    if abs(len(a) - len(b)) > maximum:
        return maximum + 1
    ligne = list(range(len(b) + 1))
    for i, lettre in enumerate(a, 1):
        precedente, ligne = ligne, [i]
        for j, autre in enumerate(b, 1):
            ligne.append(min(precedente[j] + 1, ligne[-1] + 1, precedente[j - 1] + (lettre != autre)))
        if min(ligne) > maximum:
            return maximum + 1
    return ligne[-1]


def noms_proches(a: str, b: str, *, lieu: str = "") -> float | None:
    """How far two names are, from 0.0 (equal) to below 1; None when they are not close."""
    mots_a, mots_b = mots(a, lieu=lieu), mots(b, lieu=lieu)
    lettres_a, lettres_b = "".join(mots_a), "".join(mots_b)
    if not lettres_a or not lettres_b:
        return None
    if lettres_a == lettres_b:
        return 0.0
    long = max(len(lettres_a), len(lettres_b))
    if min(len(lettres_a), len(lettres_b)) >= 6:
        maximum = int(long * 0.3)
        distance = levenshtein(lettres_a, lettres_b, maximum=maximum)
        if distance <= maximum:
            return distance / long
    differents, communs = set(mots_a) ^ set(mots_b), set(mots_a) & set(mots_b)
    if len(differents) <= 2 and any(len(mot) >= 4 for mot in communs):
        return 0.3 + len(differents) / 10
    return None


def metres(*points) -> float:
    """Distance on the sphere of (latitude, longitude, latitude, longitude), in metres."""
    return 1000 * distance_km(*points)


def _boite(latitude, longitude) -> Q:
    sud, ouest, nord, est = boite(latitude, longitude, METRES / 1000)
    return Q(latitude__range=(sud, nord), longitude__range=(ouest, est))


def _ecartees(sauf) -> set:
    """`sauf` itself and what staff declared distinct from it."""
    if sauf is None:
        return set()
    pk = getattr(sauf, "pk", sauf)
    paires = NonDoublon.objects.filter(Q(structure_a=pk) | Q(structure_b=pk)).values_list("structure_a", "structure_b")
    return {pk} | {autre for paire in paires for autre in paire}


def _identiques(siret, rna, courriel, telephone) -> Q:
    """Rows with the same identifier or the same way to reach them; each part has its index."""
    condition = Q(pk__in=[])
    if siret:
        condition |= Q(siret=siret)
    if rna:
        condition |= Q(rna=rna)
    if courriel:
        condition |= Q(courriel_bas=courriel) & ~Q(courriel="")
    if telephone:
        condition |= Q(telephone=telephone) & ~Q(telephone="")
    return condition


def candidats(
    *,
    nom,
    commune=None,
    latitude=None,
    longitude=None,
    siret="",
    rna="",
    courriel="",
    telephone="",
    sauf=None,
    limite=5,
    parmi=None,
) -> list[Doublon]:
    """The structures that might be this one, at most `limite`, the likeliest first.

    `commune` is a Commune or its code. `sauf`: the structure that asks (itself and the pairs that staff declared
    distinct are left out). `parmi`: a queryset to stay in, such as `Structure.objects.visibles_par(user)`, so that
    a visitor learns nothing of what is not published; by default all but refused ones. When one side has no place
    at all, an equal name is enough.
    """
    nom = (nom or "").replace("\x00", " ").strip()[:160]
    siret, rna, telephone = normaliser_siret(siret), normaliser_rna(rna), normaliser_telephone(telephone)
    courriel = (courriel or "").strip().lower()
    code_commune = getattr(commune, "pk", commune) or None
    situee = latitude is not None and longitude is not None
    base = Structure.objects.exclude(etat=Structure.Etat.REFUSEE) if parmi is None else parmi
    base = base.select_related("commune").exclude(pk__in=_ecartees(sauf))
    base = base.defer("recherche", "recherche_trgm", "recherche_vecteur")

    trouves = {
        structure.pk: structure
        for structure in base.alias(courriel_bas=Lower("courriel")).filter(
            _identiques(siret, rna, courriel, telephone)
        )[:PREFILTRE]
    }
    if nom:
        lieu = Q(pk__in=[])
        if code_commune:
            lieu |= Q(commune=code_commune)
        if situee:
            lieu |= _boite(latitude, longitude)
        du_lieu = base.annotate(ressemblance=TrigramSimilarity("tri", Value(sans_accent(nom))))
        if code_commune or situee:
            du_lieu = du_lieu.filter(lieu | Q(commune=None, latitude=None, tri__trigram_similar=sans_accent(nom)))
        else:
            du_lieu = du_lieu.filter(tri__trigram_similar=sans_accent(nom))
        for structure in du_lieu.order_by("-ressemblance", "pk")[:PREFILTRE]:
            trouves.setdefault(structure.pk, structure)

    doublons = []
    for structure in trouves.values():
        doublon = Doublon(structure)
        if siret and structure.siret == siret:
            doublon.raisons.append("même SIRET")
        if rna and structure.rna == rna:
            doublon.raisons.append("même numéro RNA")
        ecart = _nom_et_lieu(doublon, nom, code_commune, latitude if situee else None, longitude)
        if courriel and structure.courriel.lower() == courriel:
            doublon.raisons.append("même adresse e-mail")
        if telephone and structure.telephone == telephone:
            doublon.raisons.append("même téléphone")
        if doublon.raisons:
            premier = RANGS.get(doublon.raisons[0], 2 if ecart is not None else 3)
            doublon.rang = (premier, 1.0 if ecart is None else ecart, -len(doublon.raisons), structure.pk)
            doublons.append(doublon)
    return sorted(doublons, key=lambda doublon: doublon.rang)[:limite]


def _nom_et_lieu(doublon, nom, code_commune, latitude, longitude) -> float | None:
    """Add the reason of a close name in a close place to `doublon`; how far the names are, or None."""
    structure = doublon.structure
    lieu = structure.commune.nom if structure.commune else ""
    ecart = noms_proches(nom, structure.nom, lieu=lieu)
    if ecart is None and structure.sigle and sans_accent(structure.sigle) == sans_accent(nom):
        ecart = 0.1
    if ecart is None:
        return None
    mot = "même nom" if ecart == 0 else "nom proche"
    if code_commune and structure.commune_id == code_commune:
        doublon.raisons.append(f"{mot}, même commune")
    elif (
        latitude is not None
        and structure.est_situee
        and metres(latitude, longitude, structure.latitude, structure.longitude) <= METRES
    ):
        doublon.raisons.append(f"{mot}, à moins de {METRES} m")
    elif ecart == 0 and (
        not (code_commune or latitude is not None) or (structure.commune_id is None and not structure.est_situee)
    ):
        doublon.raisons.append("même nom, lieu inconnu")
    else:
        return None
    return ecart
