"""`python -m bench.livret`: the paper directory of 100 to 2,000 invented structures, set in a process of its own."""

import os
import resource
import time
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pole_ess.settings.dev")  # no database is opened

import django

django.setup()

from bench.vocabulaire import MOTS  # noqa: E402 - after django.setup()
from pole_ess.portail.papier.livret import carre  # noqa: E402
from pole_ess.socle import documents  # noqa: E402

CAS = [(100, "a4"), (200, "a4"), (1_000, "a4"), (2_000, "a4"), (2_000, "gros")]
RUBRIQUES, SECTIONS, COMMUNES = 12, 5, 40


def donnees(combien: int, format_papier: str) -> dict:
    """The same shape as pole_ess.portail.papier.livret.donnees, without a database."""
    hasard = Random(2014)
    fiches = [_fiche(rang, hasard) for rang in range(combien)]
    parts = [fiches[rang :: RUBRIQUES * SECTIONS] for rang in range(RUBRIQUES * SECTIONS)]
    sections = [
        {
            "nom": f"Section {rang}",
            "fiches": part,
            "renvois": [_ligne(f) for f in hasard.sample(fiches, len(part) // 3)],
        }
        for rang, part in enumerate(parts)
    ]
    communes = [_groupe(f"Commune {rang}", fiches[rang::COMMUNES]) for rang in range(COMMUNES)]
    lettres = [_groupe(chr(65 + rang), fiches[rang::26]) for rang in range(26)]
    return {
        "format": format_papier,
        "titre": "Annuaire",
        "titre_court": "Annuaire",
        "sous_titre": "",
        "auteur": "Banc",
        "mots_cles": ["annuaire"],
        "pole": "Pôle ESS",
        "territoire": "Territoire",
        "compte": f"{combien} structures",
        "date_mots": "À jour d'aujourd'hui",
        "adresse": "https://pole.example.org/",
        "adresse_courte": "pole.example.org",
        "qr": carre("https://pole.example.org/"),
        "qr_description": "Code carré",
        "pied": "Banc",
        "lire": {"intro": "", "points": ["Un point."]},
        "corriger": ["Une phrase."],
        "mentions": ["Une phrase."],
        "chapitres": [
            {"nom": f"Rubrique {rang}", "sections": sections[rang * SECTIONS : (rang + 1) * SECTIONS]}
            for rang in range(RUBRIQUES)
        ],
        "index": [
            {"titre": "Index par commune", "groupes": communes},
            {"titre": "Index alphabétique", "groupes": lettres},
        ],
    }


def _fiche(rang: int, hasard: Random) -> dict:
    return {
        "cle": f"s{rang}",
        "nom": f"{' '.join(hasard.sample(MOTS, 3))} {rang}",
        "adresse": f"https://pole.example.org/annuaire/s{rang}/",
        "situation": "Association · Commune (03000)",
        "texte": " ".join(hasard.choices(MOTS, k=30)),
        "lignes": [
            ["Adresse", "12 rue de l'Exemple", None],
            ["Téléphone", "01 99 00 12 34", None],
            ["E-mail", "contact@structure.example.org", "mailto:contact@structure.example.org"],
        ],
    }


def _groupe(nom: str, fiches) -> dict:
    return {"nom": nom, "lignes": [_ligne(fiche) for fiche in fiches]}


def _ligne(fiche: dict) -> list[str]:
    return [fiche["nom"], fiche["cle"]]


def main() -> None:
    print("| structures | format | processor, s | clock, s | KB |\n|---:|---|---:|---:|---:|")
    for combien, format_papier in CAS:
        contenu = donnees(combien, format_papier)
        avant, depart = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        octets = documents.pdf_a_part("livret", contenu)
        apres, duree = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - depart
        processeur = apres.ru_utime + apres.ru_stime - avant.ru_utime - avant.ru_stime
        print(f"| {combien:,} | {format_papier} | {processeur:.1f} | {duree:.1f} | {len(octets) // 1024:,} |")
    print(f"\nLargest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
