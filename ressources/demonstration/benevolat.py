"""Volunteers: an event with shifts, some full with people waiting, a past mission with hours, profiles."""

import uuid
from datetime import timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.utils import timezone

from annuaire.actions.edition import competences_nommees
from annuaire.models import Commune, Structure, Utilisateur
from ressources.agenda import minuit
from ressources.models import (
    Annonce,
    Creneau,
    InscriptionBenevole,
    MessageBenevole,
    Mission,
    PriseDeContact,
    ProfilBenevole,
)

from .annonces import SOURCE

PERSONNES = [
    "Maëlle",
    "Idriss",
    "Suzanne",
    "Théo",
    "Nour",
    "Paulette",
    "Gaël",
    "Awa",
    "Lucien",
    "Inès",
    "Marius",
    "Jade",
]
"""Volunteers without a structure: accounts that nobody can open (no password)."""
MISSIONS = {
    "benevoles-festival": (
        "Le festival de bal traditionnel",
        "Salle des fêtes, entrée côté parking",
        "Le repas est offert. Venez avec des chaussures fermées. Demandez Sylvie à l'accueil.",
        ["Cuisine", "Accueil"],
    ),
    "benevoles-moulin": (
        "La journée portes ouvertes",
        "Au moulin, sous le préau",
        "Tout est de plain-pied. Dès 16 ans, ou avec un adulte.",
        ["Accueil"],
    ),
    "benevoles-devoirs": (
        "",
        "Salle d'étude",
        "Vous n'êtes jamais seul.",
        ["Soutien scolaire"],
    ),
}
"""Announcement -> event, place, instructions, useful skills."""
CRENEAUX = [
    ("benevoles-festival", 40, 14, 4, "Montage", 6, 3, 0),
    ("benevoles-festival", 41, 10, 3, "Cuisine", 4, 4, 3),
    ("benevoles-festival", 41, 18, 4, "Buvette", 5, 5, 1),
    ("benevoles-festival", 41, 18, 4, "Accueil", 4, 2, 0),
    ("benevoles-festival", 42, 9, 3, "Rangement", 8, 1, 0),
    ("benevoles-moulin", 9, 9, 3, "Accueil", 3, 2, 0),
    ("benevoles-moulin", 9, 12, 3, "Buvette", 2, 2, 2),
    ("benevoles-moulin", 9, 15, 3, "Rangement", 5, 0, 0),
    ("benevoles-devoirs", 5, 16, 2, "", 3, 1, 0),
    ("benevoles-devoirs", -3, 16, 2, "", 3, 3, 0),
]
"""announcement, days from today, hour, hours, what, places, confirmed, waiting. A past one is checked in."""
PROFILS = [
    ("Maëlle", "Vichy", 15, ["samedi_matin", "samedi_apres_midi"], ["Cuisine"], "Pour cent couverts, volontiers."),
    ("Idriss", "Cusset", 25, ["lundi_soir", "jeudi_soir"], ["Soutien scolaire", "Mathématiques"], ""),
    ("Suzanne", "Bellerive-sur-Allier", 10, ["mardi_matin", "jeudi_matin"], ["Comptabilité"], "Trente ans de métier."),
    ("Théo", "Gannat", 40, ["dimanche_apres_midi"], ["Sonorisation", "Montage"], "J'ai un petit utilitaire."),
    ("Nour", "Vichy", 5, ["mercredi_apres_midi"], ["Site web", "Affiches"], "Plutôt de chez moi."),
    ("Paulette", "Lapalisse", 20, ["vendredi_matin"], ["Couture"], ""),
]  # fmt: skip
"""name, commune, km, half-days, skills, words. Nour helps at a distance, Paulette is on a break."""


def charger() -> None:
    """What is missing; a mission made before stays as it became."""
    annonces = {a.source_cle: a for a in Annonce.objects.filter(source=SOURCE, source_cle__in=MISSIONS)}
    manquent = {cle: a for cle, a in annonces.items() if not Mission.objects.filter(annonce=a).exists()}
    personnes = {nom: _personne(nom) for nom in PERSONNES}
    citoyen = Utilisateur.objects.filter(email="citoyen@demo.example.org").first()
    missions = {cle: _mission(annonce, *MISSIONS[cle]) for cle, annonce in manquent.items()}
    for rang, (cle, *reste) in enumerate(CRENEAUX):
        if cle in missions:
            _creneau(missions[cle], rang, list(personnes.values()), citoyen, *reste)
    for nom, *reste in PROFILS:
        _profil(personnes[nom], nom, *reste)
    if citoyen is not None:
        _profil(citoyen, "Camille", "Vichy", 20, ["samedi_matin", "samedi_soir"], ["Accueil", "Cuisine"], "")
        _echanger(citoyen)


