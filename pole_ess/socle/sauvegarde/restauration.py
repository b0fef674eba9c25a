"""Putting an archive back: everything is verified first, the database changes in one transaction, then the folders."""

import errno
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from . import RestaurationImpossible, archive, outils
from .ecriture import compter

RIEN = "Rien n'a été changé."
_TABLE_RASE = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"


def restaurer(chemin: Path, *, ecraser: bool = False) -> archive.Manifeste:
    """The database and the files as they were; every row is counted and every file read again afterwards.

    Refuses a place that holds something, unless `ecraser`. Raises RestaurationImpossible.
    """
    try:
        manifeste = archive.lire(chemin)
    except RestaurationImpossible as erreur:
        raise RestaurationImpossible(f"{erreur} {RIEN}") from erreur
    racines = outils.dossiers()
    _refuser_une_version_plus_recente(manifeste)
    if absents := set(manifeste.dossiers) - racines.keys():
        raise RestaurationImpossible(
            f"Cette sauvegarde a des fichiers ({', '.join(sorted(absents))}) que ce portail range ailleurs. {RIEN}"
        )
    racines = {nom: racines[nom] for nom in manifeste.dossiers}
    if not ecraser:
        _refuser_si_occupe(racines)
    nouveaux: dict[str, Path] = {}
    try:
        try:
            dump = _deballer(chemin, manifeste, racines, nouveaux)
            _remettre_la_base(dump, ecraser=ecraser)
        except OSError as erreur:
            plein = erreur.errno == errno.ENOSPC
            raison = "il n'y a plus de place sur ce disque" if plein else erreur.strerror or str(erreur)
            raise RestaurationImpossible(f"Impossible de déballer la sauvegarde : {raison}. {RIEN}") from erreur
        for nom, racine in racines.items():
            _remplacer(racine, nouveaux[nom])
    finally:
        for reste in nouveaux.values():
            shutil.rmtree(reste, ignore_errors=True)
    _verifier(manifeste, racines)
    return manifeste


