"""Answers, car-pooling, the staff's list and the check-in, on the demonstration's next meeting."""

from reunions.actions import invitations
from reunions.models import Participation


def pages_des_invitations() -> list[tuple[str, str]]:
    """Of a meeting to come with people, one of whom travels."""
    voyageuse = Participation.objects.exclude(covoiturage="").exclude(courriel="").order_by("pk").first()
    rencontre = f"/rencontres/{voyageuse.reunion_id}/"
    return [
        ("visiteur", invitations.lien(voyageuse)),
        ("visiteur", invitations.lien(voyageuse, page="reunions:covoiturage_lien")),
        ("visiteur", rencontre + "inscription/"),
        ("visiteur", rencontre + "inscription/?envoyee=1"),
        *[("animateur", f"{rencontre}invitations/{fin}") for fin in ["", "structures/", "liste/", "relancer/"]],
        ("animateur", f"{rencontre}invitations/{voyageuse.pk}/reponse/"),
        *[("animateur", f"{rencontre}presences/{fin}") for fin in ["", "feuille/"]],
    ]
