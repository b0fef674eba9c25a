"""Review of what référents changed on published sheets: read, or put back with a reason."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from annuaire.models import Activite, Commune, Modification, Structure
from pole_ess.socle.courriel import deposer
from pole_ess.socle.models import ReglagesPole

from . import TransitionInterdite, edition

NON_RESTAURABLES = {"photos", "contacts"}
"""Listed in a Modification for review, but changed through their own rows."""


def _verrouiller(modification) -> Modification:
    fraiche = Modification.objects.select_for_update(of=("self",)).select_related("structure", "auteur")
    fraiche = fraiche.get(pk=modification.pk)
    if fraiche.etat != Modification.Etat.A_RELIRE:
        raise TransitionInterdite(f"Cette modification est déjà {fraiche.get_etat_display()}.")
    return fraiche


def _clore(modification, etat, par, motif=""):
    modification.etat, modification.motif = etat, motif or modification.motif
    modification.relue_par, modification.relue_le = par, timezone.now()
    modification.save(update_fields=["etat", "motif", "relue_par", "relue_le"])


@transaction.atomic
def relire(modification, *, par) -> None:
    """The edit is fine and stays. Raises TransitionInterdite when a colleague was quicker."""
    _clore(_verrouiller(modification), Modification.Etat.RELUE, par)


def valeur_actuelle(structure, champ):
    """The present value of a field in the form that Modification keeps it."""
    if champ in ("activites", "competences"):
        return sorted(getattr(structure, champ).values_list("nom", flat=True))
    valeur = getattr(structure, champ)
    if isinstance(valeur, Commune):
        return valeur.pk
    if isinstance(valeur, Decimal):
        return f"{valeur.normalize():f}"
    return (valeur.name or "") if hasattr(valeur, "name") else valeur


def _valeur(champ, gardee):
    """From what Modification keeps to what edition.enregistrer takes."""
    if champ == "commune":
        return Commune.objects.filter(pk=gardee).first()
    if champ == "salaries_etp" and gardee is not None:
        return Decimal(gardee)
    return gardee


@transaction.atomic
def annuler(modification, *, par, motif: str) -> tuple[list[str], list[str]]:
    """Put back the values before, where nobody changed them since; (fields put back, fields left).

    `motif` is required and mailed to the author. Raises TransitionInterdite when already reviewed.
    """
    motif = (motif or "").strip()
    if not motif:
        raise ValueError("Une raison est demandée : elle est envoyée à l'auteur.")
    modification = _verrouiller(modification)
    structure = Structure.objects.select_for_update(of=("self",)).get(pk=modification.structure_id)
    remis, laisses, valeurs, etiquettes = [], [], {}, {}
    for champ, avant in modification.avant.items():
        if champ in NON_RESTAURABLES or valeur_actuelle(structure, champ) != modification.apres.get(champ):
            laisses.append(champ)
            continue
        remis.append(champ)
        if champ == "activites":
            etiquettes["activites"] = list(Activite.objects.filter(nom__in=avant))
        elif champ == "competences":
            etiquettes["competences"] = avant
        else:
            valeurs[champ] = _valeur(champ, avant)
    if "latitude" in valeurs or "longitude" in valeurs:
        valeurs["position_origine"] = "" if valeurs.get("latitude") is None else Structure.PositionOrigine.MAIN
    edition.enregistrer(structure, par=par, valeurs=valeurs, **etiquettes)
    _clore(modification, Modification.Etat.ANNULEE, par, motif)
    if modification.auteur and modification.auteur.is_active and modification.auteur != par:
        deposer(
            "modification_annulee",
            a=modification.auteur.email,
            utilisateur=modification.auteur,
            objet=structure,
            repondre_a=ReglagesPole.actuels().courriel_equipe,
            contexte={"structure": structure, "motif": motif, "champs": [edition.libelle(champ) for champ in remis]},
        )
    return remis, laisses
