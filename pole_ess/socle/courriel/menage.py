"""What a killed worker leaves behind, and what is past its time."""

import logging
from datetime import timedelta
from importlib import import_module

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from .. import file_attente
from ..models import Compteur, Courriel, CourrielEntrant, JetonUtilise
from .depot import programmer_envoi

journal = logging.getLogger("pole_ess.courriel")

EN_VOL_MAX = timedelta(minutes=15)
"""Longer than any SMTP talk (20 s a step, 120 s for the last answer): whoever held the row is dead."""
SANS_TRAVAIL_MAX = timedelta(minutes=5)
CORPS_GARDES = timedelta(days=365)
LIGNES_GARDEES = timedelta(days=3 * 365)
"""The ledger proves what was sent; it does not keep addresses for ever."""
TRAVAUX_GARDES = timedelta(days=7)
MOTIF_PERDU = (
    "L'envoi a été interrompu : on ne sait pas si le message est parti. Il ne sera pas renvoyé sans votre décision."
)


def declarer_incertains() -> int:
    """Mails taken by a worker that has died: nobody knows whether they left, so nobody resends them alone."""
    perdus = Courriel.objects.filter(etat=Courriel.Etat.EN_VOL, en_vol_depuis__lt=timezone.now() - EN_VOL_MAX)
    nombre = 0
    for courriel in perdus:
        courriel.etat, courriel.erreur, courriel.en_vol_depuis = Courriel.Etat.INCERTAIN, MOTIF_PERDU, None
        courriel.effacer_si_confidentiel()
        nombre += Courriel.objects.regler(courriel)
    if nombre:
        journal.warning("%s courriels incertains", nombre)
    return nombre


@transaction.atomic
def reprendre_oublies() -> int:
    """Mails due for some minutes that no job carries any more (queue emptied by hand, failed job): a new job."""
    avant = timezone.now() - SANS_TRAVAIL_MAX
    en_file = _en_file()
    oublies = [courriel for courriel in Courriel.objects.dus_avant(avant) if courriel.pk not in en_file]
    for courriel in oublies:
        programmer_envoi(courriel)
    return len(oublies)


def purger() -> dict[str, int]:
    """Drop what has expired: counters, used links, jobs, sessions, cache, bodies (1 year), ledger (3 years)."""
    maintenant = timezone.now()
    vieux = {"cree_le__lt": maintenant - CORPS_GARDES}
    bilan = {
        "compteurs": Compteur.objects.filter(expire_le__lt=maintenant).delete()[0],
        "jetons": JetonUtilise.objects.filter(expire_le__lt=maintenant).delete()[0],
        "courriels": Courriel.objects.filter(cree_le__lt=maintenant - LIGNES_GARDEES).delete()[0],
        "corps": Courriel.objects.filter(**vieux)
        .exclude(texte="", html="")
        .update(texte="", html="", calendrier="", desabonnement=""),
        "entrants": CourrielEntrant.objects.filter(recu_le__lt=maintenant - CORPS_GARDES).delete()[0],
        "cache": _purger_cache(maintenant),
    }
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    async_to_sync(file_attente.gestionnaire.delete_old_jobs)(
        nb_hours=int(TRAVAUX_GARDES.total_seconds() // 3600),
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
    return bilan


def _en_file() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'courriel_id')::bigint FROM procrastinate_jobs "
            "WHERE task_name = 'courriel.expedier' AND status IN ('todo', 'doing')"
        )
        return {courriel_id for (courriel_id,) in cursor.fetchall()}


def _purger_cache(maintenant) -> int:
    """Django's database cache drops expired rows only when it is full: they hold addresses, drop them daily."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [maintenant])  # noqa: S608 - a setting's name
        return cursor.rowcount
