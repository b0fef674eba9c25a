"""The invented announcements: their words from annonces.csv, their pictures drawn, their dates counted from today."""

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from annuaire.models import Structure
from ressources.models import Annonce, Categorie, Periode, PhotoAnnonce

from . import images

SOURCE = "demonstration"
FICHIER = Path(__file__).with_name("annonces.csv")
VALIDITE = 90
NOMBRES = {"surface", "capacite", "jauge", "duree_minutes", "places"}
VRAIS = {"accessible_pmr", "residence_artistes", "travail_partage", "prix_sur_demande"}
PERIODES = {
    "theatre-spectacle": [(20, 48), (70, 90)],
    "fanfare-concert": [(10, 60)],
    "gravure-atelier": [(15, 40)],
    "besoin-artiste": [(30, 44)],
    "besoin-spectacle-cusset": [(28, 40)],
    "besoin-fanfare": [(18, 25)],
    "besoin-video": [(11, 12)],
    "besoin-sono2": [(25, 26)],
    "besoin-chaises": [(32, 33)],
    "psc1-handi": [(21, 21), (49, 49)],
    "tableur-clic": [(13, 27)],
    "benevoles-festival": [(40, 44)],
}
"""Key -> periods, in days from today."""
MOTIFS = {
    "refusee-vente": "Le portail accueille les échanges entre structures, pas la vente au public.",
    "corriger-salle": "Merci de dire la surface, l'adresse et les jours où le terrain est libre.",
}


def charger() -> dict[str, Annonce]:
    """Key -> announcement, for those created now; the others, and those whose structure is missing, are left out."""
    connues = set(Annonce.objects.filter(source=SOURCE).values_list("source_cle", flat=True))
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE).select_related("commune")}
    categories = {c.slug: c for c in Categorie.objects.all()}
    faites = {}
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        for rang, ligne in enumerate(csv.DictReader(fichier, delimiter=";")):
            if ligne["cle"] not in connues and ligne["structure"] in structures:
                annonce = _creer(ligne, structures[ligne["structure"]], categories[ligne["categorie"]])
                if ligne["dessin"]:
                    _illustrer(annonce, ligne["dessin"], rang)
                faites[ligne["cle"]] = annonce
    return faites


def _creer(ligne, structure, categorie) -> Annonce:
    maintenant, aujourdhui = timezone.now(), timezone.localdate()
    ecrite_le = maintenant - timedelta(days=int(ligne["age"]), hours=int(ligne["age"]) * 5 % 9)
    annonce = Annonce(
        structure=structure,
        commune=structure.commune,
        categorie=categorie,
        est_demonstration=True,
        source=SOURCE,
        source_cle=ligne["cle"],
        motif=MOTIFS.get(ligne["cle"], ""),
        **{champ: ligne[champ] for champ in ("sens", "nature", "mode", "titre", "description", "etat")},
        quantite=int(ligne["quantite"]),
        prix=_decimal(ligne["prix"]),
        prix_unite=ligne["unite"],
        caution=_decimal(ligne["caution"]),
    )
    for champ, valeur in _plus(ligne["plus"]):
        if champ == "urgente":
            annonce.urgente_pour = aujourdhui + timedelta(days=int(valeur))
        else:
            setattr(annonce, champ, valeur)
    if annonce.etat == "a_valider":
        annonce.soumise_le = ecrite_le
    if annonce.etat in ("publiee", "pourvue"):
        annonce.publiee_le = ecrite_le
        annonce.expire_le = timezone.localdate(ecrite_le) + timedelta(days=VALIDITE)
    if annonce.etat == "pourvue":
        annonce.close_le = maintenant - timedelta(days=5)
    annonce.save()
    for debut, fin in PERIODES.get(ligne["cle"], []):
        Periode.objects.create(
            annonce=annonce, debut=aujourdhui + timedelta(days=debut), fin=aujourdhui + timedelta(days=fin)
        )
    # The date it was written, which auto_now_add forbids; triggers ignore it.
    Annonce.objects.filter(pk=annonce.pk).update(cree_le=ecrite_le)
    return annonce


def _decimal(texte):
    return Decimal(texte.replace(",", ".")) if texte else None


def _plus(texte):
    """« surface=70|accessible_pmr=1 » -> (field, value), each with the field's type."""
    for paire in filter(None, texte.split("|")):
        champ, valeur = paire.split("=", 1)
        if champ in NOMBRES:
            valeur = int(valeur)
        elif champ in VRAIS:
            valeur = valeur == "1"
        yield champ, valeur


def _illustrer(annonce, dessin, rang):
    grande, vignette, alternative = images.dessiner(dessin, rang)
    PhotoAnnonce.objects.create(annonce=annonce, fichier=grande, vignette=vignette, alternative=alternative)
