"""Missions and their shifts, as their structure organises them.

    mission: ouverte → annulee      shift: ouvert → annule

Locks, everywhere: the mission when it changes, then its shifts in the order of their keys, then the people (see
benevolat_places). An act done twice is done once; mails are in its transaction.
"""

from django.db import transaction
from django.utils import timezone

from annuaire.actions.edition import competences_nommees
from ressources.actions import TransitionInterdite
from ressources.models import Annonce, Creneau, Mission
from ressources.natures import Nature

from . import benevolat_places as listes
from .benevolat_courriels import aux_inscrits

CHAMPS = ("evenement", "lien", "lieu", "consignes")
CRENEAUX_MAX = 200
"""Of one mission: a festival of four days has about a hundred."""


class CleDejaUtilisee(TransitionInterdite):
    """The form's key has written something else."""

    def __init__(self):
        super().__init__("Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")


def peut_porter_une_mission(annonce) -> bool:
    """A need of volunteers that is still alive: written, waiting, or in line."""
    vivants = (Annonce.Etat.BROUILLON, Annonce.Etat.A_VALIDER, Annonce.Etat.A_CORRIGER, Annonce.Etat.PUBLIEE)
    return not annonce.est_offre and annonce.nature == Nature.BENEVOLAT and annonce.etat in vivants


@transaction.atomic
def ouvrir(annonce, *, par, valeurs, competences=(), cle) -> Mission:
    """Give a need of volunteers its shifts. `valeurs`: CHAMPS; `competences`: names. One mission an announcement."""
    fraiche = Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
    deja = Mission.objects.filter(annonce=fraiche).first()
    if deja is not None:
        return deja
    if Mission.objects.filter(cle=cle).exists():
        raise CleDejaUtilisee
    if not peut_porter_une_mission(fraiche):
        raise TransitionInterdite("Des créneaux se proposent depuis un besoin de bénévoles, en ligne ou à venir.")
    mission = Mission.objects.create(annonce=fraiche, cle=cle, **{champ: valeurs[champ] for champ in CHAMPS})
    mission.competences.set(competences_nommees(competences))
    return mission


def _verrouiller(mission) -> Mission:
    fraiche = Mission.objects.select_for_update(of=("self",)).select_related("annonce__structure").get(pk=mission.pk)
    if not fraiche.est_ouverte:
        raise TransitionInterdite("Cette mission est annulée : elle ne change plus.")
    return fraiche


@transaction.atomic
def modifier(mission, *, par, valeurs, competences) -> Mission:
    """Event, place, instructions, skills. Times and numbers are the shifts'."""
    fraiche = _verrouiller(mission)
    for champ in CHAMPS:
        setattr(fraiche, champ, valeurs[champ])
    fraiche.save(update_fields=[*CHAMPS, "modifie_le"])
    fraiche.competences.set(competences_nommees(competences))
    return fraiche


@transaction.atomic
def ajouter_creneaux(mission, *, par, plages, places, intitule="", lieu="", cle) -> list[Creneau]:
    """One shift for each (debut, fin) of `plages`, aware, all with the same words and places.

    The same `cle` twice writes once. Raises TransitionInterdite: past, already there, too many.
    """
    fraiche = _verrouiller(mission)
    if deja := list(Creneau.objects.filter(cle=cle).order_by("debut", "pk")):
        if deja[0].mission_id != fraiche.pk:
            raise CleDejaUtilisee
        return deja
    if min(debut for debut, _ in plages) <= timezone.now():
        raise TransitionInterdite("Ce créneau est déjà commencé : donnez un jour et une heure à venir.")
    if fraiche.creneaux.count() + len(plages) > CRENEAUX_MAX:
        raise TransitionInterdite(f"Une mission compte {CRENEAUX_MAX} créneaux au plus : ouvrez-en une autre.")
    present = set(fraiche.creneaux.ouverts().filter(intitule=intitule).values_list("debut", "fin"))
    if present & set(plages):
        raise TransitionInterdite("Un créneau existe déjà à cette heure sous ce nom : modifiez ses places plus bas.")
    nouveaux = [
        Creneau(mission=fraiche, debut=debut, fin=fin, places=places, intitule=intitule, lieu=lieu, cle=cle)
        for debut, fin in plages
    ]
    return Creneau.objects.bulk_create(nouveaux)


