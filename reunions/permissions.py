"""Who may do what with meetings. Views ask here; lists are scoped by querysets."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied


def est_animateur(utilisateur) -> bool:
    """The hub's staff: they prepare meetings, run workshops, write minutes."""
    return utilisateur.is_authenticated and utilisateur.is_staff


def animateurs_seulement(vue):
    """A page of the staff: login for visitors, 403 for the others."""

    @wraps(vue)
    @login_required
    def gardee(request, *args, **kwargs):
        if not est_animateur(request.user):
            raise PermissionDenied
        return vue(request, *args, **kwargs)

    return gardee
