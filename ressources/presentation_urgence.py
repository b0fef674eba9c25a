"""An urgency as its pages show it: the clock in one sentence, who was called in numbers, who comes."""

from django.db.models import Count, Q
from django.utils import timezone

from pole_ess.socle.templatetags.francais import pluriel
from ressources.actions.urgences_vagues import VAGUES
from ressources.models import Urgence
from ressources.templatetags.urgences import heure_ou_jour


def horloge(urgence) -> str:
    """What happens next, and at what hour."""
    if not urgence.est_ouverte:
        return _fin(urgence)
    if urgence.vague == 3:
        return "L'équipe du pôle est prévenue et cherche avec vous. Les personnes appelées peuvent encore répondre."
    if urgence.prochaine_vague_le <= timezone.now():
        return (
            "Les messages partent dans un instant." if urgence.vague == 0 else "La vague suivante part dans un instant."
        )
    quand = heure_ou_jour(urgence.prochaine_vague_le)
    if urgence.vague == 0:
        return f"La réserve est appelée. Nouvelle vague à {quand} si elle ne peut pas."
    if urgence.vague == 1:
        return f"Prochaine vague à {quand} si personne n'a répondu oui : jusqu'à {VAGUES[2].km}\u00a0km."
    return f"À {quand}, si personne n'a répondu oui, l'équipe du pôle est prévenue."


def _fin(urgence) -> str:
    if urgence.etat == Urgence.Etat.ANNULEE:
        return "Vous avez annulé cet appel : les personnes appelées sont prévenues."
    if urgence.etat == Urgence.Etat.EXPIREE:
        return "L'heure est passée : plus personne n'est appelé."
    if urgence.autrement:
        return "Pourvue autrement : les personnes appelées sont prévenues."
    return f"C'est trouvé : {urgence.places} {pluriel(urgence.places, 'personne vient,personnes viennent')}."


def vagues(urgence) -> list[dict]:
    """Per wave that left: called, yes, no, without an answer, held back by quiet hours. Numbers only; one query."""
    envoyes = Q(envoye_le__isnull=False)
    lignes = (
        urgence.appels.order_by()
        .values("vague")
        .annotate(
            appeles=Count("pk", filter=envoyes),
            oui=Count("pk", filter=Q(etat__in=["oui", "reserve"])),
            non=Count("pk", filter=Q(etat__in=["non", "desiste"])),
            attendus=Count("pk", filter=envoyes & Q(etat__in=["envoye", "trop_tard"])),
            prevus=Count("pk", filter=Q(etat="prevu")),
        )
        .order_by("vague")
    )
    noms = {1: f"1, à moins de {VAGUES[1].km}\u00a0km", 2: f"2, jusqu'à {VAGUES[2].km}\u00a0km"}
    return [{**ligne, "nom": noms[ligne["vague"]]} for ligne in lignes]


def marque(urgence) -> str:
    """Changes when the moving part of the page does: an open page asks with the one it shows."""
    en_retard = urgence.prochaine_vague_le is not None and urgence.prochaine_vague_le <= timezone.now()
    return f"{urgence.version}-{int(en_retard)}-{timezone.localdate():%j}"


def suivi(urgence) -> dict:
    """The moving part of the asker's page."""
    return {
        "urgence": urgence,
        "horloge": horloge(urgence),
        "vagues": vagues(urgence),
        "viennent": list(
            urgence.appels.filter(etat="oui").select_related("structure", "utilisateur").order_by("reponse_le", "pk")
        ),
        "reserve": urgence.appels.filter(etat="reserve").count(),
        "marque": marque(urgence),
        "peut_elargir": urgence.est_ouverte and 0 < urgence.vague < 3,
        "peut_annuler": urgence.etat in (Urgence.Etat.OUVERTE, Urgence.Etat.POURVUE) and not urgence.est_passee,
        "cadence": 4 if urgence.vague == 0 else 10,
    }
