"""A draft becomes an issue that leaves: scheduled, taken back, started. What follows is in actions.envois."""

from django.db import transaction
from django.utils import timezone

from newsletter.models import Numero
from pole_ess.socle.file_attente import programmer as programmer_travail

from . import TransitionInterdite

TACHE_LANCER = "lettre.lancer"
Etat = Numero.Etat


@transaction.atomic
def programmer(numero: Numero, *, par, le=None) -> Numero:
    """brouillon → programme: it starts at `le` (now when none), by a job. Raises TransitionInterdite."""
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    if frais.etat not in (Etat.BROUILLON, Etat.PROGRAMME):
        raise TransitionInterdite(f"« {frais} » est {frais.get_etat_display()} : ce n'est pas possible.")
    if not frais.sujet.strip():
        raise TransitionInterdite("Il manque le sujet de la lettre.")
    frais.etat, frais.programme_le, frais.lance_par = Etat.PROGRAMME, le or timezone.now(), par
    frais.save(update_fields=["etat", "programme_le", "lance_par", "modifie_le"])
    programmer_travail(TACHE_LANCER, le=frais.programme_le, numero_id=frais.pk)
    return frais


@transaction.atomic
def deprogrammer(numero: Numero) -> Numero:
    """programme → brouillon. Raises TransitionInterdite once it has started."""
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    if frais.etat != Etat.PROGRAMME:
        raise TransitionInterdite(f"« {frais} » est {frais.get_etat_display()} : ce n'est pas possible.")
    frais.etat, frais.programme_le = Etat.BROUILLON, None
    frais.save(update_fields=["etat", "programme_le", "modifie_le"])
    return frais
