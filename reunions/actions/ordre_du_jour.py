"""The points of an agenda, who runs the meeting, its documents. Each act locks the meeting's row."""

from django.db import transaction
from django.db.models import Max, Q

from reunions.models import Action, AnimateurReunion, Document, PointOrdreDuJour

from . import TransitionInterdite
from .reunions import verrouiller

POINTS_MAX, ANIMATEURS_MAX, DOCUMENTS_MAX = 60, 20, 30
REPRISES_MAX = 20


class ListePleine(TransitionInterdite):
    """The meeting already holds as many of them as it may; the message says what to do."""


def _ajouter(modele, reunion, maximum, quoi, valeurs):
    """One more row at the end; the same one just before is a request sent twice: it is given back."""
    verrouiller(reunion)
    lignes = modele.objects.filter(reunion=reunion)
    derniere = lignes.order_by("-ordre", "-pk").first()
    if derniere is not None and all(getattr(derniere, nom) == valeur for nom, valeur in valeurs.items()):
        return derniere
    if lignes.count() >= maximum:
        raise ListePleine(f"{maximum} {quoi} au plus : supprimez-en d'abord.")
    return modele.objects.create(reunion=reunion, ordre=derniere.ordre + 1 if derniere else 0, **valeurs)


@transaction.atomic
def ajouter_point(reunion, *, par, **valeurs) -> PointOrdreDuJour:
    """A point at the end. `valeurs`: titre, details, duree_minutes, action."""
    return _ajouter(PointOrdreDuJour, reunion, POINTS_MAX, "points", valeurs)


@transaction.atomic
def modifier_ligne(ligne, *, par, **valeurs) -> None:
    """Change a point or a facilitator."""
    for champ, valeur in valeurs.items():
        setattr(ligne, champ, valeur)
    ligne.save(update_fields=list(valeurs))


@transaction.atomic
def deplacer(ligne, *, par, vers: int) -> None:
    """Move a point or a facilitator one place up (-1) or down (1); at an end, nothing moves."""
    verrouiller(ligne.reunion)
    modele = type(ligne)
    lignes = list(modele.objects.filter(reunion=ligne.reunion_id))
    rang = next((i for i, autre in enumerate(lignes) if autre.pk == ligne.pk), None)
    if rang is None or not 0 <= rang + vers < len(lignes):
        return
    lignes[rang], lignes[rang + vers] = lignes[rang + vers], lignes[rang]
    for ordre, autre in enumerate(lignes):
        autre.ordre = ordre
    modele.objects.bulk_update(lignes, ["ordre"])


@transaction.atomic
def supprimer(ligne, *, par) -> None:
    """Remove a point, a facilitator or a document; a file leaves with the sweep of orphans."""
    verrouiller(ligne.reunion)
    ligne.delete()


def actions_a_reprendre(reunion):
    """Late actions that no point takes up yet: they open the agenda.

    Those decided by the meeting it follows, those that that one already took up, those of its project.
    """
    choisies = Q()
    if reunion.precedente_id:
        avant = PointOrdreDuJour.objects.filter(reunion=reunion.precedente_id, action__isnull=False)
        choisies = Q(reunion=reunion.precedente_id) | Q(pk__in=avant.values("action_id"))
    if reunion.projet_id:
        choisies |= Q(projet=reunion.projet_id)
    if not choisies:
        return Action.objects.none()
    deja = PointOrdreDuJour.objects.filter(reunion=reunion, action__isnull=False).values("action_id")
    siennes = Action.objects.filter(choisies).exclude(pk__in=deja)
    return siennes.en_retard().select_related("pilote").order_by("echeance", "pk")


@transaction.atomic
def reprendre_actions(reunion, *, par) -> int:
    """A point per late action to take up, before all others. How many; again, none."""
    verrouiller(reunion)
    actions = list(actions_a_reprendre(reunion)[:REPRISES_MAX])
    points = list(PointOrdreDuJour.objects.filter(reunion=reunion))
    if len(points) + len(actions) > POINTS_MAX:
        raise ListePleine(f"{POINTS_MAX} points au plus : supprimez-en d'abord.")
    for rang, point in enumerate(points):
        point.ordre = len(actions) + rang
    PointOrdreDuJour.objects.bulk_update(points, ["ordre"])
    PointOrdreDuJour.objects.bulk_create(
        PointOrdreDuJour(reunion=reunion, ordre=rang, titre=f"Où en est-on : {action.titre}"[:200], action=action)
        for rang, action in enumerate(actions)
    )
    return len(actions)


@transaction.atomic
def ajouter_animateur(reunion, *, par, **valeurs) -> AnimateurReunion:
    """`valeurs`: nom, organisation, fonction; one at least."""
    return _ajouter(AnimateurReunion, reunion, ANIMATEURS_MAX, "personnes", valeurs)


@transaction.atomic
def ajouter_document(reunion, *, par, document, titre: str, audience: str) -> Document:
    """`document`: socle.fichiers.Document. Raises ListePleine."""
    verrouiller(reunion)
    siens = reunion.documents.aggregate(dernier=Max("pk"))
    if reunion.documents.count() >= DOCUMENTS_MAX:
        raise ListePleine(f"{DOCUMENTS_MAX} documents au plus : supprimez-en d'abord.")
    derniere = reunion.documents.filter(pk=siens["dernier"]).first()
    valeurs = {"titre": titre, "audience": audience, "nom": document.nom, "taille": document.contenu.size}
    if derniere is not None and all(getattr(derniere, nom) == valeur for nom, valeur in valeurs.items()):
        return derniere  # the same upload, sent twice
    return reunion.documents.create(fichier=document.contenu, type_mime=document.type_mime, **valeurs)


@transaction.atomic
def changer_audience(document, *, par, audience: str) -> None:
    verrouiller(document.reunion)
    document.audience = audience
    document.save(update_fields=["audience"])
