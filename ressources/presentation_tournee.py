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


def ce_qui_manque(tournee, plan, *, gere=False) -> str:
    """One sentence: what is missing for the trip to happen. `gere`: said to the artist."""
    if tournee.etat == "confirmee":
        return "La tournée est confirmée."
    nombre = len(plan.etapes)
    suite = f"{_etapes(nombre)} {'est possible' if nombre < 2 else 'peuvent se suivre'}"
    if plan.suffit:
        decision = "Retenez-les pour confirmer la tournée." if gere else "L'artiste peut confirmer."
        return f"{suite} : il y en a assez ({tournee.etapes_min} au moins). {decision}"
    manque = f"il en manque {plan.manque} pour que la tournée se fasse"
    if not nombre:
        return f"Aucune étape n'est encore possible : {manque}."
    return f"{suite} : {manque}, à moins de {tournee.rayon} km d'une autre."


def _etapes(nombre) -> str:
    return f"{nombre} étape{'s'[: nombre > 1]}"
