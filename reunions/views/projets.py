"""Collective projects and commissions: their list, opening one, changing one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reunions.actions import projets as actes
from reunions.forms.suites import CreerProjetForm, ProjetForm
from reunions.models import Projet
from reunions.permissions import animateurs_seulement, est_animateur
from reunions.views.actions import etapes, methodes, noms_des_structures

MONTRES = 200


@never_cache
@require_safe
def projets(request):
    """The living first."""
    contexte = {
        "projets": list(Projet.objects.pour_listes()[:MONTRES]),
        "anime": est_animateur(request.user),
        "etapes": etapes(),
    }
    return render(request, "reunions/projets.html", contexte)


@never_cache
@methodes
@animateurs_seulement
def projet_creer(request):
    form = CreerProjetForm(request.POST if request.method == "POST" else None, initial={"genre": "projet"})
    if form.is_valid():
        valeurs = dict(form.cleaned_data)
        projet = actes.creer(cle=valeurs.pop("cle"), valeurs=valeurs, par=request.user)
        messages.success(request, f"« {projet} » est ouvert : les structures peuvent le rejoindre.")
        return redirect(projet)
    if "cle" in form.errors:
        form.renouveler_cle()
    return _page(request, form)


@never_cache
@methodes
@animateurs_seulement
def projet_modifier(request, pk):
    projet = get_object_or_404(Projet.objects.select_related("pilote"), pk=pk)
    initiales = {nom: getattr(projet, nom) for nom in ProjetForm.base_fields}
    form = ProjetForm(request.POST if request.method == "POST" else None, initial=initiales)
    if form.is_valid():
        actes.modifier(projet, par=request.user, valeurs=form.cleaned_data)
        messages.success(request, "Enregistré.")
        return redirect(projet)
    return _page(request, form, projet)


def _page(request, form, projet=None):
    suite = [(projet.nom, projet.get_absolute_url())] if projet else []
    contexte = {
        "form": form,
        "projet": projet,
        "structures": noms_des_structures(request.user),
        "etapes": etapes(("Projets et commissions", reverse("reunions:projets")), *suite),
    }
    return render(request, "reunions/projet_form.html", contexte)
