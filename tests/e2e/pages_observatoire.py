"""Pages that the browser tests open: the hub in figures."""


def pages_de_l_observatoire() -> list[tuple[str, str]]:
    """The year at a glance; of all years, where the most is drawn, one chapter of each kind of drawing; a year that
    the sheets do not tell.
    """
    return [
        ("visiteur", "/observatoire/"),
        *[("visiteur", f"/observatoire/{cle}/?annee=toutes") for cle in ("qui", "echanges", "axes")],
        ("visiteur", "/observatoire/echanges/"),
        ("visiteur", "/observatoire/qui/?annee=2014"),
    ]
