"""SQL alone, then the whole page, for each search, in the same process and run."""

import os
import platform
import time
from pathlib import Path

from django.db import connection, reset_queries
from django.test import Client

from . import requetes, requetes_annonces

CIBLES_MS = {
    "sélective": 50, "faute de frappe": 400, "rayon": 300, "facettes": 500, "carte": 300,
    "annonces : mots": 50, "annonces : faute": 400, "annonces : facettes": 500, "annonces : dates": 300,
    "annonces : chiffres": 500,
}  # fmt: skip
"""SQL p95 at most, in ms."""
PAGE_EN_PLUS_MS = 40


def mesurer(nombre: int) -> bool:
    """Prints the table; true when every target holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), (SELECT count(*) FROM annuaire_mot) FROM annuaire_structure WHERE etat = 'publiee'"
        )
        publiees, mots = cursor.fetchone()
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    print(f"\n{nombre} structures ({publiees} published, {mots} words), PostgreSQL {version}, {platform.machine()}")
    print(
        f"{'':20} {'queries':>8} {'SQL p50':>8} {'p95':>7} {'max':>7} {'target':>7} {'CPU p95':>8}"
        f" {'page p50':>9} {'p95':>7} {'above':>7}"
    )
    client = Client()
    client.get("/annuaire/")  # makes the row of settings
    tenues = True
    for genre, urls in (requetes.toutes() | requetes_annonces.toutes()).items():
        sql, cpu, page, compte = _genre(client, urls)
        en_plus = _centile(page, 95) - _centile(sql, 95)
        cible = CIBLES_MS[genre]
        tient = _centile(sql, 95) < cible and en_plus <= PAGE_EN_PLUS_MS
        tenues &= tient
        print(
            f"{genre:20} {min(compte):>3}-{max(compte):<4} {_centile(sql, 50):8.1f} {_centile(sql, 95):7.1f}"
            f" {max(sql):7.1f} {cible:>7} {_centile(cpu, 95):8.1f}"
            f" {_centile(page, 50):9.1f} {_centile(page, 95):7.1f} {en_plus:+7.1f} {'ok' if tient else 'MISSED'}",
            flush=True,
        )
    print(
        f"ms; {requetes.PAR_GENRE} fixed queries of each kind, warm;"
        f" above: page p95 - SQL p95, at most {PAGE_EN_PLUS_MS};"
        f" CPU: of the server's process for the same SQL, whatever else the machine does"
        f" (load {os.getloadavg()[0]:.1f})"
    )
    return tenues


def _genre(client: Client, urls: list[str]) -> tuple[list[float], list[float], list[float], list[int]]:
    sql, cpu, page, compte = [], [], [], []
    for url in urls:
        requetes_sql = _capturer(client, url)  # also warms the caches
        compte.append(len(requetes_sql))
        with connection.cursor() as cursor:
            cpu_avant, depart = cpu_ms(), time.perf_counter()
            for texte, parametres in requetes_sql:
                cursor.cursor.execute(texte, parametres)
                _tout_lire(cursor.cursor)
            sql.append((time.perf_counter() - depart) * 1000)
            cpu.append(cpu_ms() - cpu_avant)
        depart = time.perf_counter()
        reponse = client.get(url)
        page.append((time.perf_counter() - depart) * 1000)
        if reponse.status_code != 200:
            raise SystemExit(f"{url}: {reponse.status_code}")
    return sql, cpu, page, compte


def cpu_ms() -> float:
    """Milliseconds of processor that the server's process of this connection has used; 0 where Linux does not say."""
    try:
        faits = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    except OSError:
        return 0.0
    return int(faits.split()[0]) / 1e6


def _tout_lire(cursor) -> None:
    """Every answer of what was sent: the facets come behind two SET."""
    encore = True
    while encore:
        if cursor.description:
            cursor.fetchall()
        encore = cursor.nextset()


def _capturer(client: Client, url: str) -> list:
    """The queries of one page, with their parameters."""
    vues = []

    def noter(execute, texte, parametres, many, context):
        vues.append((texte, parametres))
        return execute(texte, parametres, many, context)

    reset_queries()
    with connection.execute_wrapper(noter):
        client.get(url)
    return vues


def _centile(valeurs: list[float], centile: int) -> float:
    rangees = sorted(valeurs)
    return rangees[min(len(rangees) - 1, round(centile / 100 * len(rangees)) - 1)]
