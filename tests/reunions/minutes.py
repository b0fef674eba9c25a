"""A meeting that was held, with everything that minutes tell, and its minutes in each state."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from reunions.actions import comptes_rendus as actes
from reunions.models import AnimateurReunion, Document, Enonce, PointOrdreDuJour, Priorite, TourDeTable
from tests.factories import StructureFactory
from tests.factories.reunions import (
    ActionFactory,
    AtelierFactory,
    CategorieAxeFactory,
    ParticipationFactory,
    PostItFactory,
    ReunionFactory,
)


def reunion_tenue(*, jours=20, **valeurs):
    """Held `jours` days ago."""
    debut = timezone.now() - timedelta(days=jours)
    return ReunionFactory(etat="tenue", debut=debut, fin=debut + timedelta(hours=2), **valeurs)


def reunion_racontee(*, combien=2, **valeurs):
    """With `combien` of everything: people present and excused, statements, boards, turns, documents, actions."""
    reunion = reunion_tenue(objectif="Valider le diagnostic.", **valeurs)
    suite = ReunionFactory(precedente=reunion, titre="Réunion suivante")
    atelier = AtelierFactory(reunion=reunion, axes=combien, phase="clos")
    for rang, axe in enumerate(atelier.axes.all()):
        PointOrdreDuJour.objects.create(reunion=reunion, titre=f"Point {rang}", ordre=rang)
        PointOrdreDuJour.objects.create(reunion=suite, titre=f"Point à venir {rang}", ordre=rang)
        AnimateurReunion.objects.create(reunion=reunion, nom=f"Anime Secrète{rang}", organisation="Le pôle")
        for presence in ("present", "excuse"):
            structure = StructureFactory(etat="publiee", nom=f"Structure {presence} {rang}")
            venue = ParticipationFactory(
                reunion=reunion, presence=presence, nom=f"Nom Secret{rang}", fonction=f"Fonction secrète {rang}"
            )
            venue.structures.add(structure)
        seule = ParticipationFactory(reunion=reunion, presence="present", nom=f"Seule Secrète{rang}")
        tour = TourDeTable.objects.create(reunion=reunion, libelle=seule.nom, ordre=rang)
        tour.participations.add(seule)
        Priorite.objects.create(tour=tour, texte=f"Se connaître {rang}")
        TourDeTable.objects.create(reunion=reunion, libelle=f"Venue Secrète{rang}", ordre=50 + rang)
        Enonce.objects.create(reunion=reunion, texte=f"Énoncé {rang}", remarques="Dit ensemble", issue="valide")
        for audience in ("public", "membres", "equipe"):
            Document.objects.create(
                reunion=reunion,
                fichier=ContentFile(b"x", name="x"),
                nom=f"{audience}-{rang}.txt",
                type_mime="text/plain",
                taille=1,
                audience=audience,
            )
        categorie = CategorieAxeFactory(axe=axe)
        for couleur in ("rose", "jaune", "rose"):
            PostItFactory(axe=axe, categorie=categorie, couleur=couleur)
        PostItFactory(axe=axe)
        ActionFactory(reunion=reunion, titre=f"Action décidée {rang}", pilote=StructureFactory(etat="publiee"))
    return reunion


def minutes_publiees(*, reunion=None, par=None, texte="**Bonsoir** à tous."):
    """Version 1 of the minutes."""
    minutes = actes.rediger(reunion or reunion_racontee(), par=par)
    section = minutes.sections.first()
    actes.enregistrer_section(section, par=par, titre=section.titre, texte=texte, version=1)
    actes.marquer_relu(minutes, par=par)
    actes.publier(minutes, par=par, numero=1)
    minutes.refresh_from_db()
    return minutes
