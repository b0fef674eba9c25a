"""« Mon compte »: what is mine, what waits for me, my data, and leaving."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire import compte_attentes
from annuaire.actions.effacement import EffacementRefuse, effacer_utilisateur
from annuaire.donnees_personnelles import en_francais, exporter, structures_sans_autre_referent
from annuaire.forms.compte import ProfilForm, SuppressionForm
from annuaire.models import Rattachement


@login_required
@never_cache
@require_safe
def mon_compte(request):
    return render(
        request,
        "annuaire/compte_accueil.html",
        {"rattachements": Rattachement.objects.actifs_de(request.user), **compte_attentes.contexte(request.user)},
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profil(request):
    form = ProfilForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("mon_compte")
    return render(request, "annuaire/compte_profil.html", {"form": form})


@login_required
@never_cache
@require_safe
def donnees(request):
    """Everything about the member: a page to read, or a JSON file (RGPD art. 15 and 20)."""
    if request.GET.get("format") == "json":
        contenu = exporter(request.user)
        reponse = JsonResponse(contenu, json_dumps_params={"ensure_ascii": False, "indent": 2})
        reponse["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
        return reponse
    return render(request, "annuaire/compte_donnees.html", {"donnees": exporter(request.user, moment=en_francais)})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def supprimer(request):
    """The consequences, then the act: password or second step asked again, and one's address typed."""
    form = SuppressionForm(request.POST or None, utilisateur=request.user)
    if request.method == "POST" and form.is_valid():
        utilisateur = request.user
        try:
            effacer_utilisateur(utilisateur, par=utilisateur)
        except EffacementRefuse as refus:
            form.add_error(None, str(refus))
        else:
            logout(request)
            messages.success(request, "Votre compte et vos données personnelles sont effacés.")
            return redirect("accueil")
    return render(
        request,
        "annuaire/compte_supprimer.html",
        {"form": form, "structures_orphelines": structures_sans_autre_referent(request.user)},
    )
