"""The life of an announcement, by its référents: met, taken off, prolonged, opened again. GET shows, POST acts."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pole_ess.socle.templatetags.francais import jour
from ressources.actions import TransitionInterdite, cloture, publication
from ressources.forms.vie import PourvueForm, ProlongerForm
from ressources.views._acces import avec_annonce_gerable

methodes = require_http_methods(["GET", "HEAD", "POST"])
FIL = [("Offres et besoins", "/offres-et-besoins/")]


def _impossible(request, annonce, acte):
    """Back to its page with why, when its state does not allow the act; None when it does."""
    if acte in publication.actes_possibles(annonce):
        return None
    messages.error(request, f"Cette annonce est {annonce.get_etat_display()} : il n'y a rien à faire ici.")
    return redirect(annonce)


def _contexte(annonce, **reste):
    return {"annonce": annonce, "etapes": [*FIL, (str(annonce), annonce.get_absolute_url())], **reste}


def formulaire_pourvue(annonce, suites, donnees=None) -> PourvueForm:
    """Of a batch, nobody is asked with whom: its parts say so."""
    structures = None if annonce.est_lot else cloture.partenaires(annonce)
    return PourvueForm(donnees, structures=structures, discussions=suites["discussions"])


@never_cache
@methodes
@avec_annonce_gerable
def annonce_pourvue(request, annonce):
    """One page: with whom, what it was worth, and it is closed."""
    if sortie := _impossible(request, annonce, "marquer_pourvue"):
        return sortie
    suites = cloture.consequences(annonce)
    form = formulaire_pourvue(annonce, suites, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cloture.pourvoir(annonce, par=request.user, **form.valeurs())
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "C'est noté, merci : l'annonce est pourvue. On ne peut plus y répondre.")
            return redirect(annonce)
    return render(request, "ressources/annonce_pourvue.html", _contexte(annonce, form=form, suites=suites))


@never_cache
@methodes
@avec_annonce_gerable
def annonce_retirer(request, annonce):
    if sortie := _impossible(request, annonce, "retirer"):
        return sortie
    if request.method == "POST":
        try:
            cloture.fermer(annonce, "retirer", par=request.user)
        except TransitionInterdite as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, "L'annonce est retirée. Vous pouvez la rouvrir depuis « Mes annonces ».")
        return redirect(annonce)
    contexte = _contexte(annonce, suites=cloture.consequences(annonce))
    return render(request, "ressources/annonce_retirer.html", contexte)


@never_cache
@methodes
@avec_annonce_gerable
def annonce_prolonger(request, annonce):
    if sortie := _impossible(request, annonce, "marquer_pourvue"):  # prolonged from the same state
        return sortie
    form = ProlongerForm(request.POST if request.method == "POST" else None, annonce=annonce)
    if request.method == "POST" and form.is_valid():
        try:
            cloture.confirmer_valable(annonce, par=request.user, jours=form.cleaned_data["jours"])
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"C'est noté : l'annonce est valable jusqu'au {jour(annonce.expire_le)}.")
            return redirect(annonce)
    return render(request, "ressources/annonce_prolonger.html", _contexte(annonce, form=form))


@never_cache
@methodes
@avec_annonce_gerable
def annonce_rouvrir(request, annonce):
    if sortie := _impossible(request, annonce, "rouvrir"):
        return sortie
    if request.method == "POST":
        try:
            publication.rouvrir(annonce, par=request.user)
        except TransitionInterdite as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, _rouverte(annonce))
        return redirect(annonce)
    return render(request, "ressources/annonce_rouvrir.html", _contexte(annonce))


def _rouverte(annonce) -> str:
    if annonce.etat == annonce.Etat.PUBLIEE:
        return f"L'annonce est de nouveau en ligne, jusqu'au {jour(annonce.expire_le)}."
    return "L'annonce est envoyée à l'équipe du pôle, qui la relit avant de la remettre en ligne."
