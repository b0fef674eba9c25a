"""Two years of exchanges of the demonstration's structure: on the three bases, some waiting for a word."""

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from annuaire.models import Structure
from ressources.agenda import jours
from ressources.models import (
    Annonce,
    Bilan,
    Calendrier,
    CoefficientEstime,
    PartDeLot,
    ReglagesStructure,
    Reservation,
)

from .annonces import SOURCE

NOUS = "atelier-velo-parcs"
EXEMPLE = "Exemple inventé pour la démonstration : mettez ici une étude publiée, son auteur et son année."
COEFFICIENTS = [("euros_pret", Decimal(6)), ("kilos_objet", Decimal(9))]
"""Of all categories, each marked « valeur d'exemple, à remplacer »: nothing here is a fact."""
DECLARES = [
    ("remorque", "sel-montagne", -1, 10, None, 60, None, "deux"),
    ("remorque", "paniers-besbre", -1, 20, None, 45, None, "deux"),
    ("remorque", "bal-trad", -1, 30, 2, 30, None, "deux"),
    ("remorque", "repair-cafe-cusset", -1, 45, None, 25, None, "deux"),
    ("compta-conseil", NOUS, -1, 50, 6, None, None, "deux"),
    ("remorque", "aide-devoirs", -1, 60, Decimal("1.5"), 40, None, "deux"),
    ("remorque", "jardin-partage-rivieres", -1, 70, 3, 55, None, "deux"),
    ("remorque", "boutique-equitable", -1, 80, None, 50, None, "offre"),
    ("remorque", "ludotheque-itinerante", 0, 15, None, 35, None, "deux"),
    ("remorque", "ferme-pedagogique", 0, 40, 2, 45, None, "deux"),
    ("depannage-clic", NOUS, 0, 50, 3, 90, None, "deux"),
    ("remorque", "garage-solidaire", 0, 70, None, 20, None, "offre"),
    ("bricolage-repare", NOUS, 0, 80, None, None, 14, "offre"),
]
"""announcement, other structure, year from this one, hundredths of it, hours, euros, kilos, who says it."""
PRETS = [
    ("barnum", NOUS, -1, 25, 2, 1),
    ("remorque", "colo-nature", -1, 35, 2, 1),
    ("remorque", "chorale-ouverte", -1, 55, 1, 2),
    ("remorque", "seniors-actifs", 0, 30, 3, 1),
    ("barnum", NOUS, 0, 45, 2, 1),
    ("remorque", "cafe-signes", 0, 60, 1, 1),
]
"""announcement, borrower, year, hundredths, days, quantity: nobody says what it was worth, so it is estimated."""
PARTS = [("velos-lot", "colo-nature", 0, 50, 3)]
"""batch, structure, year, hundredths, quantity."""


def charger(annonces: dict[str, Annonce]) -> None:
    """`annonces`: those created now, so that nothing is told twice."""
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE)}
    if NOUS not in structures or "remorque" not in annonces:
        return
    for genre, valeur in COEFFICIENTS:
        if not CoefficientEstime.objects.filter(genre=genre, categorie=None).exists():
            CoefficientEstime.objects.create(
                genre=genre, valeur=valeur, du=date(timezone.localdate().year - 2, 1, 1), source=EXEMPLE,
                source_url="https://example.org/coefficients", exemple=True,
            )  # fmt: skip
    ReglagesStructure.objects.update_or_create(structure=structures[NOUS], defaults={"bilan_public": True})
    _declarer(annonces, structures)
    _preter(annonces, structures)
    _partager(annonces, structures)


def _instant(annee: int, centiemes: int) -> datetime:
    """Noon, so far into the year; of the present one, into what is past of it."""
    le = timezone.localdate()
    debut = date(le.year + annee, 1, 1)
    duree = (le - debut).days if annee == 0 else 364
    return timezone.make_aware(datetime.combine(debut + timedelta(days=duree * centiemes // 100), time(12)))


def _declarer(annonces, structures):
    for cle, autre, annee, centiemes, heures, euros, kilos, par in DECLARES:
        if cle not in annonces or autre not in structures:
            continue
        annonce = annonces[cle]
        cotes = [(annonce.structure, structures[autre]), (structures[autre], annonce.structure)]
        for structure, avec in cotes if par == "deux" else cotes[:1]:
            dit = Bilan.objects.create(
                annonce=annonce, structure=structure, avec=avec, heures=heures, euros=euros, kilos=kilos
            )
            Bilan.objects.filter(pk=dit.pk).update(declare_le=_instant(annee, centiemes))


def _preter(annonces, structures):
    for cle, emprunteur, annee, centiemes, duree, quantite in PRETS:
        calendrier = Calendrier.objects.filter(annonce=annonces.get(cle)).first() if cle in annonces else None
        if calendrier is None or emprunteur not in structures:
            continue
        rendue_le = _instant(annee, centiemes)
        fin = timezone.localdate(rendue_le)
        periode = jours(fin - timedelta(days=duree - 1), fin)
        reservation = Reservation.objects.create(
            calendrier=calendrier,
            exclusive=calendrier.genre == "exclusif",
            structure=structures[emprunteur],
            quantite=quantite,
            periode=periode,
            blocage=periode,
            etat="rendue",
            decidee_le=periode.lower - timedelta(days=5),
            remise_le=periode.lower + timedelta(hours=9),
            rendue_le=rendue_le,
            etat_retour="conforme",
            quantite_rendue=quantite,
            cle=uuid.uuid4(),
        )
        Reservation.objects.filter(pk=reservation.pk).update(cree_le=periode.lower - timedelta(days=6))


def _partager(annonces, structures):
    for cle, structure, annee, centiemes, quantite in PARTS:
        if cle not in annonces or structure not in structures:
            continue
        remise_le = _instant(annee, centiemes)
        part = PartDeLot.objects.create(
            annonce=annonces[cle], structure=structures[structure], quantite=quantite, etat="remise",
            decidee_le=remise_le - timedelta(days=2), remise_le=remise_le, cle=uuid.uuid4(),
        )  # fmt: skip
        PartDeLot.objects.filter(pk=part.pk).update(cree_le=remise_le - timedelta(days=4))
        Annonce.objects.filter(pk=annonces[cle].pk).update(quantite_prise=F("quantite_prise") + quantite)
