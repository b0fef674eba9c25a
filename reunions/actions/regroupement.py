"""Grouping notes: categories are labels of one axis; putting, moving and merging them never loses a note.

Each act is the same done twice. All of them lock the workshop's axes first: two facilitators wait for each other.
"""

from django.db import transaction

from reunions.actions import TransitionInterdite
from reunions.actions.atelier import bouger
from reunions.actions.postits import PAPIER
from reunions.models import Action, Axe, Categorie, Participant, PostIt, QuasiDoublonRefuse

CATEGORIES_MAX = 60


def _verrouiller_axes(atelier_id) -> dict[int, Axe]:
    axes = Axe.objects.select_for_update(no_key=True).filter(atelier=atelier_id).order_by("pk")
    return {axe.pk: axe for axe in axes}


def _categorie(axe, nom) -> Categorie:
    """The category of this name on the axis, whatever its case; made when there is none."""
    if deja := axe.categories.filter(nom__iexact=nom).first():
        return deja
    nombre = axe.categories.count()
    if nombre >= CATEGORIES_MAX:
        raise TransitionInterdite(f"{CATEGORIES_MAX} catégories au plus par axe : fusionnez-en d'abord.")
    return Categorie.objects.create(axe=axe, nom=nom, ordre=nombre)


@transaction.atomic
def categoriser(axe, *, postits, categorie=None, nouvelle="") -> int:
    """Put notes of an axis under a category of it (`nouvelle`: its name), or under none. How many were there."""
    _verrouiller_axes(axe.atelier_id)
    if nouvelle:
        categorie = _categorie(axe, nouvelle)
    elif categorie is not None and not axe.categories.filter(pk=categorie.pk).exists():
        raise TransitionInterdite("Cette catégorie n'existe plus : relisez la page.")
    rangees = PostIt.objects.filter(axe=axe, pk__in=postits).update(categorie=categorie)
    bouger(axe.atelier_id, phases=PAPIER)
    return rangees


@transaction.atomic
def deplacer(axe, *, postits, vers) -> int:
    """Move notes to another axis of the same workshop, without a category there. How many moved."""
    axes = _verrouiller_axes(axe.atelier_id)
    if vers.pk not in axes or vers.pk == axe.pk:
        raise TransitionInterdite("Choisissez un autre axe de cet atelier.")
    notes = PostIt.objects.filter(axe=axe, pk__in=postits)
    # The quota's trigger locks participants: they come before the notes, as in `postits`.
    auteurs = notes.exclude(participant=None).values("participant")
    list(Participant.objects.select_for_update().filter(pk__in=auteurs).order_by("pk").values_list("pk"))
    deplacees = notes.update(axe=vers, categorie=None)
    bouger(axe.atelier_id, phases=PAPIER)
    return deplacees


@transaction.atomic
def renommer(categorie, *, nom) -> Categorie:
    """Give a category another name; one that exists already is for `fusionner`."""
    _verrouiller_axes(categorie.axe.atelier_id)
    if Categorie.objects.filter(axe=categorie.axe_id, nom__iexact=nom).exclude(pk=categorie.pk).exists():
        raise TransitionInterdite(f"« {nom} » existe déjà sur cet axe : fusionnez les deux catégories.")
    Categorie.objects.filter(pk=categorie.pk).update(nom=nom)
    bouger(categorie.axe.atelier_id, phases=PAPIER)
    categorie.nom = nom
    return categorie


@transaction.atomic
def fusionner(categorie, *, dans) -> int:
    """Put the notes of a category under another of the same axis, and drop the empty label. How many moved."""
    _verrouiller_axes(categorie.axe.atelier_id)
    if dans.pk == categorie.pk or dans.axe_id != categorie.axe_id:
        raise TransitionInterdite("Choisissez une autre catégorie du même axe.")
    if not Categorie.objects.filter(pk=dans.pk).exists():
        raise TransitionInterdite("Cette catégorie n'existe plus : relisez la page.")
    deplacees = PostIt.objects.filter(categorie=categorie.pk).update(categorie=dans)
    Action.objects.filter(categorie=categorie.pk).update(categorie=dans)
    Categorie.objects.filter(pk=categorie.pk).delete()
    bouger(categorie.axe.atelier_id, phases=PAPIER)
    return deplacees


@transaction.atomic
def supprimer_categorie(categorie) -> None:
    """Drop a label; its notes stay, without category."""
    _verrouiller_axes(categorie.axe.atelier_id)
    PostIt.objects.filter(categorie=categorie.pk).update(categorie=None)
    Categorie.objects.filter(pk=categorie.pk).delete()
    bouger(categorie.axe.atelier_id, phases=PAPIER)


@transaction.atomic
def grouper(axe, *, a, b) -> Categorie:
    """Accept a near-duplicate: both notes under one category, the first's, else the second's, else a new one."""
    _verrouiller_axes(axe.atelier_id)
    notes = {note.pk: note for note in PostIt.objects.filter(axe=axe, pk__in=[a, b]).select_related("categorie")}
    if len(notes) != 2:
        raise TransitionInterdite("L'un de ces deux post-it n'est plus là : relisez la page.")
    une, autre = notes[a], notes[b]
    categorie = une.categorie or autre.categorie or _categorie(axe, une.texte[:120].strip())
    PostIt.objects.filter(pk__in=[a, b]).update(categorie=categorie)
    bouger(axe.atelier_id, phases=PAPIER)
    return categorie


@transaction.atomic
def separer(axe, *, a, b) -> None:
    """Refuse a near-duplicate: these two are not suggested again."""
    _verrouiller_axes(axe.atelier_id)
    petit, grand = sorted([a, b])
    if PostIt.objects.filter(axe=axe, pk__in=[petit, grand]).count() != 2:
        raise TransitionInterdite("L'un de ces deux post-it n'est plus là : relisez la page.")
    QuasiDoublonRefuse.objects.get_or_create(a_id=petit, b_id=grand)
    bouger(axe.atelier_id, phases=PAPIER)
