"""Needs of invented structures that found nothing: enough of them to see what is missing around Vichy."""

from datetime import timedelta

from django.utils import timezone

from annuaire.models import Structure
from ressources.actions import demandes
from ressources.models import Annonce

from .annonces import SOURCE

VAINES = [
    ("sel-montagne", "materiel", "pret", "Cherche un groupe électrogène pour la bourse d'échange", 12),
    ("bal-trad", "materiel", "pret", "Groupe électrogène silencieux pour un bal en plein air", 20),
    ("paniers-besbre", "materiel", "pret", "Groupe électrogène, une journée de marché", 33),
    ("aide-devoirs", "materiel", "pret", "Emprunt d'un groupe électrogène", 48),
    ("repair-cafe-cusset", "materiel", "location", "Groupe électrogène pour un atelier dehors", 60),
    ("tiers-lieu-moulin", "competence", "service_gratuit", "Un juriste pour relire un bail", 15),
    ("paniers-besbre", "competence", "service_gratuit", "Conseil d'un juriste en droit rural", 41),
    ("aide-devoirs", "local", "pret", "Une salle calme le mercredi", 27),
]
"""Structure, nature, mode, title, days since its last day."""


def charger() -> int:
    """How many needs were made: none the second time."""
    connues = set(Annonce.objects.filter(source=SOURCE).values_list("source_cle", flat=True))
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE).select_related("commune")}
    faites = 0
    for rang, (cle, nature, mode, titre, jours) in enumerate(VAINES):
        source_cle = f"en-vain-{rang}"
        if source_cle in connues or cle not in structures:
            continue
        structure, fin = structures[cle], timezone.localdate() - timedelta(days=jours)
        Annonce.objects.create(
            sens="besoin",
            nature=nature,
            mode=mode,
            titre=titre,
            description="Exemple inventé : ce besoin n'a pas trouvé de réponse.",
            structure=structure,
            commune=structure.commune,
            etat="publiee",
            publiee_le=timezone.now() - timedelta(days=jours + 90),
            expire_le=fin,
            rappels=3,
            source=SOURCE,
            source_cle=source_cle,
            est_demonstration=True,
        )
        faites += 1
    demandes.relever()
    return faites
