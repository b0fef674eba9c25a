"""What happened to the invented structures: members, persons, calls, edits to review, reports."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from annuaire.models import Contact, Echange, Modification, Rattachement, Signalement, Structure, Utilisateur

from .comptes import COMPTES, EQUIPE, NOMS, STRUCTURE_DES_COMPTES, STRUCTURE_DU_VOISIN

CONTACTS = [
    ("paniers-besbre", "Claude Exemple", "coordination", True),
    ("atelier-velo-parcs", "Morgan Exemple", "responsable de l'atelier", True),
    ("ressourcerie-sichon", "Alix Exemple", "direction", True),
    ("theatre-deux-rives", "Charlie Exemple", "administration", False),
    ("main-tendue-gannat", "Maxime Exemple", "présidence", False),
    ("domicile-allier-sud", "Lou Exemple", "responsable de secteur", True),
    ("bibliotheque-sonore", "Andréa Exemple", "secrétariat", True),
    ("tiers-lieu-moulin", "Noa Exemple", "accueil", True),
    ("ge-bourbonnais-sport", "Eden Exemple", "direction", False),
    ("radio-locale", "Swann Exemple", "programmes", False),
]
ECHANGES = [
    (
        "paniers-besbre",
        "appel",
        12,
        "coordination",
        "Les distributions passent au vendredi à partir d'avril.",
        None,
        True,
    ),
    (
        "ressourcerie-sichon",
        "visite",
        35,
        "direction",
        "Visite de la boutique. Cherche un local plus grand.",
        20,
        False,
    ),
    ("main-tendue-gannat", "appel", 60, "présidence", "Souhaite un atelier sur les dossiers de subvention.", -5, False),
    (
        "theatre-deux-rives",
        "courriel",
        90,
        "administration",
        "Deux dates libres en juin pour jouer en village.",
        None,
        False,
    ),
    ("cooperative-energie", "reunion", 20, "présidence", "Présente le projet de l'école devant les élus.", 40, True),
    ("handi-nature", "appel", 5, "accueil", "Deux joëlettes à prêter en dehors de l'été.", None, True),
    ("logement-jeunes", "appel", 200, "direction", "Rappeler après le conseil d'administration.", -60, False),
    ("mutuelle-locale", "visite", 300, "accueil", "Prête sa salle de réunion, soixante places.", None, False),
    ("cirque-chapiteau", "appel", 15, "présidence", "Pas de réponse, message laissé.", 2, False),
]
"""key, means, days ago, with whom (a function), note, call again in (days), sheet confirmed."""
MODIFICATIONS = [
    ("atelier-velo-parcs", "horaires", "Mercredi et samedi, de 14 h à 18 h ; le jeudi jusqu'à 20 h"),
    ("paniers-besbre", "public_accueilli", "Tout public, sur adhésion"),
    ("tiers-lieu-moulin", "missions", "Location de postes de travail. Salle de réunion de quarante places. Concerts."),
]
SIGNALEMENTS = [
    ("boutique-equitable", "erreur", "La boutique a déménagé de l'autre côté de la place.", "a_traiter"),
    ("fanfare-bocage", "erreur", "Le numéro de téléphone ne répond plus.", "a_traiter"),
    ("main-tendue-gannat", "retrait", "Je ne fais plus partie du bureau, merci de retirer mon nom.", "a_traiter"),
    ("monnaie-locale", "erreur", "Faute dans le nom.", "traite"),
]


def comptes() -> dict[str, Utilisateur]:
    """One account per role, its address confirmed; an existing one is left as it is."""
    trouves = {}
    for _role, adresse, mot_de_passe in COMPTES:
        utilisateur = Utilisateur.objects.filter(email__iexact=adresse).first()
        if utilisateur is None:
            utilisateur = Utilisateur.objects.create_user(
                adresse,
                mot_de_passe,
                nom=NOMS[adresse],
                is_staff=adresse in EQUIPE,
                is_superuser=adresse.startswith("administrateur"),
            )
            if adresse.startswith("animateur"):
                utilisateur.groups.add(Group.objects.get_or_create(name="Animateurs")[0])
            EmailAddress.objects.create(user=utilisateur, email=adresse, verified=True, primary=True)
        trouves[adresse] = utilisateur
    return trouves


def raconter(structures: dict[str, Structure], utilisateurs: dict[str, Utilisateur]) -> None:
    """The life of the structures just created; `structures` holds no other, so that nothing is told twice."""
    aujourdhui, maintenant = timezone.localdate(), timezone.now()
    equipe = utilisateurs["animateur@demo.example.org"]
    referent = utilisateurs["referent@demo.example.org"]
    for cle, prenom, role in (
        (STRUCTURE_DES_COMPTES, "referent", "referent"),
        (STRUCTURE_DES_COMPTES, "membre", "membre"),
        (STRUCTURE_DU_VOISIN, "voisin", "referent"),
    ):
        if structure := structures.get(cle):
            Rattachement.objects.create(
                structure=structure,
                utilisateur=utilisateurs[f"{prenom}@demo.example.org"],
                role=role,
                etat="actif",
                actif_depuis=maintenant,
            )
    for cle, nom, fonction, accord in CONTACTS:
        if cle in structures:
            Contact.objects.create(
                structure=structures[cle],
                nom=nom,
                fonction=fonction,
                telephone="06 39 98 12 34",
                courriel=f"{fonction.split()[0].replace('é', 'e')}@{cle}.example.org",
                nom_public=accord,
                telephone_public=accord and cle != "domicile-allier-sud",
                courriel_public=accord,
                consentement_le=aujourdhui - timedelta(days=100) if accord else None,
                consentement_source="formulaire d'accord (exemple)" if accord else "",
            )
    for cle, moyen, jours, interlocuteur, note, dans, confirme in ECHANGES:
        if cle in structures:
            Echange.objects.create(
                structure=structures[cle],
                moyen=moyen,
                date=aujourdhui - timedelta(days=jours),
                auteur=equipe,
                interlocuteur=interlocuteur,
                note=note,
                prochaine_date=aujourdhui + timedelta(days=dans) if dans is not None else None,
                confirme=confirme,
            )
    for cle, champ, apres in MODIFICATIONS:
        if structure := structures.get(cle):
            avant = getattr(structure, champ)
            setattr(structure, champ, apres)
            structure.champs_humains = [champ]
            structure._history_user = referent
            structure.save(update_fields=[champ, "champs_humains", "modifie_le"])
            Modification.objects.create(
                structure=structure, auteur=referent, avant={champ: avant}, apres={champ: apres}
            )
    for cle, genre, texte, etat in SIGNALEMENTS:
        if cle in structures:
            Signalement.objects.create(
                structure=structures[cle],
                genre=genre,
                nom="Une personne (exemple)",
                courriel="visite@demo.example.org",
                texte=texte,
                etat=etat,
                traite_le=maintenant if etat == "traite" else None,
                traite_par=equipe if etat == "traite" else None,
            )
