"""Short news of invented structures, over the last three months."""

import uuid
from datetime import timedelta

from django.utils import timezone

from annuaire.models import Structure, Utilisateur
from newsletter.models import Breve
from ressources.demonstration import images

ESPACE = uuid.UUID("5d0c7a52-3f3a-4b1c-8e53-9c1b2f6d2014")
SOURCE = "demonstration"
BREVES = [
    ("tiers-lieu-moulin", 96, "Le Moulin ouvre un atelier bois",
     "Établis, outils à main et aspiration : l'atelier ouvre deux soirs par semaine. Une séance d'accueil "
     "explique les règles de sécurité, puis chacun vient avec son projet. Tarif selon les moyens."),
    ("paniers-besbre", 90, "Deux maraîchers de plus aux Paniers",
     "Deux installations cette saison, et une distribution de plus, le mardi à la gare. Il reste vingt paniers "
     "à prendre."),
    ("bibliotheque-sonore", 71, "Cent nouveaux livres enregistrés",
     "Nos lectrices et lecteurs ont passé le cap des cent titres cette année. Nous cherchons des voix d'hommes "
     ": un essai dure vingt minutes, et rien n'engage."),
    ("cooperative-energie", 63, "Le toit de la mairie produit",
     "La troisième centrale villageoise est branchée : de quoi éclairer l'école et la salle des fêtes. Visite "
     "le premier samedi du mois, à 10 h, devant le préau."),
    ("fanfare-bocage", 44, "La Fanfare cherche deux trombones",
     "Niveau débutant accepté, instruments prêtés. Répétitions le jeudi à 20 h. On joue dehors, on joue fort, "
     "et l'on mange ensemble après."),
    ("mains-qui-parlent", 37, "Un café signé chaque mois",
     "Le dernier samedi du mois, de 15 h à 17 h : on parle avec les mains autour d'un gâteau. Débutants "
     "bienvenus, deux interprètes bénévoles sont là."),
    ("ressourcerie-sichon", 16, "La Ressourcerie double sa boutique",
     "Six cents mètres carrés, un rayon livres à hauteur d'enfant et une entrée de plain-pied. Les dons se "
     "déposent toujours rue des Forges, du mardi au samedi."),
    ("atelier-velo-parcs", 9, "Trente vélos d'enfant à donner",
     "Révisés cet hiver par les bénévoles, du 14 au 20 pouces. Venez avec l'enfant, on règle la selle sur "
     "place. Un don libre si vous pouvez, un sourire sinon."),
    ("maison-aidants", 4, "Une permanence de plus pour les aidants",
     "Le mercredi de 12 h à 14 h, pour qui travaille. Sans rendez-vous, avec un casse-croûte. On écoute, on "
     "explique les aides, on remplit les papiers ensemble."),
]  # fmt: skip
"""structure, days ago, title, words."""
A_VALIDER = ("sel-montagne", 1, "Grand troc d'hiver", "On apporte, on repart avec. Confitures, jouets, outils, heures.")
ILLUSTREE = "atelier-velo-parcs"


def charger() -> None:
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE)}
    auteur = Utilisateur.objects.filter(email="referent@demo.example.org").first()
    for cle, jours, titre, texte in [*BREVES, A_VALIDER]:
        if cle in structures:
            _ecrire(structures[cle], jours, titre, texte, auteur=auteur if cle == ILLUSTREE else None)


def _ecrire(structure, jours, titre, texte, *, auteur) -> None:
    cle = uuid.uuid5(ESPACE, titre)
    if Breve.objects.filter(cle=cle).exists():
        return
    quand = timezone.now() - timedelta(days=jours)
    publiee = titre != A_VALIDER[2]
    breve = Breve.objects.create(
        cle=cle,
        structure=structure,
        auteur=auteur,
        titre=titre,
        texte=texte,
        etat="publiee" if publiee else "a_valider",
        publiee_le=quand if publiee else None,
        soumise_le=quand,
        est_demonstration=True,
        **(_photo() if structure.source_cle == ILLUSTREE else {}),
    )
    Breve.objects.filter(pk=breve.pk).update(cree_le=quand)


def _photo() -> dict:
    """The bicycle that the announcements' demonstration draws."""
    photo, vignette, alternative = images.dessiner("velo", 0)
    return {"photo": photo, "vignette": vignette, "alternative": alternative}
