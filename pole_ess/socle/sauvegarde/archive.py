"""Reading an archive: its manifest, and the proof that nothing is missing or changed."""

import hashlib
import json
import re
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from . import RestaurationImpossible

FORMAT = 1
BASE, MANIFESTE = "base.dump", "manifeste.json"
MORCEAU = 1024 * 1024
NOM = re.compile(r"pole-ess-\d{8}T\d{6}Z\.tar")


@dataclass(frozen=True)
class Manifeste:
    """`fichiers`: path in the archive -> sha256; `lignes`: table -> rows; `migrations`: app -> last ones applied."""

    format: int
    faite_le: str
    version: str
    postgresql: int
    migrations: dict[str, list[str]]
    lignes: dict[str, int]
    fichiers: dict[str, str]
    dossiers: list[str]

    def en_octets(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def empreinte(flux) -> str:
    return hashlib.file_digest(flux, "sha256").hexdigest()


def lire(chemin: Path) -> Manifeste:
    """The manifest of an archive whose every byte was read and compared. Raises RestaurationImpossible."""
    abimee = f"{chemin.name} est abîmée ou incomplète"
    try:
        with tarfile.open(chemin, "r:") as tar:
            membres = {membre.name: membre for membre in tar.getmembers()}
            if MANIFESTE not in membres:
                raise RestaurationImpossible(f"{abimee} : elle n'a pas de manifeste. Prenez une autre sauvegarde.")
            manifeste = _manifeste(tar.extractfile(membres[MANIFESTE]).read(), abimee)
            attendus = manifeste.fichiers.keys() | {MANIFESTE}
            if attendus != membres.keys():
                ecart = sorted(attendus ^ membres.keys())[0]
                raise RestaurationImpossible(f"{abimee} : « {ecart} » manque, ou n'a rien à y faire.")
            for nom, attendue in manifeste.fichiers.items():
                _verifier_nom(nom, membres[nom], manifeste, abimee)
                if empreinte(tar.extractfile(membres[nom])) != attendue:
                    raise RestaurationImpossible(f"{abimee} : « {nom} » n'est plus ce qui avait été sauvegardé.")
    except FileNotFoundError as erreur:
        raise RestaurationImpossible(f"Il n'y a pas de sauvegarde à cet endroit : {chemin}.") from erreur
    except (tarfile.TarError, EOFError, OSError) as erreur:
        raise RestaurationImpossible(f"{abimee} ({erreur}). Prenez une autre sauvegarde.") from erreur
    return manifeste


def _manifeste(octets: bytes, abimee: str) -> Manifeste:
    try:
        lu = json.loads(octets)
        if lu["format"] != FORMAT:
            raise RestaurationImpossible(f"Cette sauvegarde est au format {lu['format']} : ce portail lit le {FORMAT}.")
        return Manifeste(**lu)
    except (ValueError, KeyError, TypeError) as erreur:
        raise RestaurationImpossible(f"{abimee} : son manifeste ne se lit pas.") from erreur


def _verifier_nom(nom: str, membre: tarfile.TarInfo, manifeste: Manifeste, abimee: str) -> None:
    """A plain file, under a folder of ours: an archive made by somebody else writes nowhere else."""
    parties = PurePosixPath(nom).parts
    dedans = nom == BASE or (len(parties) > 1 and parties[0] in manifeste.dossiers)
    if not dedans or ".." in parties or nom.startswith("/") or not membre.isreg():
        raise RestaurationImpossible(f"{abimee} : « {nom} » n'a rien à y faire.")
