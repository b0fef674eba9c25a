"""A year of hours between invented structures and people: help of each kind, what waits, what is contested."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from annuaire.models import Structure, Utilisateur
from ressources.actions import heures as actes
from ressources.models import CompteHeures, EcritureHeures, OperationHeures

from .annonces import SOURCE

STRUCTURES = ["tiers-lieu-moulin", "sel-montagne", "aide-devoirs", "repair-cafe-cusset", "bal-trad", "paniers-besbre"]
PERSONNES = ["citoyen@demo.example.org", "referent@demo.example.org"]
MOI, CITOYEN, REFERENT = "moi", *PERSONNES
"""`moi`: the structure of the demonstration's référent."""
CONFIRMEES = [
    ("moi", "sel-montagne", 352, "3", "Remise en état des établis"),
    ("sel-montagne", "bal-trad", 330, "2", "Montage du parquet"),
    ("bal-trad", "moi", 318, "2.5", "Accordéon pour le goûter"),
    ("citoyen@demo.example.org", "moi", 300, "4", "Tri de la matériauthèque"),
    ("aide-devoirs", "repair-cafe-cusset", 281, "1.5", "Relecture d'un dossier"),
    ("moi", "paniers-besbre", 262, "3", "Étagères pour le local"),
    ("paniers-besbre", "aide-devoirs", 240, "2", "Goûter des enfants"),
    ("repair-cafe-cusset", "citoyen@demo.example.org", 222, "1", "Grille-pain réparé"),
    ("referent@demo.example.org", "bal-trad", 205, "2", "Tenue de la buvette"),
    ("moi", "tiers-lieu-moulin", 190, "6", "Cloison de l'atelier"),
    ("tiers-lieu-moulin", "moi", 171, "3.25", "Initiation au tableur"),
    ("sel-montagne", "tiers-lieu-moulin", 150, "2", "Débroussaillage"),
    ("citoyen@demo.example.org", "sel-montagne", 133, "2.5", "Affiches de la bourse"),
    ("bal-trad", "aide-devoirs", 112, "1.75", "Atelier chanson"),
    ("moi", "repair-cafe-cusset", 95, "2", "Bacs de rangement"),
    ("repair-cafe-cusset", "moi", 81, "4", "Deux perceuses réparées"),
    ("aide-devoirs", "citoyen@demo.example.org", 60, "1.5", "Aide pour un courrier"),
    ("paniers-besbre", "moi", 47, "2", "Livraison en fourgon"),
    ("tiers-lieu-moulin", "paniers-besbre", 33, "3", "Maquette du catalogue"),
    ("moi", "bal-trad", 21, "1.5", "Transport du parquet"),
    ("sel-montagne", "referent@demo.example.org", 12, "0.75", "Taille d'un rosier"),
]
"""Who helped, who was helped, days ago, hours, what for: each written three days after."""
OUVERTES = [
    ("tiers-lieu-moulin", "moi", 2, "2", "Réglage du wifi", "proposee", "aidant"),
    ("moi", "aide-devoirs", 3, "1.5", "Bibliothèque montée", "proposee", "aidant"),
    ("citoyen@demo.example.org", "moi", 1, "3", "Permanence de l'accueil", "proposee", "aidant"),
    ("bal-trad", "moi", 9, "6", "Concert", "contestee", "aidant"),
]
MOTIF = "Le concert a duré deux heures, répétition comprise."


def charger() -> int:
    """The number of accounts opened: none the second time. Run after the announcements'."""
    referent = Utilisateur.objects.filter(email=REFERENT).first()
    lien = referent and referent.rattachements.filter(role="referent", etat="actif").order_by("pk").first()
    if lien is None or CompteHeures.objects.filter(structure=lien.structure).exists():
        return 0
    titulaires = {s.source_cle: {"structure": s} for s in Structure.objects.filter(source=SOURCE)}
    titulaires = {cle: titulaires[cle] for cle in STRUCTURES if cle in titulaires}
    titulaires[MOI] = {"structure": lien.structure}
    for personne in Utilisateur.objects.filter(email__in=PERSONNES):
        titulaires[personne.email] = {"utilisateur": personne, "trouvable": True}
    comptes = {cle: actes.ouvrir(**titulaire) for cle, titulaire in titulaires.items()}
    _raconter(comptes)
    return len(comptes)


def _raconter(comptes):
    maintenant, aujourd_hui = timezone.now(), timezone.localdate()
    for aidant, aide, jours, heures, objet in CONFIRMEES:
        if aidant not in comptes or aide not in comptes:
            continue
        operation = _noter(comptes[aidant], comptes[aide], jours, heures, objet, etat="confirmee")
        for compte, montant in ((comptes[aidant], operation.heures), (comptes[aide], -operation.heures)):
            EcritureHeures.objects.create(
                operation=operation, compte=compte, montant=montant, passee_le=aujourd_hui - timedelta(days=jours - 3)
            )
        CompteHeures.objects.filter(pk__in=[comptes[aidant].pk, comptes[aide].pk]).update(
            ouvert_le=maintenant - timedelta(days=360)
        )
    for aidant, aide, jours, heures, objet, etat, cote in OUVERTES:
        if aidant in comptes and aide in comptes:
            motif = MOTIF if etat == "contestee" else ""
            _noter(comptes[aidant], comptes[aide], jours, heures, objet, etat=etat, propose_par_cote=cote, motif=motif)


def _noter(aidant, aide, jours, heures, objet, *, etat, **reste):
    maintenant = timezone.now()
    operation = OperationHeures.objects.create(
        aidant=aidant,
        aide=aide,
        heures=Decimal(heures),
        jour=timezone.localdate() - timedelta(days=jours),
        objet=objet,
        etat=etat,
        decidee_le=None if etat == "proposee" else maintenant - timedelta(days=max(jours - 3, 0)),
        cle=uuid.uuid4(),
        **reste,
    )
    OperationHeures.objects.filter(pk=operation.pk).update(cree_le=maintenant - timedelta(days=jours))
    return operation
