"""`manage.py demo` for real: it starts, survives kills of each of its processes, and leaves nobody behind."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from pole_ess.embedded_db import Cluster
from pole_ess.supervisor import MARK, marked_processes

ROOT = Path(__file__).parents[1]
START_SECONDS = 300
pytestmark = pytest.mark.lent


class Demo:
    """One data folder and its runs."""

    def __init__(self, home: Path):
        self.home = home
        self.journal = home.with_suffix(".journal")
        self.cluster = Cluster(home)
        self.runs = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def command(self, *arguments, **environment):
        inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", MARK}}
        return {
            "args": [sys.executable, str(ROOT / "manage.py"), "demo", *arguments],
            "cwd": "/",
            "env": {
                **inherited,
                "DJANGO_SETTINGS_MODULE": "pole_ess.settings.demo",
                "POLE_ESS_DATA": str(self.home),
                "POLE_ESS_PG_SANS_FSYNC": "",  # durable: what was committed must be there after a kill
                "POLE_ESS_PG_SHARED_BUFFERS": "32MB",
                "HOST": "127.0.0.1",
                "PORT": str(self.port),
                "PYTHONWARNINGS": "default",
                **environment,
            },
        }

    def start(self):
        """Start a run and return its process once the page answers and the welcome is printed."""
        with self.journal.open("w") as journal:
            run = subprocess.Popen(**self.command(), stdin=subprocess.DEVNULL, stdout=journal, stderr=journal)
        self.runs.append(run)
        self.wait(lambda: "Ctrl-C" in self.journal.read_text() or run.poll() is not None, START_SECONDS)
        assert run.poll() is None, self.journal.read_text()
        assert self.page("/sante/") == (200, b"ok")
        return run

    def page(self, path):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.page("/sante/") == (200, b"ok")
        return False

    def wait(self, condition, seconds=120):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.journal.read_text()[-3000:]
            time.sleep(0.1)

    def processes(self, *words, alone=False):
        """The marked processes whose command holds every word; `alone`: those whose parent is not one of them."""
        found = {}
        for pid in marked_processes(str(self.home)):
            with contextlib.suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
                if all(word in command for word in words):
                    found[pid] = parent
        return [pid for pid, parent in found.items() if not alone or parent not in found]

    def postmaster(self):
        """Its pid while it is alive, else None."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.cluster.data_dir / "postmaster.pid").read_text().split()[0])
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                return pid
        return None

    def query(self, sql):
        with psycopg.connect(host=str(self.cluster.socket_dir), user="pole_ess", dbname="pole_ess") as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else None

    def stop(self, run, sign=signal.SIGINT):
        run.send_signal(sign)
        return run.wait(60)

    def clean(self):
        for run in self.runs:
            if run.poll() is None:
                run.kill()
            run.wait(60)
        for pid in marked_processes(str(self.home)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if pid := self.postmaster():
            os.kill(pid, signal.SIGQUIT)
            self.wait(lambda: self.postmaster() is None, 20)
        if self.cluster.data_dir.exists():
            shutil.rmtree(self.cluster.data_dir)
        shutil.rmtree(self.cluster.socket_dir, ignore_errors=True)


@pytest.fixture
def demo(tmp_path_factory):
    demo = Demo(tmp_path_factory.mktemp("Démo d'été à côté") / "données du pôle")
    yield demo
    demo.clean()


def test_demo_starts_survives_each_kill_and_stops_whole(demo):
    run = demo.start()
    demo.query("CREATE TABLE public.temoin AS SELECT generate_series(1, 1000) AS n")
    counts = demo.query("SELECT (SELECT count(*) FROM temoin), (SELECT count(*) FROM annuaire_structure)")

    (web,) = demo.processes("granian", alone=True)
    (worker,) = demo.processes("procrastinate")
    web_workers = [pid for pid in demo.processes("granian") if pid != web]
    assert len(web_workers) >= 2

    # A web process: the server has two again, and answers meanwhile or soon after.
    os.kill(web_workers[0], signal.SIGKILL)
    demo.wait(lambda: web_workers[0] not in demo.processes("granian") and demo.answers())

    # The web server: its orphans are stopped and a new one takes the port.
    os.kill(web, signal.SIGKILL)
    demo.wait(lambda: not {web, *web_workers} & set(demo.processes("granian")) and demo.answers())

    # The worker.
    os.kill(worker, signal.SIGKILL)
    demo.wait(lambda: demo.processes("procrastinate") not in ([], [worker]))

    # A backend, then the postmaster: the database comes back and the page with it.
    others = "SELECT pid FROM pg_stat_activity WHERE datname = 'pole_ess' AND pid <> pg_backend_pid()"
    demo.wait(lambda: demo.query(others))  # the new worker's, once it is up
    os.kill(demo.query(others)[0][0], signal.SIGKILL)
    demo.wait(demo.answers)
    postmaster = demo.postmaster()
    os.kill(postmaster, signal.SIGKILL)
    demo.wait(lambda: demo.postmaster() not in (None, postmaster) and demo.answers())

    # The supervisor: its children go; the next run just works, with the same rows.
    run.kill()
    run.wait(60)
    run = demo.start()
    assert demo.query("SELECT (SELECT count(*) FROM temoin), (SELECT count(*) FROM annuaire_structure)") == counts
    assert len(demo.processes("procrastinate")) == 1
    assert len(demo.processes("granian", alone=True)) == 1

    # Everything at once, as a crash of the machine.
    for pid in [run.pid, *demo.processes(), demo.postmaster()]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    run.wait(60)
    run = demo.start()
    assert "Préparation" not in demo.journal.read_text()
    assert "Chargement" not in demo.journal.read_text()
    assert demo.query("SELECT (SELECT count(*) FROM temoin), (SELECT count(*) FROM annuaire_structure)") == counts

    # A second run of the same folder replaces the first.
    second = demo.start()
    assert run.wait(60) == 0
    assert len(demo.processes("granian", alone=True)) == 1

    # Ctrl-C: nobody left, the database neither.
    assert demo.stop(second) == 0
    assert demo.processes() == []
    assert demo.postmaster() is None
    assert not demo.answers()

    # resetdb: refused by default, then done.
    refused = subprocess.run(
        **demo.command("--effacer"), input="non\n", capture_output=True, text=True, timeout=START_SECONDS, check=True
    )
    assert "Rien n'est effacé." in refused.stdout
    subprocess.run(**demo.command("--effacer", "--oui"), capture_output=True, timeout=START_SECONDS, check=True)
    assert demo.postmaster() is None
    run = demo.start()
    assert demo.query("SELECT to_regclass('public.temoin')") == [(None,)]
    assert demo.query("SELECT count(*) FROM annuaire_structure") == [(counts[0][1],)]
    assert demo.stop(run, signal.SIGTERM) == 0
    assert demo.postmaster() is None
    assert not re.search(r"Traceback|CRITICAL", demo.journal.read_text())


def test_demo_says_when_the_port_is_busy(demo):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", demo.port))
        busy.listen()
        run = subprocess.run(**demo.command(), capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert run.returncode == 1
    assert f"port {demo.port}" in run.stderr
    assert "PORT=" in run.stderr
    assert "Traceback" not in run.stderr
    assert demo.postmaster() is None


@pytest.mark.parametrize("host", ["::", "192.0.2.1", "portail.example.org"])
def test_demo_refuses_another_host_than_loopback(demo, host):
    run = subprocess.run(**demo.command(HOST=host), capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert run.returncode == 1
    assert "POLE_ESS_DEMO_OUVERTE=1" in run.stderr
    assert demo.postmaster() is None


def test_demo_refuses_production_settings(demo):
    command = demo.command(
        DJANGO_SETTINGS_MODULE="pole_ess.settings.prod", SECRET_KEY="k" * 60, ALLOWED_HOSTS="portail.example.org"
    )
    run = subprocess.run(**command, capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert run.returncode == 1
    assert "production" in run.stderr
