"""What was looked for in vain: all of it with its follow-ups for staff; what three structures share, for everybody."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ressources.actions import demandes as actes
from ressources.forms.demandes import RangerForm
from ressources.models import DemandeSansReponse
from ressources.rapprochement.demandes import PUBLIC_MINIMUM, regrouper

PAR_PAGE = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demandes(request):
    """GET: the groups. POST, staff: put a group away once it has its follow-up."""
    equipe = request.user.is_authenticated and request.user.is_staff
    if request.method == "POST":
        return _ranger(request, equipe)
    groupes = regrouper(DemandeSansReponse.objects.recentes().pour_regrouper())
    if not equipe:
        groupes = [groupe for groupe in groupes if groupe.nombre >= PUBLIC_MINIMUM and groupe.terme]
    contexte = {
        "equipe": equipe,
        "page": Paginator(groupes, PAR_PAGE).get_page(request.GET.get("page")),
        "etapes": [("Offres et besoins", reverse("ressources:annonce_liste"))],
    }
    return render(request, "ressources/demandes/liste.html", contexte)


def _ranger(request, equipe):
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not equipe:
        raise PermissionDenied
    form = RangerForm(request.POST)
    if form.is_valid():
        nombre = actes.ranger(form.cleaned_data["cles"], par=request.user)
        messages.success(request, "C'est rangé." if nombre else "C'était déjà rangé.")
    else:
        messages.error(request, "Ce groupe n'est pas reconnu : rechargez la page.")
    return redirect("ressources:demandes")