def _personne(nom) -> Utilisateur:
    courriel = f"benevole-{PERSONNES.index(nom) + 1}@demo.example.org"
    personne = Utilisateur.objects.filter(email=courriel).first()
    if personne is None:
        personne = Utilisateur.objects.create_user(courriel, nom=f"{nom} (exemple)")
        EmailAddress.objects.create(user=personne, email=courriel, verified=True, primary=True)
    return personne


def _mission(annonce, evenement, lieu, consignes, competences) -> Mission:
    mission = Mission.objects.create(
        annonce=annonce, evenement=evenement, lieu=lieu, consignes=consignes, cle=uuid.uuid4()
    )
    mission.competences.set(competences_nommees(competences))
    return mission


def _creneau(mission, rang, personnes, citoyen, jours, heure, duree, intitule, places, confirmes, attendent):
    """`rang` turns the list of people, so that nobody is twice at the same hour."""
    debut = minuit(timezone.localdate() + timedelta(days=jours)) + timedelta(hours=heure)
    creneau = Creneau.objects.create(
        mission=mission, debut=debut, fin=debut + timedelta(hours=duree), intitule=intitule, places=places,
        cle=uuid.uuid4(),
    )  # fmt: skip
    tour = personnes[rang * 5 % len(personnes) :] + personnes[: rang * 5 % len(personnes)]
    avec_citoyen = citoyen is not None and (intitule in ("Cuisine", "Rangement") or jours < 0)
    if avec_citoyen and confirmes:
        tour = [citoyen, *tour]
    for place, personne in enumerate(tour[: confirmes + attendent]):
        etat = "en_attente" if place >= confirmes else "inscrite" if jours >= 0 else "venue"
        attente = etat == "en_attente"
        inscription = InscriptionBenevole.objects.create(
            creneau=creneau, utilisateur=personne, nom=personne.nom, etat=etat, cle=uuid.uuid4(),
            confirmee_le=None if attente else timezone.now(),
            telephone="01 99 00 12 34" if place == 1 else "",
            message="Je viens en fauteuil." if place == 2 else "",
            heures=Decimal(duree) if etat == "venue" else None,
            heures_benevole=Decimal(duree) if etat == "venue" and personne != citoyen else None,
            notee_le=timezone.now() if etat == "venue" else None,
        )  # fmt: skip
        InscriptionBenevole.objects.filter(pk=inscription.pk).update(
            cree_le=timezone.now() - timedelta(days=6, minutes=-place)
        )


def _profil(personne, nom, commune, km, demi_journees, competences, presentation) -> None:
    if ProfilBenevole.objects.filter(utilisateur=personne).exists():
        return
    profil = ProfilBenevole.objects.create(
        utilisateur=personne,
        nom_montre=nom,
        commune=Commune.objects.filter(nom=commune).order_by("pk").first(),
        rayon_km=km,
        demi_journees=demi_journees,
        presentation=presentation,
        a_distance=nom == "Nour",
        en_pause_jusqu_au=timezone.localdate() + timedelta(days=30) if nom == "Paulette" else None,
    )
    profil.competences.set(competences_nommees(competences))


def _echanger(citoyen) -> None:
    """The citizen's thread with the neighbour's structure."""
    structure = Structure.objects.filter(source=SOURCE, source_cle="tiers-lieu-moulin").first()
    if structure is None or PriseDeContact.objects.filter(utilisateur=citoyen).exists():
        return
    contact = PriseDeContact.objects.create(structure=structure, utilisateur=citoyen)
    for cote, auteur, texte in (
        ("structure", None, "Bonjour Camille, nous ouvrons le moulin bientôt : viendriez-vous tenir la buvette ?"),
        ("benevole", citoyen, "Avec plaisir, plutôt l'après-midi."),
    ):
        MessageBenevole.objects.create(contact=contact, cote=cote, auteur=auteur, texte=texte, cle=uuid.uuid4())
