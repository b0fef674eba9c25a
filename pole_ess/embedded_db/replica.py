"""A streaming replica of an embedded cluster: what tests and benches try the portal's second database with."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from .cluster import ROOT_ACCOUNT, Cluster


class Replica(Cluster):
    """Copied from `primary`, which must be running, then kept up to date by its journal. Read only."""

    def __init__(self, home: Path, primary: Cluster):
        super().__init__(home)
        self.primary = primary

    def _fill(self, fresh: Path) -> None:
        origin = ["-h", str(self.primary.socket_dir), "-U", self.superuser]
        self._run(["pg_basebackup", "-D", str(fresh), *origin, "-X", "stream", "-c", "fast"])
        mark = fresh / "standby.signal"
        mark.touch(mode=0o600)
        if self.as_root:
            shutil.chown(mark, ROOT_ACCOUNT, ROOT_ACCOUNT)

    def _settings(self) -> dict[str, str]:
        return super()._settings() | {
            "primary_conninfo": f"'host={self.primary.socket_dir} user={self.superuser}'",
            "wal_retrieve_retry_interval": "'500ms'",
        }


def postmaster(cluster: Cluster) -> int | None:
    """The process of this cluster, None when it is dead."""
    with suppress(OSError, ValueError):
        pid = int((cluster.data_dir / "postmaster.pid").read_text().split()[0])
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
            return pid
    return None


def kill(cluster: Cluster, sign: int = signal.SIGQUIT) -> None:
    """End it at once, as a machine that loses its power: nothing is written down (SIGKILL), or clients are told."""
    pid = postmaster(cluster)
    if pid is None:
        return
    os.kill(pid, sign)
    deadline = time.monotonic() + 20
    while postmaster(cluster) and time.monotonic() < deadline:
        time.sleep(0.05)
