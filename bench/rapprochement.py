"""`python -m bench.rapprochement`: one new need against 200,000 open offers, 120 seeded needs, warm."""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("BENCH_BASE", "bench_rapprochement")
os.environ.setdefault("POLE_ESS_PG_SANS_FSYNC", "1")  # a throw-away cluster
os.environ.setdefault("POLE_ESS_PG_SHARED_BUFFERS", "1GB")

import django

django.setup()

from datetime import timedelta  # noqa: E402 - after django.setup()
from random import Random  # noqa: E402

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from annuaire.models import Commune, Structure  # noqa: E402
from bench import donnees, vocabulaire  # noqa: E402
from ressources.categories import charger  # noqa: E402
from ressources.models import Annonce, Categorie  # noqa: E402
from ressources.rapprochement import chercher, lexique  # noqa: E402

BASE = "bench_rapprochement"
OFFRES, STRUCTURES, BESOINS = 200_000, 20_000, 120
CIBLE_MS = 300
GRAINE = 2014
MODES = {
    "materiel": "pret", "local": "pret", "competence": "service_gratuit", "artiste": "service_gratuit",
    "entraide": "service_gratuit", "benevolat": "service_gratuit", "formation": "service_gratuit",
    "achat_groupe": "echange",
}  # fmt: skip


def preparer() -> None:
    """20,000 structures, then 200,000 published offers: built once."""
    donnees.preparer(BASE, STRUCTURES)
    if Annonce.objects.filter(sens="offre").count() >= OFFRES:
        _rafraichir()
        return
    print(f"Building {OFFRES} offers in {BASE} (once)…", flush=True)
    charger()
    hasard = Random(GRAINE)
    choses = vocabulaire.Zipf(_choses(), 0.7)
    mots = vocabulaire.Zipf(vocabulaire.MOTS, 0.6)
    structures = vocabulaire.Zipf(
        list(Structure.objects.filter(etat="publiee").order_by("pk").values_list("pk", "commune_id")), 0.3
    )
    colonnes, defauts = _colonnes()
    with connection.cursor() as cursor:
        donnees._copier(
            cursor,
            f"ressources_annonce ({', '.join([*colonnes, *defauts])})",
            ([*_offre(hasard, pk, choses, mots, structures), *defauts.values()] for pk in range(1, OFFRES + 1)),
        )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('ressources_annonce', 'id'), max(id)) FROM ressources_annonce"
        )
        cursor.execute("VACUUM (ANALYZE)")


def _rafraichir() -> None:
    """Built another day: the offers must still be open."""
    fin = timezone.localdate() + timedelta(days=30)
    if Annonce.objects.filter(sens="offre", expire_le__lt=fin).exists():
        Annonce.objects.filter(sens="offre").update(expire_le=fin + timedelta(days=60))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) ressources_annonce")


def _choses() -> list:
    """(category, thing): every word that the categories know, the most common first."""
    choses = [
        (categorie, mot.strip())
        for categorie in Categorie.objects.order_by("pk")
        for mot in [*categorie.synonymes.split(","), categorie.nom]
    ]
    Random(GRAINE).shuffle(choses)
    return choses


COLONNES = [
    "id", "sens", "nature", "mode", "titre", "description", "categorie_id", "structure_id", "commune_id", "quantite",
    "etat", "publiee_le", "expire_le",
]  # fmt: skip


def _colonnes() -> tuple[list, dict]:
    defauts = {}
    for champ in Annonce._meta.concrete_fields:
        if champ.column in COLONNES or champ.generated or champ.null or champ.column == "cle":
            continue
        defauts[champ.column] = champ.get_db_prep_save(champ.pre_save(Annonce(), add=True), connection)
    return [*COLONNES, "cle"], defauts


