"""What the page of a tour shows: who is near whom, the days, what is missing."""

from annuaire.geographie import distance_km
from ressources.presentation_lot import point


def voisines(etape, etapes, rayon) -> list:
    """(other stage, km or None, near enough) of one stage, nearest first."""
    ici = point(etape.structure)
    autres = []
    for autre in etapes:
        if autre.pk != etape.pk:
            la = point(autre.structure)
            km = distance_km(*ici, *la) if ici and la else None
            autres.append((autre, km, km is not None and km <= rayon))
    return sorted(autres, key=lambda ligne: (ligne[1] is None, ligne[1] or 0, ligne[0].pk))


def distances_a(lieu, etapes, rayon) -> list:
    """The same from a point: for a structure that has not wished yet."""
    lignes = []
    for etape in etapes:
        la = point(etape.structure)
        km = distance_km(*lieu, *la) if lieu and la else None
        lignes.append((etape, km, km is not None and km <= rayon))
    return sorted(lignes, key=lambda ligne: (ligne[1] is None, ligne[1] or 0, ligne[0].pk))


def ce_qui_manque(tournee, plan) -> str:
    """One sentence: what is missing for the trip to happen."""
    if tournee.etat == "confirmee":
        return "La tournée est confirmée."
    nombre = len(plan.etapes)
    if plan.suffit:
        return (
            f"{_etapes(nombre)} peuvent s'enchaîner : il y en a assez ({tournee.etapes_min} au moins). "
            "L'artiste peut confirmer."
        )
    ont = f"{_etapes(nombre)} seulement {'peut' if nombre < 2 else 'peuvent'} s'enchaîner" if nombre else "Aucune étape"
    ont = ont if nombre else "Aucun souhait ne peut encore faire une étape"
    manque = "une étape" if plan.manque == 1 else f"{plan.manque} étapes"
    return f"{ont} : il manque {manque}, à moins de {tournee.rayon} km d'une autre."


def _etapes(nombre) -> str:
    return f"{nombre} étape{'s'[: nombre > 1]}"
