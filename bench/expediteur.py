"""One process that sends: `python -m bench.expediteur plancher|lettre …`; says « pret », starts on a line, prints JSON.

plancher: smtplib alone, the bytes of a message already made, one connection. lettre: the engine, until the issue has
nothing left to send; `--lancer` starts the issue first, in the same process.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path


def plancher(port: int, nombre: int, fichier: str) -> dict:
    import smtplib

    octets = Path(fichier).read_bytes()
    _attendre()
    depart = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as liaison:
        for rang in range(nombre):
            liaison.sendmail("lettre@pole.example.org", [f"abonne{rang}@example.org"], octets)
    return {"secondes": time.monotonic() - depart}


def lettre(port: int, numero_id: int, a_lancer: bool) -> dict:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django
    from django.conf import settings

    settings.EMAIL_BACKEND = "pole_ess.socle.courriel.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    django.setup()
    from django.db import connection

    from newsletter.actions import preparation
    from newsletter.expedition import moteur
    from newsletter.expedition.session import Session
    from newsletter.models import Numero

    sessions, autres = [], [0]
    moteur.Session = lambda: sessions.append(Session()) or sessions[-1]

    def compter(execute, sql, params, many, context):
        autres[0] += 1
        return execute(sql, params, many, context)

    connection.ensure_connection()
    _attendre()
    with connection.execute_wrapper(compter):
        if a_lancer:
            preparation.lancer(Numero.objects.get(pk=numero_id))
            autres[0] = 0
        profil = _profil()
        depart = time.monotonic()
        while moteur.envoyer(numero_id) not in ("rien à envoyer", "terminé"):
            pass
        secondes = time.monotonic() - depart
        if profil:
            profil.disable()
            profil.dump_stats(os.environ["BENCH_PROFIL"])
    return {"secondes": secondes, "requetes": autres[0] + sum(session.requetes for session in sessions)}


def _profil():
    if not os.environ.get("BENCH_PROFIL"):
        return None
    import cProfile

    profil = cProfile.Profile()
    profil.enable()
    return profil


def _attendre():
    print("pret", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    quoi, port, nombre = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resultat = (
        plancher(port, nombre, sys.argv[4]) if quoi == "plancher" else lettre(port, nombre, "--lancer" in sys.argv)
    )
    resultat["memoire_mo"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(resultat), flush=True)