def migrations_a_faire(manifeste: archive.Manifeste) -> bool:
    """The archive is of an older version: `migrate` is left to do."""
    faites = {(app, nom) for app, noms in manifeste.migrations.items() for nom in noms}
    return not faites >= set(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _refuser_une_version_plus_recente(manifeste) -> None:
    connues = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    apps = {app for app, _ in connues}
    inconnues = [
        f"{app}.{nom}"
        for app, noms in manifeste.migrations.items()
        for nom in noms
        if app in apps and (app, nom) not in connues
    ]
    if inconnues:
        raise RestaurationImpossible(
            f"Cette sauvegarde vient d'une version plus récente du portail (elle connaît {inconnues[-1]}). "
            f"Installez d'abord cette version. {RIEN}"
        )


def _refuser_si_occupe(racines: dict[str, Path]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        (tables,) = cursor.fetchone()
    pleins = [str(racine) for racine in racines.values() if racine.exists() and any(racine.iterdir())]
    quoi = ["la base contient déjà des tables"] if tables else []
    quoi += [f"{plein} contient déjà des fichiers" for plein in pleins]
    if quoi:
        raise RestaurationImpossible(
            f"L'endroit n'est pas vide : {', '.join(quoi)}. {RIEN} Pour tout remplacer par la sauvegarde, arrêtez le "
            "portail puis ajoutez --ecraser."
        )


def _deballer(chemin: Path, manifeste, racines: dict[str, Path], nouveaux: dict[str, Path]) -> Path:
    """The files in folders beside their final ones (the same disk), the dump beside them; returns the dump's path."""
    for nom, racine in racines.items():
        racine.parent.mkdir(parents=True, exist_ok=True)
        nouveaux[nom] = Path(tempfile.mkdtemp(prefix=f".{racine.name}.restaure.", dir=racine.parent))
        nouveaux[nom].chmod(0o755 if nom == "media" else 0o700)
    nouveaux[archive.BASE] = Path(tempfile.mkdtemp(prefix=".base.restaure.", dir=settings.DATA_DIR))
    dump = nouveaux[archive.BASE] / archive.BASE
    with tarfile.open(chemin, "r:") as tar:
        membres = {membre.name: membre for membre in tar.getmembers()}  # of two of one name, the later
        for nom in manifeste.fichiers:
            racine, _, reste = nom.partition("/")
            cible = dump if nom == archive.BASE else nouveaux[racine] / reste
            cible.parent.mkdir(parents=True, exist_ok=True)
            with tar.extractfile(membres[nom]) as lu, cible.open("wb") as ecrit:
                shutil.copyfileobj(lu, ecrit, archive.MORCEAU)
                ecrit.flush()
                os.fsync(ecrit.fileno())
            cible.chmod(0o644 if racine == "media" else 0o600)
            os.utime(cible, (membres[nom].mtime,) * 2)
    return dump


def _remettre_la_base(dump: Path, *, ecraser: bool) -> None:
    """One transaction: whatever fails leaves the database as it was."""
    script = dump.with_suffix(".sql")
    try:
        pg_restore, psql = outils.programme("pg_restore"), outils.programme("psql")
    except outils.ProgrammeAbsent as erreur:
        raise RestaurationImpossible(f"{erreur} {RIEN}") from erreur
    env = outils.environnement()
    connections.close_all()
    _lancer([pg_restore, "--no-owner", "--no-privileges", f"--file={script}", str(dump)], env)
    if ecraser:
        avant = dump.with_name("avant.sql")
        avant.write_text(_TABLE_RASE)
        fichiers = [f"--file={avant}", f"--file={script}"]
    else:
        fichiers = [f"--file={script}"]
    _lancer([psql, "-X", "-q", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", *fichiers], env)


def _lancer(commande: list[str], env: dict) -> None:
    fait = subprocess.run(commande, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - found in outils
    if fait.returncode:
        raison = fait.stderr.strip().splitlines()[0] if fait.stderr.strip() else f"code {fait.returncode}"
        raise RestaurationImpossible(f"PostgreSQL a refusé la sauvegarde : {raison}. {RIEN}")


def _remplacer(racine: Path, nouveau: Path) -> None:
    """The new folder takes the place of the old one, or of its content where it cannot be moved (a mount point)."""
    ancien = racine.with_name(f"{racine.name}.avant")
    shutil.rmtree(ancien, ignore_errors=True)
    try:
        if racine.exists():
            racine.rename(ancien)
        nouveau.rename(racine)
    except OSError:
        if ancien.exists() and not racine.exists():
            ancien.rename(racine)
        for dedans in list(racine.iterdir()):
            shutil.rmtree(dedans) if dedans.is_dir() and not dedans.is_symlink() else dedans.unlink()
        for dedans in list(nouveau.iterdir()):
            shutil.move(dedans, racine / dedans.name)
    shutil.rmtree(ancien, ignore_errors=True)


def _verifier(manifeste, racines: dict[str, Path]) -> None:
    with connection.get_new_connection(connection.get_connection_params()) as lecture, lecture.cursor() as cursor:
        lignes = compter(cursor)
    if lignes != manifeste.lignes:
        tables = lignes.keys() | manifeste.lignes.keys()
        table = min(t for t in tables if lignes.get(t) != manifeste.lignes.get(t))
        raise RestaurationImpossible(
            f"La base remise n'a pas les lignes attendues (table {table}) : n'ouvrez pas le portail, refaites la "
            "restauration avec --ecraser."
        )
    for nom, attendue in manifeste.fichiers.items():
        racine, _, reste = nom.partition("/")
        if racine in racines:
            with (racines[racine] / reste).open("rb") as flux:
                if archive.empreinte(flux) != attendue:
                    raise RestaurationImpossible(f"Le fichier {nom}, une fois remis, n'est pas celui de la sauvegarde.")