def _offre(hasard, pk, choses, mots, structures) -> list:
    categorie, chose = choses.tirer(hasard)
    structure, commune = structures.tirer(hasard)
    complement = mots.tirer(hasard)
    titre = hasard.choice([f"{chose}", f"{chose} pour {complement}", f"Prêt de {chose}", f"{chose} et {complement}"])
    description = " ".join(
        phrase.format(
            public=hasard.choice(vocabulaire.PUBLICS), a=mots.tirer(hasard), b=mots.tirer(hasard), nom=f"nom{pk % 9973}"
        )
        for phrase in hasard.sample(vocabulaire.PHRASES, 2)
    )
    maintenant = timezone.now()
    return [
        pk, "offre", categorie.nature, MODES[categorie.nature], titre[:120].capitalize(), description,
        categorie.pk if hasard.random() < 0.9 else None, structure, commune, hasard.choice([1, 1, 1, 5, 20, 100]),
        "publiee", maintenant - timedelta(minutes=pk), timezone.localdate() + timedelta(days=90),
        f"00000000-0000-4000-8000-{pk:012d}",
    ]  # fmt: skip


def _besoins() -> list[Annonce]:
    """Seeded needs, saved: a need of each thing in turn, common and rare, in the crowded communes and elsewhere."""
    Annonce.objects.filter(sens="besoin").delete()
    hasard = Random(GRAINE + 1)
    choses = _choses()
    communes = vocabulaire.Zipf(list(Commune.objects.order_by("pk")), 0.8)
    structures = list(Structure.objects.filter(etat="publiee").order_by("pk")[:500])
    mots = vocabulaire.Zipf(vocabulaire.MOTS, 0.6)
    besoins = []
    for rang in range(BESOINS):
        categorie, chose = choses[rang * 2 % len(choses)]  # Zipf draws the first ones most
        besoin = Annonce.objects.create(
            sens="besoin", nature=categorie.nature, mode=MODES[categorie.nature],
            titre=f"Cherche {chose} pour {mots.tirer(hasard)}",
            description=f"Pour {hasard.choice(vocabulaire.PUBLICS)}.",
            categorie=categorie if rang % 3 else None, structure=hasard.choice(structures),
            commune=communes.tirer(hasard), etat="publiee", publiee_le=timezone.now(),
            expire_le=timezone.localdate() + timedelta(days=90),
        )  # fmt: skip
        besoins.append(Annonce.objects.select_related("structure", "categorie", "commune").get(pk=besoin.pk))
    return besoins


def _courants(besoins) -> list[Annonce]:
    """The same needs, said with the words that most offers hold: what a cap is for."""
    choses = [chose for _, chose in _choses()[:8]]
    hasard = Random(GRAINE + 2)
    for besoin in besoins[:40]:
        besoin.titre = " ".join([*hasard.sample(choses, 3), *vocabulaire.MOTS[:3]])[:120]
        besoin.description = " ".join(vocabulaire.MOTS[:12])
    return besoins[:40]


def mesurer() -> bool:
    lexique.vocabulaire()
    besoins = _besoins()
    tient = _serie("new needs", besoins)
    return _serie("common words", _courants(besoins)) and tient


def _serie(nom, besoins) -> bool:
    temps, nombres, requetes = [], [], []
    for besoin in besoins:
        chercher(besoin)  # warm
        vues = []
        with connection.execute_wrapper(lambda execute, *a, vues=vues: (vues.append(1), execute(*a))[1]):
            depart = time.perf_counter()
            accords = chercher(besoin)
            temps.append((time.perf_counter() - depart) * 1000)
        nombres.append(len(accords))
        requetes.append(len(vues))
    rangs = sorted(temps)
    p95 = rangs[round(0.95 * len(rangs)) - 1]
    print(
        f"{nom:14} p50 {rangs[len(rangs) // 2]:5.0f}  p95 {p95:5.0f}  max {rangs[-1]:5.0f} ms  target {CIBLE_MS}"
        f"  {'ok' if p95 < CIBLE_MS else 'MISSED'}  ({len(rangs)} needs against {OFFRES} offers,"
        f" {min(requetes)}-{max(requetes)} queries, {sum(n > 0 for n in nombres)} matched,"
        f" load {os.getloadavg()[0]:.1f})",
        flush=True,
    )
    return p95 < CIBLE_MS


if __name__ == "__main__":
    preparer()
    sys.exit(0 if mesurer() else 1)
