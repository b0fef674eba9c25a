"""`python -m bench`: raw SQL and page times of 100 seeded, warm queries of each kind, then requests per second."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("POLE_ESS_PG_SANS_FSYNC", "1")  # a throw-away cluster
os.environ.setdefault("POLE_ESS_PG_SHARED_BUFFERS", "1GB")  # what 200,000 structures deserve

import django

django.setup()

from bench import annonces, debit, donnees, mesures  # noqa: E402 - after django.setup()

GRANDE, PETITE = 200_000, 300


def main() -> int:
    donnees.preparer("bench_petite", PETITE)
    donnees.preparer("bench_grande", GRANDE)
    annonces.preparer(GRANDE)
    tenues = mesures.mesurer(GRANDE)
    debit.mesurer()
    return 0 if tenues else 1


if __name__ == "__main__":
    sys.exit(main())
