"""`python -m bench.mises_en_commun`: a purchase of 500 structures beside one of 5, its pages and its acts.

Checked: never more queries for 500 than for 5 (whose order and reception write their few mails at once, where a job is
queued for many), the bill that adds up, the p95 of the pages. Each purchase is made anew.
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

from annuaire.models import Structure, Utilisateur  # noqa: E402
from bench import donnees  # noqa: E402
from ressources.actions import mises_achat  # noqa: E402
from ressources.models import Annonce, MiseEnCommun, PartEnCommun  # noqa: E402

STRUCTURES, TAILLES = 2_000, (5, 500)
REPETITIONS = 20
P95_MS = 600
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


def chronometrer(quoi) -> tuple[float, int]:
    """(milliseconds, queries)."""
    with CaptureQueriesContext(connection) as requetes:
        debut = time.perf_counter()
        quoi()
        return (time.perf_counter() - debut) * 1000, len(requetes)


def page(client, url) -> tuple[float, float, int]:
    """(p50, p95, queries) of a page, warm."""

    def lire():
        assert client.get(url).status_code == 200

    lire()
    mesures = [chronometrer(lire) for _ in range(REPETITIONS)]
    temps = sorted(ms for ms, _ in mesures)
    assert len({requetes for _, requetes in mesures}) == 1
    return temps[len(temps) // 2], temps[int(len(temps) * 0.95) - 1], mesures[0][1]


def mesurer(nombre: int, client: Client, equipe: Utilisateur) -> dict:
    mise = acheter(nombre, equipe)
    adresse = mise.get_absolute_url()
    lignes = {"page": page(client, adresse), "pilot's page": page(client, f"{adresse}piloter/")}
    vue = mises_achat.apercu(mise, list(mise.parts.actives().pour_pages())).quantite
    frais = Decimal("123.45")
    actes = {
        "order": lambda: mises_achat.commander(mise, par=equipe, prix=Decimal("3.33"), frais=frais, vue=vue),
        "receive": lambda: mises_achat.recevoir(mise, par=equipe, recue=vue - 3, prix=Decimal("3.37"), frais=frais),
    }
    for nom, acte in actes.items():
        ms, requetes = chronometrer(acte)
        lignes[nom] = (ms, ms, requetes)
    lignes["accounts"] = page(client, f"{adresse}piloter/")
    lignes["CSV"] = page(client, f"{adresse}tableau.csv")
    lignes["PDF"] = page(client, f"{adresse}tableau.pdf")
    assert sum(part.du for part in mise.parts.all()) == mise.facture
    part = mise.parts.order_by("pk").first()
    part.mise = mise
    ms, requetes = chronometrer(lambda: mises_achat.noter_reglement(part, par=equipe, regle=True))
    lignes["one payment"] = (ms, ms, requetes)
    PartEnCommun.objects.filter(mise=mise).update(regle_le=timezone.now())
    ms, requetes = chronometrer(lambda: mises_achat.solder(mise, par=equipe))
    lignes["settle"] = (ms, ms, requetes)
    mise.annonce.delete()
    return lignes


def main() -> int:
    donnees.preparer("bench_petite", STRUCTURES)
    equipe, _ = Utilisateur.objects.get_or_create(email="bench@example.org", defaults={"is_staff": True})
    client = Client()
    client.force_login(equipe)
    tables = {nombre: mesurer(nombre, client, equipe) for nombre in TAILLES}
    petite, grande = (tables[nombre] for nombre in TAILLES)
    tenu = True
    print(f"\n{'':14} {'queries':>12} {'5: p50':>8} {'500: p50':>9} {'p95':>8}  ratio")
    for nom, (p50, p95, requetes) in grande.items():
        tient = requetes <= petite[nom][2] and (nom not in PAGES or p95 < P95_MS)
        tenu &= tient
        print(
            f"{nom:14} {petite[nom][2]:>5} {requetes:>6} {petite[nom][0]:8.1f} {p50:9.1f} {p95:8.1f}"
            f" {p50 / petite[nom][0]:6.1f} {'ok' if tient else 'MISSED'}"
        )
    print(f"ms; pages under {P95_MS} ms at p95 (load {os.getloadavg()[0]:.1f})")
    return 0 if tenu else 1


if __name__ == "__main__":
    sys.exit(main())
