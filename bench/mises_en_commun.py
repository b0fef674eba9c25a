"""`python -m bench.mises_en_commun`: a purchase of 500 structures beside one of 5, its pages and its acts.

Checked: never more queries for 500 than for 5 (whose order and reception write their few mails at once, where a job is
queued for many), the bill that adds up, what the pages cost the web process. Each purchase is made anew.
"""

import os
import sys
import time
import uuid
from datetime import timedelta
from decimal import Decimal
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("POLE_ESS_PG_SANS_FSYNC", "1")  # a throw-away cluster
os.environ["BENCH_BASE"] = "bench_petite"

import django

django.setup()

from django.db import connection  # noqa: E402 - after django.setup()
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from annuaire.models import Rattachement, Structure, Utilisateur  # noqa: E402
from bench import donnees  # noqa: E402
from ressources.actions import mises_achat  # noqa: E402
from ressources.models import Annonce, MiseEnCommun, PartEnCommun  # noqa: E402

STRUCTURES, TAILLES = 2_000, (5, 500)
REPETITIONS = 20
CPU_P95_MS = 400
PAGES = ("page", "pilot's page", "accounts")
GRAINE = 2014


def acheter(nombre: int, pilote: Utilisateur) -> MiseEnCommun:
    """An open purchase that `nombre` structures have joined, enough to order."""
    hasard = Random(GRAINE)
    structures = list(Structure.objects.filter(etat="publiee").order_by("pk")[: nombre + 1])
    annonce = Annonce.objects.create(
        sens="besoin", nature="achat_groupe", mode="vente", titre=f"Bench {nombre}", structure=structures[-1],
        etat="publiee", publiee_le=timezone.now(), expire_le=timezone.localdate() + timedelta(days=60),
    )  # fmt: skip
    Rattachement.objects.get_or_create(
        structure=structures[-1],
        utilisateur=pilote,
        defaults={"role": "referent", "etat": "actif", "actif_depuis": timezone.now()},
    )
    mise = MiseEnCommun.objects.create(
        annonce=annonce, genre="achat", unite="sac", minimum=5, conditionnement=5, frais=Decimal("123.45"),
        cloture_le=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    PartEnCommun.objects.bulk_create(
        PartEnCommun(
            mise=mise, structure=structure, quantite=hasard.randint(1, 40), tolerance=hasard.randint(0, 3),
            cle=uuid.uuid4(),
        )
        for structure in structures[:nombre]
    )  # fmt: skip
    mise.refresh_from_db()
    return mise


def chronometrer(quoi) -> tuple[float, float, int]:
    """(milliseconds, of which this process computes, queries)."""
    with CaptureQueriesContext(connection) as requetes:
        debut, calcul = time.perf_counter(), time.process_time()
        quoi()
        return (time.perf_counter() - debut) * 1000, (time.process_time() - calcul) * 1000, len(requetes)


def page(client, url) -> tuple[float, float, int]:
    """(p50, p95 of the process's own computing, queries) of a page, warm."""

    def lire():
        reponse = client.get(url)
        assert reponse.status_code == 200, (url, reponse.status_code, reponse.headers.get("Location"))

    lire()
    mesures = [chronometrer(lire) for _ in range(REPETITIONS)]
    temps, calculs, requetes = (sorted(colonne) for colonne in zip(*mesures, strict=True))
    assert requetes[0] == requetes[-1]
    return temps[len(temps) // 2], calculs[int(len(calculs) * 0.95) - 1], requetes[0]


def mesurer(nombre: int, client: Client, pilote: Utilisateur) -> dict:
    mise = acheter(nombre, pilote)
    adresse = mise.get_absolute_url()
    lignes = {"page": page(client, adresse), "pilot's page": page(client, f"{adresse}piloter/")}
    vue = mises_achat.apercu(mise, list(mise.parts.actives().pour_pages())).quantite
    frais = Decimal("123.45")
    actes = {
        "order": lambda: mises_achat.commander(mise, par=pilote, prix=Decimal("3.33"), frais=frais, vue=vue),
        "receive": lambda: mises_achat.recevoir(mise, par=pilote, recue=vue - 3, prix=Decimal("3.37"), frais=frais),
    }
    for nom, acte in actes.items():
        lignes[nom] = chronometrer(acte)
    lignes["accounts"] = page(client, f"{adresse}piloter/")
    lignes["CSV"] = page(client, f"{adresse}tableau.csv")
    lignes["PDF"] = page(client, f"{adresse}tableau.pdf")
    assert sum(part.du for part in mise.parts.all()) == mise.facture
    part = mise.parts.order_by("pk").first()
    part.mise = mise
    lignes["one payment"] = chronometrer(lambda: mises_achat.noter_reglement(part, par=pilote, regle=True))
    PartEnCommun.objects.filter(mise=mise).update(regle_le=timezone.now())
    lignes["settle"] = chronometrer(lambda: mises_achat.solder(mise, par=pilote))
    mise.annonce.delete()
    return lignes


def main() -> int:
    donnees.preparer("bench_petite", STRUCTURES)
    pilote, _ = Utilisateur.objects.get_or_create(email="pilote@example.org")
    client = Client()
    client.force_login(pilote)
    tables = {nombre: mesurer(nombre, client, pilote) for nombre in TAILLES}
    petite, grande = (tables[nombre] for nombre in TAILLES)
    tenu = True
    print(f"\n{'':14} {'queries':>12} {'5: p50':>8} {'500: p50':>9} {'CPU':>8}  ratio")
    for nom, (p50, cpu, requetes) in grande.items():
        tient = requetes <= petite[nom][2] and (nom not in PAGES or cpu < CPU_P95_MS)
        tenu &= tient
        print(
            f"{nom:14} {petite[nom][2]:>5} {requetes:>6} {petite[nom][0]:8.1f} {p50:9.1f} {cpu:8.1f}"
            f" {p50 / petite[nom][0]:6.1f} {'ok' if tient else 'MISSED'}"
        )
    print(f"ms; CPU: what the web process computes, p95; pages under {CPU_P95_MS} ms (load {os.getloadavg()[0]:.1f})")
    return 0 if tenu else 1


if __name__ == "__main__":
    sys.exit(main())
