"""« Reste à accueillir »: whose turn it is to host, and offering to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.recherche.criteres import lire_page
from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from reunions.actions import accueil as actes
from reunions.forms.accueil import AccueilForm
from reunions.permissions import est_animateur, structures_du_membre
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
PROPOSITIONS = {"maximum": 10, "secondes": 86400}
PAR_PAGE, COMMUNES = 50, 60


@require_safe
def reste_a_accueillir(request):
    """Structures and communes that have not hosted yet, then those that did the longest ago."""
    page = Paginator(actes.structures_par_tour(), PAR_PAGE).get_page(lire_page(request.GET.get("page", "")))
    contexte = {
        "page": page,
        "communes": actes.communes_par_tour()[:COMMUNES] if page.number == 1 else [],
        "jamais": actes.structures_par_tour().filter(fois=0).count(),
        "anime": est_animateur(request.user),
        "etapes": fil(),
    }
    return render(request, "reunions/reste_a_accueillir.html", contexte)


@never_cache
@methodes
@login_required
def accueillir(request):
    """A member offers to host: the hub's staff get the message."""
    structures = structures_du_membre(request.user)
    form = AccueilForm(request.POST if request.method == "POST" else None, structures=structures)
    limite = None
    if form.is_valid():
        lu = form.cleaned_data
        try:
            compter(f"accueil:{request.user.pk}", **PROPOSITIONS)
        except LimiteDepassee as depassee:
            limite = depassee
        else:
            actes.proposer(
                structure=lu["structure"], par=request.user, quand=lu["quand"], message=lu["message"], cle=lu["cle"]
            )
            messages.success(request, "Merci ! L'équipe du pôle a votre proposition et vous répondra par e-mail.")
            return redirect("reunions:reste_a_accueillir")
    elif "cle" in form.errors:
        form.renouveler_cle()
    etapes = [*fil(), ("Reste à accueillir", reverse("reunions:reste_a_accueillir"))]
    contexte = {"form": form, "structures": structures.exists(), "etapes": etapes}
    return rendre(request, "reunions/accueillir.html", contexte, limite=limite)
