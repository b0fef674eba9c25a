"""Communes from the public geo API's form (JSON), the API itself, or the project's table of facts (CSV)."""

import csv
import io
import json
import math
import re
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from annuaire.models import Commune

from .erreurs import FichierIllisible

CODE = re.compile(r"(\d{2}|2A|2B)\d{3}")
CODE_POSTAL = re.compile(r"\d{5}")
OCTETS_MAX = 100 * 1024 * 1024
"""All of France is about 8 MB."""
CHAMPS_API = "code,nom,codesPostaux,centre,population,codeEpci"
COLONNES_CSV = ["code", "nom", "codes_postaux", "latitude", "longitude", "population", "epci"]


def lire_fichier(chemin) -> list[Commune]:
    """The communes of a .json or .csv file. Raises FichierIllisible (French, with the line or the rank)."""
    chemin = Path(chemin)
    try:
        if chemin.stat().st_size > OCTETS_MAX:
            raise FichierIllisible("Ce fichier est trop lourd pour une liste de communes (100 Mo au plus).")
        octets = chemin.read_bytes()
    except OSError as erreur:
        raise FichierIllisible(f"Le fichier {chemin} ne s'ouvre pas : {erreur.strerror}.") from erreur
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        raise FichierIllisible("Ce fichier n'est pas un texte en UTF-8.") from erreur
    return _lire_csv(texte) if texte.lstrip()[:5].lower() == "code," else lire_json(texte)


