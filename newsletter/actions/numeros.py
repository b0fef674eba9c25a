"""A draft becomes an issue that leaves: scheduled, taken back, started. What follows is in actions.envois."""

from django.db import transaction
from django.utils import timezone

from newsletter import controle
from newsletter.models import Numero
from pole_ess.socle.file_attente import programmer as programmer_travail

from . import TransitionInterdite

TACHE_LANCER = "lettre.lancer"
CHANGEE = "La lettre a changé depuis que vous l'avez relue : regardez-la, puis recommencez."
Etat = Numero.Etat


class LettreRetenue(TransitionInterdite):
    """The gate keeps it: `constats` says why, and where to mend each."""

    def __init__(self, constats):
        self.constats = constats
        super().__init__("Cette lettre ne peut pas encore partir : " + " ".join(c.texte for c in constats))


@transaction.atomic
def programmer(numero: Numero, *, par, le=None, debit=None, version: int | None = None) -> Numero:
    """brouillon → programme: it starts at `le` (now when none), by a job. Raises TransitionInterdite.

    `version`: what was re-read; an issue changed since is read again first. Raises LettreRetenue when the gate finds
    something that must be mended.
    """
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    if frais.etat not in (Etat.BROUILLON, Etat.PROGRAMME):
        raise TransitionInterdite(f"« {frais} » est {frais.get_etat_display()} : ce n'est pas possible.")
    if not frais.sujet.strip():
        raise TransitionInterdite("Il manque le sujet de la lettre.")
    if version is not None and version != frais.version:
        raise TransitionInterdite(CHANGEE)
    if constats := controle.bloquants(frais):
        raise LettreRetenue(constats)
    frais.etat, frais.programme_le, frais.lance_par, frais.debit = Etat.PROGRAMME, le or timezone.now(), par, debit
    frais.save(update_fields=["etat", "programme_le", "lance_par", "debit", "modifie_le"])
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
