"""The waves of urgent calls: 1 near and close, 2 wider and looser, 3 the hub's staff.

`avancer` may be run by any number of workers at any moment. Each urgency is taken with its lock (`skip_locked`) and
judged again under it; its calls, their mails and the date of the next wave are one transaction. A worker killed in
the middle leaves nothing of it, and the next run, each minute, does it all: no wave is lost, none leaves twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from annuaire.notifications import en_pause, pied
from pole_ess.socle import liens
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from ressources.models import Appel, PreferenceUrgences, Urgence
from ressources.rapprochement import urgences as candidats

from .urgences import VAGUE_EQUIPE, clore, enregistrer, liberer, verrouiller
from .urgences_courriels import au_demandeur

OBJECTIF, JOURS_LIEN = "urgence-appel", 40
"""Urgencies begin within seven days and last a month at most."""


@dataclass(frozen=True)
class Vague:
    """`km` at most, a score of `seuil` at least, `maximum` persons, or `par_place` for each one looked for."""

    km: int
    seuil: float
    maximum: int
    par_place: int


VAGUES = {1: Vague(km=15, seuil=20, maximum=10, par_place=4), 2: Vague(km=50, seuil=0, maximum=30, par_place=8)}
A_REGARDER = 3
"""Times the maximum: best candidates among whom those who can be called now are taken."""


def lien(appel) -> str:
    """The path of the page where the person called answers."""
    return reverse("ressources:urgence_lien", args=[liens.signer(OBJECTIF, {"a": appel.pk})])


def avancer(*, maintenant=None) -> int:
    """Do all that is due: how many urgencies moved. Each in its own transaction."""
    maintenant = maintenant or timezone.now()
    cles = list(Urgence.objects.a_avancer(maintenant).order_by("prochaine_vague_le", "pk").values_list("pk", flat=True))
    return sum(avancer_une(cle, maintenant=maintenant) for cle in cles)


@transaction.atomic
def avancer_une(cle, *, maintenant=None) -> bool:
    """What is due for one urgency; False when nothing is, or when another worker is at it."""
    maintenant = maintenant or timezone.now()
    urgence = verrouiller(cle, sans_attendre=True)
    if urgence is None or not Urgence.objects.a_avancer(maintenant).filter(pk=cle).exists():
        return False
    if urgence.fin <= maintenant:
        _expirer(urgence)
    else:
        _envoyer_les_prevus(urgence, maintenant)
        while urgence.prochaine_vague_le is not None and urgence.prochaine_vague_le <= maintenant:
            _lancer(urgence, maintenant)
    enregistrer(urgence)
    return True


def _lancer(urgence, maintenant) -> None:
    """The next wave. One that reaches nobody now does not wait for answers: the following leaves at once."""
    urgence.vague += 1
    if urgence.vague == VAGUE_EQUIPE:
        urgence.prochaine_vague_le = None
        _prevenir_l_equipe(urgence)
        return
    appeles = _appeler(urgence, VAGUES[urgence.vague], maintenant)
    urgence.prochaine_vague_le = maintenant + timedelta(minutes=urgence.delai) if appeles else maintenant


def _appeler(urgence, vague, maintenant) -> int:
    """Write the calls of a wave; how many mails leave now. Called before and closed without their answer: again."""
    deja = {a.utilisateur_id: a for a in urgence.appels.all() if a.utilisateur_id}
    sauf = {cle for cle, appel in deja.items() if appel.etat != Appel.Etat.TROP_TARD}
    sauf |= set(en_pause().values_list("pk", flat=True))
    maximum = max(vague.maximum, vague.par_place * urgence.places)
    pistes = candidats.chercher(urgence, km=vague.km, seuil=vague.seuil, sauf={*sauf, urgence.par_id})
    pistes = pistes[: A_REGARDER * maximum]
    preferences = preferences_verrouillees([piste.utilisateur for piste in pistes])
    recus = Appel.objects.par_personne([piste.utilisateur for piste in pistes], maintenant)
    partis = retenus = 0
    for piste in pistes:
        preference = preferences[piste.utilisateur.pk]
        le = fin_du_calme(preference, maintenant)
        if preference.accepte == PreferenceUrgences.Accepte.JAMAIS:
            continue
        if recus.get(piste.utilisateur.pk, 0) >= preference.par_semaine or not urgence.est_utile(le):
            continue
        if (partis if le <= maintenant else retenus) >= maximum:
            continue
        appel = deja.get(piste.utilisateur.pk) or Appel(urgence=urgence, utilisateur=piste.utilisateur)
        appel.structure, appel.vague, appel.distance = piste.structure, urgence.vague, piste.distance
        appel.raisons = " ; ".join(piste.raisons)[:300]
        if envoyer_ou_prevoir(appel, le, maintenant):
            partis += 1
        else:
            retenus += 1
    return partis


def preferences_verrouillees(utilisateurs) -> dict[int, PreferenceUrgences]:
    """Account -> its preferences, made when missing, all locked in one order: two waves never pass a person's limit."""
    cles = sorted({utilisateur.pk for utilisateur in utilisateurs})
    PreferenceUrgences.objects.bulk_create(
        [PreferenceUrgences(utilisateur_id=cle) for cle in cles], ignore_conflicts=True
    )
    lignes = PreferenceUrgences.objects.select_for_update().filter(utilisateur__in=cles).order_by("utilisateur_id")
    return {ligne.utilisateur_id: ligne for ligne in lignes}


