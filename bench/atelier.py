"""`python -m bench.atelier`: 200 people join a workshop, write 6 notes each and poll every 2 s, on 2 processes.

On the loopback only. Some forms are sent twice, as a phone does on a bad network. Checked: no error, no note lost nor
doubled, p95 of all requests, and how long the others take to see counts, then texts once they are opened.
"""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from random import Random
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("POLE_ESS_PG_SANS_FSYNC", "1")  # a throw-away cluster
os.environ["BENCH_BASE"] = "bench_petite"

import django

django.setup()

from bench import donnees  # noqa: E402 - after django.setup()
from bench.debit import _attendre, _port_libre  # noqa: E402
from pole_ess.socle.models import Compteur  # noqa: E402 - after django.setup()
from reunions.actions import atelier as actes  # noqa: E402
from reunions.models import Atelier, Couleur, PostIt, Reunion  # noqa: E402

PERSONNES, NOTES, SONDAGE = 200, 6, 2.0
ENTREE, ECRITURE = 30, 120
"""Seconds over which people come in, then write."""
P95_MS, VU_S, DOUBLES = 300, 3.0, 0.1
CHAMP = re.compile(r'name="(csrfmiddlewaretoken|cle)" value="([^"]+)"')
FORMULAIRE = re.compile(r'<form method="post".*?</form>', re.DOTALL)
SONDE = re.compile(r'hx-get="(/rencontres/direct/[^"]+)"')
TOTAL = re.compile(r"(\d+) post-it, \d+ participant")
AXE = re.compile(r'<option value="(\d+)">')


class Personne(threading.Thread):
    """One phone: joins, writes, polls; keeps what it measured."""

    def __init__(self, rang, port, code, depart):
        super().__init__(daemon=True)
        self.rang, self.port, self.code, self.depart = rang, port, code, depart
        self.hasard = Random(rang)
        self.temps, self.erreurs = defaultdict(list), []
        self.vus, self.ecrits, self.textes_vus_a = [], [], None
        self.temoins, self.marque, self.connexion = {}, "", None
        self.fini = threading.Event()

    def run(self):
        try:
            self._vivre()
        except Exception as erreur:
            self.erreurs.append(f"{type(erreur).__name__}: {erreur}")
        self.fini.set()

    def _vivre(self):
        self._dormir_jusqu_a(self.depart + self.rang * ENTREE / PERSONNES)
        page = self._lire("rejoindre", "/rencontres/rejoindre/")
        champs = dict(CHAMP.findall(page))
        self.page = self._envoyer(
            "entrer", "/rencontres/rejoindre/", {**champs, "code": self.code, "prenom": f"P{self.rang}"}
        )
        html = self._page()
        self.sonde = SONDE.search(html)[1]
        debut = self.depart + ENTREE
        quand = sorted(debut + self.hasard.random() * ECRITURE for _ in range(NOTES))
        for numero, instant in enumerate(quand):
            self._sonder_jusqu_a(instant)
            html = self._ecrire(html, numero)
        while self.textes_vus_a is None and time.monotonic() < debut + ECRITURE + 60:
            self._sonder_jusqu_a(self.prochain + 0.01)

    def _ecrire(self, html, numero) -> str:
        couleur = ["jaune", "rose"][numero % 2]
        form = next(f for f in FORMULAIRE.findall(html) if f"Coller ce post-it {couleur}" in f)
        donnees = dict(CHAMP.findall(form))
        donnees |= {"geste": "ecrire", "couleur": couleur, "axe": self.hasard.choice(AXE.findall(form))}
        donnees["texte"] = f"Idée {self.rang}-{numero}"
        for _ in range(1 + (self.hasard.random() < DOUBLES)):
            self._envoyer("écrire", self.page, donnees)
        self.ecrits.append((time.monotonic(), donnees["texte"]))
        return self._page()

    # -- polling

    def _sonder_jusqu_a(self, instant):
        """Polls at their own pace, as the browser's, until this instant."""
        while time.monotonic() < instant:
            self._dormir_jusqu_a(min(instant, self.prochain))
            if time.monotonic() >= self.prochain:
                self.prochain = time.monotonic() + SONDAGE
                self._sonder()

    def _page(self) -> str:
        """One's own page: it shows the counts too, and its polling begins again."""
        html = self._lire("page", self.page)
        self.vus.append((int(TOTAL.search(html)[1]), time.monotonic()))
        self.prochain = time.monotonic() + SONDAGE
        return html

    def _sonder(self):
        code, corps, entetes = self._requete("sonder", "GET", self.sonde, {"If-None-Match": self.marque})
        if code == 304:
            return
        if code != 200:
            self.erreurs.append(f"poll: {code}")
            return
        self.marque = entetes["ETag"]
        self.vus.append((int(TOTAL.search(corps)[1]), time.monotonic()))
        if self.textes_vus_a is None and 'class="postit ' in corps:
            self.textes_vus_a = time.monotonic()

    # -- HTTP

    def _lire(self, nom, chemin) -> str:
        code, corps, _ = self._requete(nom, "GET", chemin, {})
        if code != 200:
            raise AssertionError(f"GET {chemin[:40]}: {code}")
        return corps

    def _envoyer(self, nom, chemin, donnees) -> str:
        entetes = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}/"}
        code, corps, recus = self._requete(nom, "POST", chemin, entetes, urlencode(donnees))
        if code != 302:
            raise AssertionError(f"POST {chemin[:40]}: {code} {corps[:200]}")
        return recus["Location"].partition("#")[0]

    def _requete(self, nom, methode, chemin, entetes, corps=None):
        if self.connexion is None:
            self.connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if self.temoins:
            entetes = {**entetes, "Cookie": "; ".join(f"{n}={v}" for n, v in self.temoins.items())}
        depart = time.monotonic()
        self.connexion.request(methode, chemin, corps, entetes)
        reponse = self.connexion.getresponse()
        texte = reponse.read().decode()
        self.temps[nom].append((time.monotonic() - depart) * 1000)
        for temoin in reponse.headers.get_all("Set-Cookie") or []:
            cle, _, valeur = temoin.partition(";")[0].partition("=")
            self.temoins[cle] = valeur
        return reponse.status, texte, reponse.headers

    @staticmethod
    def _dormir_jusqu_a(instant):
        time.sleep(max(0.0, instant - time.monotonic()))


