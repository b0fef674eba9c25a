"""Two people editing one announcement: neither overwrites the other without seeing it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from annuaire.models import Commune, Structure
from ressources.models import Annonce, Categorie
from ressources.natures import CHAMPS_DE_NATURE

SUIVIS = [
    *["titre", "description", "categorie", "mode", "commune", "urgente_pour", "expire_le", "partage", "structure"],
    *["prix", "prix_unite", "prix_sur_demande", "caution", "contrepartie"],
    *sorted(CHAMPS_DE_NATURE),
]
DESIGNES = {"categorie": Categorie, "commune": Commune, "structure": Structure}
"""Fields that hold the id of another row."""


@dataclass(frozen=True)
class Conflit:
    """One field that two people changed at once: both versions, as people read them."""

    champ: str
    libelle: str
    actuelle: str
    votre: str


class VersionPerimee(Exception):
    """Somebody saved meanwhile and the same fields differ; nothing was written."""

    def __init__(self, conflits: list[Conflit], autres: list[str]):
        self.conflits = conflits
        self.autres = autres
        """Fields that only the other person changed: the form takes their value."""
        super().__init__(", ".join(conflit.champ for conflit in conflits))


def version_de(annonce) -> str:
    return annonce.modifie_le.isoformat()


def periodes_en_texte(paires) -> str:
    return "\n".join(f"du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}" for debut, fin in sorted(set(paires)))


def photographier(annonce, *, historique=False) -> dict:
    """Field -> its value, comparable; `periodes` as text (an old version, from the history, has none)."""
    vue = {champ: getattr(annonce, f"{champ}_id" if champ in DESIGNES else champ) for champ in SUIVIS}
    if not historique:
        vue["periodes"] = periodes_en_texte((p.debut, p.fin) for p in annonce.periodes.all())
    return vue


def autrui(annonce, *, voulu: dict, actuel: dict, version: str) -> set[str]:
    """The fields that only somebody else changed since `version`; raises VersionPerimee on the same ones.

    The periods are not in the history: they conflict when they differ and the announcement changed meanwhile.
    """
    lue = _instant(version)
    if not version or lue == annonce.modifie_le:
        return set()
    base = annonce.history.filter(modifie_le=lue).order_by("-history_date").first() if lue else None
    origine = photographier(base, historique=True) if base else {}
    conflits, autres = [], set()
    for champ, valeur in voulu.items():
        if valeur == actuel[champ] or (champ in origine and origine[champ] == actuel[champ]):
            continue  # nothing to decide, or only mine
        if champ in origine and origine[champ] == valeur:
            autres.add(champ)
        else:
            conflits.append(Conflit(champ, libelle(champ), lisible(champ, actuel[champ]), lisible(champ, valeur)))
    if conflits:
        raise VersionPerimee(conflits, sorted(autres))
    return autres


def _instant(version: str) -> datetime | None:
    try:
        lu = datetime.fromisoformat(version)
        return lu.astimezone(UTC) if lu.tzinfo else None
    except (ValueError, OverflowError):
        return None


def libelle(champ: str) -> str:
    nom = "périodes" if champ == "periodes" else str(Annonce._meta.get_field(champ).verbose_name)
    return nom[:1].upper() + nom[1:]


def lisible(champ: str, valeur) -> str:
    """A value of `photographier` as a person reads it."""
    if valeur in (None, ""):
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if champ in DESIGNES:
        return str(DESIGNES[champ].objects.filter(pk=valeur).first() or valeur)
    if isinstance(valeur, Decimal):
        return f"{valeur:.2f} €".replace(".", ",")
    if hasattr(valeur, "strftime"):
        return f"{valeur:%d/%m/%Y}"
    choix = {} if champ == "periodes" else dict(getattr(Annonce._meta.get_field(champ), "choices", None) or [])
    return str(choix.get(valeur, valeur))
