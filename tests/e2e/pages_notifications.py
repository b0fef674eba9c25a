"""Pages that the browser tests open: what each person is told, and when."""

from django.urls import reverse

from annuaire.notifications import liens


def pages_notifications(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    jeton = liens.signer(demo.compte("referent"), "suites", "publications")
    return [
        ("referent", reverse("compte_notifications")),
        ("visiteur", reverse("compte_notifications_lien", args=[jeton])),
        ("visiteur", reverse("compte_notifications_arret", args=[jeton])),
    ]
