"""Pages that the browser tests open: urgent help, in waves."""

from ressources.actions.urgences_vagues import lien
from ressources.models import Appel, Urgence

BASE = "/offres-et-besoins/urgences/"


def pages_urgences(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data."""
    ouverte, pourvue = Urgence.objects.get(etat="ouverte"), Urgence.objects.get(etat="pourvue")
    attendu, oui = Appel.objects.get(etat="envoye"), Appel.objects.get(etat="oui")
    return [
        ("visiteur", BASE),
        ("visiteur", f"{lien(attendu)}?reponse=oui"),
        ("visiteur", f"{lien(attendu)}?reponse=non"),
        ("visiteur", f"{lien(attendu)}?reponse=jamais"),
        ("visiteur", lien(oui)),
        ("visiteur", lien(Appel.objects.get(etat="trop_tard"))),
        ("visiteur", lien(Appel.objects.get(etat="non"))),
        ("citoyen", f"{BASE}nouvelle/"),
        ("referent", BASE),
        ("referent", f"{BASE}nouvelle/"),
        ("referent", f"{BASE}preferences/"),
        ("referent", f"{BASE}structures/{demo.structure().pk}/"),
        ("referent", ouverte.get_absolute_url()),
        ("animateur", pourvue.get_absolute_url()),
        ("animateur", f"/admin/ressources/urgence/{ouverte.pk}/change/"),
    ]
