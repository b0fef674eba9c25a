"""`python -m bench.observatoire`: counting the observatory for 200,000 structures and 100,000 announcements, then its
pages, files and report once it is counted."""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("BENCH_BASE", "bench_observatoire")
os.environ.setdefault("POLE_ESS_PG_SANS_FSYNC", "1")  # a throw-away cluster
os.environ.setdefault("POLE_ESS_PG_SHARED_BUFFERS", "1GB")

import django

django.setup()

from django.core.cache import cache  # noqa: E402 - after django.setup()
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from bench import annonces, donnees  # noqa: E402
from bench.mesures import cpu_ms  # noqa: E402
from pole_ess.portail.observatoire import releve  # noqa: E402

BASE = "bench_observatoire"
STRUCTURES = int(os.environ.get("BENCH_STRUCTURES", 200_000))
ANNONCES = STRUCTURES // 2
PASSAGES = 9
RELEVE_MS, PAGE_MS, RAPPORT_MS = 60_000, 300, 5_000
"""Targets, of processor: the count of the night; a page or a file, counted already; a report composed once a day."""


def preparer() -> None:
    """Structures and announcements of the other benches, and a version of each sheet at the end of the last year."""
    donnees.preparer(BASE, STRUCTURES)
    annonces.preparer(ANNONCES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM annuaire_historicalstructure")
        if cursor.fetchone()[0]:
            return
        print("Writing the versions of the sheets (once)…", flush=True)
        communes = _colonnes(cursor, "annuaire_historicalstructure") & _colonnes(cursor, "annuaire_structure")
        noms = ", ".join(sorted(communes))
        with transaction.atomic():
            # Three versions a sheet: two of the last year, one of this one.
            cursor.execute(
                f"INSERT INTO annuaire_historicalstructure ({noms}, history_id, history_date, history_type) "
                f"SELECT {noms}, gen_random_uuid(), jour, CASE rang WHEN 1 THEN '+' ELSE '~' END "
                "FROM annuaire_structure, "
                "(VALUES (1, date_trunc('year', now()) - interval '200 days'), "
                "(2, date_trunc('year', now()) - interval '50 days'), (3, now())) AS versions(rang, jour)"
            )
            cursor.execute(
                "INSERT INTO annuaire_historicalstructure_activites "
                "(id, m2m_history_id, activite_id, history_id, structure_id) "
                "SELECT l.id, gen_random_uuid(), l.activite_id, h.history_id, l.structure_id "
                "FROM annuaire_historicalstructure h JOIN annuaire_structure_activites l ON l.structure_id = h.id"
            )
        cursor.execute("VACUUM (ANALYZE)")


def _colonnes(cursor, table: str) -> set[str]:
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return {nom for (nom,) in cursor.fetchall()}


def mesurer() -> bool:
    tenues = _une_fois("the night's count", releve.relever, RELEVE_MS)
    client, annee = Client(), releve.lire_commun().annees[0]
    urls = {
        "the year at a glance": "/observatoire/",
        "by commune, 2,500 rows": "/observatoire/qui/",
        "exchanges, all years": "/observatoire/echanges/?annee=toutes",
        "communes, CSV": "/observatoire/communes.csv",
    }
    for nom, url in urls.items():
        tenues &= _dire(nom, PAGE_MS, *_temps(lambda url=url: client.get(url)))
    cle = f"/observatoire/{annee}/rapport.pdf"
    tenues &= _une_fois("report, composed", lambda: client.get(cle), RAPPORT_MS)
    return tenues & _dire("report, once composed", PAGE_MS, *_temps(lambda: client.get(cle)))


def _processeur() -> float:
    """Milliseconds of Python's and PostgreSQL's, parallel workers not counted."""
    return time.process_time() * 1000 + cpu_ms()


def _une_fois(nom, acte, cible) -> bool:
    connection.ensure_connection()
    depart, avant = time.perf_counter(), _processeur()
    acte()
    return _dire(nom, cible, [(time.perf_counter() - depart) * 1000], [_processeur() - avant], "")


def _temps(acte):
    """(milliseconds on the clock, of processor, both sorted, queries)."""
    horloge, processeur, vues = [], [], []
    for _ in range(PASSAGES + 1):
        vues.clear()
        with connection.execute_wrapper(lambda execute, *a: (vues.append(1), execute(*a))[1]):
            depart, avant = time.perf_counter(), _processeur()
            reponse = acte()
            horloge.append((time.perf_counter() - depart) * 1000)
            processeur.append(_processeur() - avant)
        if reponse.status_code != 200:
            raise SystemExit(f"{reponse.status_code}")
    return sorted(horloge[1:]), sorted(processeur[1:]), f"{len(vues)} queries, {len(reponse.content) / 1024:.0f} kB, "


def _dire(nom, cible, horloge, processeur, detail) -> bool:
    milieu = processeur[len(processeur) // 2]
    print(
        f"{nom:26} processor p50 {milieu:7.0f} ms  target {cible:6}  {'ok' if milieu <= cible else 'MISSED':6}"
        f"  clock p50 {horloge[len(horloge) // 2]:7.0f}  max {horloge[-1]:7.0f}"
        f"  ({detail}load {os.getloadavg()[0]:.1f})",
        flush=True,
    )
    return milieu <= cible


if __name__ == "__main__":
    preparer()
    cache.clear()
    sys.exit(0 if mesurer() else 1)
