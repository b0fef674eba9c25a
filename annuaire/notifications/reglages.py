"""What a person chose: reading it, writing it, pausing, stopping."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annuaire.models import Avis, PauseNotifications, PreferenceNotification, Rythme, Utilisateur

from . import sortes


def rythmes_de(utilisateur) -> dict[str, Rythme]:
    """Kind -> rhythm, of every kind. A choice that the kind no longer offers counts as its default."""
    choisis = dict(PreferenceNotification.objects.filter(utilisateur=utilisateur).values_list("sorte", "rythme"))
    rythmes = {}
    for sorte in sortes.toutes():
        rythme = sorte.lire(utilisateur) if sorte.lire else choisis.get(sorte.cle, sorte.defaut)
        rythmes[sorte.cle] = Rythme(rythme) if rythme in sorte.rythmes else sorte.defaut
    return rythmes


def pour(utilisateur) -> list[sortes.Sorte]:
    """The kinds to show: those of structures only to who belongs to one."""
    est_membre = utilisateur.rattachements.filter(etat="actif").exists()
    return [sorte for sorte in sortes.toutes() if est_membre or not sorte.membres]


@transaction.atomic
def choisir(utilisateur, rythmes: dict[str, str], *, pause=None) -> None:
    """Write rhythms of some kinds, and the pause (its last day, or None). What waits for a refused kind is dropped.

    Raises ValueError for a rhythm that the kind does not offer.
    """
    Utilisateur.objects.select_for_update(of=("self",), no_key=True).get(pk=utilisateur.pk)
    for cle, rythme in rythmes.items():
        _choisir_un(utilisateur, sortes.sorte(cle), Rythme(rythme))
    suspendre(utilisateur, jusqu_au=pause)


def _choisir_un(utilisateur, sorte, rythme) -> None:
    if rythme not in sorte.rythmes:
        raise ValueError(f"{sorte.cle} cannot be {rythme}")
    if sorte.ecrire:
        sorte.ecrire(utilisateur, rythme)
        return
    sienne = PreferenceNotification.objects.filter(utilisateur=utilisateur, sorte=sorte.cle)
    if rythme == sorte.defaut:
        sienne.delete()
    elif not sienne.update(rythme=rythme):
        PreferenceNotification.objects.create(utilisateur=utilisateur, sorte=sorte.cle, rythme=rythme)
    if rythme == Rythme.JAMAIS:
        ecarter(Avis.objects.filter(utilisateur=utilisateur, sorte=sorte.cle))


@transaction.atomic
def arreter(utilisateur, visees) -> None:
    """« Jamais » for each of these kinds (sortes.arretables). Twice is once."""
    Utilisateur.objects.select_for_update(of=("self",), no_key=True).get(pk=utilisateur.pk)
    for visee in visees:
        if isinstance(visee, sortes.Sorte):
            _choisir_un(utilisateur, visee, Rythme.JAMAIS)
        else:
            visee.arreter(utilisateur)


@transaction.atomic
def suspendre(utilisateur, *, jusqu_au) -> None:
    """Pause until the day `jusqu_au` included, from today; None: no pause."""
    if jusqu_au is None:
        PauseNotifications.objects.filter(pk=utilisateur.pk).delete()
        return
    dates = {"depuis": timezone.localdate(), "jusqu_au": jusqu_au}
    PauseNotifications.objects.update_or_create(utilisateur=utilisateur, defaults=dates)


def pause_de(utilisateur) -> PauseNotifications | None:
    return PauseNotifications.objects.en_cours().filter(pk=utilisateur.pk).first()


def en_pause():
    """Ids of the accounts that are paused now; a subquery."""
    return PauseNotifications.objects.en_cours().values("pk")


def qui_refusent(cle: str):
    """Ids of the accounts that want none of this kind now: refused, or paused; a subquery."""
    refuse = Q(preferences_notification__sorte=cle, preferences_notification__rythme=Rythme.JAMAIS)
    return Utilisateur.objects.filter(refuse | Q(pk__in=en_pause())).values("pk")


def ecarter(avis) -> int:
    """Settle what waits among these without telling it."""
    return avis.filter(etat=Avis.Etat.ATTENTE).update(etat=Avis.Etat.ECARTE, regle_le=timezone.now())
