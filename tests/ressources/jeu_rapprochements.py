"""The labelled needs and offers (donnees/rapprochements_*.csv), loaded, matched and judged.

« reglage » is the half that weights were tuned on; « controle » was held out: no theme is in both. `bonnes` are the
right offers, `passables` those that are neither wrong nor missed. Days are counted from today.
"""

import csv
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.db import connection
from django.utils import timezone

from ressources.categories import charger
from ressources.models import Annonce, Categorie, Periode
from tests.factories import CommuneFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory

DONNEES = Path(__file__).parent / "donnees"
LIMITE = 6
LIEUX = {
    "vichy": ("03310", 46.1277, 3.4266), "cusset": ("03095", 46.1343, 3.4564),
    "bellerive": ("03023", 46.1170, 3.4040), "stgermain": ("03236", 46.2060, 3.4330),
    "gannat": ("03118", 46.1000, 3.1990), "varennes": ("03298", 46.3130, 3.4030),
    "lapalisse": ("03138", 46.2500, 3.6370), "mayet": ("03165", 46.0710, 3.6670),
    "moulins": ("03190", 46.5660, 3.3330), "montlucon": ("03185", 46.3400, 2.6000),
    "clermont": ("63113", 45.7800, 3.0870), "lyon": ("69123", 45.7600, 4.8400), "thiers": ("63430", 45.8560, 3.5480),
}  # fmt: skip


@dataclass
class Jeu:
    offres: dict
    besoins: dict
    lignes: list


def lire(nom) -> list[dict]:
    with (DONNEES / f"rapprochements_{nom}.csv").open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def charger_le_jeu() -> Jeu:
    charger()
    categories = {c.slug: c for c in Categorie.objects.all()}
    communes = {
        lieu: CommuneFactory(code=code, nom=f"Lieu {code}", codes_postaux=[], latitude=lat, longitude=lon)
        for lieu, (code, lat, lon) in LIEUX.items()
    }
    besoins = lire("besoins")
    offres = {ligne["cle"]: _creer(ligne, "offre", communes, categories) for ligne in lire("offres")}
    return Jeu(offres, {b["cle"]: _creer(b, "besoin", communes, categories) for b in besoins}, besoins)


def _creer(ligne, sens, communes, categories) -> Annonce:
    annonce = AnnonceFactory(
        sens=sens,
        nature=ligne["nature"],
        mode=ligne["mode"],
        titre=ligne["titre"],
        description=ligne["description"],
        categorie=categories[ligne["categorie"]] if ligne["categorie"] else None,
        structure=StructureFactory(commune=communes[ligne["lieu"]]),
        quantite=int(ligne["quantite"]),
        prix=Decimal(ligne["prix"]) if ligne["prix"] else None,
        prix_unite=ligne["unite"],
        presence=ligne["presence"] or "",
    )
    if ligne["du"]:
        jours = [timezone.localdate() + timedelta(days=int(ligne[bout])) for bout in ("du", "au")]
        Periode.objects.create(annonce=annonce, debut=jours[0], fin=jours[1])
    return annonce


PLEIN_TEXTE = """
SELECT a.id FROM ressources_annonce a,
    (SELECT replace(plainto_tsquery('public.fr', public.annuaire_singulier(%s))::text, ' & ', ' | ')::tsquery AS q) r
WHERE a.sens = 'offre' AND a.etat = 'publiee' AND a.structure_id <> %s AND a.recherche_vecteur @@ r.q
AND (NOT %s OR a.nature = %s)
ORDER BY ts_rank(a.recherche_vecteur, r.q) DESC, a.id LIMIT %s
"""


def plein_texte(besoin, *, meme_nature=False) -> list[int]:
    """What the plain full-text ranking answers: any word of the title, best rank first, same cut-off."""
    with connection.cursor() as cursor:
        cursor.execute(PLEIN_TEXTE, [besoin.titre, besoin.structure_id, meme_nature, besoin.nature, LIMITE])
        return [pk for (pk,) in cursor]


@dataclass
class Mesure:
    precision: float
    rappel: float
    mrr: float
    silences: str

    @property
    def f1(self) -> float:
        somme = self.precision + self.rappel
        return 2 * self.precision * self.rappel / somme if somme else 0.0

    def __str__(self):
        return (
            f"precision {self.precision:.2f}  recall {self.rappel:.2f}  F1 {self.f1:.2f}  MRR {self.mrr:.2f}"
            f"  needs without an answer left alone {self.silences}"
        )


def mesurer(jeu, moitie, repondre) -> Mesure:
    """`repondre(besoin)`: keys of offers, best first. Passable ones count neither for nor against."""
    noms = {offre.pk: cle for cle, offre in jeu.offres.items()}
    justes = montres = attendus = tus = sans = 0
    rangs = []
    for ligne in jeu.lignes:
        if ligne["moitie"] != moitie:
            continue
        bonnes, passables = set(ligne["bonnes"].split()), set(ligne["passables"].split())
        reponse = [noms[pk] for pk in repondre(jeu.besoins[ligne["cle"]])]
        comptes = [cle for cle in reponse if cle not in passables]
        justes += len(bonnes & set(reponse))
        montres += len(comptes)
        attendus += len(bonnes)
        if bonnes:
            rangs.append(next((1 / rang for rang, cle in enumerate(comptes, 1) if cle in bonnes), 0))
        else:
            sans += 1
            tus += not comptes
    return Mesure(justes / montres if montres else 0, justes / attendus, sum(rangs) / len(rangs), f"{tus}/{sans}")


def fautes(jeu, moitie, repondre) -> list[str]:
    """What is wrong or missed, need by need."""
    noms = {offre.pk: cle for cle, offre in jeu.offres.items()}
    dites = []
    for ligne in jeu.lignes:
        if ligne["moitie"] != moitie:
            continue
        bonnes, passables = set(ligne["bonnes"].split()), set(ligne["passables"].split())
        reponse = [noms[pk] for pk in repondre(jeu.besoins[ligne["cle"]])]
        faux = [f"{cle} ({jeu.offres[cle].titre})" for cle in reponse if cle not in bonnes | passables]
        manques = sorted(bonnes - set(reponse))
        if faux or manques:
            dites.append(f"{ligne['cle']} {ligne['titre']} : faux {faux}, manques {manques}")
    return dites
