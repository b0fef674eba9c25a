"""Pages that the browser tests open: unmet demand."""

from django.urls import reverse


def pages_demandes(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    url = reverse("ressources:demandes")
    appel = f"{reverse('newsletter:appel')}?titre=Vidéoprojecteur&nombre=5"
    return [("visiteur", url), ("animateur", url), ("animateur", appel)]
