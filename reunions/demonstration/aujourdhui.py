"""The hub's meetings of today, counted from the day of loading, with invented structures."""

from datetime import timedelta

from annuaire.models import Utilisateur
from reunions.models import Atelier, Participation, Representation, Reunion

from . import communs, textes_2014
from .agenda import proposer_dates, remplir_agenda
from .suites import decider

INVITEES = [
    ("paniers-besbre", "present", "", 0),
    ("tiers-lieu-moulin", "present", "", 0),
    ("atelier-velo-parcs", "attendue", "", 0),
    ("ressourcerie-sichon", "present", "", 3),
    ("bibliotheque-sonore", "present", "Documents en braille, merci", -1),
    ("mains-qui-parlent", "present", "Interprète en langue des signes", 0),
    ("handi-nature", "present", "Deux fauteuils", -1),
    ("theatre-deux-rives", "excuse", "", 0),
    ("cooperative-energie", "present", "", 2),
    ("radio-locale", "represente", "", 0),
    ("boutique-equitable", "attendue", "", 0),
    ("foyer-rural-chantelle", "present", "", -2),
    ("sel-montagne", "attendue", "", 0),
    ("main-tendue-gannat", "attendue", "", 0),
    ("monnaie-locale", "excuse", "", 0),
    ("menuiserie-scop", "attendue", "", 0),
]
"""structure, answer, access needs, seats offered in a car (negative: seats wanted)."""
ORDRE_DU_JOUR = [
    ("Accueil et tour de table", "", 15),
    ("Les actions en retard", "Ce qui bloque, et qui peut aider.", 20),
    ("Une base commune du matériel", "Ce que le portail permet déjà, ce qui manque.", 40),
    ("La suite", "", 15),
]
CONSTATS = [
    "Le bénévolat de bureau s'essouffle",
    "Les salles sont pleines le soir et vides le jour",
    "Nos agendas se marchent dessus",
    "Le matériel acheté dort onze mois sur douze",
]
VENUES = [
    "paniers-besbre", "tiers-lieu-moulin", "ressourcerie-sichon", "cooperative-energie", "bal-trad", "radio-locale",
    "aide-devoirs", "compta-partagee", "musee-eaux", "handi-nature",
]  # fmt: skip


def charger() -> int:
    structures = communs.inventees()
    equipe = Utilisateur.objects.filter(email="animateur@demo.example.org").first()
    reunions = [etape(structures, equipe) for etape in (_passee, _prochaine, _atelier)]
    remplir_agenda(structures)
    proposer_dates(structures, equipe)
    decider(Reunion.objects.filter(cle=communs.cle("passee")).first(), structures, equipe)
    return sum(reunion is not None for reunion in reunions)


def _lieu(structure) -> dict:
    if structure is None:
        return {}
    return {"structure_hote": structure, "commune": structure.commune, "adresse": structure.adresse}


def _passee(structures, equipe):
    """A workshop of five months ago, on the boards of 2014: their shares can be compared."""
    debut = communs.dans(-150)
    reunion = communs.reunion(
        "passee",
        titre="Réunion collective : nos priorités, où en est-on ?",
        objectif="Refaire le point sur les six axes de travail.",
        debut=debut,
        fin=debut + timedelta(hours=2),
        lieu="La grande salle",
        accessible_pmr=True,
        etat="tenue",
        annoncee_le=debut - timedelta(days=25),
        close_le=debut + timedelta(hours=2),
        auteur=equipe,
        est_demonstration=True,
        **_lieu(structures.get("mutuelle-locale")),
    )
    if reunion is None:
        return None
    for ordre, cle in enumerate(VENUES):
        if structure := structures.get(cle):
            _participation(reunion, structure, ordre, reponse="present", presence="present", accueillie_le=debut)
    atelier = communs.atelier(reunion, axes=textes_2014.AXES, phase="regroupement", phase_depuis=debut)
    communs.coller(atelier, "postits-exemple.csv", le=debut + timedelta(hours=1))
    return reunion


def _participation(reunion, structure, ordre, **valeurs) -> Participation:
    faite = Participation.objects.create(
        reunion=reunion, ordre=ordre, libelle=structure.nom, origine=valeurs.pop("origine", "saisie"), **valeurs
    )
    Representation.objects.create(participation=faite, structure=structure)
    return faite


def _prochaine(structures, equipe):
    """Announced in three weeks: who comes, who cannot, who has not said."""
    debut = communs.dans(21)
    reunion = communs.reunion(
        "prochaine",
        titre="Réunion collective : partager notre matériel",
        objectif="Décider ensemble de ce que nous mettons en commun, et comment.",
        debut=debut,
        fin=debut + timedelta(hours=2),
        lieu="Salle du moulin",
        accessible_pmr=True,
        acces="Entrée par la cour. Deux places réservées devant la porte.",
        jauge=50,
        etat="annoncee",
        annoncee_le=communs.dans(-6, 10),
        precedente=Reunion.objects.filter(cle=communs.cle("passee")).first(),
        courriel_organisateur="animateur@demo.example.org",
        auteur=equipe,
        est_demonstration=True,
        **_lieu(structures.get("tiers-lieu-moulin")),
    )
    if reunion is None:
        return None
    communs.points(reunion, ORDRE_DU_JOUR)
    referents = {"atelier-velo-parcs": "referent@demo.example.org", "tiers-lieu-moulin": "voisin@demo.example.org"}
    comptes = {u.email: u for u in Utilisateur.objects.filter(email__in=referents.values())}
    for ordre, (cle, reponse, besoins, places) in enumerate(INVITEES):
        structure, compte = structures.get(cle), comptes.get(referents.get(cle))
        if structure is None:
            continue
        _participation(
            reunion,
            structure,
            ordre,
            origine="invitation",
            utilisateur=compte,
            nom=compte.nom if compte else "",
            courriel=compte.email if compte else f"rencontres@{cle}.example.org",
            reponse=reponse,
            represente_par="Une structure voisine" if reponse == "represente" else "",
            besoins=besoins,
            invitee_le=communs.dans(-6, 10),
            sequence_envoyee=0,
            repondue_le=None if reponse == "attendue" else communs.dans(-3, 9 + ordre % 8),
            **_covoiturage(structure, places),
        )
    return reunion


def _covoiturage(structure, places) -> dict:
    if not places or structure.commune is None:
        return {}
    genre = "propose" if places > 0 else "cherche"
    return {"covoiturage": genre, "covoiturage_places": abs(places), "covoiturage_depuis": structure.commune}


def _atelier(structures, equipe):
    """A workshop ready: its boards, its diagnostic, its code to show."""
    debut = communs.dans(35, 18, 30)
    reunion = communs.reunion(
        "atelier",
        titre="Atelier : par où commencer l'année ?",
        objectif="Écrire, trier et choisir nos priorités de l'année.",
        debut=debut,
        fin=debut + timedelta(hours=2, minutes=30),
        lieu="Salle de la coopérative",
        accessible_pmr=True,
        etat="annoncee",
        annoncee_le=communs.dans(-1, 11),
        auteur=equipe,
        est_demonstration=True,
        **_lieu(structures.get("cooperative-energie")),
    )
    if reunion is None:
        return None
    communs.enonces(reunion, "environnement", CONSTATS)
    libre = not Atelier.objects.filter(code="KMRTBA").exists()
    communs.atelier(reunion, axes=textes_2014.AXES, **({"code": "KMRTBA"} if libre else {}))
    return reunion