@transaction.atomic
def modifier_creneau(creneau, *, par, debut, fin, places: int, intitule, lieu) -> Creneau:
    """Other hours, another place, more or fewer places. Whoever holds or waits for one is told of a new time or place.

    Never fewer places than are taken. More moves the waiting list up. New hours that clash with another confirmed
    shift of somebody on the list are refused: they would be in two places at once.
    """
    fraiche = _creneau_ouvert(creneau)
    if debut <= timezone.now():
        raise TransitionInterdite("Cette heure est déjà passée.")
    if places < fraiche.places_prises:
        raise TransitionInterdite(
            f"{fraiche.places_prises} places sont déjà prises : le créneau ne peut pas en compter moins."
        )
    liste = list(fraiche.inscriptions.actives().select_related("utilisateur").order_by("pk"))
    listes.verrouiller_personnes([inscription.utilisateur_id for inscription in liste])
    heures_changent = (debut, fin) != (fraiche.debut, fraiche.fin)
    if heures_changent:
        _refuser_les_chevauchements(fraiche, liste, debut, fin)
    autres = Creneau.objects.ouverts().filter(mission=fraiche.mission_id, debut=debut, fin=fin, intitule=intitule)
    if autres.exclude(pk=fraiche.pk).exists():
        raise TransitionInterdite("Un autre créneau existe déjà à cette heure sous ce nom.")
    a_dire = heures_changent or lieu != fraiche.lieu
    avant = fraiche.debut, fraiche.fin
    fraiche.debut, fraiche.fin, fraiche.places, fraiche.intitule, fraiche.lieu = debut, fin, places, intitule, lieu
    fraiche.save(update_fields=["debut", "fin", "places", "intitule", "lieu", "modifie_le"])
    if a_dire:
        aux_inscrits("change", fraiche, liste, avant=avant if heures_changent else None)
    _rafraichir(creneau, fraiche)
    listes.avancer_verrouille(fraiche)
    return creneau


def _refuser_les_chevauchements(fraiche, liste, debut, fin) -> None:
    inscrits = [inscription.utilisateur_id for inscription in liste if inscription.etat == "inscrite"]
    if listes.pris_ailleurs(inscrits, debut, fin, sauf=fraiche.pk):
        raise TransitionInterdite(
            "Une personne inscrite a déjà un autre créneau à ces heures-là. Gardez l'horaire, ou annulez ce créneau et "
            "ouvrez-en un autre."
        )


def _creneau_ouvert(creneau) -> Creneau:
    fraiche = listes.verrouiller(creneau)
    if not fraiche.est_ouvert or not fraiche.mission.est_ouverte:
        raise TransitionInterdite("Ce créneau est passé ou annulé : il ne change plus.")
    return fraiche


def _rafraichir(creneau, fraiche) -> None:
    for champ in ("debut", "fin", "places", "intitule", "lieu", "etat", "motif"):
        setattr(creneau, champ, getattr(fraiche, champ))


@transaction.atomic
def annuler_creneau(creneau, *, par, motif) -> int:
    """Nobody comes: everyone on it, waiting or not, is told why, once. How many. `motif` required."""
    motif = _motif(motif)
    fraiche = listes.verrouiller(creneau)
    if fraiche.etat == Creneau.Etat.ANNULE:
        return 0
    if fraiche.a_commence:
        raise TransitionInterdite("Ce créneau a déjà commencé : pointez plutôt qui est venu.")
    nombre = _annuler(fraiche, motif)
    _rafraichir(creneau, fraiche)
    return nombre


def _annuler(fraiche, motif) -> int:
    touchees = list(fraiche.inscriptions.actives().select_related("utilisateur").order_by("pk"))
    listes.annuler_avec_le_creneau(fraiche, motif)
    fraiche.etat, fraiche.motif = Creneau.Etat.ANNULE, motif
    fraiche.save(update_fields=["etat", "motif", "modifie_le"])
    aux_inscrits("creneau_annule", fraiche, touchees, motif=motif)
    return len(touchees)


@transaction.atomic
def annuler_mission(mission, *, par, motif) -> int:
    """All its shifts to come are cancelled; each person is told once, however many shifts they had. How many people."""
    motif = _motif(motif)
    fraiche = Mission.objects.select_for_update(of=("self",)).select_related("annonce__structure").get(pk=mission.pk)
    if not fraiche.est_ouverte:
        return 0
    a_venir = Creneau.objects.select_for_update(of=("self",)).filter(mission=fraiche).a_venir().order_by("pk")
    par_personne = {}
    for creneau in list(a_venir):
        creneau.mission = fraiche
        for inscription in creneau.inscriptions.actives().select_related("utilisateur").order_by("pk"):
            inscription.creneau = creneau
            par_personne.setdefault(inscription.utilisateur, []).append(inscription)
        listes.annuler_avec_le_creneau(creneau, motif)
        creneau.etat, creneau.motif = Creneau.Etat.ANNULE, motif
        creneau.save(update_fields=["etat", "motif", "modifie_le"])
    fraiche.etat, fraiche.motif = Mission.Etat.ANNULEE, motif
    fraiche.save(update_fields=["etat", "motif", "modifie_le"])
    for inscriptions in par_personne.values():
        aux_inscrits("mission_annulee", inscriptions[0].creneau, inscriptions[:1], motif=motif, toutes=inscriptions)
    mission.etat, mission.motif = fraiche.etat, fraiche.motif
    return len(par_personne)


def _motif(motif) -> str:
    motif = (motif or "").strip()[:500]
    if not motif:
        raise ValueError("a cancellation says why")
    return motif
