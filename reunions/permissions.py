"""Who may do what with meetings. Views ask here; lists are scoped by querysets."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied

from annuaire.models import Structure
from annuaire.querysets import structures_de


def est_animateur(utilisateur) -> bool:
    """The hub's staff: they prepare meetings, run workshops, write minutes."""
    return utilisateur.is_authenticated and utilisateur.is_staff


def voit_les_noms(utilisateur, reunion) -> bool:
    """Names and functions in minutes: staff, active members of a structure, and people of that meeting."""
    if not utilisateur.is_authenticated:
        return False
    if utilisateur.is_staff or structures_de(utilisateur).exists():
        return True
    return reunion.participations.filter(utilisateur=utilisateur).exists()


def animateurs_seulement(vue):
    """A page of the staff: login for visitors, 403 for the others."""

    @wraps(vue)
    @login_required
    def gardee(request, *args, **kwargs):
        if not est_animateur(request.user):
            raise PermissionDenied
        return vue(request, *args, **kwargs)

    return gardee


def structures_pour_proposer(utilisateur):
    """Structures in whose name this person may post an event: as référent; any published one for staff."""
    if not utilisateur.is_authenticated:
        return Structure.objects.none()
    if utilisateur.is_staff:
        return Structure.objects.publiees().order_by("tri", "pk")
    siennes = Structure.objects.filter(pk__in=structures_de(utilisateur, referent=True))
    return siennes.exclude(etat="refusee").order_by("tri", "pk")


def peut_proposer(utilisateur) -> bool:
    """May post an event: staff, or référent of a structure."""
    return est_animateur(utilisateur) or structures_pour_proposer(utilisateur).exists()


def liens_de(utilisateur) -> dict[int, bool]:
    """Structure -> whether this person is its référent, where they are active. One query, none for visitors."""
    if not utilisateur.is_authenticated:
        return {}
    actifs = utilisateur.rattachements.filter(etat="actif").exclude(structure__etat="archivee")
    return {structure: role == "referent" for structure, role in actifs.values_list("structure_id", "role")}


def peut_gerer(utilisateur, suite, *, liens=None) -> bool:
    """Of an action or a project: the staff, and référents of the structure that leads it."""
    liens = liens_de(utilisateur) if liens is None else liens
    return est_animateur(utilisateur) or bool(liens.get(suite.pilote_id))


def peut_raconter(utilisateur, suite, engagees, *, liens=None) -> bool:
    """News: the staff, and référents of the structure that leads or of one of `engagees` (ids)."""
    liens = liens_de(utilisateur) if liens is None else liens
    return est_animateur(utilisateur) or any(liens.get(pk) for pk in {suite.pilote_id, *engagees})


def structures_du_membre(utilisateur):
    """Published structures of which this person is an active member; all of them for staff."""
    publiees = Structure.objects.publiees().order_by("tri", "pk")
    return publiees if est_animateur(utilisateur) else publiees.filter(pk__in=structures_de(utilisateur))
