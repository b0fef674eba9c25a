"""The least proxy that can be, inside the client: requests go round the web processes, as behind nginx."""

import http.client
import threading
import time
from dataclasses import dataclass, field

MORT = 2.0
"""Seconds without a process that refused a connection."""


class EnVol(Exception):
    """The request had left when its process died: nobody knows whether it acted."""


@dataclass
class Reponse:
    code: int
    texte: str
    entetes: http.client.HTTPMessage
    port: int


@dataclass
class Aiguille:
    ports: list[int]
    delai: float = 30.0
    _tour: int = 0
    _morts: dict[int, float] = field(default_factory=dict)
    _verrou: threading.Lock = field(default_factory=threading.Lock)

    def demander(self, methode: str, chemin: str, corps: str | None, entetes: dict[str, str]) -> Reponse:
        """One request to the next process that takes it. Raises EnVol, or OSError when all of them refuse."""
        refus = OSError("no web process")
        for port in self._ordre():
            liaison = http.client.HTTPConnection("127.0.0.1", port, timeout=self.delai)
            try:
                liaison.connect()
            except OSError as erreur:
                self._morts[port] = time.monotonic()
                refus = erreur
                continue
            try:
                liaison.request(methode, chemin, corps, {"Host": f"127.0.0.1:{port}", **entetes})
                recue = liaison.getresponse()
                return Reponse(recue.status, recue.read().decode("utf-8", "replace"), recue.headers, port)
            except (OSError, http.client.HTTPException) as erreur:
                raise EnVol(f"{port}: {type(erreur).__name__}") from erreur
            finally:
                liaison.close()
        raise refus

    def _ordre(self) -> list[int]:
        with self._verrou:
            self._tour += 1
            rang = self._tour % len(self.ports)
        ports = self.ports[rang:] + self.ports[:rang]
        maintenant = time.monotonic()
        vivants = [port for port in ports if maintenant - self._morts.get(port, -MORT) >= MORT]
        return vivants + [port for port in ports if port not in vivants]
