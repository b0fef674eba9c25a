"""`sauvegarder` and `restaurer`, as a hub uses them: everything comes back, and nothing broken passes for a backup."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings as reglages
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from annuaire.models import Commune, Structure
from pole_ess.socle.sauvegarde import archive, ecriture, outils, restauration
from tests import monde
from tests.annuaire.test_effacement import monde as une_ligne_de_chaque_modele  # noqa: F401 - a fixture
from tests.test_sauvegarde import schema

pytestmark = [pytest.mark.lent, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ici(settings, tmp_path):
    """The portal's folders, with files of each sort: names with spaces and accents, empty, large, in sub-folders."""
    _ranger(settings, tmp_path / "ici")
    for nom, contenu in {
        "media/logos/le pont d'été.webp": b"\x00\x01" * 5000,
        "media/lettre/2026/a.png": b"image",
        "prive/reunions/7/vide.pdf": b"",
        "prive/gros.bin": os.urandom(3_000_000),
    }.items():
        fichier = tmp_path / "ici" / nom
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_bytes(contenu)
    return tmp_path / "ici"


def _ranger(settings, dossier):
    settings.DATA_DIR = dossier
    dossier.mkdir(exist_ok=True)
    settings.MEDIA_ROOT = dossier / "media"
    settings.STORAGES = settings.STORAGES | {
        "prive": {
            "BACKEND": "pole_ess.socle.stockage.StockagePrive", "OPTIONS": {"location": str(dossier / "prive")},
        }
    }  # fmt: skip


def fichiers(dossier: Path) -> dict[str, bytes]:
    return {str(f.relative_to(dossier)): f.read_bytes() for f in sorted(dossier.rglob("*")) if f.is_file()}


@pytest.fixture
def ailleurs(settings, tmp_path):
    """`ailleurs()`: from then on the portal is an empty database and empty folders, as on a new server."""
    origine, copie = connection.settings_dict["NAME"], f"restauree_{os.getpid()}"

    def partir():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{copie}" TEMPLATE template0')
        connection.close()
        connection.settings_dict["NAME"] = copie
        _ranger(settings, tmp_path / "ailleurs")
        return tmp_path / "ailleurs"

    yield partir
    connection.close()
    connection.settings_dict["NAME"] = origine
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copie}" WITH (FORCE)')


def sauvegarder(dossier: Path, **options) -> Path:
    call_command("sauvegarder", str(dossier), stdout=io.StringIO(), **options)
    return ecriture.archives(dossier)[-1]


