"""Grouping the notes of one axis: tick and put away; categories; near-duplicates."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from reunions import quasi_doublons
from reunions.actions import TransitionInterdite, postits, regroupement
from reunions.forms.regroupement import CategorieForm, PaireForm, RangerForm, autres_axes
from reunions.models import Axe
from reunions.permissions import animateurs_seulement
from reunions.presentation_atelier import tableaux
from reunions.views.atelier import etapes, methodes


@never_cache
@methodes
@animateurs_seulement
def regrouper(request, pk, axe):
    """The notes of an axis by category, and what can be done with them."""
    axe = get_object_or_404(Axe.objects.select_related("atelier__reunion"), pk=axe, atelier__reunion=pk)
    axes = autres_axes(axe)
    categories = list(axe.categories.all())
    formulaires = {"ranger": RangerForm(axe=axe, categories=categories, axes=axes), "categorie": None}
    refus = ""
    if request.method == "POST":
        try:
            message = _agir(request, axe, axes, categories, formulaires)
        except TransitionInterdite as erreur:
            message, refus = "", str(erreur)
        if message:
            messages.success(request, message)
            return redirect("reunions:atelier_regrouper", pk, axe.pk)
    ranger = formulaires["ranger"]
    contexte = {
        "reunion": axe.atelier.reunion,
        "atelier": axe.atelier,
        "axe": axe,
        "axes": axes,
        "tableau": next(t for t in tableaux(axe.atelier, textes=True, axe=axe.pk) if t.axe == axe),
        "ranger": ranger,
        "coches": set(ranger.data.getlist("postits")) if ranger.is_bound else set(),
        "erreurs": formulaires["categorie"] or ranger,
        "suggestions": quasi_doublons.suggestions(axe),
        "refus": refus,
        "ouvert": axe.atelier.phase in postits.PAPIER,
        "moderable": request.user.has_perm("reunions.delete_postit") and not axe.atelier.est_clos,
        "etapes": etapes(axe.atelier.reunion, console=True),
    }
    return render(request, "reunions/atelier_regrouper.html", contexte)


def _agir(request, axe, axes, categories, formulaires) -> str:
    """What was done, in words; empty when a form is to be shown again."""
    geste = CategorieForm(request.POST, axe=axe).data.get("geste", "")
    if geste in ("grouper", "separer"):
        return _paire(request, axe)
    if geste in ("renommer", "fusionner", "supprimer"):
        form = formulaires["categorie"] = CategorieForm(request.POST, axe=axe)
        return _categorie(form.cleaned_data) if form.is_valid() else ""
    form = formulaires["ranger"] = RangerForm(request.POST, axe=axe, categories=categories, axes=axes)
    return _ranger(axe, form) if form.is_valid() else ""


def _paire(request, axe) -> str:
    form = PaireForm(request.POST)
    if not form.is_valid():
        raise TransitionInterdite("Ce bouton n'a pas été compris : recommencez.")
    a, b = form.cleaned_data["a"], form.cleaned_data["b"]
    if form.cleaned_data["geste"] == "separer":
        regroupement.separer(axe, a=a, b=b)
        return "C'est noté : ces deux post-it restent séparés."
    categorie = regroupement.grouper(axe, a=a, b=b)
    return f"Ces deux post-it sont dans « {categorie.nom} »."


def _categorie(donnees) -> str:
    categorie = donnees["categorie"]
    if donnees["geste"] == "renommer":
        regroupement.renommer(categorie, nom=donnees["nom"])
        return f"La catégorie s'appelle « {donnees['nom']} »."
    if donnees["geste"] == "fusionner":
        regroupement.fusionner(categorie, dans=donnees["dans"])
        return f"« {categorie.nom} » est fusionnée dans « {donnees['dans'].nom} » : aucun post-it n'est perdu."
    regroupement.supprimer_categorie(categorie)
    return f"L'étiquette « {categorie.nom} » est retirée : ses post-it sont toujours là, sans catégorie."


def _ranger(axe, form) -> str:
    vers, ids = form.cleaned_data["vers"], [note.pk for note in form.cleaned_data["postits"]]
    if vers in form.autres:
        nombre = regroupement.deplacer(axe, postits=ids, vers=form.autres[vers])
        ou = f"sur l'axe « {form.autres[vers].nom} »"
    elif vers == "nouvelle":
        nombre = regroupement.categoriser(axe, postits=ids, nouvelle=form.cleaned_data["nouvelle"])
        ou = f"dans « {form.cleaned_data['nouvelle']} »"
    else:
        categorie = form.categories.get(vers)
        nombre = regroupement.categoriser(axe, postits=ids, categorie=categorie)
        ou = f"dans « {categorie.nom} »" if categorie else "sans catégorie"
    return f"{nombre} post-it {ou}."
