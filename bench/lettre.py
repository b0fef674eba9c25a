"""`python -m bench.lettre`: how fast a letter leaves, against what smtplib alone does and what django-newsletter does.

The same least SMTP server, the same machine, the same run: the contestants take turns, and each round gives ratios,
whose median counts. `--nombre`: messages of a turn. `--haut`: recipients of the large sending whose memory is compared
with a thousand's (0: none). `--tours`. With BENCH_PROFIL=<file>, one turn alone, profiled by cProfile.
"""

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from statistics import median
from time import monotonic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ["BENCH_BASE"] = "bench_lettre"

import django

django.setup()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from newsletter.actions import preparation  # noqa: E402
from newsletter.expedition.moule import Expediteur, Moule, Pli  # noqa: E402
from newsletter.expedition.session import Ligne  # noqa: E402
from newsletter.models import Abonne, Bloc, Envoi, Interets, MentionConsentement, Numero  # noqa: E402
from pole_ess.embedded_db import Cluster  # noqa: E402

VERSION_COMPAREE = "django-newsletter==1.2.1"
PLANCHER_MIN, COMPAREE_MIN, REQUETES_MAX, MEMOIRE_MAX = 0.5, 6, 1.1, 20
PAS = 1000
TEXTE = "\n\n".join(
    f"Nouvelle {rang} : une structure du territoire prête **du matériel** et cherche des bras pour *samedi*, de neuf "
    f"heures à midi. Venez comme vous êtes, seul ou à plusieurs ; [tout est dit ici](https://pole.example.org/{rang}/)."
    for rang in range(16)
)


class Puits:
    """The server, in a process of its own."""

    def __init__(self, *, rang: bool):
        commande = [sys.executable, "-m", "bench.puits", *(["--rang"] if rang else [])]
        self.processus = _ouvrir(commande)
        self.port = int(self.processus.stdout.readline())

    def recus(self) -> int:
        self.processus.stdin.write("\n")
        self.processus.stdin.flush()
        return int(self.processus.stdout.readline())

    def fermer(self):
        self.processus.stdin.close()
        self.processus.wait(10)


def _ouvrir(commande, **env):
    return subprocess.Popen(
        commande,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env={**os.environ, **env},
    )


def _course(puits: Puits, nombre: int, commandes: list, **env) -> dict:
    """Start them at the same instant when all are ready; what they say, and messages a second of them all."""
    avant = puits.recus()
    processus = [_ouvrir(commande, **env) for commande in commandes]
    for un in processus:
        if un.stdout.readline().strip() != "pret":
            raise RuntimeError(f"{un.args} did not start")
    depart = monotonic()
    for un in processus:
        un.stdin.write("\n")
        un.stdin.flush()
    dits = [json.loads(un.stdout.readline()) for un in processus]
    secondes = monotonic() - depart
    for un in processus:
        un.stdin.close()
        un.wait(20)
    recus = puits.recus() - avant
    if recus != nombre:
        raise RuntimeError(f"{recus} messages received of {nombre}")
    return {
        "debit": nombre / secondes,
        "requetes": sum(d.get("requetes", 0) for d in dits) / nombre,
        "memoire_mo": max(d.get("memoire_mo", 0) for d in dits),
    }


# -- contestants


def plancher(puits, nombre, ouvriers, fichier):
    part = nombre // ouvriers
    commande = [sys.executable, "-m", "bench.expediteur", "plancher", str(puits.port), str(part), str(fichier)]
    return _course(puits, part * ouvriers, [commande] * ouvriers)


def lettre(puits, nombre, ouvriers, *, lancer=False):
    numero = _numero(nombre)
    if not lancer:
        preparation.lancer(numero)
    connections.close_all()
    commande = [sys.executable, "-m", "bench.expediteur", "lettre", str(puits.port), str(numero.pk)]
    resultat = _course(puits, nombre, [commande + ["--lancer"] * lancer] * ouvriers)
    bilan = numero.envois.bilan()
    if bilan != {"parti": nombre}:
        raise RuntimeError(f"ledger: {bilan}")
    return resultat


