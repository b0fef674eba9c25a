"""Is the sheet still right? Asked a year after the last answer, by one mail with three answers."""

import secrets

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from annuaire.actions import rattachements
from annuaire.models import Signalement, Structure
from annuaire.notifications import notifier
from pole_ess.socle import liens

JOURS_REPONSE = 30
"""How long the link of the yearly mail is good."""


@transaction.atomic
def confirmer(structure, *, par_quoi, par=None, note: str = "", le=None) -> None:
    """The sheet was said right on the day `le` (today by default), by `par_quoi` (Structure.VerifieePar).

    An older word never hides a newer one.
    """
    le = le or timezone.localdate()
    fraiche = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    if fraiche.verifiee_le and fraiche.verifiee_le > le:
        return
    for cible in (fraiche, structure):
        cible.verifiee_le, cible.verifiee_par, cible.verifiee_note = le, par_quoi, note[:200]
    if par is not None:
        fraiche._history_user = par
    fraiche.save(update_fields=["verifiee_le", "verifiee_par", "verifiee_note", "modifie_le"])
    structure.modifie_le = fraiche.modifie_le


def destinataires(structure) -> dict:
    """Address -> account or None: the structure's own address and its référents."""
    adresses = {structure.courriel.lower(): None} if structure.courriel else {}
    for lien in rattachements.referents(structure).select_related("utilisateur"):
        adresses[lien.utilisateur.email.lower()] = lien.utilisateur
    return adresses


def lien_fraicheur(structure) -> str:
    """The path of the page with three answers, good for 30 days."""
    jeton = liens.signer("fiche", {"s": structure.pk, "n": secrets.token_hex(4)})
    return reverse("annuaire:fraicheur", args=[jeton])


def relancer(*, le=None) -> int:
    """Write to every structure that is due; return how many. Each in its own transaction: a kill loses nothing."""
    le = le or timezone.localdate()
    cles = list(Structure.objects.a_relancer(le).order_by("pk").values_list("pk", flat=True))
    return sum(_relancer_une(cle, le) for cle in cles)


@transaction.atomic
def _relancer_une(cle, le) -> bool:
    structure = (
        Structure.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk__in=Structure.objects.a_relancer(le).values("pk"), pk=cle)
        .order_by()
        .first()
    )
    if structure is None:
        return False
    structure.relancee_le = le
    structure.save(update_fields=["relancee_le", "modifie_le"])
    for rang, (adresse, utilisateur) in enumerate(sorted(destinataires(structure).items())):
        lien = lien_fraicheur(structure)
        notifier(
            "relances",
            "fraicheur",
            a=adresse,
            utilisateur=utilisateur,
            page=lien,
            objet=structure,
            contexte={"structure": structure, "lien": lien, "jours": JOURS_REPONSE},
            cle_unicite=f"fraicheur-{structure.pk}-{le:%Y%m%d}-{rang}",
        )
    return True


@transaction.atomic
def signaler_disparue(structure, *, texte: str = "") -> Signalement:
    """Someone with the structure's link says that it is no more: staff decide, nothing is archived by itself."""
    dit = f" Précision : {texte}" if texte else ""
    return Signalement.objects.create(
        structure=structure,
        genre=Signalement.Genre.ERREUR,
        texte=f"Réponse au message de mise à jour : cette structure n'existe plus.{dit}"[:2000],
    )