def fin_du_calme(preference, maintenant) -> datetime:
    """`maintenant`, or the end of the quiet hours that hold it; Europe/Paris, whatever the day the clocks change."""
    debut, fin, ici = preference.calme_debut, preference.calme_fin, timezone.localtime(maintenant)
    heure = ici.time()
    dedans = debut <= heure < fin if debut <= fin else heure >= debut or heure < fin
    if not dedans:
        return maintenant
    jour = ici.date() + timedelta(days=1 if heure >= fin else 0)
    return timezone.make_aware(datetime.combine(jour, fin))


def envoyer_ou_prevoir(appel, le, maintenant) -> bool:
    """Write the call, with its mail when `le` has come; True then. Held back otherwise."""
    rappel = appel.envois > 0
    if le > maintenant:
        appel.etat, appel.envoyer_le = Appel.Etat.PREVU, le
        appel.save()
        return False
    appel.etat, appel.envoyer_le, appel.envoye_le = Appel.Etat.ENVOYE, None, maintenant
    appel.envois += 1
    appel.save()
    urgence, bas = appel.urgence, pied(appel.utilisateur, "urgences")
    deposer(
        "urgence_appel",
        a=appel.utilisateur.email,
        utilisateur=appel.utilisateur,
        objet=appel,
        contexte={"urgence": urgence, "appel": appel, "lien": lien(appel), "rappel": rappel, **bas["contexte"]},
        desabonnement=bas["desabonnement"],
        cle_unicite=f"urgence-appel-{urgence.pk}-{appel.utilisateur_id}-{appel.envois}",
    )
    return True


def _envoyer_les_prevus(urgence, maintenant) -> None:
    """Quiet hours are over: the calls that still serve leave, within the week's limit; the others never do."""
    prevus = list(
        urgence.appels.filter(etat=Appel.Etat.PREVU, envoyer_le__lte=maintenant)
        .select_related("utilisateur", "structure")
        .order_by("pk")
    )
    personnes = [appel.utilisateur for appel in prevus if appel.utilisateur]
    preferences = preferences_verrouillees(personnes)
    recus = Appel.objects.par_personne(personnes, maintenant)
    pauses = set(en_pause().filter(pk__in=personnes).values_list("pk", flat=True)) if personnes else set()
    for appel in prevus:
        appel.urgence = urgence
        preference = preferences.get(appel.utilisateur_id)
        if (
            preference is None
            or appel.utilisateur_id in pauses
            or preference.accepte == PreferenceUrgences.Accepte.JAMAIS
            or recus.get(appel.utilisateur_id, 0) >= preference.par_semaine
            or not urgence.est_utile(maintenant)
        ):
            appel.etat, appel.envoyer_le = Appel.Etat.TROP_TARD, None
            appel.save()
        else:
            envoyer_ou_prevoir(appel, maintenant, maintenant)


def _prevenir_l_equipe(urgence) -> None:
    """Wave 3: the hub's staff, and who asks is told that they look for somebody too."""
    pole = ReglagesPole.actuels()
    deposer(
        "urgence_equipe",
        a=pole.courriel_equipe,
        objet=urgence,
        contexte={"urgence": urgence, "appeles": urgence.appels.filter(envoye_le__isnull=False).count()},
        cle_unicite=f"urgence-equipe-{urgence.pk}-{urgence.version}",
    )
    au_demandeur(urgence, "equipe")


def _expirer(urgence) -> None:
    clore(urgence, Urgence.Etat.EXPIREE)
    liberer(urgence)
    au_demandeur(urgence, "expiree")