def lire_api(url: str | None = None, *, delai: float = 60) -> list[Commune]:
    """All the communes that the public geo API gives. Raises FichierIllisible when it does not answer."""
    adresse = f"{url or settings.COMMUNES_API_URL}?fields={CHAMPS_API}"
    if not adresse.startswith(("https://", "http://")):
        raise FichierIllisible("L'adresse de l'API des communes doit commencer par https://.")
    demande = urllib.request.Request(adresse, headers={"Accept": "application/json"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(demande, timeout=delai) as reponse:  # noqa: S310 - checked above
            octets = reponse.read(OCTETS_MAX + 1)
    except urllib.error.HTTPError as erreur:
        raise FichierIllisible(f"L'API des communes répond par l'erreur {erreur.code} : réessayez.") from erreur
    except OSError as erreur:
        raise FichierIllisible("L'API des communes ne répond pas : réessayez, ou donnez un fichier.") from erreur
    if len(octets) > OCTETS_MAX:
        raise FichierIllisible("L'API des communes renvoie une réponse démesurée.")
    try:
        return lire_json(octets.decode("utf-8"))
    except UnicodeDecodeError as erreur:
        raise FichierIllisible("L'API des communes renvoie autre chose que du texte.") from erreur


def lire_json(texte: str) -> list[Commune]:
    """`[{"code", "nom", "codesPostaux", "centre": {"coordinates": [lon, lat]}, "population", …}, …]`."""
    try:
        donnees = json.loads(texte)
    except (ValueError, RecursionError) as erreur:
        raise FichierIllisible("Ce fichier n'est ni le JSON de l'API des communes, ni un CSV de communes.") from erreur
    if not isinstance(donnees, list) or not donnees:
        raise FichierIllisible("Ce fichier JSON ne contient pas une liste de communes.")
    return _sans_double([_depuis_json(rang, ligne) for rang, ligne in enumerate(donnees, 1)])


def _depuis_json(rang: int, ligne) -> Commune:
    if not isinstance(ligne, dict):
        raise FichierIllisible(f"Commune n° {rang} : ce n'est pas un objet JSON.")
    centre = ligne.get("centre") or {}
    point = (centre.get("coordinates") if isinstance(centre, dict) else None) or (None, None)
    if not isinstance(point, list | tuple) or len(point) != 2:
        raise FichierIllisible(f"Commune n° {rang} : son centre n'est pas un point.")
    return _commune(
        f"Commune n° {rang}",
        code=ligne.get("code"),
        nom=ligne.get("nom"),
        codes_postaux=ligne.get("codesPostaux") or [],
        latitude=point[1],
        longitude=point[0],
        population=ligne.get("population"),
        epci=ligne.get("codeEpci") or "",
    )


def _lire_csv(texte: str) -> list[Commune]:
    lecteur = csv.DictReader(io.StringIO(texte))
    if lecteur.fieldnames != COLONNES_CSV:
        raise FichierIllisible(f"Les colonnes attendues sont : {', '.join(COLONNES_CSV)}.")
    communes = []
    for ligne in lecteur:
        if None in ligne or None in ligne.values():
            raise FichierIllisible(f"Ligne {lecteur.line_num} : il n'y a pas {len(COLONNES_CSV)} colonnes.")
        ligne["codes_postaux"] = ligne["codes_postaux"].split()
        communes.append(_commune(f"Ligne {lecteur.line_num}", **ligne))
    if not communes:
        raise FichierIllisible("Ce fichier ne contient aucune commune.")
    return _sans_double(communes)


def _commune(ou: str, *, code, nom, codes_postaux, latitude, longitude, population, epci) -> Commune:
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise FichierIllisible(f"{ou} : « {str(code)[:20]} » n'est pas un code officiel de commune (5 caractères).")
    if not isinstance(nom, str) or not nom.strip() or len(nom) > 80 or "\x00" in nom:
        raise FichierIllisible(f"{ou} ({code}) : le nom manque, ou dépasse 80 caractères.")
    if not isinstance(codes_postaux, list) or not all(
        isinstance(cp, str) and CODE_POSTAL.fullmatch(cp) for cp in codes_postaux
    ):
        raise FichierIllisible(f"{ou} ({code}) : un code postal n'a pas 5 chiffres.")
    try:
        latitude, longitude = (None if v in (None, "") else float(v) for v in (latitude, longitude))
        population = None if population in (None, "") else int(population)
    except (TypeError, ValueError, OverflowError) as erreur:
        raise FichierIllisible(f"{ou} ({code}) : centre ou population illisible.") from erreur
    if (latitude is None) != (longitude is None):
        raise FichierIllisible(f"{ou} ({code}) : il manque une coordonnée du centre.")
    if latitude is not None and not (
        math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    ):
        raise FichierIllisible(f"{ou} ({code}) : le centre n'est pas sur la Terre.")
    if population is not None and not 0 <= population < 2**31:
        raise FichierIllisible(f"{ou} ({code}) : population impossible.")
    if not isinstance(epci, str) or not re.fullmatch(r"(\d{9})?", epci):
        raise FichierIllisible(f"{ou} ({code}) : l'EPCI est un SIREN de 9 chiffres.")
    return Commune(
        code=code,
        nom=nom.strip(),
        codes_postaux=codes_postaux,
        latitude=latitude,
        longitude=longitude,
        population=population,
        epci=epci,
    )


def _sans_double(communes: list[Commune]) -> list[Commune]:
    vues: set[str] = set()
    for commune in communes:
        if commune.code in vues:
            raise FichierIllisible(f"La commune {commune.code} est deux fois dans le fichier.")
        vues.add(commune.code)
    return communes


@transaction.atomic
def charger(communes: list[Commune]) -> dict[str, int]:
    """Write the communes, all or none; what is equal already is left alone. Counts: creees, mises_a_jour, inchangees.

    An unknown centre, population or EPCI does not erase a known one; a commune absent from the list stays, since
    structures may hold it.
    """
    avec_epci = {"nom", "codes_postaux", "latitude", "longitude", "population", "epci"}
    connues = {commune.code: commune for commune in Commune.objects.all()}
    nouvelles, changees = [], []
    for commune in communes:
        ancienne = connues.get(commune.code)
        if ancienne is None:
            nouvelles.append(commune)
            continue
        valeurs = {c: getattr(commune, c) for c in avec_epci if getattr(commune, c) not in (None, "", [])}
        differentes = {c: v for c, v in valeurs.items() if getattr(ancienne, c) != v}
        if differentes:
            for champ, valeur in differentes.items():
                setattr(ancienne, champ, valeur)
            changees.append(ancienne)
    Commune.objects.bulk_create(nouvelles, batch_size=2000)
    if changees:
        _remplacer(changees)
    return {
        "creees": len(nouvelles),
        "mises_a_jour": len(changees),
        "inchangees": len(communes) - len(nouvelles) - len(changees),
    }


def _remplacer(communes: list[Commune]) -> None:
    """One UPDATE per batch from a JSON table: bulk_update's CASE chains take minutes on 35,000 rows."""
    requete = """
        UPDATE annuaire_commune AS c
           SET nom = t.nom, codes_postaux = t.codes_postaux, latitude = t.latitude, longitude = t.longitude,
               population = t.population, epci = t.epci
          FROM jsonb_to_recordset(%s::jsonb)
            AS t(code text, nom text, codes_postaux varchar[], latitude float8, longitude float8,
                 population int, epci text)
         WHERE c.code = t.code
    """
    champs = ("code", "nom", "codes_postaux", "latitude", "longitude", "population", "epci")
    with connection.cursor() as cursor:
        for debut in range(0, len(communes), 5000):
            lot = [{c: getattr(commune, c) for c in champs} for commune in communes[debut : debut + 5000]]
            cursor.execute(requete, [json.dumps(lot)])
