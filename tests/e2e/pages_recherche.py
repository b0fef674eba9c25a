"""The pages of the search across everything that the browser tests open, on the demonstration's data."""

from django.urls import reverse


def pages_de_la_recherche() -> list[tuple[str, str]]:
    """Nothing typed, many answers, a mistake, one group, nothing found."""
    url = reverse("recherche")
    fins = ["", "?q=culture", "?q=mediateque", "?q=vichy&dans=rencontres", "?q=xyzzyx"]
    return [*[("visiteur", url + fin) for fin in fins], ("animateur", f"{url}?q=vichy")]
