"""Making an archive, beside its final name, renamed once it is whole and on disk."""

import errno
import fcntl
import hashlib
import io
import os
import subprocess
import tarfile
import tomllib
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from . import RestaurationImpossible, SauvegardeImpossible, archive, outils

PARTIEL = ".partiel"


def sauvegarder(dossier: Path, *, garder: int | None = None) -> Path:
    """A new archive in `dossier`; then the oldest beyond `garder` go. Raises SauvegardeImpossible.

    The rows are counted in the very snapshot that pg_dump reads. Files are copied before it and again after it: one
    that a row of the snapshot names was there before, or came meanwhile, and is in the archive either way.
    """
    try:
        dossier.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _seul(dossier):
            _oublier_les_morts(dossier)
            finale = dossier / f"pole-ess-{datetime.now(UTC):%Y%m%dT%H%M%S}Z.tar"
            provisoire = finale.with_name(f".{finale.name}{PARTIEL}")
            try:
                _ecrire(provisoire)
                archive.lire(provisoire)  # what the disk has, not what was sent to it
                provisoire.rename(finale)
                _sur_disque(dossier)
            finally:
                provisoire.unlink(missing_ok=True)
            if garder:
                for vieille in archives(dossier)[:-garder]:
                    vieille.unlink()
            return finale
    except OSError as erreur:
        raise SauvegardeImpossible(_dire(erreur, dossier)) from erreur
    except (psycopg.Error, outils.ProgrammeAbsent) as erreur:
        raise SauvegardeImpossible(f"{erreur} Aucune sauvegarde n'a été faite.") from erreur
    except RestaurationImpossible as erreur:
        raise SauvegardeImpossible(f"Relue aussitôt, {erreur} Elle est effacée : regardez ce disque.") from erreur


def archives(dossier: Path) -> list[Path]:
    """The whole ones, the oldest first: their names are their dates."""
    return sorted(chemin for chemin in dossier.glob("pole-ess-*.tar") if archive.NOM.fullmatch(chemin.name))