def test_every_row_and_every_file_come_back(ici, une_ligne_de_chaque_modele, ailleurs, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr(monde, "HORS_COMPARAISON", set())
    une_ligne_de_chaque_modele[1].logo.save("logo.webp", ContentFile(b"un logo"))
    lignes, objets, contenus = monde.empreinte_de_la_base(), schema(), fichiers(ici)
    assert len(contenus) == 5
    chemin = sauvegarder(tmp_path / "sauvegardes")
    assert chemin.stat().st_mode & 0o777 == 0o600
    la_bas = ailleurs()
    sortie = io.StringIO()
    call_command("restaurer", str(chemin), stdout=sortie)
    assert "tous vérifiés" in sortie.getvalue() and "migrate" not in sortie.getvalue()
    assert monde.empreinte_de_la_base() == lignes
    assert schema() == objets
    assert fichiers(la_bas) == contenus
    assert not [f for f in la_bas.iterdir() if f.name not in ("media", "prive")]
    call_command("migrate", check=True, verbosity=0)


def test_manifest_counts_what_is_there(structure, ici, tmp_path):
    with tarfile.open(sauvegarder(tmp_path / "s")) as tar:
        manifeste = json.load(tar.extractfile("manifeste.json"))
        assert tar.getnames()[-1] == "manifeste.json"
    assert manifeste["lignes"]["annuaire_structure"] == Structure.objects.count() == 1
    assert set(manifeste["fichiers"]) == {*fichiers(ici), "base.dump"}
    assert manifeste["migrations"]["socle"][0] == "0001_recherche"


def test_rows_and_files_that_come_meanwhile(structure, ici, ailleurs, tmp_path, monkeypatch):
    """Rows are those of one instant; a file written during the dump, whole or half before it, is there whole."""
    demi = ici / "media" / "en-cours.webp"
    demi.write_bytes(b"deb")
    vrai = ecriture.vider

    def pendant(fichier, cle):
        Commune.objects.create(code="99999", nom="Trop tard", latitude=46, longitude=3)
        demi.write_bytes(b"debut et fin")
        (ici / "media" / "nouveau.webp").write_bytes(b"nouveau")
        (ici / "prive" / "gros.bin").unlink()
        vrai(fichier, cle)

    monkeypatch.setattr(ecriture, "vider", pendant)
    chemin = sauvegarder(tmp_path / "s")
    la_bas = ailleurs()
    call_command("restaurer", str(chemin), stdout=io.StringIO())
    assert not Commune.objects.filter(code="99999").exists()
    assert Structure.objects.count() == 1
    assert fichiers(la_bas)["media/en-cours.webp"] == b"debut et fin"
    assert fichiers(la_bas)["media/nouveau.webp"] == b"nouveau"
    assert "prive/gros.bin" in fichiers(la_bas)


# What is broken is refused, and nothing is changed


@pytest.fixture
def prete(structure, ici, ailleurs, tmp_path):
    """(an archive, the empty place)."""
    chemin = sauvegarder(tmp_path / "s")
    return chemin, ailleurs()


def refusee(chemin, mot, la_bas, **options):
    with pytest.raises(CommandError, match=mot) as refus:
        call_command("restaurer", str(chemin), stdout=io.StringIO(), **options)
    assert "Rien n'a été changé" in str(refus.value)
    assert fichiers(la_bas) == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


def test_truncated_archives(prete):
    chemin, la_bas = prete
    entiere = chemin.read_bytes()
    for taille in (0, 10, 600, len(entiere) // 2, len(entiere) - 15_000):
        chemin.write_bytes(entiere[:taille])
        refusee(chemin, "abîmée ou incomplète", la_bas)


def test_one_changed_byte(prete):
    """In a file, in the dump, in the manifest, in a name: each is seen."""
    chemin, la_bas = prete
    entiere = bytearray(chemin.read_bytes())
    with tarfile.open(chemin) as tar:
        places = {membre.name: membre.offset_data for membre in tar.getmembers()}
        entete = tar.getmember("media/lettre/2026/a.png").offset
    for place in (
        places["prive/gros.bin"] + 5000,
        places["base.dump"] + 100,
        places["manifeste.json"] + 40,
        entete + 4,
    ):
        entiere[place] ^= 1
        chemin.write_bytes(entiere)
        refusee(chemin, "abîmée ou incomplète", la_bas)
        entiere[place] ^= 1
    chemin.write_bytes(entiere)
    call_command("restaurer", str(chemin), stdout=io.StringIO())  # back as it was: it is taken


def test_archives_that_somebody_else_made(prete, tmp_path):
    chemin, la_bas = prete
    refusee(tmp_path / "absente.tar", "pas de sauvegarde", la_bas)
    (tmp_path / "texte.tar").write_text("bonjour" * 1000)
    refusee(tmp_path / "texte.tar", "abîmée", la_bas)
    manifeste = archive.lire(chemin)
    for nom in ("../evade.txt", "/etc/evade", "ailleurs/x", "media"):
        faux = tmp_path / "faux.tar"
        contenu = b"x"
        faits = {**manifeste.__dict__, "fichiers": {nom: archive.empreinte(io.BytesIO(contenu))}}
        with tarfile.open(faux, "w") as tar:
            for membre, octets in ((nom, contenu), ("manifeste.json", json.dumps(faits).encode())):
                entree = tarfile.TarInfo(membre)
                entree.size = len(octets)
                tar.addfile(entree, io.BytesIO(octets))
        refusee(faux, "n'a rien à y faire", la_bas)
    assert not (tmp_path / "evade.txt").exists()


def test_newer_version_is_refused(prete, monkeypatch):
    chemin, la_bas = prete
    manifeste = archive.lire(chemin)
    manifeste.migrations["socle"].append("0999_demain")
    monkeypatch.setattr(archive, "lire", lambda _: manifeste)
    refusee(chemin, "version plus récente.*socle.0999_demain", la_bas)


def test_older_version_says_to_migrate(prete, monkeypatch):
    chemin, _ = prete
    monkeypatch.setattr("pole_ess.socle.management.commands.restaurer.migrations_a_faire", lambda manifeste: True)
    sortie = io.StringIO()
    call_command("restaurer", str(chemin), stdout=sortie)
    assert "manage.py migrate" in sortie.getvalue()


def test_no_room_to_unpack(prete, monkeypatch):
    chemin, la_bas = prete

    def plein(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", plein)
    refusee(chemin, "plus de place", la_bas)


def test_database_that_refuses(prete, monkeypatch):
    """A refusal in the middle of the restore undoes all of it."""
    chemin, la_bas = prete
    vrai = restauration._lancer

    def casser(commande, env):
        vrai(commande, env)
        for option in commande:
            if option.endswith(".sql") and "pg_restore" in commande[0]:
                with Path(option.removeprefix("--file=")).open("a") as script:
                    script.write("\nSELECT 1/0;\n")

    monkeypatch.setattr(restauration, "_lancer", casser)
    refusee(chemin, "division by zero", la_bas)


# A place that holds something


def test_a_full_place_is_kept_unless_told(structure, ici, tmp_path):
    chemin = sauvegarder(tmp_path / "s")
    lignes, contenus = monde.empreinte_de_la_base(), fichiers(ici)
    Structure.objects.update(nom="Renommée depuis")
    (ici / "media" / "depuis.webp").write_bytes(b"depuis")
    with pytest.raises(CommandError, match=r"n'est pas vide.*Rien n'a été changé.*--ecraser"):
        call_command("restaurer", str(chemin), stdout=io.StringIO())
    assert Structure.objects.get().nom == "Renommée depuis"
    call_command("restaurer", str(chemin), ecraser=True, stdout=io.StringIO())
    assert monde.empreinte_de_la_base() == lignes
    assert fichiers(ici) == contenus


def test_a_failed_replacement_leaves_what_was_there(structure, ici, tmp_path, monkeypatch):
    chemin = sauvegarder(tmp_path / "s")
    Structure.objects.update(nom="Renommée depuis")
    (ici / "media" / "depuis.webp").write_bytes(b"depuis")
    lignes, contenus = monde.empreinte_de_la_base(), fichiers(ici)
    vrai = restauration._lancer

    def casser(commande, env):
        if "psql" in commande[0]:
            commande = [*commande[:-1], f"--command={restauration._TABLE_RASE}", "--command=SELECT 1/0"]
        vrai(commande, env)

    monkeypatch.setattr(restauration, "_lancer", casser)
    with pytest.raises(CommandError, match="division by zero"):
        call_command("restaurer", str(chemin), ecraser=True, stdout=io.StringIO())
    assert monde.empreinte_de_la_base() == lignes
    assert fichiers(ici) == contenus


# Making one


def restes(dossier):
    return sorted(f.name for f in dossier.iterdir() if f.name != ".verrou")


@pytest.mark.parametrize("ou", ["fichiers", "base", "manifeste", "disque"])
def test_disk_full_leaves_the_earlier_ones_and_nothing_else(structure, ici, tmp_path, monkeypatch, ou):
    premiere = sauvegarder(tmp_path / "s")
    plein = OSError(errno.ENOSPC, "No space left on device")

    def echouer(*args, **kwargs):
        raise plein

    cible = {"fichiers": (ecriture._Copie, "fichiers"), "base": (ecriture, "vider"),
             "manifeste": (archive.Manifeste, "en_octets"), "disque": (os, "fsync")}[ou]  # fmt: skip
    monkeypatch.setattr(*cible, echouer)
    time.sleep(1.1)  # names are dates, to the second
    with pytest.raises(CommandError, match=r"plus de place.*celles d'avant sont intactes"):
        sauvegarder(tmp_path / "s", garder=1)
    assert restes(tmp_path / "s") == [premiere.name]


def test_pg_dump_without_room(structure, ici, tmp_path, monkeypatch):
    faux = tmp_path / "pg_dump"
    faux.write_text("#!/bin/sh\necho 'pg_dump: error: could not write: No space left on device' >&2\nexit 1\n")
    faux.chmod(0o755)
    monkeypatch.setattr(outils, "programme", lambda nom: str(faux))
    with pytest.raises(CommandError, match="plus de place"):
        sauvegarder(tmp_path / "s")
    assert restes(tmp_path / "s") == []


def test_disk_that_lies_is_found_out(structure, ici, tmp_path, monkeypatch):
    """What was written is read again before it has its name."""
    vraie = ecriture._Copie.octets

    def alterer(self, nom, contenu, date=0):
        vraie(self, nom, contenu, date)
        if nom.endswith("gros.bin"):
            self.empreintes[nom] = "0" * 64

    monkeypatch.setattr(ecriture._Copie, "octets", alterer)
    with pytest.raises(CommandError, match=r"gros.bin.*regardez ce disque"):
        sauvegarder(tmp_path / "s")
    assert restes(tmp_path / "s") == []


def test_only_the_last_ones_are_kept(structure, ici, tmp_path):
    dossier = tmp_path / "s"
    dossier.mkdir()
    for jour in range(1, 6):
        (dossier / f"pole-ess-2026010{jour}T000000Z.tar").touch()
    (dossier / "pole-ess-notes.tar").touch()  # not one of ours
    derniere = sauvegarder(dossier, garder=3)
    assert restes(dossier) == [
        "pole-ess-20260104T000000Z.tar", "pole-ess-20260105T000000Z.tar", derniere.name, "pole-ess-notes.tar",
    ]  # fmt: skip
    with pytest.raises(CommandError, match="1 au moins"):
        sauvegarder(dossier, garder=0)


def test_one_at_a_time(ici, tmp_path):
    (tmp_path / "s").mkdir()
    with ecriture._seul(tmp_path / "s"), pytest.raises(CommandError, match="Une autre sauvegarde est en cours"):
        sauvegarder(tmp_path / "s")


def test_program_of_the_right_version(monkeypatch, tmp_path):
    monkeypatch.setattr(reglages, "EMBEDDED_DB_HOME", None)
    monkeypatch.setattr(outils, "DEBIAN", tmp_path)
    assert outils._majeure(outils._embarque("pg_dump")) >= 18
    monkeypatch.setattr(outils, "_embarque", lambda nom: None)
    vieux = tmp_path / "pg_dump"
    vieux.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    vieux.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(outils.ProgrammeAbsent, match="apt install postgresql-client-"):
        outils.programme("pg_dump")
    vieux.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1 (Debian)'\n")
    assert outils.programme("pg_dump") == str(vieux)


def test_kill_in_the_middle_leaves_nothing_that_looks_whole(structure, ici, tmp_path):
    """SIGKILL while the files are copied, while pg_dump works, while it is read again: no archive; the next one is."""
    dossier = tmp_path / "s"
    (ici / "media" / "lourd.bin").write_bytes(os.urandom(60_000_000))
    parametres = connection.get_connection_params()
    adresse = urlencode({"host": parametres["host"], "port": parametres["port"]})
    environnement = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pole_ess.settings.dev",
        "DATABASE_URL": f"postgres://{parametres['user']}@/{connection.settings_dict['NAME']}?{adresse}",
        "POLE_ESS_DATA": str(ici),
    }
    commande = [sys.executable, str(reglages.BASE_DIR / "manage.py"), "sauvegarder", str(dossier)]
    tues = 0
    for seuil in (1, 30_000_000, 62_000_000):
        processus = subprocess.Popen(commande, env=environnement, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while processus.poll() is None:
            partiels = list(dossier.glob(".pole-ess-*.partiel")) if dossier.exists() else []
            if partiels and partiels[0].exists() and partiels[0].stat().st_size >= seuil:
                processus.send_signal(signal.SIGKILL)
                tues += 1
                break
            time.sleep(0.002)
        processus.wait()
        if processus.returncode == -signal.SIGKILL:
            assert ecriture.archives(dossier) == []
            assert restes(dossier)  # something was begun
    assert tues == 3
    fait = subprocess.run(commande, env=environnement, capture_output=True, text=True, timeout=120, check=False)
    assert fait.returncode == 0, fait.stderr
    assert "faite et vérifiée" in fait.stdout
    (entiere,) = ecriture.archives(dossier)
    assert restes(dossier) == [entiere.name]
    archive.lire(entiere)
