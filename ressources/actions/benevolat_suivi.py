"""After a shift: who came, the hours, what the person says of them; the morning's mails; what is forgotten.

    inscrite ↔ venue | absente

The structure notes, the person answers: both figures stay. A job that runs twice never reminds twice.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from ressources.actions import TransitionInterdite
from ressources.agenda import minuit
from ressources.models import Creneau, InscriptionBenevole, MessageBenevole, Mission, PriseDeContact

from .benevolat_courriels import a_la_personne, a_la_structure
from .benevolat_places import verrouiller

Etat = InscriptionBenevole.Etat
POINTABLES = (Etat.INSCRITE, Etat.VENUE, Etat.ABSENTE)
AVANCE = timedelta(hours=1)
"""People arrive before the hour: checking in opens that early."""
TELEPHONE_GARDE = timedelta(days=30)
MESSAGES_GARDES = timedelta(days=365)


class DejaPointee(TransitionInterdite):
    """Somebody else noted another state meanwhile."""


def peut_pointer(creneau) -> bool:
    return creneau.etat == Creneau.Etat.OUVERT and creneau.debut - AVANCE <= timezone.now()


@transaction.atomic
def pointer(inscription, *, par, etat, vue, heures=None) -> InscriptionBenevole:
    """Came, or not, or not noted any more. `vue`: the state that the page showed; `heures`: the shift's when None.

    Raises DejaPointee, TransitionInterdite (too early, not on the list).
    """
    fraiche = verrouiller(Creneau(pk=inscription.creneau_id))
    if not peut_pointer(fraiche):
        raise TransitionInterdite("On pointe à partir d'une heure avant le créneau.")
    ligne = InscriptionBenevole.objects.select_for_update(of=("self",)).get(pk=inscription.pk)
    if ligne.etat not in POINTABLES:
        raise TransitionInterdite(f"{ligne} n'a pas de place dans ce créneau.")
    if ligne.etat not in (vue, etat):
        raise DejaPointee(
            f"{ligne} a été noté « {ligne.get_etat_display()} » entre-temps : rien n'a changé. "
            "Recommencez si vous voulez corriger."
        )
    if etat != Etat.VENUE:
        heures = None
    elif heures is None:
        heures = fraiche.duree if ligne.heures is None else ligne.heures
    ligne.etat, ligne.heures, ligne.notee_par = etat, heures, par
    ligne.notee_le = None if etat == Etat.INSCRITE else timezone.now()
    ligne.save(update_fields=["etat", "heures", "notee_par", "notee_le", "modifie_le"])
    inscription.etat, inscription.heures = ligne.etat, ligne.heures
    return ligne


@transaction.atomic
def dire_les_heures(inscription, *, heures, mot="") -> InscriptionBenevole:
    """The person says what they did. The same as the structure: said by both; else its référents are told."""
    fraiche = verrouiller(Creneau(pk=inscription.creneau_id))
    ligne = InscriptionBenevole.objects.select_for_update(of=("self",)).get(pk=inscription.pk)
    if ligne.etat not in (Etat.VENUE, Etat.ABSENTE):
        raise TransitionInterdite("La structure n'a pas encore pointé ce créneau : rien n'est à confirmer.")
    if (ligne.heures_benevole, ligne.mot_benevole) == (heures, mot):
        return ligne
    ligne.heures_benevole, ligne.mot_benevole = heures, mot.strip()[:500]
    ligne.save(update_fields=["heures_benevole", "mot_benevole", "modifie_le"])
    ligne.creneau = fraiche
    if ligne.heures_contestees:
        a_la_structure("heures", fraiche, objet=ligne, inscription=ligne)
    inscription.heures_benevole, inscription.mot_benevole = ligne.heures_benevole, ligne.mot_benevole
    return ligne


# -- each morning


def rappeler() -> int:
    """The day before: each person once, for that day; then the structures' own mail. How many people."""
    demain = timezone.localdate() + timedelta(days=1)
    debut, fin = minuit(demain), minuit(demain + timedelta(days=1))
    dues = InscriptionBenevole.objects.filter(
        etat=Etat.INSCRITE, creneau__etat="ouvert", creneau__debut__gte=debut, creneau__debut__lt=fin
    )
    nombre = 0
    for pk in list(dues.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            due = dues.filter(pk=pk).select_for_update(of=("self",))
            inscription = due.select_related("utilisateur", "creneau__mission__annonce__structure").first()
            if inscription is not None:
                a_la_personne("rappel", inscription, cle_unicite=f"benevole-rappel-{pk}-{demain}")
                nombre += 1
    for mission in list(_missions_du_matin(debut, fin)):
        _ecrire_au_matin(mission, debut, fin)
    return nombre


def _missions_du_matin(debut, fin):
    """Open missions with a shift tomorrow, or registrations since yesterday morning."""
    hier = timezone.now() - timedelta(days=1)
    demain = Q(creneaux__etat="ouvert", creneaux__debut__gte=debut, creneaux__debut__lt=fin)
    neuves = Q(creneaux__inscriptions__cree_le__gte=hier, creneaux__inscriptions__etat__in=["inscrite", "en_attente"])
    return Mission.objects.filter(demain | neuves, etat="ouverte").distinct().order_by("pk")


@transaction.atomic
def _ecrire_au_matin(mission, debut, fin) -> None:
    """What tomorrow's shifts expect, and how many registered since yesterday; one mail a day and référent."""
    mission = Mission.objects.select_related("annonce__structure").get(pk=mission.pk)
    hier = timezone.now() - timedelta(days=1)
    creneaux = list(mission.creneaux.du_jour(debut, fin).avec_attente().order_by("debut", "pk"))
    recentes = InscriptionBenevole.objects.actives().filter(creneau__mission=mission, cree_le__gte=hier)
    nouvelles = recentes.aggregate(n=Count("pk"))["n"]
    premier = creneaux[0] if creneaux else mission.creneaux.order_by("pk").first()
    premier.mission = mission
    a_la_structure(
        "matin",
        premier,
        avant=debut if creneaux else None,  # its words say « demain »
        creneaux=creneaux,
        nouvelles=nouvelles,
        cle_unicite=f"benevole-matin-{mission.pk}-{timezone.localdate()}",
    )


def oublier() -> int:
    """Phones a month after their shift, relayed messages after a year, contacts left empty. How many rows."""
    maintenant = timezone.now()
    vieilles = InscriptionBenevole.objects.filter(creneau__fin__lt=maintenant - TELEPHONE_GARDE)
    touchees = vieilles.exclude(telephone="").update(telephone="")
    touchees += MessageBenevole.objects.filter(cree_le__lt=maintenant - MESSAGES_GARDES).delete()[0]
    vides = PriseDeContact.objects.filter(messages=None, refuse_le=None, cree_le__lt=maintenant - MESSAGES_GARDES)
    return touchees + vides.delete()[0]
