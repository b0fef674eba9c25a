"""Requests per second of the list page at 300 structures, against a bare view, on the same server."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time

CLIENTS = 4
SECONDES = 6


def mesurer() -> None:
    port = _port_libre()
    environnement = dict(os.environ, BENCH_BASE="bench_petite", DJANGO_SETTINGS_MODULE="bench.settings")
    commande = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "error", "pole_ess.wsgi:application",
    ]  # fmt: skip
    serveur = subprocess.Popen(commande, env=environnement, stdout=subprocess.DEVNULL)
    try:
        _attendre(port)
        nue = _charger(port, "/_nue/")
        liste = _charger(port, "/annuaire/")
        print(f"\n300 structures, granian, 1 worker of 2 threads, {CLIENTS} clients, {SECONDES} s each:")
        print(f"bare view {nue:8.0f} req/s\nlist page {liste:8.0f} req/s ({nue / liste:.1f} times fewer)")
    finally:
        serveur.terminate()
        serveur.wait(20)


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


def _attendre(port: int) -> None:
    limite = time.monotonic() + 40
    while time.monotonic() < limite:
        try:
            _lire(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/_nue/")
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server of the bench does not answer.")


def _lire(connexion: http.client.HTTPConnection, chemin: str) -> None:
    connexion.request("GET", chemin)
    reponse = connexion.getresponse()
    reponse.read()
    if reponse.status != 200:
        raise SystemExit(f"{chemin}: {reponse.status}")


def _charger(port: int, chemin: str) -> float:
    comptes = [0] * CLIENTS
    fin = time.monotonic() + SECONDES

    def client(rang: int) -> None:
        connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while time.monotonic() < fin:
            _lire(connexion, chemin)
            comptes[rang] += 1

    fils = [threading.Thread(target=client, args=(rang,)) for rang in range(CLIENTS)]
    depart = time.monotonic()
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return sum(comptes) / (time.monotonic() - depart)
