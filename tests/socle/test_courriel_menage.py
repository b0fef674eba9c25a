"""After a killed worker, a lost job, a year: what the sweep and the purge do."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pole_ess.socle import file_attente, tasks
from pole_ess.socle.courriel import deposer, expedition, menage
from pole_ess.socle.models import Compteur, Courriel, CourrielEntrant, JetonUtilise

RACINE = Path(__file__).parents[2]


def vieillir(courriel, **champs):
    Courriel.objects.filter(pk=courriel.pk).update(**champs)


def test_en_vol_depuis_longtemps_devient_incertain(courriel):
    recent = deposer("epreuve", a="b@example.org", contexte={"nom": "x"})
    vieillir(courriel, etat="en_vol", en_vol_depuis=timezone.now() - timedelta(minutes=16))
    vieillir(recent, etat="en_vol", en_vol_depuis=timezone.now() - timedelta(minutes=14))
    assert menage.declarer_incertains() == 1
    courriel.refresh_from_db()
    recent.refresh_from_db()
    assert (courriel.etat, courriel.erreur, recent.etat) == ("incertain", menage.MOTIF_PERDU, "en_vol")


def test_incertain_n_est_jamais_renvoye_seul(courriel, receveur):
    vieillir(courriel, etat="en_vol", en_vol_depuis=timezone.now() - timedelta(hours=1))
    for _ in range(3):
        tasks.balayer(0)
        vieillir(courriel, cree_le=timezone.now() - timedelta(days=2))
        expedition.expedier(courriel.pk)
    courriel.refresh_from_db()
    assert (courriel.etat, receveur.recus) == ("incertain", [])
    assert ProcrastinateJob.objects.filter(args={"courriel_id": courriel.pk}).count() == 1


def test_envoi_lent_qui_aboutit_apres_le_balayage_est_note(courriel):
    """The sweep gave up on a slow worker that was alive: the truth comes late and wins."""
    pris = Courriel.objects.prendre(courriel.pk)
    vieillir(courriel, en_vol_depuis=timezone.now() - timedelta(hours=1))
    menage.declarer_incertains()
    expedition.noter(pris, expedition.issues.PARTI)
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.erreur) == ("parti", "")


def test_courriel_du_sans_travail_en_recoit_un(courriel):
    differe = deposer("epreuve", a="b@example.org", contexte={"nom": "x"})
    avec_travail = deposer("epreuve", a="c@example.org", contexte={"nom": "x"})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args->>'courriel_id' <> %s", [str(avec_travail.pk)])
    il_y_a = timezone.now() - timedelta(minutes=6)
    vieillir(courriel, cree_le=il_y_a)
    vieillir(avec_travail, cree_le=il_y_a)
    vieillir(differe, etat="differe", prochaine_tentative_le=il_y_a)
    assert menage.reprendre_oublies() == 2
    assert menage.reprendre_oublies() == 0
    portes = ProcrastinateJob.objects.filter(status="todo").values_list("args__courriel_id", flat=True)
    assert sorted(portes) == [courriel.pk, differe.pk, avec_travail.pk]


def test_courriel_recent_sans_travail_attend(courriel):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert menage.reprendre_oublies() == 0


@pytest.mark.parametrize(("essais", "relances", "etat"), [(1, 1, "todo"), (4, 1, "todo"), (5, 0, "failed")])
def test_travail_d_un_ouvrier_tue_est_rendu_a_la_file(courriel, essais, relances, etat):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        (ouvrier,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s", [ouvrier, essais]
        )
    assert file_attente.relancer_bloques() == relances
    assert list(ProcrastinateJob.objects.values_list("status", flat=True)) == [etat]


def test_travail_d_un_ouvrier_vivant_est_laisse(courriel):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", cursor.fetchone())
    assert file_attente.relancer_bloques() == 0


def test_purge(db, client, courriel):
    maintenant = timezone.now()
    hier, demain = maintenant - timedelta(days=1), maintenant + timedelta(days=1)
    for nom, expire in [("vieux", hier), ("frais", demain)]:
        Compteur.objects.create(cle=nom, fenetre=0, expire_le=expire)
        JetonUtilise.objects.create(empreinte=nom, expire_le=expire)
        Session.objects.create(session_key=nom, session_data="", expire_date=expire)
    cache.set("vieux", 1, timeout=-1)
    cache.set("frais", 1, timeout=3600)
    with connection.cursor() as cursor:  # expired rows are written only by time passing
        cursor.execute("INSERT INTO socle_cache VALUES ('vieux', '', %s)", [hier])
    an = deposer("epreuve", a="b@example.org", contexte={"nom": "x"})
    trois_ans = deposer("epreuve", a="c@example.org", contexte={"nom": "x"})
    vieillir(an, cree_le=maintenant - timedelta(days=366))
    vieillir(trois_ans, cree_le=maintenant - timedelta(days=3 * 365 + 1))
    CourrielEntrant.objects.create(identifiant="frais")
    CourrielEntrant.objects.create(identifiant="vieux")
    CourrielEntrant.objects.filter(identifiant="vieux").update(recu_le=maintenant - timedelta(days=366))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id <> 0")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '8 days' WHERE job_id = "
            "(SELECT id FROM procrastinate_jobs WHERE (args->>'courriel_id')::int = %s)",
            [an.pk],
        )
    tasks.purger(0)
    assert list(Compteur.objects.values_list("cle", flat=True)) == ["frais"]
    assert list(JetonUtilise.objects.values_list("pk", flat=True)) == ["frais"]
    assert list(Session.objects.values_list("pk", flat=True)) == ["frais"]
    assert list(CourrielEntrant.objects.values_list("identifiant", flat=True)) == ["frais"]
    assert cache.get("frais") == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM socle_cache")
        assert cursor.fetchone() == (1,)
    assert set(Courriel.objects.values_list("pk", flat=True)) == {courriel.pk, an.pk}
    an.refresh_from_db()
    courriel.refresh_from_db()
    assert (an.texte, an.html, an.sujet) == ("", "", "Des nouvelles de « x »")
    assert courriel.texte != ""
    assert an.pk not in ProcrastinateJob.objects.values_list("args__courriel_id", flat=True)


@pytest.fixture
def ouvrier():
    """Starts real workers on the tests' database; none outlives the test."""
    processus = []

    def demarrer(port):
        env = {
            **os.environ,
            "BASE": connection.settings_dict["NAME"],
            "PORT_SMTP": str(port),
            "PYTHONPATH": str(RACINE),
        }
        processus.append(subprocess.Popen([sys.executable, Path(__file__).parent / "ouvrier.py"], cwd=RACINE, env=env))
        return processus[-1]

    yield demarrer
    for un in processus:
        if un.poll() is None:
            un.send_signal(signal.SIGTERM)
        try:
            un.wait(timeout=20)
        except subprocess.TimeoutExpired:
            un.kill()
            un.wait()


