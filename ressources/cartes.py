"""The one line of facts of a card: how it is exchanged, for how much, what is left or what it holds."""

from pole_ess.socle.templatetags.francais import nombre, pluriel
from ressources import fiche
from ressources.modes import Mode


def ligne(annonce) -> str:
    """At most three facts, the most useful first; never empty once a mode is chosen."""
    return " · ".join(_faits(annonce)[:3])


def _faits(annonce) -> list[str]:
    faits = [*_echange(annonce), _reste(annonce), _taille(annonce)]
    return [fait for fait in faits if fait]


def _echange(annonce) -> list[str]:
    if annonce.regle is None:
        return []
    montant = fiche.montant_en_clair(annonce)
    # A price with its unit says that it is a paid service; a sale and a rental are worth their word.
    nom = "" if montant and annonce.mode == Mode.SERVICE_PAYANT else annonce.get_mode_display()
    caution = f"caution {fiche.euros(annonce.caution)}" if annonce.caution else ""
    return [texte[:1].upper() + texte[1:] for texte in (nom or montant,)] + [montant if nom else "", caution]


def _reste(annonce) -> str:
    if not annonce.est_lot:
        return ""
    if annonce.est_complete:
        return "tout est attribué"
    reste = pluriel(annonce.restant, "restant,restants")
    return f"{nombre(annonce.restant)} {reste} sur {nombre(annonce.quantite)}"


def _taille(annonce) -> str:
    """What tells its size, when its nature has one."""
    if annonce.est_lot:
        return ""
    if annonce.quantite > 1:
        return f"{nombre(annonce.quantite)} en tout"
    if annonce.capacite:
        return f"{nombre(annonce.capacite)} {pluriel(annonce.capacite, 'personne,personnes')}"
    if annonce.surface:
        return f"{nombre(annonce.surface)} m²"
    if annonce.jauge:
        return f"jauge {nombre(annonce.jauge)}"
    if annonce.places:
        return f"{nombre(annonce.places)} {pluriel(annonce.places, 'place,places')}"
    return ""
