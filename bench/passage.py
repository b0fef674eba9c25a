"""`make bench-scale`: requests a second of one and of two web processes, on the public pages of the demonstration.

Closed loop: eight clients on the loopback ask as fast as they are answered, in turns (one process, two, one, two…) so
that what else the machine does weighs on both; the median of the rounds counts, and so does the processor time of a
request, which does not wait for others. Without and with a streaming replica.
"""

import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator

from .aiguille import Aiguille
from .parc import Parc, finir_proprement
from .visites import Navigateur, Plan

CLIENTS, SECONDES, TOURS = 8, 6, 3


def mesurer() -> bool:
    with Parc() as parc:
        print(f"\n{os.cpu_count()} cores; {CLIENTS} clients, {TOURS} rounds of {SECONDES} s; requests a second")
        lignes = {}
        for replique in (False, True):
            webs = [parc.web(replique=replique) for _ in range(2)]
            parc.attendre(webs)
            lignes[replique] = _comparer(webs, replique)
            for web in webs:
                web.arreter()
        gain = lignes[True][2] / lignes[False][2]
        print(f"two processes, with a replica over without: {gain:.2f} times; load {os.getloadavg()[0]:.1f}")
        print("Clients, PostgreSQL and its replica share these cores with the web processes: on machines of their own,")
        print("the replica takes its share off the primary, and two web processes have two cores for themselves.")
    return True


def _comparer(webs, replique: bool) -> dict[int, float]:
    visiteur = Navigateur(Aiguille([webs[0].port]), "10.20.0.1")
    plan = Plan(visiteur, visiteur)
    adresses = [
        *plan.pages,
        *plan.flux,
        "/annuaire/carte/points.json",
        "/annuaire/?q=velo",
        "/offres-et-besoins/?q=pret",
    ]
    for nombre in (1, 2):
        _charger(webs[:nombre], adresses, 2)  # warm: templates compiled, connections open
    debits, cpu = {1: [], 2: []}, {1: [], 2: []}
    for _ in range(TOURS):
        for nombre in (1, 2):
            avant = sum(web.processeur() for web in webs)
            faites, secondes = _charger(webs[:nombre], adresses, SECONDES)
            debits[nombre].append(faites / secondes)
            cpu[nombre].append((sum(web.processeur() for web in webs) - avant) / faites * 1000)
    medianes = {nombre: statistics.median(valeurs) for nombre, valeurs in debits.items()}
    quoi = "with a replica" if replique else "primary alone"
    for nombre in (1, 2):
        tours = " / ".join(f"{valeur:.0f}" for valeur in debits[nombre])
        print(
            f"{quoi:15} {nombre} web process{'es' * (nombre - 1):2}  {medianes[nombre]:6.1f} req/s ({tours}),"
            f" {statistics.median(cpu[nombre]):.1f} ms of the web's processor each"
        )
    print(f"{quoi:15} two over one: {medianes[2] / medianes[1]:.2f} times")
    return medianes


def _charger(webs, adresses, secondes) -> tuple[int, float]:
    aiguille, fin, comptes = Aiguille([web.port for web in webs]), time.monotonic() + secondes, [0] * CLIENTS

    def client(rang: int) -> None:
        navigateur = Navigateur(aiguille, f"10.20.1.{rang + 1}")
        for adresse in _tourner(adresses, rang * 7):
            if time.monotonic() >= fin:
                return
            reponse = navigateur.lire(adresse)
            if reponse.code != 200:
                raise SystemExit(f"{adresse}: {reponse.code}")
            comptes[rang] += 1

    depart = time.monotonic()
    fils = [threading.Thread(target=client, args=(rang,)) for rang in range(CLIENTS)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return sum(comptes), time.monotonic() - depart


def _tourner(liste, debut) -> Iterator[str]:
    while True:
        yield liste[debut % len(liste)]
        debut += 1


if __name__ == "__main__":
    finir_proprement()
    sys.exit(0 if mesurer() else 1)
