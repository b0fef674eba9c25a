"""Finding the structure of a page that only its référents and the hub's staff may use."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from annuaire.models import Structure
from annuaire.permissions import peut_modifier


def avec_structure_modifiable(vue):
    """Login for a visitor, 404 for what the user may not see, 403 for what they may see but not edit."""

    @login_required
    @wraps(vue)
    def gardee(request, slug, **kwargs):
        structure = get_object_or_404(Structure.objects.visibles_par(request.user).select_related("commune"), slug=slug)
        if not peut_modifier(request.user, structure):
            raise PermissionDenied
        return vue(request, structure, **kwargs)

    return gardee