def comparee(puits, nombre, python):
    reglages = {cle: settings.DATABASES["default"][cle] for cle in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    base = json.dumps({**reglages, "NAME": "bench_comparee"})
    env = {"BASE": base, "PORT": str(puits.port), "NOMBRE": str(nombre), "ARTICLE": TEXTE, "PYTHONPATH": ""}
    return _course(puits, nombre, [[str(python), "bench/comparaison_newsletter.py"]], **env)


# -- data


def preparer() -> None:
    cluster = Cluster(settings.BENCH_DIR)
    cluster.ensure_running()
    for nom in ("bench_lettre", "bench_comparee"):
        cluster.ensure_database(nom)
    call_command("migrate", verbosity=0)
    MentionConsentement.objects.get_or_create(version=1, defaults={"texte": "J'accepte."})


def _numero(nombre: int) -> Numero:
    """An issue to start for this many subscribers; those of the turn before are gone."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE newsletter_abonne, newsletter_numero, procrastinate_jobs CASCADE")
        cursor.execute(
            """
            INSERT INTO newsletter_abonne (courriel, etat, interets_id, frequence, jeton, formulaire, mention_id,
                   consenti_le, confirme_le, dernier_signe_le, cree_le, rebonds_mous, rebonds_durs, suspension,
                   suspension_detail, est_demonstration)
            SELECT 'abonne' || n || '@example.org', 'confirme', %s, 'chaque', substr(md5(n::text), 1, 24), 'site',
                   (SELECT id FROM newsletter_mentionconsentement WHERE version = 1), now(), now(), now(), now(), 0, 0,
                   '', '', false
              FROM generate_series(1, %s) n
            """,
            [Interets.objects.pour().pk, nombre],
        )
        cursor.execute("ANALYZE newsletter_abonne")
    numero = Numero.objects.create(
        sujet="La lettre du banc", preheader="Pour mesurer", etat="programme", programme_le=timezone.now()
    )
    Bloc.objects.create(numero=numero, genre="texte", titre="Nouvelles", texte=TEXTE)
    return numero


def octets_d_une_lettre(dossier: Path) -> Path:
    """What the engine sends to one person, for smtplib alone to send."""
    numero = _numero(1)
    preparation.lancer(numero)
    envoi, abonne, expediteur = Envoi.objects.get(), Abonne.objects.get(), Expediteur.actuel()
    ligne = Ligne(envoi.pk, abonne.pk, abonne.courriel, abonne.jeton, envoi.rendu_id, 0)
    octets = Moule(numero, envoi.rendu, expediteur).octets(Pli(expediteur, numero.pk, ligne))
    fichier = dossier / "lettre.eml"
    fichier.write_bytes(octets)
    print(f"A letter of {len(octets) / 1024:.0f} KB; sink: raw asyncio, in a process of its own")
    return fichier


def environnement_compare() -> Path | None:
    """The Python that has django-newsletter, installed the first time; None when it cannot be."""
    dossier = settings.BENCH_DIR / "django-newsletter"
    python = dossier / "bin" / "python"
    temoin = dossier / VERSION_COMPAREE
    if not temoin.exists():
        print(f"Installing {VERSION_COMPAREE} in an environment of its own (once)…", flush=True)
        venv.create(dossier, with_pip=True, clear=True)
        paquets = [VERSION_COMPAREE, f"Django=={django.get_version()}", "psycopg[binary]", "sorl-thumbnail"]
        commande = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *paquets]
        if subprocess.run(commande, check=False).returncode:
            print("django-newsletter could not be installed: not compared.")
            return None
        temoin.touch()
    return python


# -- the run


def mesurer(nombre: int, tours: int, haut: int) -> bool:
    preparer()
    fichier = octets_d_une_lettre(settings.BENCH_DIR)
    if os.environ.get("BENCH_PROFIL"):
        print(lettre(puits := Puits(rang=False), nombre, 1))
        puits.fermer()
        return True
    python = environnement_compare()
    verdicts = {}
    for rang in (False, True):
        puits = Puits(rang=rang)
        try:
            verdicts |= _tours(
                puits, "with PIPELINING" if rang else "without PIPELINING", nombre, tours, fichier, python
            )
            if haut and rang:
                verdicts |= _memoire(puits, haut)
        finally:
            puits.fermer()
    for verdict, tient in verdicts.items():
        print(f"{'ok    ' if tient else 'MISSED'} {verdict}")
    print(f"load {os.getloadavg()[0]:.1f}")
    return all(verdicts.values())


def _tours(puits, ou: str, nombre: int, tours: int, fichier: Path, python: Path | None) -> dict[str, bool]:
    releves: dict[str, list] = {}
    for _ in range(tours):
        courses = {
            "smtplib, 1": lambda: plancher(puits, nombre, 1, fichier),
            "this, 1": lambda: lettre(puits, nombre, 1),
            "smtplib, 2": lambda: plancher(puits, nombre, 2, fichier),
            "this, 2": lambda: lettre(puits, nombre, 2),
        }
        if python:
            courses["django-newsletter"] = lambda: comparee(puits, max(nombre // 10, 100), python)
        for nom, course in courses.items():
            releves.setdefault(nom, []).append(course())
    print(f"\n{ou}")
    for nom, liste in releves.items():
        debits = "  ".join(f"{r['debit']:6.0f}" for r in liste)
        print(f"{nom:18} {debits} messages/s   {liste[-1]['requetes']:.2f} SQL a recipient")

    def rapport(a, b):
        return median(x["debit"] / y["debit"] for x, y in zip(releves[a], releves[b], strict=True))

    part, requetes = rapport("this, 1", "smtplib, 1"), max(r["requetes"] for r in releves["this, 1"])
    verdicts = {
        f"{ou}: 1 worker at {part:.0%} of smtplib alone (at least {PLANCHER_MIN:.0%})": part >= PLANCHER_MIN,
        f"{ou}: {requetes:.3f} SQL a recipient (at most {REQUETES_MAX})": requetes <= REQUETES_MAX,
    }
    if python:
        fois = rapport("this, 1", "django-newsletter")
        verdicts[f"{ou}: {fois:.1f} times django-newsletter (at least {COMPAREE_MIN})"] = fois >= COMPAREE_MIN
    return verdicts


def _memoire(puits, haut: int) -> dict[str, bool]:
    bas_mo = lettre(puits, PAS, 1, lancer=True)["memoire_mo"]
    haut_mo = lettre(puits, haut, 1, lancer=True)["memoire_mo"]
    hausse = haut_mo - bas_mo
    print(f"\nPeak memory of the worker: {bas_mo:.0f} MB for {PAS} recipients, {haut_mo:.0f} MB for {haut}")
    return {f"memory grows by {hausse:.1f} MB from {PAS} to {haut} (at most {MEMOIRE_MAX})": hausse <= MEMOIRE_MAX}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--nombre", type=int, default=3000)
    arguments.add_argument("--tours", type=int, default=3)
    arguments.add_argument("--haut", type=int, default=100_000)
    choix = arguments.parse_args()
    sys.exit(0 if mesurer(choix.nombre, choix.tours, choix.haut) else 1)
