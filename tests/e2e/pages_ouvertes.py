"""Pages that the browser tests open: open data, the API's documentation, lists for other sites."""


def pages_ouvertes() -> list[tuple[str, str]]:
    """Everything is for visitors; the frames are opened alone, as axe reads them."""
    return [
        ("visiteur", "/donnees-ouvertes/"),
        ("visiteur", "/donnees-ouvertes/api/"),
        ("visiteur", "/integrer/"),
        ("visiteur", "/integrer/?quoi=carte&commune=nulle-part&hauteur=5"),
        ("visiteur", "/integre/annuaire/?commune=03310&km=20"),
        ("visiteur", "/integre/carte/"),
        ("visiteur", "/integre/offres-et-besoins/?sens=besoin"),
        ("visiteur", "/integre/agenda/"),
    ]
