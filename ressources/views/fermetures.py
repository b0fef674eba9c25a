"""Closures, breakdowns and warnings of a calendar; what becomes of the bookings in their way."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.forms.champs_temps import lire_jour
from pole_ess.socle.templatetags.francais import pluriel
from ressources.actions import calendriers as actions
from ressources.actions.calendriers import ConflitsADecider
from ressources.actions.reservations import ReservationImpossible
from ressources.forms.calendrier import FermetureForm, SupprimerForm
from ressources.models import Calendrier, Fermeture

from ._acces import avec_annonce_gerable
from .calendriers import etape_du_calendrier, etapes

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
@avec_annonce_gerable
def fermeture_creer(request, annonce):
    """?du= comes from the calendar."""
    return _fermer(request, annonce, get_object_or_404(Calendrier, annonce=annonce), None)


@never_cache
@methodes
@avec_annonce_gerable
def fermeture_modifier(request, annonce, fermeture):
    """Change a closure, or remove it."""
    fermeture = get_object_or_404(Fermeture, pk=fermeture, calendrier__annonce=annonce)
    if request.method == "POST" and SupprimerForm(request.POST).is_valid():
        try:
            actions.rouvrir(fermeture)
        except ReservationImpossible as refus:
            messages.warning(request, str(refus))
        else:
            messages.success(request, "C'est supprimé : ces dates sont de nouveau ouvertes.")
        return redirect("ressources:calendrier", annonce.pk)
    return _fermer(request, annonce, fermeture.calendrier, fermeture)


def _fermer(request, annonce, calendrier, fermeture):
    """First the dates; when confirmed bookings are in the way, the same page asks what becomes of each."""
    if request.method != "POST":
        return _page(request, annonce, FermetureForm(initial=_premieres(request, fermeture)), fermeture)
    form = FermetureForm(request.POST)
    if form.is_valid():
        try:
            posee, gardees = actions.fermer(calendrier, par=request.user, fermeture=fermeture, **form.valeurs())
        except ConflitsADecider as conflits:
            form.demander(conflits.reservations)
            form.add_error(None, _a_decider(len(conflits.reservations)))
        except ReservationImpossible as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, _dire(posee, gardees))
            return redirect("ressources:calendrier", annonce.pk)
    elif form.decisions() and form.periode():
        form.demander(actions.a_decider(actions.conflits(calendrier, form.periode(), sauf=fermeture)))
    return _page(request, annonce, form, fermeture)


def _premieres(request, fermeture) -> dict:
    if fermeture is not None:
        return FermetureForm.depuis(fermeture)
    try:
        return {"genre": Fermeture.Genre.FERMETURE, "debut": lire_jour(request.GET.get("du", ""))}
    except (ValueError, OverflowError):
        return {"genre": Fermeture.Genre.FERMETURE}


def _a_decider(nombre) -> str:
    mots = pluriel(nombre, "réservation confirmée tombe,réservations confirmées tombent")
    suite = pluriel(nombre, "ce qu'elle devient,ce que devient chacune")
    return f"{nombre} {mots} à ces dates : dites ci-dessous {suite}."


def _dire(fermeture, gardees) -> str:
    fait = "L'avis est posé." if not fermeture.bloque else "C'est noté : ces dates ne se réservent plus."
    if not gardees:
        return fait
    return f"{fait} Restent prévues : {actions.nommer(gardees)}"


def _page(request, annonce, form, fermeture):
    return render(
        request,
        "ressources/fermeture.html",
        {
            "annonce": annonce,
            "form": form,
            "fermeture": fermeture,
            "etapes": etapes(annonce, etape_du_calendrier(annonce)),
        },
    )
