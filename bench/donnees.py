"""200,000 invented structures, seeded, loaded with COPY; the triggers write what search reads."""

import csv
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.utils.text import slugify

from annuaire.models import Activite, Commune, Competence, Label, Structure
from pole_ess.embedded_db import Cluster

from . import vocabulaire as v

GRAINE = 2014
COMMUNES_INVENTEES = 2500
VERSION = "2"
"""Changes when the data or the schema of the search do: the database is built again."""


def preparer(nom: str, nombre: int) -> None:
    """The database `nom` with `nombre` structures; built unless it is there, and its schema can follow."""
    cluster = Cluster(settings.BENCH_DIR)
    cluster.ensure_running()
    cluster.ensure_database(nom)
    connections.close_all()
    connection.settings_dict["NAME"] = nom
    if _est_faite(nombre):
        try:
            call_command("migrate", verbosity=0)
        except (ProgrammingError, InconsistentMigrationHistory):
            pass  # built by another version of a migration
        else:
            return
    print(f"Building {nombre} structures in {nom} (once)…", flush=True)
    with connection._nodb_cursor() as cursor:
        connection.close()
        cursor.execute(f'DROP DATABASE "{nom}" WITH (FORCE)')
    cluster.ensure_database(nom)
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        _remplir(cursor, nombre)
        cursor.execute("CREATE TABLE bench_faite (version text, nombre integer)")
        cursor.execute("INSERT INTO bench_faite VALUES (%s, %s)", [VERSION, nombre])
        cursor.execute("VACUUM (ANALYZE)")


def _est_faite(nombre: int) -> bool:
    with connection.cursor() as cursor:
        if "bench_faite" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT 1 FROM bench_faite WHERE version = %s AND nombre = %s", [VERSION, nombre])
        return cursor.fetchone() is not None


