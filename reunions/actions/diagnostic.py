"""The diagnostic of a meeting: statements presented, recognised and validated together."""

from django.db import transaction
from django.db.models import Max

from reunions.actions import TransitionInterdite, ordre
from reunions.models import Atelier, Enonce, Reconnaissance, Reunion

MAXIMUM = 200
"""Statements of one meeting."""


@transaction.atomic
def ajouter(reunion, *, theme: str, textes: list[str]) -> int:
    """Add statements at the end of their theme; the number added. Those that are there already are left out.

    Raises TransitionInterdite past MAXIMUM.
    """
    Reunion.objects.select_for_update(of=("self",)).get(pk=reunion.pk)
    la = list(reunion.enonces.values_list("texte", flat=True))
    connus = {texte.casefold() for texte in la}
    nouveaux = {texte.casefold(): texte for texte in textes if texte.casefold() not in connus}
    if len(la) + len(nouveaux) > MAXIMUM:
        raise TransitionInterdite(f"Un diagnostic tient en {MAXIMUM} énoncés : regroupez-en quelques-uns.")
    dernier = reunion.enonces.filter(theme=theme).aggregate(dernier=Max("ordre"))["dernier"]
    depart = 0 if dernier is None else dernier + 1
    Enonce.objects.bulk_create(
        Enonce(reunion=reunion, theme=theme, ordre=depart + rang, texte=texte)
        for rang, texte in enumerate(nouveaux.values())
    )
    return len(nouveaux)


@transaction.atomic
def modifier(enonce, *, texte: str, theme: str, issue: str, mains_levees: int, remarques: str) -> Enonce:
    """What was decided of a statement. Raises TransitionInterdite when it was removed meanwhile."""
    actuel = Enonce.objects.select_for_update(of=("self",)).filter(pk=enonce.pk).first()
    if actuel is None:
        raise TransitionInterdite("Cet énoncé vient d'être retiré.")
    actuel.texte, actuel.theme, actuel.issue = texte, theme, issue
    actuel.mains_levees, actuel.remarques = mains_levees, remarques
    actuel.save()
    return actuel


@transaction.atomic
def deplacer(enonce, *, sens: str, rang: int) -> None:
    """Among the statements of its theme (reunions.actions.ordre)."""
    siens = Enonce.objects.filter(reunion=enonce.reunion_id, theme=enonce.theme).order_by("ordre", "pk")
    ordre.deplacer(siens, enonce, sens=sens, rang=rang)


@transaction.atomic
def retirer(enonce) -> None:
    """With who recognised themselves in it."""
    Enonce.objects.filter(pk=enonce.pk).delete()


def _verifier(enonce, participant) -> None:
    """A participant speaks of the statements of their own meeting, while the workshop is open."""
    atelier = Atelier.objects.get(pk=participant.atelier_id)
    if atelier.reunion_id != enonce.reunion_id:
        raise TransitionInterdite("Cet énoncé est d'une autre rencontre.")
    if atelier.est_clos:
        raise TransitionInterdite("L'atelier est clos : merci d'y avoir participé.")


@transaction.atomic
def reconnaitre(enonce, *, participant, remarque: str = "") -> Reconnaissance:
    """« Nous nous y reconnaissons »: once, however often it is said; a new remark replaces the former.

    Raises TransitionInterdite for another meeting's statement, and once the workshop is closed.
    """
    _verifier(enonce, participant)
    faite, nouvelle = Reconnaissance.objects.get_or_create(
        enonce=enonce, participant=participant, defaults={"remarque": remarque}
    )
    if not nouvelle and remarque and remarque != faite.remarque:
        faite.remarque = remarque
        faite.save(update_fields=["remarque"])
    return faite


@transaction.atomic
def ne_plus_reconnaitre(enonce, *, participant) -> None:
    """Take it back; nothing when it was not said."""
    _verifier(enonce, participant)
    Reconnaissance.objects.filter(enonce=enonce, participant=participant).delete()
