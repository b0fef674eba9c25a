"""Keep a few child processes alive, and leave none behind.

Facts this is built on:
- a child asks the kernel for a signal at its parent's death (PR_SET_PDEATHSIG), so a killed supervisor leaves no one;
- a grandchild gets no such signal, so each child leads a process group that is emptied when the child dies;
- whatever still escapes carries a mark in its environment, which the next run finds in /proc;
- a file lock is released by the kernel when its holder dies, however it dies.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

MARK = "POLE_ESS_DEMO_RUN"
PR_SET_PDEATHSIG = 1
STOP_SECONDS = 5
"""How long a process has to stop when asked, before it is killed."""
RESTARTS_MAX = 5
RESTARTS_WINDOW = 30
"""A child that dies more than RESTARTS_MAX times in RESTARTS_WINDOW seconds is not started again."""

_libc = ctypes.CDLL(None, use_errno=True)


class GivesUp(RuntimeError):
    """A child keeps dying; the message names it."""


class AlreadyHeld(RuntimeError):
    """Another live process holds the run, and would not let go."""


@dataclass
class Child:
    """One command kept alive; `environment` comes on top of the supervisor's own."""

    name: str
    command: list[str]
    environment: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    deaths: list[float] = field(default_factory=list)


class Supervisor:
    """The children of one data folder. `say` prints one line to the person who started it."""

    def __init__(self, home: Path, *, say: Callable[[str], None] = print):
        self.home = Path(home)
        self.say = say
        self.children: list[Child] = []
        self.stopping = False
        self._lock = None

    # -- one run per data folder

    def take_over(self) -> None:
        """Become the only run of this folder: the latest wins, and what an earlier one left is stopped.

        Raises AlreadyHeld when the earlier run could not be stopped (another account's, for instance).
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.home / "demo.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not self._try_lock():
            self._stop_the_holder()
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)
        stop_pids(marked_processes(str(self.home)))

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _stop_the_holder(self) -> None:
        self.say("Une démonstration tournait déjà avec ces données : celle-ci la remplace.")
        for sign in [signal.SIGTERM, signal.SIGKILL]:
            # The file names its holder as long as the lock is held.
            with contextlib.suppress(ValueError, ProcessLookupError, PermissionError):
                os.kill(int(os.pread(self._lock, 20, 0)), sign)
            deadline = time.monotonic() + 3 * STOP_SECONDS
            while time.monotonic() < deadline:
                if self._try_lock():
                    return
                time.sleep(0.1)
        raise AlreadyHeld(f"Une autre démonstration tient le dossier {self.home}.")

    def release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # -- children

    def start(self, name: str, command: list[str], **environment: str) -> Child:
        child = Child(name, command, environment)
        self.children.append(child)
        self._spawn(child)
        return child

    def _spawn(self, child: Child) -> None:
        parent = os.getpid()

        def die_with_parent():
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        child.process = subprocess.Popen(  # noqa: S603 - fixed commands
            child.command,
            env={**os.environ, **child.environment, MARK: str(self.home)},
            stdin=subprocess.DEVNULL,
            # Its own session: Ctrl-C in the terminal reaches the supervisor only, which stops the rest in order.
            start_new_session=True,
            preexec_fn=die_with_parent,
        )

    def look(self) -> None:
        """Start again each child that died. Raises GivesUp when one keeps dying."""
        for child in self.children:
            code = child.process.poll()
            if code is None or self.stopping:
                continue
            empty_group(child.process.pid)
            now = time.monotonic()
            child.deaths = [moment for moment in child.deaths if now - moment < RESTARTS_WINDOW] + [now]
            if len(child.deaths) > RESTARTS_MAX:
                raise GivesUp(f"{child.name} s'arrête sans cesse (code {code}).")
            self.say(f"{child.name} s'est arrêté (code {code}) : il redémarre.")
            self._spawn(child)

    def stop(self) -> None:
        """Ask every child to stop, wait a few seconds, kill what remains of each group."""
        self.stopping = True
        alive = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
        for child in self.children:
            if child.process:
                empty_group(child.process.pid)
                child.process.wait()


def empty_group(pid: int) -> None:
    """Kill what is left of the process group that `pid` led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def marked_processes(mark: str) -> list[int]:
    """The processes whose environment carries this mark, but this one; other accounts' are out of sight."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def stop_pids(pids: list[int]) -> None:
    """Terminate, wait, kill: processes that are not our children."""
    for sign in [signal.SIGTERM, signal.SIGKILL]:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, sign)
        deadline = time.monotonic() + STOP_SECONDS
        while (pids := [pid for pid in pids if _alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not pids:
            return


def _alive(pid: int) -> bool:
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"
