"""Pages that the browser tests open: volunteers: missions, shifts, who offers skills and days."""

from ressources.actions.benevolat_courriels import lien_desistement, lien_refus
from ressources.models import Annonce, Creneau, InscriptionBenevole, Mission, PriseDeContact, ProfilBenevole

BASE = "/offres-et-besoins/benevolat/"


def pages_benevolat(demo) -> list[tuple[str, str]]:
    """(role, URL) on the demonstration's data; the neighbour's structure has a mission, the citizen places in it."""
    citoyen = demo.compte("citoyen")
    mission = Mission.objects.get(annonce__source_cle="benevoles-moulin")
    festival = Mission.objects.get(annonce__source_cle="benevoles-festival")
    complet = Creneau.objects.get(mission=mission, intitule="Buvette")
    libre = Creneau.objects.get(mission=festival, intitule="Accueil")
    passe = Creneau.objects.filter(mission__annonce__source_cle="benevoles-devoirs").order_by("debut").first()
    places = InscriptionBenevole.objects.filter(utilisateur=citoyen)
    a_venir = places.filter(etat="inscrite").order_by("pk").first()
    contact = PriseDeContact.objects.get(utilisateur=citoyen)
    sans_mission = Annonce.objects.get(source_cle="benevole-tresorier")
    profil = ProfilBenevole.objects.trouvables().exclude(utilisateur=citoyen).order_by("pk").first()
    return [
        *[("visiteur", BASE + fin) for fin in ("", "?commune=Vichy&km=20", "?competence=zzzz")],
        *[("visiteur", m.get_absolute_url()) for m in (mission, festival)],
        ("visiteur", lien_desistement(a_venir)),
        ("visiteur", lien_refus(contact)),
        ("citoyen", festival.get_absolute_url()),
        *[("citoyen", BASE + fin) for fin in ("mes-missions/", "profil/", "profil/quitter/")],
        *[("citoyen", f"{BASE}creneaux/{c.pk}/prendre/") for c in (complet, libre)],
        *[("citoyen", p.get_absolute_url()) for p in (a_venir, places.get(etat="venue"))],
        ("citoyen", f"{BASE}contacts/{contact.pk}/"),
        ("voisin", f"{BASE}benevoles/"),
        ("voisin", f"{BASE}benevoles/{profil.pk}/ecrire/"),
        ("voisin", f"{BASE}contacts/{contact.pk}/"),
        *[("voisin", f"{BASE}{mission.pk}/{fin}/") for fin in ("organiser", "modifier", "annuler", "feuille")],
        *[("voisin", f"{BASE}creneaux/{complet.pk}/{fin}") for fin in ("", "annuler/")],
        ("animateur", f"{BASE}creneaux/{passe.pk}/pointage/"),
        ("animateur", f"{BASE}{passe.mission_id}/organiser/"),
        ("animateur", f"/offres-et-besoins/{sans_mission.pk}/missions/nouvelle/"),
        *[("animateur", f"/admin/ressources/{nom}/") for nom in ("mission", "inscriptionbenevole", "profilbenevole")],
        ("animateur", f"/admin/ressources/mission/{mission.pk}/change/"),
    ]
