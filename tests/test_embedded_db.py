"""The embedded PostgreSQL: shared by processes, back after any kill, gone with its last user."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from pole_ess.embedded_db import Cluster, ClusterError

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.lent

# A process that uses the cluster until its standard input closes.
USER = """
import sys
from pathlib import Path
from pole_ess.embedded_db import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.ensure_running()
cluster.ensure_database("pole_ess")
print("ready", flush=True)
sys.stdin.read()
"""


class Clusters:
    """One home and the processes that use it."""

    def __init__(self, home: Path):
        self.home = home
        self.cluster = Cluster(home)
        self.users = []

    def use(self):
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(self.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            # Durable, as in real life: what was committed must be there after a kill.
            env={**os.environ, "PYTHONPATH": str(ROOT)}
            | {"POLE_ESS_PG_SANS_FSYNC": "", "POLE_ESS_PG_SHARED_BUFFERS": "16MB"},
        )
        self.users.append(process)
        return process

    def ready(self, process):
        assert process.stdout.readline() == "ready\n"
        return process

    def leave(self, process):
        process.stdin.close()
        process.stdout.close()
        assert process.wait(20) == 0

    def postmaster(self):
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.cluster.data_dir / "postmaster.pid").read_text().split()[0])
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                return pid
        return None

    def query(self, sql):
        with psycopg.connect(
            host=str(self.cluster.socket_dir), user="pole_ess", dbname="pole_ess", autocommit=True
        ) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else None

    def clean(self):
        for process in self.users:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
        if pid := self.postmaster():
            os.kill(pid, signal.SIGQUIT)
            deadline = time.monotonic() + 20
            while self.postmaster() and time.monotonic() < deadline:
                time.sleep(0.1)
        if self.cluster.data_dir.exists():
            shutil.rmtree(self.cluster.data_dir)
        shutil.rmtree(self.cluster.socket_dir, ignore_errors=True)


@pytest.fixture
def clusters(tmp_path):
    clusters = Clusters(tmp_path / "un dossier d'été" / "données")
    yield clusters
    clusters.clean()


def test_processes_share_one_cluster_and_the_last_stops_it(clusters):
    first, second, third = [clusters.use() for _ in range(3)]  # the three race for the first start
    for process in (first, second, third):
        clusters.ready(process)
    clusters.query("CREATE TABLE temoin AS SELECT 'é' AS lettre")
    clusters.leave(first)
    second.kill()
    second.wait()
    assert clusters.query("SELECT lettre FROM temoin") == [("é",)]
    clusters.leave(third)
    assert clusters.postmaster() is None
    assert not clusters.cluster.socket_dir.exists()

    clusters.ready(clusters.use())
    assert clusters.query("SELECT lettre FROM temoin") == [("é",)]


def test_cluster_comes_back_after_its_postmaster_is_killed(clusters):
    clusters.ready(clusters.use())
    clusters.query("CREATE TABLE temoin AS SELECT 1 AS n")
    killed = clusters.postmaster()
    os.kill(killed, signal.SIGKILL)
    clusters.ready(clusters.use())
    assert clusters.postmaster() not in (None, killed)
    assert clusters.query("SELECT n FROM temoin") == [(1,)]


def test_cluster_starts_over_a_pid_that_now_belongs_to_another_program(clusters):
    user = clusters.ready(clusters.use())
    os.kill(clusters.postmaster(), signal.SIGKILL)
    user.kill()
    user.wait()
    pid_file = clusters.cluster.data_dir / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))  # alive, and no postmaster
    clusters.ready(clusters.use())
    assert clusters.query("SELECT 1") == [(1,)]


def test_an_interrupted_first_start_leaves_nothing_in_the_way(clusters):
    process = clusters.use()
    parent = clusters.cluster.data_dir.parent
    deadline = time.monotonic() + 30
    leftovers = f"postgres.new.{clusters.cluster.digest}.*"
    while not list(parent.glob(f"{leftovers}/base")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not (clusters.cluster.data_dir / "PG_VERSION").exists()
    clusters.ready(clusters.use())
    assert clusters.query("SHOW server_encoding") == [("UTF8",)]
    assert clusters.query("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'pole_ess'") == [
        ("b", "C.UTF-8")
    ]
    assert list(parent.glob(leftovers)) == []


def test_a_socket_folder_laid_by_somebody_else_is_refused(clusters, tmp_path):
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir(mode=0o755)
    clusters.home.mkdir(parents=True)
    clusters.cluster.socket_dir.symlink_to(elsewhere)
    try:
        with pytest.raises(ClusterError, match="somebody else"):
            clusters.cluster._prepare_folders()
        assert elsewhere.stat().st_mode & 0o777 == 0o755
        assert elsewhere.stat().st_uid == os.getuid()
    finally:
        clusters.cluster.socket_dir.unlink()
