"""`python -m bench.heures`: accounts of hours with 100,000 entries: pages, statements, confirmations.

Its own database, built once through the tables' own triggers. One account in ten holds half the entries; the busiest
is measured too. Checked: p95 of each under its target, and the whole ledger in balance before and after.
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("BENCH_BASE", "bench_heures")
os.environ.setdefault("POLE_ESS_PG_SANS_FSYNC", "1")  # a throw-away cluster

import django

django.setup()

import uuid  # noqa: E402 - after django.setup()
from datetime import date, timedelta  # noqa: E402
from decimal import Decimal  # noqa: E402
from itertools import pairwise  # noqa: E402
from random import Random  # noqa: E402

from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from annuaire.models import Rattachement, Structure, Utilisateur  # noqa: E402
from bench import donnees  # noqa: E402
from ressources.actions import heures  # noqa: E402
from ressources.models import CompteHeures, EcritureHeures, OperationHeures  # noqa: E402

BASE = "bench_heures"
STRUCTURES, COMPTES, ECRITURES, MESURES = 2_000, 1_000, 100_000, 60
PLANCHER = Decimal("-100000")
CIBLES_MS = {"account page": 300, "statement CSV": 400, "statement PDF": 1500, "propose form": 300, "confirm": 100}
GRAINE = 2014


def preparer() -> None:
    """Structures, their accounts, two years of confirmed operations: built once."""
    donnees.preparer(BASE, STRUCTURES)
    if EcritureHeures.objects.count() >= ECRITURES:
        return
    print(f"Building {ECRITURES} entries in {BASE} (once)…", flush=True)
    personne, _ = Utilisateur.objects.get_or_create(email="bench@example.org", defaults={"nom": "Bench"})
    structures = list(Structure.objects.filter(etat="publiee").order_by("pk")[:COMPTES])
    for structure in structures:
        Rattachement.objects.get_or_create(
            structure=structure,
            utilisateur=personne,
            defaults={"role": "referent", "etat": "actif", "actif_depuis": timezone.now()},
        )
    CompteHeures.objects.bulk_create(
        [CompteHeures(genre="structure", structure=s, plancher=PLANCHER) for s in structures], ignore_conflicts=True
    )
    comptes = list(CompteHeures.objects.exclude(genre="pole").order_by("pk").values_list("pk", flat=True))
    hasard, lot = Random(GRAINE), 1_000
    for debut in range(0, ECRITURES // 2, lot):
        _operations(hasard, comptes, [debut + n for n in range(lot)])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _operations(hasard, comptes, rangs):
    """In one transaction: the deferred rule sees each operation with its two entries."""
    frequents, depart = comptes[: len(comptes) // 10], timezone.localdate() - timedelta(days=730)
    operations = []
    for rang in rangs:
        aidant = hasard.choice(frequents if rang % 2 else comptes)
        aide = hasard.choice(
            [compte for compte in (hasard.choice(comptes), comptes[0], comptes[1]) if compte != aidant]
        )
        operations.append(
            OperationHeures(
                aidant_id=aidant,
                aide_id=aide,
                heures=Decimal(hasard.randint(1, 16)) / 4,
                jour=depart + timedelta(days=rang * 730 * 2 // ECRITURES),
                objet="Coup de main",
                etat="confirmee",
                decidee_le=timezone.now(),
                cle=uuid.UUID(int=hasard.getrandbits(128), version=4),
            )
        )
    with transaction.atomic():
        OperationHeures.objects.bulk_create(operations)
        EcritureHeures.objects.bulk_create(
            EcritureHeures(operation=operation, compte_id=compte, montant=montant, passee_le=operation.jour)
            for operation in operations
            for compte, montant in (
                (operation.aidant_id, operation.heures),
                (operation.aide_id, -operation.heures),
            )
        )


def _chronometrer(acte) -> float:
    depart = time.perf_counter()
    acte()
    return (time.perf_counter() - depart) * 1000


def _pages(client, comptes):
    annee = date.today().year - 1
    proches = {
        "account page": lambda cle: reverse("ressources:heures_compte", args=[cle]),
        "statement CSV": lambda cle: reverse("ressources:heures_releve", args=[cle, annee, "csv"]),
        "statement PDF": lambda cle: reverse("ressources:heures_releve", args=[cle, annee, "pdf"]),
        "propose form": lambda cle: reverse("ressources:heures_proposer", args=[cle]),
    }
    for nom, url in proches.items():

        def lire(cle, url=url):
            reponse = client.get(url(cle))
            assert reponse.status_code == 200
            if reponse.streaming:
                b"".join(reponse.streaming_content)

        lire(comptes[0])
        yield nom, [_chronometrer(lambda cle=cle: lire(cle)) for cle in comptes]


def _confirmations(comptes):
    operations = [
        heures.proposer(
            CompteHeures.objects.get(pk=aidant),
            autre=CompteHeures.objects.get(pk=aide),
            cote="aidant",
            heures=Decimal("0.25"),
            jour=timezone.localdate(),
            objet="Bench",
            par=None,
            cle=uuid.uuid4(),
        )
        for aidant, aide in pairwise(comptes)
    ]
    return [_chronometrer(lambda op=op: heures.confirmer(op, par=None, cote="aide")) for op in operations]


def principal() -> bool:
    preparer()
    client = Client()
    client.force_login(Utilisateur.objects.get(email="bench@example.org"))
    actifs = EcritureHeures.objects.values("compte").annotate(n=Count("pk")).order_by("-n")
    plus_charge = actifs[0]
    comptes = [plus_charge["compte"], *[ligne["compte"] for ligne in actifs[1 : MESURES * 4 : 4]]]
    assert not CompteHeures.objects.incoherents().exists()
    print(f"\n{EcritureHeures.objects.count()} entries, {COMPTES} accounts; the busiest has {plus_charge['n']}")
    print(f"{'':16} {'number':>7} {'p50':>8} {'p95':>8} {'max':>8} {'target':>7}")
    tenues = True
    for nom, temps in [*_pages(client, comptes), ("confirm", _confirmations(comptes))]:
        ordre = sorted(temps)
        p95 = ordre[int(len(ordre) * 0.95)]
        tient = p95 < CIBLES_MS[nom]
        tenues &= tient
        print(
            f"{nom:16} {len(ordre):7} {ordre[len(ordre) // 2]:8.1f} {p95:8.1f} {ordre[-1]:8.1f} {CIBLES_MS[nom]:7}"
            f" {'ok' if tient else 'MISSED'}",
            flush=True,
        )
    assert not CompteHeures.objects.incoherents().exists()
    depart = time.perf_counter()
    CompteHeures.objects.incoherents().count()
    print(f"ms, warm; the nightly check of every balance: {(time.perf_counter() - depart) * 1000:.0f} ms")
    print(f"load {os.getloadavg()[0]:.1f}")
    return tenues


if __name__ == "__main__":
    sys.exit(0 if principal() else 1)
