"""Pages that the browser tests open: the hub in figures."""

from pole_ess.portail.observatoire.chapitres import CHAPITRES


def pages_de_l_observatoire() -> list[tuple[str, str]]:
    """The year at a glance; each chapter, of all years where the most is drawn; a year that the sheets do not tell."""
    return [
        ("visiteur", "/observatoire/"),
        *[("visiteur", f"/observatoire/{cle}/?annee=toutes") for cle in CHAPITRES],
        ("visiteur", "/observatoire/echanges/"),
        ("visiteur", "/observatoire/qui/?annee=2014"),
    ]
