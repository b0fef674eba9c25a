"""The exchange modes: each sets whether there is a price, in which units, and the words of the answer button."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Mode(TextChoices):
    DON = "don", "don"
    PRET = "pret", "prêt"
    ECHANGE = "echange", "échange"
    VENTE = "vente", "vente"
    LOCATION = "location", "location"
    SERVICE_GRATUIT = "service_gratuit", "service gratuit"
    SERVICE_PAYANT = "service_payant", "service payant"


class Unite(TextChoices):
    """What a price is for."""

    TOTAL = "total", "en tout"
    PIECE = "piece", "la pièce"
    HEURE = "heure", "l'heure"
    DEMI_JOURNEE = "demi_journee", "la demi-journée"
    JOUR = "jour", "le jour"
    WEEK_END = "week_end", "le week-end"
    SEMAINE = "semaine", "la semaine"
    MOIS = "mois", "le mois"
    PERSONNE = "personne", "par personne"
    SEANCE = "seance", "la séance"


@dataclass(frozen=True)
class Regle:
    """`payant`: a price, or « prix sur demande », is required of an offer; for a need the price is its budget."""

    payant: bool
    unites: tuple[str, ...]
    bouton_offre: str
    bouton_besoin: str
    caution: bool = False
    reservable: bool = False


REGLES = {
    Mode.DON: Regle(False, (), "Ce don m'intéresse", "Je peux le donner"),
    Mode.PRET: Regle(False, (), "Demander à emprunter", "Je peux le prêter", caution=True, reservable=True),
    Mode.ECHANGE: Regle(False, (), "Proposer un échange", "Proposer un échange"),
    Mode.VENTE: Regle(True, ("total", "piece"), "Je veux l'acheter", "Je peux le vendre"),
    Mode.LOCATION: Regle(
        True,
        ("jour", "heure", "demi_journee", "week_end", "semaine", "mois", "total"),
        "Demander à louer",
        "Je peux le louer",
        caution=True,
        reservable=True,
    ),
    Mode.SERVICE_GRATUIT: Regle(False, (), "Je suis intéressé", "Je peux aider"),
    Mode.SERVICE_PAYANT: Regle(
        True,
        ("heure", "demi_journee", "jour", "seance", "personne", "total"),
        "Je suis intéressé",
        "Je peux le proposer",
    ),
}

PAYANTS = tuple(mode for mode, regle in REGLES.items() if regle.payant)
AVEC_CAUTION = tuple(mode for mode, regle in REGLES.items() if regle.caution)
RESERVABLES = tuple(mode for mode, regle in REGLES.items() if regle.reservable)
