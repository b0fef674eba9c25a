"""A shared purchase or post put into words: quantities with their unit, where it stands, what its pilot does next."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from pole_ess.socle.templatetags.francais import chiffre, jour
from ressources.presentation_lot import distance

SANS_PLURIEL = {"kg", "g", "t", "l", "cl", "ml", "m", "m²", "m³", "km", "h"}
AVANCEMENTS = {
    "brouillon": "pas encore en ligne",
    "ouverte": "ouvert",
    "prolongee": "prolongé",
    "atteinte": "minimum atteint",
    "a_decider": "clôture passée, à décider",
    "commandee": "commandé",
    "recue": "reçu, à régler",
    "soldee": "soldé",
    "conclue": "conclu",
    "abandonnee": "abandonné",
}
"""Of a purchase or a post: both are masculine."""


def au_pluriel(unite: str) -> str:
    """« sac de 25 kg » -> « sacs de 25 kg »: the first word takes the mark, unless it is a symbol."""
    mot, espace, suite = unite.partition(" ")
    if mot.lower() in SANS_PLURIEL or mot[-1:] in "sxz":
        return unite
    marque = "x" if mot.endswith(("eau", "au", "eu")) else "s"
    return f"{mot}{marque}{espace}{suite}"


def en_unites(valeur, mise) -> str:
    """« 31 sacs », « 1,5 kg », « 31 h par mois »."""
    if valeur is None:
        return ""
    if not mise.est_achat:
        return f"{chiffre(valeur)}\u00a0h par mois"
    return f"{chiffre(valeur)}\u00a0{mise.unite if abs(valeur) < 2 else au_pluriel(mise.unite)}"


def progression(mise) -> str:
    """« 31 sur 40 sacs »: the words beside the bar."""
    return f"{chiffre(mise.total)} sur {en_unites(mise.minimum, mise)}"


@dataclass(frozen=True)
class Barre:
    """Width in hundredths of what is asked, at most 100, and the words that say the same."""

    largeur: float
    texte: str


def barre(mise) -> Barre:
    largeur = min(Decimal(100), 100 * mise.total / mise.minimum)
    suite = "le minimum est atteint" if mise.est_atteinte else f"il manque {en_unites(mise.manque, mise)}"
    return Barre(round(float(largeur), 2), f"{progression(mise)} : {suite}.")


def resume(mise, parts) -> str:
    """« 6 structures, 31 h par mois, à moins de 15 km » (of a post); `parts`: the active ones with their place."""
    nombre = len(parts)
    if not nombre:
        return "Personne pour le moment"
    mots = [f"{nombre} structure{'s'[: nombre > 1]}", en_unites(mise.total, mise)]
    distances = [km for part in parts if (km := distance(mise.annonce, part.structure)) is not None]
    if distances and nombre > 1 and not mise.est_achat:
        mots.append(f"à moins de {max(1, ceil(max(distances) + 1e-9))}\u00a0km")
    return ", ".join(mots)


def ou_en_est(mise) -> str:
    """One sentence for anybody: where it stands and what happens next."""
    avancement = mise.avancement
    if avancement == "brouillon":
        return "L'annonce n'est pas encore en ligne : personne ne peut rejoindre pour le moment."
    if avancement in ("ouverte", "prolongee"):
        if not mise.est_ouverte:
            return "L'annonce a expiré : on pourra rejoindre dès que la structure qui pilote l'aura prolongée."
        jusque = f" jusqu'au {jour(mise.cloture_le)}" if mise.cloture_le else ""
        prolonge = "La date a été repoussée ; les quantités sont gardées. " if avancement == "prolongee" else ""
        return f"{prolonge}Il manque {en_unites(mise.manque, mise)}. On peut rejoindre{jusque}."
    if avancement == "atteinte":
        suite = "passer la commande" if mise.est_achat else "conclure"
        if mise.est_ouverte:
            jusque = f" jusqu'au {jour(mise.cloture_le)}" if mise.cloture_le else ""
            return f"C'est assez. On peut encore rejoindre{jusque} ; la structure qui pilote peut {suite}."
        return f"C'est assez, et on ne peut plus rejoindre : la structure qui pilote peut {suite}."
    return {
        "a_decider": "La date est passée sans que le total soit atteint : la structure qui pilote décide de la suite.",
        "commandee": "La commande est passée : les quantités sont fixées.",
        "recue": "C'est arrivé : chaque structure sait ce qu'elle reçoit et ce qu'elle doit.",
        "soldee": "Tout est reçu et réglé.",
        "conclue": "C'est conclu : merci à celles qui se sont mises ensemble.",
        "abandonnee": f"C'est abandonné. La raison : {mise.motif}",
    }[avancement]


def etiquette(mise) -> str:
    return AVANCEMENTS[mise.avancement]
