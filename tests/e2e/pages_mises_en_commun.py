"""Pages that the browser tests open: shared purchases and shared posts."""

from ressources.models import MiseEnCommun

BASE = "/offres-et-besoins/ensemble/"


def pages_mises_en_commun(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data: the list, opening, one of each state, its pilot's page."""
    mises = {mise.annonce.source_cle: mise for mise in MiseEnCommun.objects.select_related("annonce")}
    sienne = mises["mise-pneus"]  # received, of the référent's structure
    return [
        ("visiteur", BASE),
        ("visiteur", f"{BASE}?genre=poste&commune=nulle-part"),
        *[("visiteur", mises[cle].get_absolute_url()) for cle in ("mise-terreau", "poste-compta", "mise-farine")],
        ("citoyen", mises["achat-papier"].get_absolute_url()),
        *[("referent", BASE + fin) for fin in ("achat/", "poste/")],
        ("referent", mises["mise-gobelets"].get_absolute_url()),
        *[("referent", sienne.get_absolute_url() + fin) for fin in ("", "piloter/")],
        ("referent", mises["achat-papier"].annonce.get_absolute_url()),
        *[
            ("animateur", mises[cle].get_absolute_url() + "piloter/")
            for cle in (
                "achat-papier",
                "mise-gobelets",
                "mise-cafe",
                "mise-extincteurs",
                "poste-juriste",
                "mise-tentes",
            )
        ],
        ("animateur", mises["mise-cafe"].get_absolute_url() + "reglages/"),
    ]
