"""Urgent help for who asks: the list, opening a call, following it as it goes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, urgences
from ressources.actions.urgences_vagues import lien
from ressources.forms.urgence import GesteUrgenceForm, UrgenceForm
from ressources.models import Appel, Urgence
from ressources.permissions import peut_conduire, structures_pour_appeler
from ressources.presentation_urgence import marque, suivi

methodes = require_http_methods(["GET", "HEAD", "POST"])
PAR_PAGE = 20
RECUS_MAX = 20
ACCUEIL = [("Offres et besoins", reverse_lazy("ressources:annonce_liste"))]
ETAPES = [*ACCUEIL, ("Coups de main urgents", reverse_lazy("ressources:urgences"))]


@never_cache
@require_safe
def liste(request):
    """What it is, for all; the calls of my structures, and those that I received."""
    contexte = {"etapes": ACCUEIL, "page": None, "recus": [], "peut_appeler": False}
    if request.user.is_authenticated:
        visibles = Urgence.objects.visibles_par(request.user).pour_listes()
        recus = Appel.objects.de(request.user).select_related("urgence__structure", "urgence__commune")
        contexte |= {
            "page": Paginator(visibles, PAR_PAGE).get_page(request.GET.get("page")),
            "recus": [(appel, lien(appel)) for appel in recus.order_by("-envoye_le", "-pk")[:RECUS_MAX]],
            "peut_appeler": structures_pour_appeler(request.user).exists(),
        }
    return render(request, "ressources/urgences/liste.html", contexte)


@never_cache
@methodes
@login_required
def creer(request):
    """One screen; the first wave leaves with the queue's next turn."""
    structures = structures_pour_appeler(request.user)
    if not structures.exists():
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "ressources/urgences/sans_structure.html", {"etapes": ETAPES})
    form = UrgenceForm(request.POST if request.method == "POST" else None, structures=structures)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"urgence:{request.user.pk}", maximum=20, secondes=86400)
            urgence = urgences.ouvrir(par=request.user, **form.valeurs())
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, urgences.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, "L'appel est lancé. Gardez cette page ouverte : elle se met à jour seule.")
            return redirect(urgence)
    elif "cle" in form.errors:
        form.renouveler_cle()
    return rendre(request, "ressources/urgences/form.html", {"form": form, "etapes": ETAPES}, limite=limite)


@never_cache
@vary_on_headers("HX-Request")
@methodes
@login_required
def urgence(request, pk):
    """The clock, numbers, who comes; its moving part comes again by itself (htmx): unchanged, nothing is sent."""
    visibles = Urgence.objects.visibles_par(request.user).select_related("structure", "commune", "categorie", "par")
    trouvee = get_object_or_404(visibles, pk=pk)
    conduit = peut_conduire(request.user, trouvee)
    if request.method == "POST":
        if not conduit:
            raise PermissionDenied
        _agir(request, trouvee)
        return redirect(trouvee)
    if request.htmx and request.GET.get("vu") == marque(trouvee):
        return HttpResponse(status=204)
    contexte = {"conduit": conduit, "etapes": ETAPES, **suivi(trouvee)}
    gabarit = "ressources/urgences/_suivi.html" if request.htmx else "ressources/urgences/urgence.html"
    return render(request, gabarit, contexte)


def _agir(request, trouvee) -> None:
    form = GesteUrgenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Ce bouton n'a pas été compris : recommencez.")
        return
    try:
        messages.success(request, _faire(trouvee, form.cleaned_data))
    except TransitionInterdite as refus:
        messages.error(request, str(refus))


def _faire(trouvee, donnees) -> str:
    if donnees["geste"] == "annuler":
        urgences.annuler(trouvee, motif=donnees["motif"])
        return "L'appel est annulé : les personnes appelées sont prévenues, une fois."
    if donnees["geste"] == "pourvue":
        urgences.pourvoir_autrement(trouvee)
        return "C'est noté : les appels s'arrêtent, les personnes appelées sont prévenues."
    if urgences.elargir(trouvee, vague=donnees["vague"]):
        return "La vague suivante part dans un instant."
    return "La vague suivante était déjà partie."
