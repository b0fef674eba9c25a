"""What the hub's staff do besides deciding: read again, trust a structure, watch for a word."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from annuaire.actions.correspondants import adresses
from annuaire.models import Structure
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole
from ressources import vigilance
from ressources.models import Annonce, ReglagesStructure

from . import TransitionInterdite


@transaction.atomic
def relire(annonce, *, par) -> Annonce:
    """The edit of a published one was read: it stays as it is."""
    fraiche = Annonce.objects.select_for_update(of=("self",)).get(pk=annonce.pk)
    if fraiche.a_relire_depuis is None:
        raise TransitionInterdite(f"« {fraiche} » est déjà relue.")
    fraiche.a_relire_depuis = annonce.a_relire_depuis = None
    fraiche._history_user, fraiche._change_reason = par, "relue"
    fraiche.save(update_fields=["a_relire_depuis", "modifie_le"])
    return annonce


def _verrouiller_reglages(structure) -> ReglagesStructure:
    """The structure's row first: two people at once make one row of settings."""
    Structure.objects.select_for_update(of=("self",), no_key=True).get(pk=structure.pk)
    return ReglagesStructure.objects.get_or_create(structure=structure)[0]


@transaction.atomic
def faire_confiance(structure, *, par) -> ReglagesStructure:
    """Its announcements show at once from now on; it is told. Raises TransitionInterdite when it already is trusted."""
    reglages = _verrouiller_reglages(structure)
    if reglages.de_confiance:
        raise TransitionInterdite(f"« {structure} » est déjà une structure de confiance.")
    reglages.de_confiance, reglages.confiance_par, reglages.confiance_le = True, par, timezone.now()
    reglages.save(update_fields=["de_confiance", "confiance_par", "confiance_le"])
    _dire(structure, de_confiance=True)
    return reglages


@transaction.atomic
def retirer_confiance(structure, *, par, motif) -> ReglagesStructure:
    """Its next announcements wait for the staff again; it is told why. `motif` required."""
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée à la structure.")
    reglages = _verrouiller_reglages(structure)
    if not reglages.de_confiance:
        raise TransitionInterdite(f"« {structure} » n'est pas une structure de confiance.")
    reglages.de_confiance, reglages.confiance_par, reglages.confiance_le = False, par, timezone.now()
    reglages.save(update_fields=["de_confiance", "confiance_par", "confiance_le"])
    _dire(structure, de_confiance=False, motif=motif)
    return reglages


def _dire(structure, *, de_confiance, motif="") -> None:
    for adresse, utilisateur in adresses(structure).items():
        deposer(
            "annonces_confiance",
            a=adresse,
            utilisateur=utilisateur,
            objet=structure,
            repondre_a=ReglagesPole.actuels().courriel_equipe,
            contexte={"structure": structure, "de_confiance": de_confiance, "motif": motif},
        )


def reperer(expression: str) -> int:
    """A new word of vigilance: published announcements that hold it are listed for the staff to read. How many.

    They stay in line: a clumsy word must not empty the portal.
    """
    nombre = 0
    en_ligne = Annonce.objects.filter(etat=Annonce.Etat.PUBLIEE).defer("recherche", "recherche_vecteur")
    for annonce in en_ligne.order_by("pk").iterator(500):
        if vigilance.contient(annonce, expression) and expression not in annonce.vigilance:
            nombre += _a_relire(annonce.pk, expression)
    return nombre


AILLEURS: list[tuple[str, Callable[[str], int]]] = []
"""(« singular,plural », what `reperer` is for another app's texts), registered in AppConfig.ready."""


def enregistrer_reperage(noms: str, reperage: Callable[[str], int]) -> None:
    """Add an outer app's texts to those read for a new word. Twice is once."""
    if (noms, reperage) not in AILLEURS:
        AILLEURS.append((noms, reperage))


def reperer_partout(expression: str) -> list[tuple[str, int]]:
    """(« singular,plural », how many are listed to be read), of what holds the word; empty when nothing does."""
    comptes = [(noms, reperage(expression)) for noms, reperage in [("annonce,annonces", reperer), *AILLEURS]]
    return [(noms, nombre) for noms, nombre in comptes if nombre]


@transaction.atomic
def _a_relire(pk, expression) -> int:
    fraiche = Annonce.objects.select_for_update(of=("self",)).filter(pk=pk, etat=Annonce.Etat.PUBLIEE).first()
    if fraiche is None or expression in fraiche.vigilance:
        return 0
    fraiche.vigilance = sorted([*fraiche.vigilance, expression])
    fraiche.a_relire_depuis = fraiche.a_relire_depuis or timezone.now()
    fraiche._change_reason = f"mot de vigilance : {expression}"[:100]
    fraiche.save(update_fields=["vigilance", "a_relire_depuis", "modifie_le"])
    return 1
