"""Accepting urgent calls: for oneself, for one's structure."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ressources.actions import urgences_preferences
from ressources.forms.urgence import PreferenceUrgencesForm, ReglagesUrgencesForm
from ressources.permissions import structures_pour_appeler
from ressources.views.urgences import ETAPES

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
@login_required
def preferences(request):
    """When, how far and for what I may be called; then each of my structures."""
    preference = urgences_preferences.preference_de(request.user)
    form = PreferenceUrgencesForm.de(preference, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        urgences_preferences.choisir(request.user, **form.cleaned_data)
        messages.success(request, "C'est enregistré.")
        return redirect("ressources:urgences_preferences")
    contexte = {
        "form": form,
        "structures": structures_pour_appeler(request.user).select_related("commune", "reglages_urgences"),
        "etapes": ETAPES,
    }
    return render(request, "ressources/urgences/preferences.html", contexte)


@never_cache
@methodes
@login_required
def structure(request, structure):
    """Whether a structure accepts, how far, and whom to call."""
    trouvee = get_object_or_404(structures_pour_appeler(request.user), pk=structure)
    form = ReglagesUrgencesForm.de(trouvee, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        urgences_preferences.regler(trouvee, **form.cleaned_data)
        messages.success(request, "C'est enregistré.")
        return redirect("ressources:urgences_preferences")
    contexte = {"form": form, "structure": trouvee, "etapes": ETAPES}
    return render(request, "ressources/urgences/structure.html", contexte)
