"""Two urgent calls: one that somebody answered, one whose first wave has just left."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from annuaire.demonstration.comptes import STRUCTURE_DES_COMPTES, STRUCTURE_DU_VOISIN
from annuaire.models import Commune, Structure, Utilisateur
from ressources.models import Appel, PreferenceUrgences, ReglagesUrgences, Urgence

from .annonces import SOURCE

ESPACE = uuid.UUID("5f0c2a52-9f5e-4b7e-9a34-0c5a7f6e2014")
APPELS = [
    {
        "cle": "cuisine",
        "structure": STRUCTURE_DU_VOISIN,
        "par": "voisin",
        "titre": "Remplacement en cuisine demain 8 h",
        "savoir_faire": "cuisine",
        "description": "Quarante repas à préparer avec le chef pour la cantine. Repas offert, trajet remboursé.",
        "jour": 1,
        "heures": (8, 14),
        "appeles": [("citoyen", None, "oui", 6.0), ("referent", STRUCTURE_DES_COMPTES, "trop_tard", 14.0)],
    },
    {
        "cle": "minibus",
        "structure": STRUCTURE_DES_COMPTES,
        "par": "referent",
        "titre": "Conduire le minibus de la sortie vélo",
        "savoir_faire": "conduite, permis B",
        "description": "Notre conducteur est malade : huit enfants à emmener à la voie verte, et à ramener à midi.",
        "jour": 2,
        "heures": (9, 12),
        "appeles": [("citoyen", None, "envoye", 3.0), ("voisin", STRUCTURE_DU_VOISIN, "non", 17.0)],
    },
]  # fmt: skip


def charger() -> int:
    """Create what is missing; the number of calls made. Run after annuaire's demonstration."""
    structures = {s.source_cle: s for s in Structure.objects.filter(source=SOURCE).select_related("commune")}
    comptes = {c.email.split("@")[0]: c for c in Utilisateur.objects.filter(email__endswith="@demo.example.org")}
    vichy = Commune.objects.filter(code="03310").first()
    if not {STRUCTURE_DES_COMPTES, STRUCTURE_DU_VOISIN} <= structures.keys() or "citoyen" not in comptes or not vichy:
        return 0
    PreferenceUrgences.objects.get_or_create(
        utilisateur=comptes["citoyen"],
        defaults={
            "accepte": "oui", "savoir_faire": "cuisine, conduite de minibus, bricolage", "commune": vichy, "rayon": 30,
            "telephone": "06 39 98 12 34",
        },
    )  # fmt: skip
    for cle in (STRUCTURE_DES_COMPTES, STRUCTURE_DU_VOISIN):
        ReglagesUrgences.objects.get_or_create(structure=structures[cle])
    return sum(_lancer(appel, structures, comptes) for appel in APPELS)


def _lancer(appel, structures, comptes) -> bool:
    cle, structure = uuid.uuid5(ESPACE, appel["cle"]), structures[appel["structure"]]
    if Urgence.objects.filter(cle=cle).exists():
        return False
    maintenant, jour = timezone.now(), timezone.localdate() + timedelta(days=appel["jour"])
    debut, fin = (timezone.make_aware(datetime.combine(jour, time(heure))) for heure in appel["heures"])
    trouvee = any(etat == "oui" for _, _, etat, _ in appel["appeles"])
    point = structure if structure.est_situee else structure.commune
    urgence = Urgence.objects.create(
        structure=structure, par=comptes[appel["par"]], titre=appel["titre"], description=appel["description"],
        nature="competence", savoir_faire=appel["savoir_faire"], debut=debut, fin=fin, commune=structure.commune,
        latitude=point.latitude, longitude=point.longitude, lieu=structure.adresse, contact="Alex (exemple)",
        telephone="06 39 98 12 34", delai=60, cle=cle, vague=1, version=1, confirmes=int(trouvee),
        etat="pourvue" if trouvee else "ouverte", close_le=maintenant if trouvee else None,
        prochaine_vague_le=None if trouvee else maintenant + timedelta(minutes=60),
    )  # fmt: skip
    for qui, leur_structure, etat, distance in appel["appeles"]:
        Appel.objects.create(
            urgence=urgence, utilisateur=comptes[qui], structure=structures.get(leur_structure), vague=1, etat=etat,
            envois=1, envoye_le=maintenant, distance=distance, raisons=f"compétence : {appel['savoir_faire']}",
            reponse_le=maintenant if etat in ("oui", "non") else None,
            nom=comptes[qui].nom if etat == "oui" else "", telephone="06 39 98 12 34" if etat == "oui" else "",
            message="J'arrive à 7 h 45." if etat == "oui" else "",
        )  # fmt: skip
    return True
