"""Health: what machines and staff read, when each part fails and when it works; nothing for anybody else."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as reglages
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter.models import Numero
from pole_ess.portail.sante import base, constats, fichiers
from pole_ess.portail.sante.attente import de_la_sante
from pole_ess.socle.file_attente import programmer
from pole_ess.socle.models import Courriel
from tests.factories import UtilisateurFactory
from tests.factories.newsletter import NumeroFactory

pytestmark = pytest.mark.django_db
JETON = "un-jeton-de-surveillance-assez-long"


def vu(cle):
    (constat,) = constats.examiner({cle})
    return constat


def sql(requete, *parametres):
    with connection.cursor() as cursor:
        cursor.execute(requete, parametres)


def ecrire(etat, il_y_a=timedelta(0), **reste):
    courriel = Courriel.objects.create(
        gabarit="essai", destinataire="a@example.org", sujet="Essai", message_id=f"<{timezone.now().timestamp()}@x>",
        etat=etat, **reste,
    )  # fmt: skip
    Courriel.objects.filter(pk=courriel.pk).update(cree_le=timezone.now() - il_y_a)


@pytest.fixture
def details(settings):
    settings.SURVEILLANCE_JETON = JETON
    return Client(headers={"Authorization": f"Bearer {JETON}"})


# What machines read


def test_the_whole_is_ready_with_a_worker_and_not_without(client, details, ouvrier_vivant):
    reponse = client.get("/sante/pret/")
    assert (reponse.status_code, reponse.json()["etat"]) in [(200, "bon"), (200, "attention")]
    assert reponse["Cache-Control"].startswith("max-age=0")
    sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '40 seconds'")
    reponse = client.get("/sante/pret/")
    assert (reponse.status_code, reponse["Retry-After"], reponse.json()) == (503, "30", {"etat": "panne"})
    points = {point["point"]: point for point in details.get("/sante/pret/").json()["points"]}
    assert list(points) == [cle for cle in constats.POINTS if cle != "sauvegarde"]
    assert points["taches"]["etat"] == "panne"
    assert points["taches"]["depuis"].startswith("20")
    assert points["base"] == {"point": "base", "etat": "bon", "message": "Elle répond."}


def test_a_balancer_asks_only_what_pages_need(client):
    assert client.get("/sante/pret/?points=base,migrations").json() == {"etat": "bon"}
    assert client.get("/sante/pret/?points=taches").status_code == 503
    for faux in ("nulle-part", "base,", ",", "base,%00", "base%20"):
        assert client.get(f"/sante/pret/?points={faux}").status_code == 400, faux


def test_health_takes_few_queries_whatever_there_is(client, nombre_de_requetes, ouvrier_vivant):
    def une_fois():
        return nombre_de_requetes(lambda: client.get("/sante/pret/"))

    une_fois()
    avec_rien = une_fois()
    for _ in range(8):
        ecrire("differe", prochaine_tentative_le=timezone.now())
        programmer("courriel.expedier", courriel_id=1)
        NumeroFactory(etat="programme", programme_le=timezone.now() - timedelta(hours=1))
    assert une_fois() == avec_rien == 7


def test_details_are_for_staff_and_for_machines_that_watch(client, settings, animateur, membre):
    assert "points" not in client.get("/sante/pret/").json()
    client.force_login(membre)
    assert "points" not in client.get("/sante/pret/").json()
    client.force_login(UtilisateurFactory(is_staff=True))
    assert "points" not in client.get("/sante/pret/").json()
    client.force_login(animateur)
    assert "points" in client.get("/sante/pret/").json()
    settings.SURVEILLANCE_ADRESSES = ["192.0.2.0/28", "2001:db8::1"]
    for adresse, permis in [("192.0.2.7", True), ("192.0.2.77", False), ("2001:db8::1", True), ("", False)]:
        assert ("points" in Client(REMOTE_ADDR=adresse).get("/sante/pret/").json()) == permis, adresse


def test_an_address_cannot_be_forged(client, settings):
    settings.SURVEILLANCE_ADRESSES = ["192.0.2.7"]
    for proxys in (0, 1):
        settings.PROXYS_DE_CONFIANCE = proxys
        reponse = client.get("/metriques/", headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.1"})
        assert reponse.status_code == 404


def test_wrong_tokens_read_nothing(settings):
    for attendu, donne in [("", "Bearer "), ("", ""), (JETON, "Bearer x"), (JETON, f"Basic {JETON}"), (JETON, JETON)]:
        settings.SURVEILLANCE_JETON = attendu
        assert Client(headers={"Authorization": donne}).get("/metriques/").status_code == 404


# Each point, both ways


def test_migrations(monkeypatch):
    assert vu("migrations").etat == "bon"
    sql("DELETE FROM django_migrations WHERE app = 'newsletter' AND name = %s", sorted(
        nom for app, nom in base._attendues() if app == "newsletter")[0])  # fmt: skip
    constat = vu("migrations")
    assert (constat.etat, constat.phrase) == ("panne", "1\u00a0application attend une mise à jour de la base.")
    assert "manage.py migrate" in constat.remede


def test_queue(ouvrier_vivant):
    assert (vu("file").etat, vu("file").phrase) == ("bon", "Vide.")
    programmer("courriel.expedier", courriel_id=1)
    assert vu("file").etat == "bon"
    sql("UPDATE procrastinate_events SET at = now() - interval '6 minutes'")
    constat = vu("file")
    assert constat.etat == "panne"
    assert "celle des e-mails (1)" in constat.phrase
    assert timezone.now() - constat.depuis > timedelta(minutes=5)
    sql("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
    assert vu("file").phrase == "Vide."


def test_queue_of_the_letter_may_wait_longer():
    programmer("lettre.envoyer", numero_id=1)
    sql("UPDATE procrastinate_events SET at = now() - interval '6 minutes'")
    assert vu("file").etat == "bon"


@pytest.mark.parametrize(
    "courriels, etat",
    [
        ([], "bon"),
        ([("parti", 1)], "bon"),
        ([("differe", 60)] * 2, "bon"),
        ([("differe", 60)] * 3, "panne"),
        ([*[("differe", 60)] * 3, ("parti", 5)], "bon"),  # some leave: those receivers ask to come back later
        ([("parti", 90), *[("differe", 60)] * 3], "panne"),
        ([("pret", 20)], "panne"),
        ([("pret", 5)], "bon"),
        ([("incertain", 5)], "attention"),
        ([("rejete", 60)] * 10, "attention"),
        ([("rejete", 60)] * 9, "bon"),
        ([("rejete", 60 * 30)] * 10, "bon"),
    ],
)
def test_mail(courriels, etat):
    maintenant = timezone.now()
    for sorte, minutes in courriels:
        reste = {"parti": {"parti_le": maintenant - timedelta(minutes=minutes)},
                 "differe": {"prochaine_tentative_le": maintenant + timedelta(hours=1)}}.get(sorte, {})  # fmt: skip
        ecrire(sorte, timedelta(minutes=minutes), **reste)
    constat = vu("courriel")
    assert constat.etat == etat, constat.phrase
    assert "example.org" not in constat.phrase


def test_letter_whose_hour_has_passed():
    assert vu("lettre").etat == "bon"
    numero = NumeroFactory(etat="programme", sujet="Le marché", programme_le=timezone.now() + timedelta(hours=1))
    assert vu("lettre").etat == "bon"
    Numero.objects.filter(pk=numero.pk).update(programme_le=timezone.now() - timedelta(minutes=6))
    constat = vu("lettre")
    assert constat.etat == "panne"
    assert "« Le marché » devait partir" in constat.phrase
    assert constat.depuis < timezone.now()


class Disque:
    def __init__(self, libre):
        self.free = libre


@pytest.mark.parametrize("libre, etat", [(10**10, "bon"), (5 * 10**8, "attention"), (10**8, "panne")])
def test_disk(monkeypatch, libre, etat):
    monkeypatch.setattr("shutil.disk_usage", lambda dossier: Disque(libre))
    assert vu("disque").etat == etat


def test_folder_that_cannot_be_written(monkeypatch):
    monkeypatch.setattr("os.access", lambda chemin, mode: False)
    assert vu("disque").etat == "panne"


def test_files_elsewhere_have_no_disk_here(settings):
    settings.STORAGES = settings.STORAGES | {
        nom: {"BACKEND": "django.core.files.storage.InMemoryStorage"} for nom in ("default", "prive")
    }
    assert constats.examiner({"disque"}) == []


@pytest.mark.parametrize("heures, etat", [(2, "bon"), (31, "attention"), (60, "panne"), (None, "panne")])
def test_backup(settings, tmp_path, heures, etat):
    settings.SAUVEGARDES_DIR = str(tmp_path)
    if heures is not None:
        (tmp_path / "a.tar").touch()
        date = (timezone.now() - timedelta(hours=heures)).timestamp()
        os.utime(tmp_path / "a.tar", (date, date))
    assert vu("sauvegarde").etat == etat


def test_backup_nobody_asked_for(settings):
    assert constats.examiner({"sauvegarde"}) == []


def test_sizes_are_said_as_people_do():
    assert [fichiers.octets(n) for n in (850_000_000, 12_000_000_000, 1_500_000_000)] == [
        "850\u00a0Mo", "12\u00a0Go", "1,5\u00a0Go"]  # fmt: skip


# The staff


def test_staff_page_says_what_to_do(client, animateur):
    client.force_login(animateur)
    page = client.get(reverse("admin:sante")).content.decode()
    assert page.index("Tâches de fond") < page.index("Base de données")
    assert "systemctl restart pole-ess-worker" in page
    assert "Que faire" in page


def test_staff_page_is_for_those_who_read_the_mail_ledger(client, membre, animateur):
    url = reverse("admin:sante")
    assert client.get(url).status_code == 302
    client.force_login(membre)
    assert client.get(url).status_code == 302
    client.force_login(UtilisateurFactory(is_staff=True))
    assert client.get(url).status_code == 403
    client.force_login(animateur)
    assert client.get(url).status_code == 200


def test_home_of_the_staff_has_its_line(client, animateur):
    (ligne,) = de_la_sante(animateur)
    assert (ligne.titre, ligne.pressant, ligne.url) == ("Pannes du portail", True, "/admin/sante/")
    assert "Plus aucun agent" in ligne.aide
    assert de_la_sante(UtilisateurFactory(is_staff=True)) == []


def test_home_is_quiet_when_all_is_well(animateur, ouvrier_vivant, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda dossier: Disque(10**11))
    (ligne,) = de_la_sante(animateur)
    assert (ligne.nombre, ligne.pressant, ligne.aide) == (0, False, "")


# Measures


def mesures(client):
    lignes = client.get("/metriques/").content.decode().splitlines()
    return {nom: float(valeur) for nom, _, valeur in (x.rpartition(" ") for x in lignes if not x.startswith("#"))}


def test_measures_follow_the_portal(client, details, ouvrier_vivant):
    avant = mesures(details)
    client.get("/mentions-legales/")
    client.get("/nulle-part/")
    ecrire("differe", timedelta(hours=2), prochaine_tentative_le=timezone.now() - timedelta(hours=1))
    programmer("courriel.expedier", courriel_id=1)
    apres = mesures(details)
    serie = 'pole_ess_requetes_total{methode="GET",statut="200",vue="mentions_legales"}'
    assert apres[serie] - avant.get(serie, 0) == 1
    assert apres['pole_ess_requetes_total{methode="GET",statut="404",vue="introuvable"}'] >= 1
    assert apres['pole_ess_file_travaux{file="courriel"}'] == 1
    assert apres['pole_ess_courriels{etat="differe"}'] == 1
    assert apres["pole_ess_courriels_retard_secondes"] > 3600
    assert apres["pole_ess_ouvriers"] == 1
    assert apres['pole_ess_base_connexions{etat="maximum"}'] >= 10
    assert apres['pole_ess_duree_secondes_bucket{le="+Inf",vue="mentions_legales"}'] >= 1


def test_measures_name_no_visitor_nor_path(client, details):
    client.get("/lettre/preferences/eyJhIjoxfQ:1abcde:azertyuiopazertyuiopazertyuiopazert/?q=personne@example.org")
    client.generic("PROPFIND", "/annuaire/")
    page = details.get("/metriques/").content.decode()
    assert 'vue="newsletter:preferences"' in page
    assert 'methode="AUTRE"' in page
    assert "eyJ" not in page and "example.org" not in page and "PROPFIND" not in page


def test_json_is_french_and_readable(details):
    assert "Elle répond." in details.get("/sante/pret/").content.decode()
    assert json.loads(details.get("/sante/pret/").content)["etat"] == "panne"


def test_two_processes_are_counted_together(tmp_path):
    """Each in a process of its own, one of them dead: /metriques/ of any adds their figures up."""

    def lancer(code):
        fait = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=reglages.BASE_DIR,
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}, check=False,
        )  # fmt: skip
        assert fait.returncode == 0, fait.stderr
        return fait.stdout

    compter = "from pole_ess.portail.sante.compteurs import compter\ncompter('accueil', 'GET', 200, 0.02)\n"
    lancer(compter)
    lancer(compter * 2)
    lire = (
        "from prometheus_client import CollectorRegistry, generate_latest\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "registre = CollectorRegistry(); MultiProcessCollector(registre)\n"
        "print(generate_latest(registre).decode())"
    )
    page = lancer(lire)
    assert 'pole_ess_requetes_total{methode="GET",statut="200",vue="accueil"} 3.0' in page
    assert 'pole_ess_duree_secondes_bucket{le="0.025",vue="accueil"} 3.0' in page
