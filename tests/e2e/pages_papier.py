"""Pages that the browser tests open: the directory on paper, and the help."""

from pole_ess.portail.aide.pages import pages


def pages_papier() -> list[tuple[str, str]]:
    """A booklet to make, a small one, none; the help, its search, every page of it; the staff guide."""
    return [
        ("visiteur", "/annuaire-papier/"),
        ("visiteur", "/annuaire-papier/?format=gros&commune=03095"),
        ("visiteur", "/annuaire-papier/?format=a5&commune=03013&activite=musique"),
        ("visiteur", "/aide/"),
        ("visiteur", "/aide/?q=desabonner"),
        ("visiteur", "/aide/?q=zzzz"),
        *[("visiteur", page.get_absolute_url()) for page in pages().values()],
        ("animateur", "/aide/"),
        ("animateur", "/aide/equipe/"),
    ]