def _remplir(cursor, nombre: int) -> None:
    hasard = Random(GRAINE)
    communes = _communes(hasard)
    Commune.objects.bulk_create(communes)
    activites = _activites()
    competences = Competence.objects.bulk_create([Competence(nom=nom, slug=slugify(nom)) for nom in v.COMPETENCES])
    labels = Label.objects.bulk_create([Label(nom=nom, slug=slugify(nom)) for nom in v.LABELS])
    tirages = {
        "commune": v.Zipf(communes, 0.8),
        "activite": v.Zipf(activites, 0.7),
        "competence": v.Zipf(competences, 0.7),
        "propre": v.Zipf(v.noms_propres(hasard, max(200, nombre // 5)), 0.5),
        "mot": v.Zipf(v.MOTS, 0.6),
    }
    structures, liens_a, liens_c, liens_l = [], [], [], []
    for pk in range(1, nombre + 1):
        structures.append(_structure(hasard, pk, tirages))
        siennes = {tirages["activite"].tirer(hasard).pk for _ in range(hasard.choice([1, 1, 2, 2, 3]))}
        liens_a += [(pk, a) for a in siennes]
        liens_c += [(pk, c) for c in {tirages["competence"].tirer(hasard).pk for _ in range(hasard.randrange(4))}]
        if hasard.random() < 0.1:
            fin = hasard.choice([None, "2020-01-01", "2099-01-01"])
            liens_l.append((pk, hasard.choice(labels).pk, fin))
    # Links first, their keys unchecked: each structure then finds its words as it comes in.
    cursor.execute("SET session_replication_role = replica")
    _copier(cursor, "annuaire_structure_activites (structure_id, activite_id)", liens_a)
    _copier(cursor, "annuaire_structure_competences (structure_id, competence_id)", liens_c)
    _copier(cursor, "annuaire_labelstructure (structure_id, label_id, expire_le)", liens_l)
    cursor.execute("ANALYZE annuaire_structure_activites, annuaire_structure_competences, annuaire_labelstructure")
    cursor.execute("SET session_replication_role = DEFAULT")
    copier(cursor, "annuaire_structure", COLONNES, structures, Structure)


COLONNES = [
    "id", "nom", "sigle", "slug", "forme_juridique", "presentation", "missions", "commune_id", "latitude", "longitude",
    "position_origine", "siret", "etat", "publiee_le", "salaries_etp", "benevoles",
]  # fmt: skip


def _structure(hasard: Random, pk: int, tirages: dict) -> list:
    commune = tirages["commune"].tirer(hasard)
    propre = tirages["propre"].tirer(hasard)
    genre = hasard.choice(v.TYPES)
    sujet = tirages["mot"].tirer(hasard)
    nom = hasard.choice([f"{genre} {propre}", f"{genre} {propre} {sujet}", f"{genre} de {sujet} de {commune.nom}"])
    situee = hasard.random() < 0.95
    phrases = [
        phrase.format(
            public=hasard.choice(v.PUBLICS),
            a=tirages["mot"].tirer(hasard),
            b=tirages["mot"].tirer(hasard),
            nom=tirages["propre"].tirer(hasard),
        )
        for phrase in hasard.sample(v.PHRASES, hasard.choice([2, 3, 4, 5]))
    ]
    return [
        pk, nom, nom[:3].upper() if hasard.random() < 0.2 else "", f"{slugify(nom)[:150]}-{pk}",
        hasard.choices(list(v.FORMES), weights=v.FORMES.values())[0],
        " ".join(phrases[:-1]), phrases[-1], commune.code,
        commune.latitude + hasard.gauss(0, 0.01) if situee else None,
        commune.longitude + hasard.gauss(0, 0.015) if situee else None,
        "adresse" if situee else "",
        f"{hasard.randrange(10**13, 10**14)}" if hasard.random() < 0.6 else "",
        "publiee" if hasard.random() < 0.97 else "a_valider",
        f"2026-{hasard.randrange(1, 12):02d}-{hasard.randrange(1, 28):02d} 10:00:00+01",
        round(hasard.expovariate(1 / 3), 1) if hasard.random() < 0.4 else None,
        hasard.randrange(60) if hasard.random() < 0.5 else None,
    ]  # fmt: skip


def _communes(hasard: Random) -> list[Commune]:
    """The project's own territory first (the most crowded), then invented ones over the whole country."""
    communes, codes = [], set()
    table = Path(settings.BASE_DIR) / "data" / "communes-territoire.csv"
    if table.exists():
        with table.open(encoding="utf-8", newline="") as fichier:
            for ligne in csv.DictReader(fichier):
                if ligne.get("latitude") and ligne.get("longitude") and ligne["code"] not in codes:
                    codes.add(ligne["code"])
                    communes.append(
                        Commune(
                            code=ligne["code"],
                            nom=ligne["nom"],
                            codes_postaux=(ligne.get("codes_postaux") or ligne.get("code_postal") or "").split(),
                            latitude=float(ligne["latitude"]),
                            longitude=float(ligne["longitude"]),
                        )
                    )
        hasard.shuffle(communes)
    for rang, nom in enumerate(v.noms_propres(hasard, COMMUNES_INVENTEES)):
        code = f"{1 + rang % 94:02d}{900 - rang // 94:03d}"
        if code not in codes:
            position = {"latitude": hasard.uniform(43.2, 50.2), "longitude": hasard.uniform(-1.2, 7.0)}
            communes.append(
                Commune(code=code, nom=nom, codes_postaux=[f"{code[:2]}{hasard.randrange(1000):03d}"], **position)
            )
    return communes


def _activites() -> list[Activite]:
    for ordre, (nom, enfants) in enumerate(v.THEMES.items()):
        parent = Activite.objects.create(nom=nom, slug=slugify(nom), ordre=ordre, en_avant=ordre < 10)
        Activite.objects.bulk_create([Activite(nom=e, slug=slugify(e), parent=parent) for e in enfants])
    return list(Activite.objects.exclude(parent=None))


def copier(cursor, table: str, colonnes: list[str], lignes, modele) -> None:
    """COPY of these columns; the others that allow no null take the default of the model."""
    defauts = _defauts(modele, colonnes)
    complets = ([*ligne, *defauts.values()] for ligne in lignes)
    _copier(cursor, f"{table} ({', '.join([*colonnes, *defauts])})", complets)


def _defauts(modele, colonnes: list[str]) -> dict:
    valeurs = {}
    for champ in modele._meta.concrete_fields:
        if champ.column in colonnes or champ.generated or champ.null or champ.primary_key:
            continue
        valeurs[champ.column] = champ.get_db_prep_save(champ.pre_save(modele(), add=True), connection)
    return valeurs


def _copier(cursor, cible: str, lignes) -> None:
    with cursor.copy(f"COPY {cible} FROM STDIN") as copie:
        for ligne in lignes:
            copie.write_row(ligne)
