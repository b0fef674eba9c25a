"""Pages that the browser tests open: the directory on paper, and the help."""

from pole_ess.portail.aide.pages import pages


def pages_papier() -> list[tuple[str, str]]:
    """A booklet to make, a small one, none; the help, its search, pages of it with each of its blocks; the guide."""
    return [
        ("visiteur", "/annuaire-papier/"),
        ("visiteur", "/annuaire-papier/?format=gros&commune=03095"),
        ("visiteur", "/annuaire-papier/?format=a5&commune=03013&activite=musique"),
        ("visiteur", "/aide/"),
        ("visiteur", "/aide/?q=desabonner"),
        ("visiteur", "/aide/?q=zzzz"),
        *[("visiteur", pages()[cle].get_absolute_url()) for cle in DE_L_AIDE],
        ("animateur", "/aide/"),
        ("animateur", "/aide/equipe/"),
    ]


DE_L_AIDE = ("acheter-ensemble", "participer-a-un-atelier", "accessibilite")
