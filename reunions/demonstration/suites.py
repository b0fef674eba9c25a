"""What was decided: actions in every state, some late, a collective project and a commission."""

from datetime import timedelta

from django.utils import timezone

from reunions.models import Action, ActionStructure, MembreProjet, Nouvelle, Projet

from . import communs

PROJETS = [
    (
        "saison",
        "projet",
        "Une saison culturelle partagée",
        "Programmer ensemble, partager les trajets des artistes et les affiches.",
        "theatre-deux-rives",
        ["theatre-deux-rives", "bal-trad", "cine-montagne", "foyer-rural-chantelle", "radio-locale"],
    ),
    (
        "communication",
        "commission",
        "Commission communication",
        "La lettre entre acteurs, l'agenda commun, les affiches.",
        "radio-locale",
        ["radio-locale", "tiers-lieu-moulin", "atelier-gravure", "paniers-besbre"],
    ),
]
ACTIONS = [
    ("inventaire", "Faire l'inventaire du matériel à prêter", "ressourcerie-sichon", 25, "en_cours", "", 3),
    ("lettre", "Écrire le premier numéro de la lettre", "radio-locale", -12, "en_cours", "communication", 2),
    ("affiche", "Dessiner une affiche commune", "atelier-gravure", -4, "a_faire", "communication", 1),
    ("visites", "Organiser trois visites de structures", "tiers-lieu-moulin", 40, "a_faire", "", 4),
    ("papier", "Grouper la commande de papier", "compta-partagee", -60, "faite", "", 5),
    ("charte", "Rédiger une charte du prêt", "paniers-besbre", -30, "faite", "", 2),
    ("car", "Louer un car pour les élus", "cooperative-energie", -45, "abandonnee", "", 1),
    ("dates", "Caler les dates de la saison", "theatre-deux-rives", 15, "en_cours", "saison", 3),
    ("benevoles", "Tenir une liste commune de bénévoles", "reseau-benevoles", None, "a_faire", "", 2),
]
"""key, what, who leads, by when (days from today), state, project, how many structures join."""
AVEC = ["bal-trad", "aide-devoirs", "musee-eaux", "handi-nature", "menuiserie-scop"]
NOUVELLES = [
    ("inventaire", "ressourcerie-sichon", 10, "Onze structures ont envoyé leur liste ; il en manque cinq."),
    ("lettre", "radio-locale", 20, "Le sommaire est prêt. Nous cherchons une personne pour relire."),
    ("papier", "compta-partagee", 62, "Commande passée : un tiers moins cher pour neuf structures."),
    ("car", "cooperative-energie", 46, "Trop cher pour si peu de monde : nous irons en covoiturage."),
]


def decider(reunion, structures, equipe) -> None:
    """`reunion`: where it was decided."""
    projets = {cle: _projet(cle, *valeurs, structures=structures, par=equipe) for cle, *valeurs in PROJETS}
    faites = {}
    for cle, titre, pilote, jours, etat, projet, avec in ACTIONS:
        if pilote not in structures or Action.objects.filter(cle=communs.cle(f"action {cle}")).exists():
            continue
        close = etat in ("faite", "abandonnee")
        faites[cle] = Action.objects.create(
            cle=communs.cle(f"action {cle}"),
            titre=titre,
            pilote=structures[pilote],
            echeance=None if jours is None else timezone.localdate() + timedelta(days=jours),
            etat=etat,
            reunion=reunion,
            projet=projets.get(projet),
            close_le=communs.dans(jours - 2, 11) if close else None,
            est_demonstration=True,
        )
        ActionStructure.objects.bulk_create(
            ActionStructure(action=faites[cle], structure=structures[autre], par=equipe)
            for autre in AVEC[:avec]
            if autre in structures
        )
    for cle, structure, jours, texte in NOUVELLES:
        if cle in faites:
            nouvelle = Nouvelle.objects.create(
                action=faites[cle], structure=structures[structure], texte=texte, cle=communs.cle(f"nouvelle {cle}")
            )
            Nouvelle.objects.filter(pk=nouvelle.pk).update(cree_le=communs.dans(-jours, 10))


def _projet(cle, genre, nom, description, pilote, membres, *, structures, par) -> Projet:
    projet, nouveau = Projet.objects.get_or_create(
        cle=communs.cle(f"projet {cle}"),
        defaults={
            "genre": genre,
            "nom": nom,
            "description": description,
            "pilote": structures.get(pilote),
            "est_demonstration": True,
        },
    )
    if nouveau:
        MembreProjet.objects.bulk_create(
            MembreProjet(projet=projet, structure=structures[membre], par=par)
            for membre in membres
            if membre in structures
        )
    return projet
