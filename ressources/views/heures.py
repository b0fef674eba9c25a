"""Accounts of hours: what it is, opening one, reading it, closing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ressources.actions import TransitionInterdite
from ressources.actions import heures as actes
from ressources.forms.heures import OuvrirForm, TrouvableForm
from ressources.heures_mots import balance, reste
from ressources.models import CompteHeures, EcritureHeures, OperationHeures, ReglagesHeures
from ressources.permissions import structures_sans_compte_heures
from ressources.presentation_heures import avec_tour, lignes

methodes = require_http_methods(["GET", "HEAD", "POST"])
PAR_PAGE = 25


def etapes(*suite):
    return [
        ("Offres et besoins", reverse("ressources:annonce_liste")),
        ("Heures d'entraide", reverse("ressources:heures")),
        *suite,
    ]


def compte_ou_404(request, pk) -> CompteHeures:
    """An account that this person manages; nobody else learns that it exists."""
    return get_object_or_404(CompteHeures.objects.geres_par(request.user), pk=pk)


@never_cache
@require_safe
def accueil(request):
    """What it is, for all; one's accounts and what waits, for members."""
    comptes, a_confirmer = [], []
    if request.user.is_authenticated:
        comptes = list(CompteHeures.objects.geres_par(request.user).order_by("pk"))
        cles = [compte.pk for compte in comptes]
        a_confirmer = OperationHeures.objects.a_confirmer_par(cles).pour_pages().order_by("pk")
        a_confirmer = avec_tour(a_confirmer, cles)
    contexte = {
        "comptes": comptes,
        "a_confirmer": a_confirmer,
        "reglages": ReglagesHeures.actuels(),
        "etapes": etapes()[:1],
        "ouvrables": request.user.is_authenticated and _peut_ouvrir(request.user, comptes),
    }
    return render(request, "ressources/heures/accueil.html", contexte)


def _peut_ouvrir(utilisateur, comptes) -> bool:
    sien = any(compte.utilisateur_id == utilisateur.pk and compte.est_ouvert for compte in comptes)
    return not sien or structures_sans_compte_heures(utilisateur).exists()


@never_cache
@methodes
@login_required
def ouvrir(request):
    """For oneself, or for a structure that one answers for; again when it was closed."""
    soi = not CompteHeures.objects.ouverts().filter(utilisateur=request.user).exists()
    form = OuvrirForm(
        request.POST if request.method == "POST" else None,
        structures=structures_sans_compte_heures(request.user),
        soi=soi,
        nom=request.user.get_full_name(),
    )
    if request.method == "POST" and form.is_valid():
        structure = form.structure()
        titulaire = {"structure": structure} if structure else {"utilisateur": request.user}
        try:
            nouveau = actes.ouvrir(**titulaire, trouvable=form.cleaned_data.get("trouvable", False))
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le compte d'heures est ouvert : notez-y l'aide donnée et l'aide reçue.")
            return redirect(nouveau)
    contexte = {"form": form, "reglages": ReglagesHeures.actuels(), "etapes": etapes()}
    return render(request, "ressources/heures/ouvrir.html", contexte)


@never_cache
@methodes
@login_required
def compte(request, pk):
    """Its balance in words, what waits, its lines by year; POST: whether a person may be found."""
    le_compte = compte_ou_404(request, pk)
    if request.method == "POST":
        return _regler(request, le_compte)
    ecritures = EcritureHeures.objects.de_la_famille(le_compte)
    totaux, annees = ecritures.totaux(), ecritures.annees()
    annee = _annee(request.GET.get("annee"), annees)
    choisies = ecritures.filter(passee_le__year=annee) if annee else ecritures
    page = Paginator(choisies.pour_pages().order_by("-passee_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "compte": le_compte,
        "balance": balance(totaux),
        "reste": reste(le_compte),
        "totaux": totaux,
        "annees": annees,
        "annee": annee,
        "page": page,
        "lignes": lignes(page.object_list),
        "en_cours": avec_tour(
            OperationHeures.objects.en_cours_de([le_compte.pk]).pour_pages().order_by("-pk"), [le_compte.pk]
        ),
        "trouvable": TrouvableForm(initial={"trouvable": le_compte.trouvable}),
        "etapes": etapes(),
    }
    return render(request, "ressources/heures/compte.html", contexte)


def _annee(texte, annees) -> int | None:
    """A year of the account, or None for all."""
    return next((annee for annee in annees if str(annee) == texte), None)


def _regler(request, le_compte):
    if le_compte.utilisateur_id != request.user.pk:
        raise PermissionDenied
    form = TrouvableForm(request.POST)
    if form.is_valid():
        actes.regler_trouvable(le_compte, oui=form.cleaned_data["trouvable"])
        messages.success(request, "C'est enregistré.")
    return redirect(le_compte)


@never_cache
@methodes
@login_required
def fermer(request, pk):
    """GET says what happens, POST closes."""
    le_compte = compte_ou_404(request, pk)
    refus = ""
    if request.method == "POST":
        try:
            actes.fermer(le_compte, par=request.user)
        except TransitionInterdite as erreur:
            refus = str(erreur)
        else:
            messages.success(request, "Le compte est fermé. Vous pourrez le rouvrir : il garde son solde.")
            return redirect("ressources:heures")
    contexte = {"compte": le_compte, "refus": refus, "etapes": etapes((le_compte.nom, le_compte.get_absolute_url()))}
    return render(request, "ressources/heures/fermer.html", contexte)
