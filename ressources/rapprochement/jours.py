"""Do the days meet? The days that a need says, those when an offer is free, less its bookings and closures."""

from datetime import date, timedelta

from .dates import dire_jour

HORIZON = 370


def libre_le(besoin, offre, jour: date):
    """(points, reason): the first day that suits both; None when there is none. A side without days is always free."""
    if not besoin.periodes and not offre.periodes:
        return 0, ""
    voulus = _a_venir(besoin.periodes, jour)
    libres = _a_venir(offre.periodes, jour)
    for debut, fin in voulus:
        for debut_offre, fin_offre in libres:
            premier = _premier_libre(max(debut, debut_offre), min(fin, fin_offre), offre.bloque)
            if premier is not None:
                return (6, f"libre le {dire_jour(premier)}") if besoin.periodes else (0, "")
    return None


def _a_venir(periodes, jour: date):
    """From today on; without any day said, the whole year."""
    if not periodes:
        return [(jour, jour + timedelta(days=HORIZON))]
    return [(max(debut, jour), fin) for debut, fin in sorted(periodes) if fin >= jour]


def _premier_libre(debut: date, fin: date, bloque) -> date | None:
    """The first day from `debut` to `fin` that no blocked range [first, last] holds."""
    for prise, rendue in sorted(bloque):
        if prise <= debut <= rendue:
            debut = rendue + timedelta(days=1)
    return debut if debut <= fin else None
