"""Travelling together: the same page by account or by the invitation's link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, compter
from reunions.actions import TransitionInterdite
from reunions.actions import covoiturage as actions
from reunions.forms.reponse import CovoiturageForm
from reunions.models import Reunion

from ._fil import fil
from .inscription import lire_invitation, page_du_lien

methodes = require_http_methods(["GET", "HEAD", "POST"])
JOUR = 86400


@never_cache
@methodes
@login_required
def covoiturage(request, pk):
    visibles = Reunion.objects.visibles_par(request.user).connues().select_related("commune")
    reunion = get_object_or_404(visibles, pk=pk)
    participation = reunion.participations.filter(utilisateur=request.user).select_related("covoiturage_depuis").first()
    if participation is not None:
        participation.reunion = reunion
    return _page(request, reunion, participation, retour=reverse("reunions:inscription", args=[pk]), ici=request.path)


@never_cache
@methodes
def covoiturage_lien(request, jeton):
    """With the token of the invitation: whoever holds it is that person."""
    try:
        participation = lire_invitation(jeton)
    except liens.LienInvalide as erreur:
        return page_du_lien(request, erreur)
    retour = reverse("reunions:repondre_lien", args=[jeton])
    return _page(request, participation.reunion, participation, retour=retour, ici=request.path)


def _page(request, reunion, participation, *, retour, ici):
    form = CovoiturageForm(request.POST if request.method == "POST" else None)
    limite = None
    if request.method == "POST" and participation is not None and form.is_valid():
        try:
            compter(f"covoiturage:{participation.pk}", maximum=10, secondes=JOUR)
            actions.ecrire(participation, **form.cleaned_data)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Votre message est parti.")
            return redirect(ici)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "reunion": reunion,
        "participation": participation,
        "trajets": actions.trajets(participation) if participation is not None and reunion.est_ouverte else [],
        "form": form,
        "choisi": str(form.data.get("a", "")) if form.is_bound else "",
        "detour_max": actions.DETOUR_MAX_KM,
        "retour": retour,
        "etapes": fil(reunion),
    }
    return rendre(request, "reunions/covoiturage.html", contexte, limite=limite)
