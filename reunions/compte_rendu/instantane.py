"""The layout of a snapshot, and what each audience reads of it.

    {"version": 1, "public": {...}, "membres": {the keys that members read instead of the public ones}}

Members are active members of a structure, people of the meeting, and staff (reunions.permissions.voit_les_noms).
"""

VERSION = 1
VIDE = {
    "titre": "",
    "genre": "",
    "projet": "",
    "jour": "",
    "quand": "",
    "ou": "",
    "objectif": "",
    "animateurs": [],
    "presents": [],
    "excuses": [],
    "nb_presentes": 0,
    "nb_excusees": 0,
    "documents": [],
    "ordre_du_jour": [],
    "diagnostic": [],
    "sections": [],
    "resultats": None,
    "tours": [],
    "actions": [],
    "prochaine": None,
}
"""What every renderer may read. A key added later gets its empty value here: older versions still show."""


def pour(instantane: dict, *, noms: bool) -> dict:
    """The minutes as one audience reads them. `noms`: with the people's names and functions."""
    vue = {**VIDE, **instantane.get("public", {})}
    if noms:
        vue |= instantane.get("membres", {})
    return vue