def _ecrire(chemin: Path) -> None:
    racines = outils.dossiers()
    with os.fdopen(os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as brut:
        with tarfile.open(fileobj=brut, mode="w", format=tarfile.PAX_FORMAT) as tar:
            copie = _Copie(tar)
            vus = copie.fichiers(racines, {})
            faits = copie.base(chemin.with_suffix(".dump"))
            copie.fichiers(racines, vus)
            manifeste = archive.Manifeste(
                format=archive.FORMAT,
                faite_le=datetime.now(UTC).isoformat(timespec="seconds"),
                version=_version(),
                fichiers=copie.empreintes,
                dossiers=sorted(racines),
                **faits,
            )
            copie.octets(archive.MANIFESTE, manifeste.en_octets())
        brut.flush()
        os.fsync(brut.fileno())


class _Copie:
    def __init__(self, tar: tarfile.TarFile):
        self.tar = tar
        self.empreintes: dict[str, str] = {}

    def octets(self, nom: str, contenu: bytes, date: float = 0) -> None:
        membre = tarfile.TarInfo(nom)
        membre.size, membre.mode, membre.mtime = len(contenu), 0o600, int(date)
        self.tar.addfile(membre, io.BytesIO(contenu))
        if nom != archive.MANIFESTE:
            self.empreintes[nom] = hashlib.sha256(contenu).hexdigest()

    def fichiers(self, racines: dict[str, Path], vus: dict) -> dict:
        """Every file that is not in `vus` as it is now; returns what was seen.

        Read whole, then written: uploads are bounded (FICHIER_MAX_OCTETS), and one that grows meanwhile is taken
        again on the second round, where the later copy counts.
        """
        trouves = dict(vus)
        for nom, racine in racines.items():
            for chemin in sorted(racine.rglob("*")):
                with suppress(FileNotFoundError):  # removed meanwhile, as its row was
                    if chemin.is_symlink() or not chemin.is_file():
                        continue
                    faits = chemin.stat()
                    cle = f"{nom}/{chemin.relative_to(racine).as_posix()}"
                    etat = (faits.st_size, faits.st_mtime_ns)
                    if vus.get(cle) != etat:
                        self.octets(cle, chemin.read_bytes(), faits.st_mtime)
                        trouves[cle] = etat
        return trouves

    def base(self, provisoire: Path) -> dict:
        """pg_dump in a snapshot, and what was counted in the same one."""
        try:
            with _instantane() as (faits, cle):
                vider(provisoire, cle)
            membre = tarfile.TarInfo(archive.BASE)
            membre.size, membre.mode = provisoire.stat().st_size, 0o600
            with provisoire.open("rb") as flux:
                self.empreintes[archive.BASE] = archive.empreinte(flux)
                flux.seek(0)
                self.tar.addfile(membre, flux)
        finally:
            provisoire.unlink(missing_ok=True)
        return faits


def vider(fichier: Path, instantane: str) -> None:
    """pg_dump of that snapshot into a file of our own rights."""
    os.close(os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    commande = [outils.programme("pg_dump"), "-Fc", "--no-password", f"--snapshot={instantane}", f"--file={fichier}"]
    fait = subprocess.run(commande, env=outils.environnement(), capture_output=True, text=True, check=False)  # noqa: S603 - found in outils
    if "No space left" in fait.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if fait.returncode:
        raise OSError(fait.stderr.strip()[-500:] or f"pg_dump : code {fait.returncode}")


@contextmanager
def _instantane():
    """(what is counted, key of the snapshot): a transaction of its own, which sees one instant of the database."""
    with connection.get_new_connection(connection.get_connection_params()) as lecture:
        lecture.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        lecture.read_only, lecture.autocommit = True, False
        with lecture.cursor() as cursor:
            (cle,) = cursor.execute("SELECT pg_export_snapshot()").fetchone()
            (version,) = cursor.execute("SELECT current_setting('server_version_num')::int / 10000").fetchone()
            migrations: dict[str, list[str]] = {}
            for app, nom in cursor.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall():
                migrations.setdefault(app, []).append(nom)
            faits = {"postgresql": version, "migrations": migrations, "lignes": compter(cursor)}
            yield faits, cle


def compter(cursor) -> dict[str, int]:
    """Table -> rows, exactly."""
    tables = [t for (t,) in cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
    compte = sql.SQL("SELECT count(*) FROM {}")
    return {t: cursor.execute(compte.format(sql.Identifier("public", t))).fetchone()[0] for t in tables}


@contextmanager
def _seul(dossier: Path):
    """One backup at a time in a folder; the kernel lets go of the lock however its holder dies."""
    with (dossier / ".verrou").open("w") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as erreur:
            raise SauvegardeImpossible(f"Une autre sauvegarde est en cours dans {dossier}.") from erreur
        yield


def _oublier_les_morts(dossier: Path) -> None:
    """What a killed run left: whoever held the lock is dead."""
    for reste in (*dossier.glob(f".pole-ess-*{PARTIEL}"), *dossier.glob(".pole-ess-*.dump")):
        reste.unlink()


def _sur_disque(dossier: Path) -> None:
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


def _version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as fichier:
        return tomllib.load(fichier)["project"]["version"]


def _dire(erreur: OSError, dossier: Path) -> str:
    quoi = {
        errno.ENOSPC: f"Il n'y a plus de place dans {dossier}",
        errno.EACCES: f"Ce compte n'a pas le droit d'écrire dans {dossier}",
        errno.EDQUOT: f"Le quota de {dossier} est atteint",
    }.get(erreur.errno, f"La sauvegarde s'est arrêtée ({erreur.strerror or erreur})")
    return f"{quoi} : aucune sauvegarde n'a été faite, celles d'avant sont intactes."
