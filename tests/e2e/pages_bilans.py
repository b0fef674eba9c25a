"""Pages that the browser tests open: what a structure did in a year."""

from django.utils import timezone

from ressources.bilans.annee import bilan_de
from ressources.bilans.faits import Manque


def pages_bilans(demo) -> list[tuple[str, str]]:
    """This year and the last, an empty one, an exchange that waits for a word, the list of one's own."""
    annee, slug = timezone.localdate().year, demo.structure().slug
    base = f"/offres-et-besoins/bilan/{slug}"
    attend = bilan_de(demo.structure(), annee).a_dire(Manque.VOTRE, Manque.RIEN)[0].echange
    return [
        ("referent", f"{base}/{annee}/"),
        ("membre", f"{base}/{annee - 1}/"),
        ("referent", f"{base}/{annee - 6}/"),
        ("referent", f"{base}/{annee}/?voir=a-dire"),
        ("referent", f"{base}/echange/{attend}/"),
        ("citoyen", "/offres-et-besoins/bilan/"),
    ]
