"""Finding the announcement of a page that only its référents and the hub's staff may use."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from ressources.models import Annonce
from ressources.permissions import peut_gerer


def avec_annonce_gerable(vue):
    """Login for a visitor, 404 for what the user may not see, 403 for what they may see but not manage."""

    @login_required
    @wraps(vue)
    def gardee(request, pk, **kwargs):
        annonces = Annonce.objects.visibles_par(request.user).select_related("structure", "commune", "categorie")
        annonce = get_object_or_404(annonces, pk=pk)
        if not peut_gerer(request.user, annonce):
            raise PermissionDenied
        return vue(request, annonce, **kwargs)

    return gardee
