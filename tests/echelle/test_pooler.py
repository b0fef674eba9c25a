"""Web processes behind the real PgBouncer in transaction mode; workers connect directly."""

import os
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import environ
import psycopg
import pytest

from bench.aiguille import Aiguille
from bench.debit import _port_libre
from bench.parc import BASE
from bench.visites import Charge
from pole_ess.embedded_db.cluster import ROOT_ACCOUNT
from pole_ess.settings import bases

from .test_pannes import portail  # noqa: F401 - a fixture

POOLER = "postgres://web@127.0.0.1:6432/pole-ess"
EXPORTS = ("csv", "geojson", "vcf")
PRIMAIRE = "postgres://pole-ess@127.0.0.1:5432/pole-ess"


def reglages(monkeypatch, tmp_path, *, web=False, **variables):
    monkeypatch.delenv(bases.WEB, raising=False)
    for nom in ("DATABASE_URL", "DATABASE_POOLER_URL", "DATABASE_REPLICA_URL"):
        monkeypatch.delenv(nom, raising=False)
    for nom, valeur in variables.items():
        monkeypatch.setenv(nom, valeur)
    if web:
        monkeypatch.setenv(bases.WEB, "1")
    return bases.lire(environ.Env(), tmp_path)[1]


def test_only_web_processes_go_through_the_pooler(monkeypatch, tmp_path):
    variables = {"DATABASE_URL": PRIMAIRE, "DATABASE_POOLER_URL": POOLER}
    web = reglages(monkeypatch, tmp_path, web=True, **variables)["default"]
    ouvrier = reglages(monkeypatch, tmp_path, **variables)["default"]
    assert (web["PORT"], web["USER"]) == (6432, "web")
    assert (ouvrier["PORT"], ouvrier["USER"]) == (5432, "pole-ess")
    assert web["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert web["OPTIONS"]["prepare_threshold"] is None


def test_without_a_pooler_nothing_changes(monkeypatch, tmp_path):
    base = reglages(monkeypatch, tmp_path, web=True, DATABASE_URL=PRIMAIRE)
    assert set(base) == {"default"}
    assert base["default"]["PORT"] == 5432
    assert "DISABLE_SERVER_SIDE_CURSORS" not in base["default"]


def test_a_replica_that_is_away_is_known_in_seconds(monkeypatch, tmp_path):
    lues = reglages(monkeypatch, tmp_path, DATABASE_URL=PRIMAIRE, DATABASE_REPLICA_URL=POOLER)
    assert lues["replique"]["OPTIONS"]["connect_timeout"] == 2
    assert lues["replique"]["TEST"] == {"MIRROR": "default"}


@pytest.fixture
def pgbouncer(grappe):
    """Its port. Two connections to the server for everybody: a transaction takes whichever is free."""
    programme = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if programme is None:
        pytest.skip("pgbouncer is not installed (apt install pgbouncer): transaction pooling was NOT tried")
    port = _port_libre()
    # It refuses root, and must reach PostgreSQL's socket: the same account as PostgreSQL's.
    compte = ["-u", ROOT_ACCOUNT] if grappe.primaire.as_root else []
    with tempfile.TemporaryDirectory(prefix="pole-ess-pgbouncer-") as dossier:
        Path(dossier).chmod(0o755)
        reglages = Path(dossier) / "pgbouncer.ini"
        reglages.write_text(
            f"[databases]\n{BASE} = host={grappe.primaire.socket_dir} user={grappe.primaire.superuser}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\n"
        )
        with (Path(dossier) / "journal.log").open("wb") as journal:
            processus = subprocess.Popen(
                [programme, *compte, str(reglages)], stdout=journal, stderr=journal, start_new_session=True
            )
        try:
            _attendre(port, grappe.primaire.superuser)
            yield port
        finally:
            processus.terminate()
            processus.wait(10)


def _attendre(port, compte):
    fin = time.monotonic() + 20
    while True:
        try:
            with psycopg.connect(host="127.0.0.1", port=port, user=compte, dbname=BASE, connect_timeout=2):
                return
        except psycopg.OperationalError:
            if time.monotonic() > fin:
                raise
            time.sleep(0.1)


@pytest.mark.lent
@pytest.mark.django_db
def test_pages_and_forms_through_pgbouncer(portail, pgbouncer):  # noqa: F811 - the fixture
    adresse = f"postgres://{portail.primaire.superuser}@127.0.0.1:{pgbouncer}/{BASE}"
    web = portail.web(DATABASE_POOLER_URL=adresse)
    portail.ouvrier()
    portail.attendre([web])
    charge = Charge(Aiguille([web.port]), debit=10, secondes=15)
    charge.mener()
    assert [(r.chemin, r.code, r.erreur) for r in charge.mauvais() + charge.en_vol() + charge.autres_erreurs()] == []
    assert len(charge.acceptes["subscribe"]) + len(charge.acceptes["write"]) > 1
    with ThreadPoolExecutor(4) as fils:  # rows come in slices: a cursor left in a session would be another's
        codes = fils.map(lambda n: charge.visiteurs[n].lire(f"/annuaire/export.{EXPORTS[n % 3]}").code, range(24))
        assert set(codes) == {200}
    with psycopg.connect(
        host="127.0.0.1", port=pgbouncer, user="pgbouncer", dbname="pgbouncer", autocommit=True
    ) as console:
        faites = {nom: transactions for nom, transactions, *_ in console.execute("SHOW STATS_TOTALS").fetchall()}
    assert faites[BASE] > len(charge.resultats), "they did go through it"
    portail.attendre_la_file(60)
    etats = {etat for (etat,) in portail.demander("SELECT etat FROM socle_courriel")}
    assert etats <= {"parti"}, "the worker, connected directly, was told of each"
