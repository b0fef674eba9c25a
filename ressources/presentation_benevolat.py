"""What the pages of missions show: the shifts by day, the people of each, what a search finds."""

from dataclasses import dataclass, field

from django.utils import timezone

from annuaire.models import Competence
from annuaire.models.commune import SansAccent
from annuaire.texte import plier
from ressources.agenda import jours
from ressources.models import InscriptionBenevole, Mission
from ressources.models.benevolat_profil import ProfilBenevole


@dataclass
class JourDeCreneaux:
    """`creneaux`: those that begin that day, each with `mienne`, its registration of the reader, or None."""

    jour: object
    creneaux: list = field(default_factory=list)


def jours_de_creneaux(mission, creneaux, *, miennes) -> list[JourDeCreneaux]:
    """By day of Europe/Paris; cancelled ones stay shown to whoever had a place."""
    par_jour = {}
    for creneau in creneaux:
        creneau.mission = mission
        creneau.mienne = miennes.get(creneau.pk)
        if creneau.etat == "ouvert":
            jour = timezone.localdate(creneau.debut)
            par_jour.setdefault(jour, JourDeCreneaux(jour)).creneaux.append(creneau)
    return list(par_jour.values())


def competences_nommees_comme(texte: str):
    """Skills whose name holds these words, whatever the case and the accents."""
    return Competence.objects.annotate(plie=SansAccent("nom")).filter(plie__contains=plier(texte))


def chercher_missions(*, commune=None, km=None, jour=None, competence=""):
    """Missions where a place may be taken, soonest first; `distance` when there is a commune."""
    missions = Mission.objects.ouvertes()
    if commune and commune.latitude is not None:
        missions = missions.autour(commune.latitude, commune.longitude, km=km)
    if jour:
        periode = jours(jour, jour)
        missions = missions.le_jour(periode.lower, periode.upper)
    if competence:
        missions = missions.avec_competence(competences_nommees_comme(competence))
    return missions.pour_listes()


def chercher_benevoles(*, lieu=None, km=None, competence="", demi_journees=()):
    """Volunteers who may be found, nearest first, else the last to have looked after their profile."""
    profils = ProfilBenevole.objects.trouvables()
    if competence:
        profils = profils.avec_competence(competences_nommees_comme(competence))
    if demi_journees:
        profils = profils.libres(demi_journees)
    if lieu is None:
        return profils.pour_listes().order_by("-modifie_le", "pk")
    profils = profils.autour(*lieu, km=km)
    return profils.pour_listes().order_by("distance", "pk")


def avec_personnes(mission, creneaux) -> list:
    """Each shift with `attendus` (by name), `attente` (in its order); two queries for all of them."""
    par_creneau = {creneau.pk: creneau for creneau in creneaux}
    for creneau in creneaux:
        creneau.mission = mission
        creneau.attendus, creneau.attente = [], []
    for inscription in InscriptionBenevole.objects.par_creneau(mission).filter(creneau__in=creneaux):
        creneau = par_creneau[inscription.creneau_id]
        inscription.creneau = creneau
        if inscription.etat == "en_attente":
            creneau.attente.append(inscription)
        elif inscription.etat != "annulee":
            creneau.attendus.append(inscription)
    for creneau in creneaux:
        creneau.attendus.sort(key=lambda inscription: (plier(inscription.nom), inscription.pk))
    return creneaux