def mesurer() -> bool:
    donnees.preparer("bench_petite", 300)
    Compteur.objects.all().delete()  # of a run just before this one, from the same network
    atelier = _atelier()
    port = _port_libre()
    commande = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "2",
        "--blocking-threads", "8", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error",
        "pole_ess.wsgi:application",
    ]  # fmt: skip
    serveur = subprocess.Popen(commande, stdout=subprocess.DEVNULL)
    try:
        _attendre(port)
        depart = time.monotonic() + 1
        gens = [Personne(rang, port, atelier.code, depart) for rang in range(PERSONNES)]
        for personne in gens:
            personne.start()
        limite = depart + ENTREE + ECRITURE + 60
        while time.monotonic() < limite and not all(len(p.ecrits) == NOTES or p.fini.is_set() for p in gens):
            time.sleep(0.2)
        time.sleep(2 * SONDAGE)  # the last counts are seen
        ouvert_a = time.monotonic()
        actes.changer_phase(atelier, vers="regroupement", depuis="ecriture")
        for personne in gens:
            personne.join(30)
        return _rapport(atelier, gens, ouvert_a)
    finally:
        serveur.terminate()
        serveur.wait(20)


def _atelier() -> Atelier:
    reunion = Reunion.objects.create(titre="Bench", etat="brouillon")
    atelier = actes.creer(reunion, axes=actes.AXES_2014)
    return actes.changer_phase(atelier, vers="ecriture", depuis="preparation", minutes=10)


def _rapport(atelier, gens, ouvert_a) -> bool:
    attendus = Counter(texte for personne in gens for _, texte in personne.ecrits)
    trouves = Counter(PostIt.objects.de_atelier(atelier).values_list("texte", flat=True))
    erreurs = [erreur for personne in gens for erreur in personne.erreurs]
    retards = _retards(gens) or [99.0]
    textes = [personne.textes_vus_a - ouvert_a for personne in gens if personne.textes_vus_a]
    par_sorte = defaultdict(list)
    for personne in gens:
        for sorte, temps in personne.temps.items():
            par_sorte[sorte] += temps
    toutes = [temps for liste in par_sorte.values() for temps in liste]
    print(
        f"\nWorkshop: {PERSONNES} people, {NOTES} notes each in {ECRITURE} s, a poll every {SONDAGE:.0f} s; 2 processes"
    )
    for sorte, liste in [*sorted(par_sorte.items()), ("all", toutes)]:
        centiles = f"p50 {_c(liste, 50):6.1f}   p95 {_c(liste, 95):6.1f}   max {max(liste):6.0f} ms"
        print(f"{sorte:10} {len(liste):6} requests   {centiles}")
    verdicts = {
        f"errors: {len(erreurs)} {erreurs[:3] if erreurs else ''}": not erreurs,
        f"notes: {sum(trouves.values())} of {PERSONNES * NOTES}, none lost nor doubled": trouves == attendus
        and len(trouves) == PERSONNES * NOTES
        and _quotas_tenus(atelier),
        f"p95 {_c(toutes, 95):.0f} ms under {P95_MS}": _c(toutes, 95) < P95_MS,
        f"counts seen by all within {max(retards):.1f} s (p95 {_c(retards, 95):.1f})": max(retards) <= VU_S,
        f"texts seen by {len(textes)} within {max(textes, default=99):.1f} s of being opened": len(textes) == PERSONNES
        and max(textes) <= VU_S,
    }
    for verdict, tient in verdicts.items():
        print(f"{'ok    ' if tient else 'MISSED'} {verdict}")
    print(f"load {os.getloadavg()[0]:.1f}")
    return all(verdicts.values())


def _quotas_tenus(atelier) -> bool:
    return all(
        participant.postits.filter(couleur=couleur).count() == atelier.quota(couleur)
        for participant in atelier.participants.all()
        for couleur in Couleur.values
    )


def _retards(gens) -> list[float]:
    """For each person and each note written while they were there: seconds until their screen counted it."""
    instants = sorted(instant for personne in gens for instant, _ in personne.ecrits)
    retards = []
    for personne in gens:
        totaux = [total for total, _ in personne.vus]
        for rang, instant in enumerate(instants, 1):
            ou = bisect_left(totaux, rang)
            if ou < len(totaux):
                retards.append(max(0.0, personne.vus[ou][1] - instant))
    return retards


def _c(valeurs, centile) -> float:
    rangees = sorted(valeurs)
    return rangees[min(len(rangees) - 1, round(centile / 100 * len(rangees)) - 1)]


if __name__ == "__main__":
    sys.exit(0 if mesurer() else 1)
