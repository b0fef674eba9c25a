"""The programs of PostgreSQL, of a version that knows the server, and how they reach the database."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection

from pole_ess.embedded_db import Cluster, ClusterError

DEBIAN = Path("/usr/lib/postgresql")
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "service": "PGSERVICE",
}


class ProgrammeAbsent(Exception):
    """In French: which program, of which version."""


def dossiers() -> dict[str, Path]:
    """Name in the archive -> folder; a storage elsewhere (S3) keeps its own versions and is not in it."""
    noms = {"media": "default", "prive": "prive"}
    return {nom: Path(s.location) for nom, cle in noms.items() if isinstance(s := storages[cle], FileSystemStorage)}


def programme(nom: str) -> str:
    """Path of `nom` (pg_dump, psql…): the embedded server's own, else the nearest at least as new as the server."""
    if settings.EMBEDDED_DB_HOME:
        return str(Cluster(settings.EMBEDDED_DB_HOME).bin_dir / nom)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (majeure,) = cursor.fetchone()
    for candidat in (str(DEBIAN / str(majeure) / "bin" / nom), shutil.which(nom), _embarque(nom)):
        if candidat and Path(candidat).exists() and _majeure(candidat) >= majeure:
            return candidat
    raise ProgrammeAbsent(
        f"{nom} {majeure} (ou plus récent) n'est pas installé. Sous Debian : apt install postgresql-client-{majeure}."
    )


def _embarque(nom: str) -> str | None:
    """The wheel's, which comes with the requirements even where the server is another one."""
    try:
        return str(Cluster(settings.DATA_DIR).bin_dir / nom)
    except ClusterError:
        return None


def _majeure(chemin: str) -> int:
    fait = subprocess.run([chemin, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    trouve = re.search(r"\) (\d+)", fait.stdout)
    return int(trouve[1]) if trouve else 0


def environnement() -> dict[str, str]:
    """The database's address and password, out of the command line, which every account of the machine can read."""
    parametres = connection.get_connection_params()
    adresse = {_VARIABLES[nom]: str(v) for nom, v in parametres.items() if nom in _VARIABLES and v not in (None, "")}
    return {**os.environ, **adresse, "LC_ALL": "C", "PGOPTIONS": "-c lock_timeout=30s -c client_min_messages=warning"}
