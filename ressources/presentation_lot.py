"""What the pages of a batch show: what is left in words and as a bar, who asked, how far they are."""

from dataclasses import dataclass

from annuaire.geographie import distance_km


@dataclass(frozen=True)
class Barre:
    """Widths in hundredths of the bar, and the words that say the same."""

    remis: float
    attribue: float
    libre: float
    texte: str

    @property
    def debut_libre(self) -> float:
        return round(self.remis + self.attribue, 2)


def barre(annonce, parts) -> Barre:
    """`parts`: those of the batch, already read."""
    remis = sum(part.quantite for part in parts if part.etat == "remise")
    pris = annonce.quantite_prise
    remis = min(remis, pris)
    mots = [
        _mots(remis, "déjà remis", "déjà remis"),
        _mots(pris - remis, "attribué", "attribués"),
        _mots(annonce.restant, "libre", "libres"),
    ]
    total = annonce.quantite
    return Barre(
        round(100 * remis / total, 2),
        round(100 * (pris - remis) / total, 2),
        round(100 * annonce.restant / total, 2),
        f"Sur {total} : {', '.join(mots)}.",
    )


def _mots(nombre, un, plusieurs) -> str:
    return f"{nombre} {un if nombre < 2 else plusieurs}"


def point(structure):
    """(latitude, longitude) of a structure: its own, else its commune's; None when neither is known."""
    for lieu in (structure, structure.commune):
        if lieu is not None and lieu.latitude is not None and lieu.longitude is not None:
            return lieu.latitude, lieu.longitude
    return None


def distance(annonce, structure):
    """Kilometres between the announcement and a structure, as the crow flies; None when unknown."""
    la = point(structure)
    if la is None or annonce.latitude is None:
        return None
    return distance_km(annonce.latitude, annonce.longitude, *la)
