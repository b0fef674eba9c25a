"""Everything of the demonstration in one command: database, data, web server, worker; Ctrl-C stops all of it."""

import contextlib
import hashlib
import http.client
import importlib
import io
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from pole_ess.checks import demo_stays_at_home
from pole_ess.embedded_db import Cluster, ClusterError
from pole_ess.supervisor import AlreadyHeld, GivesUp, Supervisor

LOOK_SECONDS = 0.5
PROBE_SECONDS = 2
ANSWER_SECONDS = 60
WSGI = "pole_ess.wsgi:application"
GRANIAN = [
    *["--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "2", "--blocking-threads", "8"],
    *["--respawn-failed-workers", "--respawn-interval", "0.2", "--workers-kill-timeout", "3", "--log-level", "error"],
]
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


class Command(BaseCommand):
    help = "Sert la démonstration : base, données, site et tâches de fond. Ctrl-C arrête tout."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--effacer", action="store_true", help="Effacer les données de la démonstration.")
        parser.add_argument("--oui", action="store_true", help="Ne pas demander avant d'effacer.")

    def handle(self, *args, host, port, effacer=False, oui=False, **options):
        self._settings_of_the_demo(host, port)
        supervisor = Supervisor(settings.DATA_DIR, say=self._say)
        for sign in STOP_SIGNALS:
            signal.signal(sign, self._stop)
        try:
            if effacer:
                self._erase(supervisor, ask=not oui)
            else:
                self._serve(supervisor, host, port)
        except Stop:
            pass
        except (AlreadyHeld, ClusterError, GivesUp) as error:
            raise CommandError(str(error)) from error
        finally:
            self._ignore_signals()
            supervisor.stop()
            connection.close()
            supervisor.release()
        if not effacer:
            self._say("La démonstration est arrêtée ; ses données sont gardées.")

    # -- before anything starts

    def _settings_of_the_demo(self, host, port):
        """The settings were read before the arguments: start again when they differ."""
        module = os.environ["DJANGO_SETTINGS_MODULE"]
        if module.endswith(".prod"):
            raise CommandError("La démonstration ne se lance pas avec les réglages de production.")
        wanted = {"DJANGO_SETTINGS_MODULE": "pole_ess.settings.demo", "HOST": host, "PORT": str(port)}
        if not settings.DEMO or (host, port) != (settings.HOST, settings.PORT):
            os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **wanted})  # noqa: S606 - itself again
        os.environ.update(wanted)
        if demo_stays_at_home(None):
            raise CommandError(
                f"La démonstration serait ouverte à tous sur {host} : ses comptes et son courrier n'ont pas de secret. "
                "Gardez HOST=127.0.0.1, ou ajoutez POLE_ESS_DEMO_OUVERTE=1 si c'est voulu."
            )

    def _port_is_free(self, host, port):
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind(address)
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Impossible d'écouter sur {host}, port {port} ({error}). Un autre programme l'occupe peut-être : "
                f"essayez un autre port, par exemple make demo PORT={port + 1 if port < 65535 else 8001}."
            ) from error

    # -- the run

    def _serve(self, supervisor, host, port):
        supervisor.take_over()
        self._port_is_free(host, port)
        self._database()
        self._say("Base de données prête.")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("preparer_assets", stdout=io.StringIO())
        self._static_files()
        self._load()
        connection.close()
        web = [sys.executable, "-m", "granian", *GRANIAN, "--host", host, "--port", str(port), WSGI]
        supervisor.start("Le site", web, PYTHONPATH=str(settings.BASE_DIR))
        supervisor.start(
            "L'agent des tâches de fond",
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "procrastinate", "worker"],
            PROCRASTINATE_WORKER_SHUTDOWN_GRACEFUL_TIMEOUT="3",
            PROCRASTINATE_WORKER_FETCH_JOB_POLLING_INTERVAL="1",
        )
        self._wait_for_answer(supervisor, host, port)
        self._welcome()
        self._watch(supervisor)

    def _database(self):
        """Start the embedded PostgreSQL, or reach the one of DATABASE_URL."""
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"La base de données ne répond pas : {error}") from error

    def _static_files(self):
        """Collect the static files only when a source changed: names, sizes and dates are their fingerprint."""
        digest = hashlib.sha256()
        ignored = ["bootstrap-icons", "bootstrap-icons/*"]
        for finder in get_finders():
            for path, storage in sorted(finder.list(ignored), key=lambda found: found[0]):
                facts = Path(storage.path(path)).stat()
                digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
        stamp = Path(settings.STATIC_ROOT) / ".empreinte"
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        self._say("Préparation des fichiers statiques…")
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest())

    def _load(self):
        """Load the demonstration once, whole or not at all."""
        accounts = _accounts()
        if accounts:
            users = get_user_model().objects.filter(email__in=[email for _, email, _ in accounts])
            if users.count() == len({email for _, email, _ in accounts}):
                return
        if "charger_demonstration" in get_commands():
            self._say("Chargement de la démonstration…")
            with transaction.atomic():
                call_command("charger_demonstration", verbosity=0)

    def _wait_for_answer(self, supervisor, host, port):
        deadline = time.monotonic() + ANSWER_SECONDS
        target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        while time.monotonic() < deadline:
            supervisor.look()
            if _is_up(target, port):
                return
            time.sleep(0.1)
        raise GivesUp(f"Le site ne répond pas après {ANSWER_SECONDS} s.")

    def _watch(self, supervisor):
        """Until a signal: start again what dies, the database too."""
        cluster = Cluster(settings.EMBEDDED_DB_HOME) if settings.EMBEDDED_DB_HOME else None
        probe_at = time.monotonic() + PROBE_SECONDS
        while True:
            supervisor.look()
            if cluster and time.monotonic() > probe_at:
                if not cluster.answers():
                    self._say("La base de données s'est arrêtée : elle redémarre.")
                    cluster.ensure_running()
                probe_at = time.monotonic() + PROBE_SECONDS
            time.sleep(LOOK_SECONDS)

    # -- resetdb

    def _erase(self, supervisor, *, ask):
        """Drop every table and file of the demonstration, after asking."""
        if settings.EMBEDDED_DB_HOME:
            where = settings.DATA_DIR
        else:
            database = settings.DATABASES["default"]
            where = f"la base {database['NAME']} ({database.get('HOST') or 'locale'}) et {settings.DATA_DIR}"
        if ask and input(f"Effacer toutes les données de {where} ? Tapez oui : ").strip().lower() != "oui":
            self._say("Rien n'est effacé.")
            return
        supervisor.take_over()
        self._database()
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        for folder in (settings.MEDIA_ROOT, settings.DATA_DIR / "prive", settings.EMAIL_FILE_PATH):
            shutil.rmtree(folder, ignore_errors=True)
        self._say("Les données de la démonstration sont effacées.")

    # -- words

    def _welcome(self):
        lines = [
            f"\nLe portail est prêt : {settings.PORTAIL_URL}/",
            f"Tous les e-mails envoyés se lisent ici : {settings.PORTAIL_URL}/demo/courrier/",
        ]
        accounts = _accounts()
        if accounts:
            columns = [max(len(account[n]) for account in accounts) for n in (0, 1)]
            lines.append("\nUn compte par rôle :")
            lines += [f"  {role:<{columns[0]}}  {email:<{columns[1]}}  {word}" for role, email, word in accounts]
        self._say("\n".join([*lines, "\nCtrl-C arrête tout."]))

    def _say(self, text):
        with contextlib.suppress(OSError):  # a closed terminal
            self.stdout.write(text)
            self.stdout.flush()

    def _stop(self, number, frame):
        self._ignore_signals()
        raise Stop

    def _ignore_signals(self):
        """A second Ctrl-C must not leave the order of things half done."""
        for sign in STOP_SIGNALS:
            signal.signal(sign, signal.SIG_IGN)


def _accounts() -> list[tuple[str, str, str]]:
    """(role, e-mail, password) of the demonstration's accounts."""
    try:
        return list(importlib.import_module("annuaire.demonstration.comptes").COMPTES)
    except ModuleNotFoundError:
        return []


def _is_up(host, port) -> bool:
    with contextlib.closing(http.client.HTTPConnection(host, port, timeout=5)) as request:
        try:
            request.request("GET", "/sante/", headers={"Host": f"127.0.0.1:{port}"})
            return request.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
