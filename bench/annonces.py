"""200,000 invented announcements in the bench's database: seeded, loaded with COPY, with their bookings and dates."""

from datetime import date, timedelta
from random import Random

from django.db import connection

from annuaire.models import Commune
from ressources.categories import charger
from ressources.models import Annonce, Bilan, Calendrier, Categorie, Fermeture, Periode, Reservation
from ressources.modes import PAYANTS
from ressources.natures import PROFILS

from . import vocabulaire as v
from .donnees import copier

GRAINE = 77
VERSION = "2"
"""Changes when the data or the schema of their search do: they are written again."""

OBJETS = {
    "materiel": ["chaises pliantes", "tables", "vidéoprojecteur", "sono portable", "barnum", "remorque", "écran",
                 "ordinateurs portables", "praticables", "grilles d'exposition", "percolateur", "tondeuse", "enceintes",
                 "micros sans fil", "vaisselle", "frigo", "machine à coudre", "vélos", "tentes", "gradins"],
    "local": ["salle de réunion", "salle de spectacle", "bureau partagé", "cuisine équipée", "atelier", "hangar",
              "studio de répétition", "terrain", "local de stockage", "salle de sport"],
    "competence": ["comptabilité", "graphisme", "site internet", "montage de dossiers", "traduction", "photographie",
                   "secrétariat", "droit des associations", "menuiserie", "électricité"],
    "artiste": ["conteuse", "trio de jazz", "clown", "bal folk", "marionnettes", "chorale", "fanfare", "magicien"],
    "entraide": ["coup de main au déménagement", "garde d'enfants", "remplacement d'animateur", "covoiturage",
                 "relecture", "prêt de bras"],
    "benevolat": ["bénévoles pour la buvette", "distribution de tracts", "aide aux devoirs", "visites", "collecte"],
    "formation": ["premiers secours", "prise de parole", "comptabilité associative", "informatique", "braille"],
    "achat_groupe": ["papier", "gaz", "denrées bio", "assurances", "fournitures de bureau"],
}  # fmt: skip
POIDS_NATURES = {
    "materiel": 38, "local": 14, "competence": 16, "artiste": 9, "entraide": 8, "benevolat": 8, "formation": 5,
    "achat_groupe": 2,
}  # fmt: skip
PHRASES = [
    "En bon état, avec {autre}, à venir chercher à {lieu}.", "Pour {public}, surtout le week-end.",
    "Disponible pour les associations voisines, {autre} en plus sur demande.",
    "Nous cherchons aussi {autre} pour {public}.", "Idéal pour un atelier de {mot} ou une fête de {mot}.",
    "Demandez {nom} à l'accueil.", "Convient à {public}.",
]  # fmt: skip
AUJOURDHUI = date.today()
COLONNES = [
    "id", "sens", "nature", "mode", "titre", "description", "categorie_id", "structure_id", "commune_id", "quantite",
    "quantite_prise", "partage", "prix", "prix_unite", "prix_sur_demande", "etat", "publiee_le", "expire_le",
    "urgente_pour", "close_le", "cle",
]  # fmt: skip