def etats_des_travaux():
    """Of the mails' jobs; workers also queue the periodic ones."""
    return list(ProcrastinateJob.objects.filter(queue_name="courriel").values_list("status", flat=True))


def attendre(condition, secondes=40):
    fin = time.monotonic() + secondes
    while not condition():
        assert time.monotonic() < fin, "the condition did not come true in time"
        time.sleep(0.1)


@pytest.mark.lent
@pytest.mark.django_db(transaction=True)
def test_ouvrier_tue_en_plein_envoi(ouvrier, receveur, settings):
    """kill -9 while the server has the body and has not answered: uncertain, and nothing is sent twice."""
    courriel = deposer("epreuve", a="a@example.org", contexte={"nom": "Les Amis"})
    with socket.create_server(("127.0.0.1", 0)) as sourd:
        sourd.settimeout(40)
        premier = ouvrier(sourd.getsockname()[1])
        liaison, _ = sourd.accept()
        with liaison, liaison.makefile("rb") as lu:
            liaison.settimeout(40)
            liaison.sendall(b"220 pret\r\n")
            for replique in (b"250 bonjour\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 allez\r\n"):
                lu.readline()
                liaison.sendall(replique)
            corps = []
            while not corps or corps[-1] != b".\r\n":
                corps.append(lu.readline())
            courriel.refresh_from_db()
            assert courriel.etat == "en_vol"  # committed before the talk
            premier.kill()
            premier.wait()
    assert etats_des_travaux() == ["doing"]

    # Time passes; another worker comes, the sweep runs.
    vieillir(courriel, en_vol_depuis=timezone.now() - timedelta(minutes=16))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
    temoin = deposer("epreuve", a="temoin@example.org", contexte={"nom": "x"})
    tasks.balayer(0)
    second = ouvrier(settings.EMAIL_PORT)
    attendre(lambda: set(etats_des_travaux()) == {"succeeded"})
    second.terminate()
    assert second.wait(timeout=20) == 0
    courriel.refresh_from_db()
    temoin.refresh_from_db()
    assert (courriel.etat, courriel.tentatives, courriel.erreur) == ("incertain", 1, menage.MOTIF_PERDU)
    assert temoin.etat == "parti"
    assert [enveloppe.rcpt_tos for enveloppe in receveur.recus] == [["temoin@example.org"]]


@pytest.mark.lent
@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_n_envoient_rien_deux_fois(ouvrier, receveur, settings):
    for numero in range(30):
        courriel = deposer("epreuve", a=f"a{numero}@example.org", contexte={"nom": "x"})
        file_attente.programmer("courriel.expedier", courriel_id=courriel.pk)  # every job twice
    for _ in range(2):
        ouvrier(settings.EMAIL_PORT)
    attendre(lambda: set(etats_des_travaux()) == {"succeeded"})
    recus = sorted(enveloppe.rcpt_tos[0] for enveloppe in receveur.recus)
    assert recus == sorted(f"a{numero}@example.org" for numero in range(30))
    assert set(Courriel.objects.values_list("etat", "tentatives")) == {("parti", 1)}


def test_travail_demande_dans_un_ouvrier_suit_la_transaction(db, monkeypatch):
    """Inside a worker the app's own connector is another connection: the job would outlive a rollback."""
    from procrastinate.contrib.django import app
    from procrastinate.testing import InMemoryConnector

    class Panne(Exception):
        pass

    with app.replace_connector(InMemoryConnector()) as remplacee:
        with pytest.raises(Panne), transaction.atomic():
            deposer("epreuve", a="a@example.org", contexte={"nom": "x"})
            assert ProcrastinateJob.objects.count() == 1
            raise Panne
        assert remplacee.connector.jobs == {}
    assert ProcrastinateJob.objects.count() == 0
