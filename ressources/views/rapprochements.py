"""All the matches of my structures, « pas pour nous », and the digest's signed links."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annuaire.models import Utilisateur
from annuaire.views._liens import page_du_lien
from pole_ess.socle import liens
from ressources.actions import rapprochements as actions
from ressources.forms.rapprochement import EcarterForm, lire_autre
from ressources.models import Annonce
from ressources.panneaux.rapprochements import grouper
from ressources.permissions import peut_gerer

methodes = require_http_methods(["GET", "HEAD", "POST"])
ETAPES = [("Offres et besoins", "/offres-et-besoins/")]


@never_cache
@require_safe
@login_required
def rapprochements(request):
    """The matches of all my open announcements, grouped; those not mailed yet are marked new."""
    contexte = {"etapes": ETAPES, **grouper(request.user)}
    return render(request, "ressources/rapprochements.html", contexte)


@require_POST
@login_required
def ecarter(request):
    """« Pas pour nous », and its undo."""
    form = EcarterForm(request.POST)
    if not form.is_valid():
        raise Http404
    donnees = form.cleaned_data
    visibles = Annonce.objects.visibles_par(request.user).select_related("structure")
    annonce = get_object_or_404(visibles, pk=donnees["annonce"])
    if not peut_gerer(request.user, annonce):
        raise PermissionDenied
    autre = lire_autre(donnees["autre"], annonce)
    if autre is None:
        raise Http404
    if donnees["geste"] == "ecarter":
        actions.ecarter(annonce, autre=autre)
        messages.success(request, f"« {autre} » ne vous sera plus proposé pour « {annonce} ». Vous pouvez annuler.")
    else:
        actions.remettre(annonce, autre=autre)
        messages.success(request, f"« {autre} » peut de nouveau vous être proposé.")
    if donnees["retour"] == "page":
        return redirect("ressources:rapprochements")
    return redirect(f"{annonce.get_absolute_url()}#rapprochements")


@never_cache
@methodes
def lien(request, jeton):
    """From the digest, without an account: put a match aside, or stop the digest. A GET only asks."""
    try:
        charge = liens.lire(actions.OBJECTIF, jeton, jours=actions.JOURS_LIEN)
    except liens.LienInvalide as erreur:
        return page_du_lien(request, erreur, objet="rapprochements")
    utilisateur = Utilisateur.objects.filter(pk=charge["u"], is_active=True).first()
    annonce, autre = _paire(utilisateur, charge) if utilisateur and charge["g"] == "ecarter" else (None, None)
    if utilisateur is None or (charge["g"] == "ecarter" and autre is None):
        return page_du_lien(request, liens.LienExpire(), objet="rapprochements")
    if request.method == "POST":
        if autre is not None:
            actions.ecarter(annonce, autre=autre)
        else:
            actions.choisir_frequence(utilisateur, frequence="jamais")
    contexte = {"annonce": annonce, "autre": autre, "fait": request.method == "POST"}
    return render(request, "ressources/rapprochements_lien.html", contexte)


def _paire(utilisateur, charge):
    """The announcement, if this person still may say so for it, and the other side."""
    annonce = Annonce.objects.gerables_par(utilisateur).select_related("structure").filter(pk=charge["a"]).first()
    return annonce, lire_autre(charge["x"], annonce) if annonce else None
