"""`python -m bench.charge --minutes 10 --debit 30`: mixed traffic on the demonstration, two web processes, one worker.

Loopback only, bounded in rate and time. Checked: no 5xx, p95 of all requests under 300 ms, memory of the web processes
flat. `--replique`: with a streaming replica.
"""

import argparse
import os
import sys
import threading
import time

from .aiguille import Aiguille
from .parc import Parc, finir_proprement
from .visites import Charge, centile

P95_MS = 300
MEMOIRE_MO = 30
"""Megabytes that a web process may grow by between the first third and the last."""
DEBIT_MAX, MINUTES_MAX = 60, 15
CHAUFFE = 10
"""Seconds of the same traffic before: pages compiled, connections open."""


def mesurer(minutes: float, debit: float, *, replique: bool) -> bool:
    with Parc(replique=replique) as parc:
        webs = [parc.web(replique=replique) for _ in range(2)]
        parc.ouvrier()
        parc.attendre(webs)
        aiguille = Aiguille([web.port for web in webs])
        Charge(aiguille, debit=debit, secondes=CHAUFFE, graine=1).mener()
        charge = Charge(aiguille, debit=debit, secondes=minutes * 60)
        memoire = _Memoire(webs)
        memoire.start()
        avant = sum(web.processeur() for web in webs)
        charge.mener()
        cpu = (sum(web.processeur() for web in webs) - avant) * 1000 / len(charge.resultats)
        memoire.fini.set()
        return _dire(charge, memoire.releves, minutes, debit, cpu, replique)


class _Memoire(threading.Thread):
    """Resident memory of each web process, twice a second at most over 10 minutes."""

    def __init__(self, webs):
        super().__init__(daemon=True)
        self.webs, self.releves, self.fini = webs, [], threading.Event()

    def run(self):
        while not self.fini.wait(2):
            self.releves.append([web.memoire() for web in self.webs])


def _dire(charge, releves, minutes, debit, cpu, replique) -> bool:
    secondes = max(r.fin for r in charge.resultats) - charge.depart
    avec = "with a replica" if replique else "without a replica"
    print(f"\n{minutes:g} min at {debit:g} requests/s asked for, two web processes, one worker, {avec}")
    print(f"{len(charge.resultats)} requests, {len(charge.resultats) / secondes:.1f}/s; milliseconds:")
    print(f"{'kind':18} {'number':>7} {'p50':>7} {'p95':>7} {'p99':>7} {'max':>7}")
    for sorte in [*sorted({r.sorte for r in charge.resultats}), None]:
        durees = charge.durees(sorte)
        chiffres = " ".join(f"{centile(durees, rang):7.0f}" for rang in (50, 95, 99, 100))
        print(f"{sorte or 'all':18} {len(durees):7} {chiffres}")
    _lentes(charge)
    tiers = max(1, len(releves) // 3)
    hausses = []
    for rang in range(len(releves[0])):
        debut, fin = (sum(r[rang] for r in partie) / tiers for partie in (releves[:tiers], releves[-tiers:]))
        hausses.append(fin - debut)
        print(f"web process {rang + 1}: {debut:.0f} MB in the first third, {fin:.0f} in the last")
    mauvais = charge.mauvais() + charge.en_vol() + charge.autres_erreurs()
    p95 = centile(charge.durees(), 95)
    print(f"{cpu:.0f} ms of the web processes' processor a request; load {os.getloadavg()[0]:.1f}")
    verdicts = {
        f"errors: {len(mauvais)} {[(r.chemin, r.code or r.erreur) for r in mauvais[:5]] or ''}": not mauvais,
        f"p95 {p95:.0f} ms under {P95_MS}": p95 < P95_MS,
        f"memory: {max(hausses):+.0f} MB at most, {MEMOIRE_MO} allowed": max(hausses) < MEMOIRE_MO,
    }
    for verdict, tient in verdicts.items():
        print(f"{'ok    ' if tient else 'MISSED'} {verdict}")
    return all(verdicts.values())


def _lentes(charge) -> None:
    """The addresses that cost the most, for whoever has to mend them."""
    par_page = {}
    for resultat in charge.resultats:
        par_page.setdefault(resultat.chemin, []).append((resultat.fin - resultat.parti) * 1000)
    lentes = sorted(par_page.items(), key=lambda page: -sum(page[1]) / len(page[1]))[:6]
    print("slowest pages, mean of the time since they left:")
    for chemin, durees in lentes:
        print(f"  {sum(durees) / len(durees):6.0f} ms x {len(durees):4} {chemin[:90]}")


if __name__ == "__main__":
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--minutes", type=float, default=10)
    lecteur.add_argument("--debit", type=float, default=30, help="requests a second")
    lecteur.add_argument("--replique", action="store_true")
    lu = lecteur.parse_args()
    if not (0 < lu.debit <= DEBIT_MAX and 0 < lu.minutes <= MINUTES_MAX):
        lecteur.error(f"at most {DEBIT_MAX} requests a second for {MINUTES_MAX} minutes")
    finir_proprement()
    depart = time.monotonic()
    tient = mesurer(lu.minutes, lu.debit, replique=lu.replique)
    print(f"{time.monotonic() - depart:.0f} s in all")
    sys.exit(0 if tient else 1)