def preparer(nombre: int) -> None:
    """The announcements of the current database; written again when their VERSION changed or the day moved on."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_annonces (version text, nombre integer, jour date)")
        cursor.execute(
            "SELECT 1 FROM bench_annonces WHERE version = %s AND nombre = %s AND jour > %s",
            [VERSION, nombre, AUJOURDHUI - timedelta(days=14)],
        )
        if cursor.fetchone():
            return
        print(f"Building {nombre} announcements (once)…", flush=True)
        cursor.execute("TRUNCATE ressources_annonce, ressources_motannonce RESTART IDENTITY CASCADE")
        charger()
        _remplir(cursor, nombre)
        cursor.execute("DELETE FROM bench_annonces")
        cursor.execute("INSERT INTO bench_annonces VALUES (%s, %s, %s)", [VERSION, nombre, AUJOURDHUI])
        cursor.execute("SELECT setval('ressources_annonce_id_seq', (SELECT max(id) FROM ressources_annonce))")
        cursor.execute("VACUUM (ANALYZE)")


def _remplir(cursor, nombre: int) -> None:
    hasard = Random(GRAINE)
    communes = v.Zipf([c.code for c in Commune.objects.order_by("code")], 0.8)
    noms = dict(Commune.objects.values_list("code", "nom"))
    cursor.execute("SELECT id, commune_id FROM annuaire_structure WHERE etat = 'publiee' ORDER BY id")
    structures = cursor.fetchall()
    categories: dict[str, list[int]] = {}
    for categorie in Categorie.objects.order_by("pk"):
        categories.setdefault(categorie.nature, []).append(categorie.pk)
    propres = v.Zipf(v.noms_propres(hasard, max(200, nombre // 5)), 0.5)
    mots = v.Zipf(v.MOTS, 0.6)
    annonces, periodes, calendriers, reservations, fermetures = [], [], [], [], []
    for pk in range(1, nombre + 1):
        structure, commune = hasard.choice(structures)
        if hasard.random() < 0.1:
            commune = communes.tirer(hasard)
        ligne = _annonce(hasard, pk, structure, commune, noms, categories, propres, mots)
        annonces.append(ligne)
        if hasard.random() < 0.25:
            periodes += _periodes(hasard, pk)
        reservable = ligne[1] == "offre" and ligne[2] in ("materiel", "local") and ligne[3] in ("pret", "location")
        if reservable and hasard.random() < 0.4:
            _calendrier(hasard, pk, structures, calendriers, reservations, fermetures)
    copier(cursor, "ressources_annonce", COLONNES, annonces, Annonce)
    copier(cursor, "ressources_bilan", ["annonce_id", "structure_id", "avec_id", "heures"], _bilans(annonces), Bilan)
    copier(cursor, "ressources_periode", ["annonce_id", "debut", "fin"], periodes, Periode)
    copier(
        cursor, "ressources_calendrier", ["id", "annonce_id", "genre", "capacite", "pas", "jeton_agenda"], calendriers,
        Calendrier,
    )  # fmt: skip
    copier(
        cursor, "ressources_reservation",
        ["calendrier_id", "exclusive", "structure_id", "quantite", "periode", "blocage", "etat", "cle"], reservations,
        Reservation,
    )  # fmt: skip
    copier(cursor, "ressources_fermeture", ["calendrier_id", "genre", "periode"], fermetures, Fermeture)


def _annonce(hasard: Random, pk, structure, commune, noms, categories, propres, mots) -> list:
    nature = hasard.choices(list(POIDS_NATURES), weights=POIDS_NATURES.values())[0]
    sens = "offre" if hasard.random() < 0.7 else "besoin"
    mode = hasard.choice(PROFILS[nature].modes)
    objet = hasard.choice(OBJETS[nature])
    titre = hasard.choice(
        [f"{hasard.randrange(2, 200)} {objet}", f"{objet.capitalize()} {propres.tirer(hasard)}",
         f"{objet.capitalize()} pour {mots.tirer(hasard)}", f"{objet.capitalize()} à {noms.get(commune, 'Vichy')}"]
    )[:120]  # fmt: skip
    description = " ".join(
        phrase.format(
            autre=hasard.choice(OBJETS[nature]), lieu=noms.get(commune, "Vichy"), public=hasard.choice(v.PUBLICS),
            mot=mots.tirer(hasard), nom=propres.tirer(hasard),
        )
        for phrase in hasard.sample(PHRASES, hasard.choice([1, 2, 3]))
    )  # fmt: skip
    lot = sens == "offre" and mode == "don" and hasard.random() < 0.2
    quantite = hasard.choice([1, 1, 1, 2, 10, 50]) + (5 if lot else 0)
    payant = mode in PAYANTS
    age = hasard.randrange(0, 120)
    etat = hasard.choices(["publiee", "pourvue", "brouillon"], weights=[94, 4, 2])[0]
    return [
        pk, sens, nature, mode, titre, description,
        hasard.choice(categories[nature]) if categories.get(nature) and hasard.random() < 0.9 else None,
        structure, commune, quantite, hasard.choice([0, 2, quantite]) if lot else 0, "premier_arrive" if lot else "",
        hasard.choice([0, 5, 10, 20, 50, 120, 450]) if payant else None,
        hasard.choice(["heure", "jour", "total"]) if payant else "", False, etat,
        f"{AUJOURDHUI - timedelta(days=age)} {hasard.randrange(7, 21):02d}:{hasard.randrange(60):02d}:00+01",
        AUJOURDHUI + timedelta(days=90 - age + hasard.choice([0, 0, 30, 90])),
        AUJOURDHUI + timedelta(days=hasard.randrange(-10, 20)) if hasard.random() < 0.02 else None,
        f"{AUJOURDHUI - timedelta(days=hasard.randrange(age + 1))} 22:30:00+01" if etat == "pourvue" else None,
        f"00000000-0000-4000-8000-{pk:012d}",
    ]  # fmt: skip


def _periodes(hasard: Random, pk: int) -> list:
    debuts = {AUJOURDHUI + timedelta(days=hasard.randrange(-20, 200)) for _ in range(hasard.choice([1, 1, 2, 3]))}
    return [(pk, debut, debut + timedelta(days=hasard.choice([0, 1, 6, 30]))) for debut in sorted(debuts)]


def _bilans(annonces) -> list:
    """Of each that was met, its structure's word; of one in two, the other side's too."""
    lignes = []
    for ligne in annonces:
        faits = dict(zip(COLONNES, ligne, strict=True))
        if faits["etat"] != "pourvue":
            continue
        cle, structure = faits["id"], faits["structure_id"]
        autre = structure + 1 if structure == 1 else structure - 1
        lignes += [(cle, structure, autre, 3), (cle, autre, structure, 4)][: 1 + cle % 2]
    return lignes


def _calendrier(hasard: Random, pk: int, structures, calendriers, reservations, fermetures) -> None:
    """One in three is a pool; up to five bookings that follow one another, hence never overlap."""
    pool = hasard.random() < 0.33
    cle = len(calendriers) + 1
    calendriers.append((cle, pk, "pool" if pool else "exclusif", 50 if pool else 1, "jour", f"bench-{cle}"))
    jour = AUJOURDHUI + timedelta(days=hasard.randrange(1, 40))
    for _ in range(hasard.randrange(6)):
        fin = jour + timedelta(days=hasard.choice([1, 2, 7]))
        plage = f"[{jour} 00:00+01, {fin} 00:00+01)"
        reservations.append(
            (cle, not pool, hasard.choice(structures)[0], 10 if pool else 1, plage, plage,
             hasard.choice(["confirmee", "confirmee", "demandee"]), f"00000000-0000-4000-9000-{len(reservations):012d}")
        )  # fmt: skip
        jour = fin + timedelta(days=hasard.randrange(30))
    if hasard.random() < 0.1:
        fermetures.append((cle, "fermeture", f"[{jour} 00:00+01, {jour + timedelta(days=10)} 00:00+01)"))
