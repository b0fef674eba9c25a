"""The calendar of a resource, month by month, its rules; the planning of all that a structure lends."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annuaire.models import Structure
from annuaire.permissions import est_referent
from ressources.actions import calendriers as actions
from ressources.actions.calendriers import CalendrierImpossible
from ressources.actions.reservations import ReservationImpossible
from ressources.forms.calendrier import AdresseForm, ReglagesForm
from ressources.models import Annonce, Calendrier
from ressources.permissions import est_de_la_maison, peut_gerer, structures_de_la_maison
from ressources.presentation_calendrier import lire_mois, nom_du_mois, page_du_mois, regles_en_clair
from ressources.presentation_planning import SIGNES
from ressources.presentation_planning import planning as le_planning

from ._acces import avec_annonce_gerable

methodes = require_http_methods(["GET", "HEAD", "POST"])
VUES = ("mois", "liste")


def etapes(annonce, *suite):
    """The way here: list, announcement, then `suite`."""
    return [
        ("Offres et besoins", reverse("ressources:annonce_liste")),
        (str(annonce), annonce.get_absolute_url()),
        *suite,
    ]


def etape_du_calendrier(annonce):
    return ("Calendrier", reverse("ressources:calendrier", args=[annonce.pk]))


@never_cache
@require_safe
def calendrier(request, pk):
    """?mois=2027-03, ?vue=liste or mois (both when not said: the screen's width chooses)."""
    annonces = Annonce.objects.visibles_par(request.user).select_related("structure", "commune", "calendrier")
    annonce = get_object_or_404(annonces.exclude(calendrier=None), pk=pk)
    gere = peut_gerer(request.user, annonce)
    maison = gere or est_de_la_maison(request.user, annonce)
    premier, vue = lire_mois(request.GET.get("mois", "")), request.GET.get("vue", "")
    page = page_du_mois(annonce.calendrier, premier, utilisateur=request.user, gere=gere, maison=maison)
    return render(
        request,
        "ressources/calendrier.html",
        {
            "annonce": annonce,
            "calendrier": annonce.calendrier,
            "page": page,
            "nom_du_mois": nom_du_mois(premier),
            "vue": vue if vue in VUES else "",
            "regles": regles_en_clair(annonce.calendrier),
            "gere": gere,
            "maison": maison,
            "ouvert": annonce.calendrier.actif and annonce.est_ouverte and annonce.peut_etre_reservee,
            "a_venir": list(annonce.calendrier.fermetures.a_venir()) if gere else [],
            "etapes": etapes(annonce),
        },
    )


@never_cache
@methodes
@avec_annonce_gerable
def reglages(request, annonce):
    """Open a calendar, change its rules."""
    calendrier = getattr(annonce, "calendrier", None)
    if calendrier is None and not annonce.peut_etre_reservee:
        raise Http404
    envoi = request.POST if request.method == "POST" else None
    form = ReglagesForm(envoi, initial=ReglagesForm.depuis(annonce, calendrier))
    if request.method == "POST" and form.is_valid():
        try:
            actions.regler(annonce, **form.valeurs())
        except CalendrierImpossible as refus:
            form.add_error(refus.champ, str(refus))
        except ReservationImpossible as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request,
                "Les règles sont enregistrées."
                if calendrier
                else "Le calendrier est ouvert : les structures peuvent demander leurs dates.",
            )
            return redirect("ressources:calendrier", annonce.pk)
    return render(
        request,
        "ressources/calendrier_reglages.html",
        {
            "annonce": annonce,
            "calendrier": calendrier,
            "form": form,
            "etapes": etapes(annonce, etape_du_calendrier(annonce)) if calendrier else etapes(annonce),
        },
    )


@never_cache
@require_POST
@avec_annonce_gerable
def adresse(request, annonce):
    """Renew the secret address of the resource's feed."""
    calendrier = get_object_or_404(Calendrier, annonce=annonce)
    form = AdresseForm(request.POST)
    if form.is_valid():
        try:
            actions.renouveler_adresse(calendrier, ancien=form.cleaned_data["ancien"])
        except ReservationImpossible as refus:
            messages.warning(request, str(refus))
        else:
            messages.success(request, "L'ancienne adresse ne répond plus. Copiez la nouvelle dans votre agenda.")
    return redirect("ressources:calendrier_reglages", annonce.pk)


# -- all that a structure lends


def _structure_ou_404(request, slug) -> Structure:
    """Of one's own structures, as their announcements; any for staff."""
    return get_object_or_404(structures_de_la_maison(request.user), slug=slug)


@never_cache
@require_safe
@login_required
def planning(request, slug):
    """One line a resource, one column a day; the same as a list on a narrow screen."""
    structure = _structure_ou_404(request, slug)
    premier = lire_mois(request.GET.get("mois", ""))
    gere = request.user.is_staff or est_referent(request.user, structure)
    return render(
        request,
        "ressources/planning.html",
        {
            "structure": structure,
            "planning": le_planning(structure, premier),
            "nom_du_mois": nom_du_mois(premier),
            "signes": SIGNES,
            "gere": gere,
            "reglages": getattr(structure, "reglages_annonces", None) if gere else None,
            "etapes": [("Réservations", reverse("ressources:reservations"))],
        },
    )


@never_cache
@require_POST
@login_required
def planning_adresse(request, slug):
    """Make or renew the secret address of the structure's feed."""
    structure = _structure_ou_404(request, slug)
    if not (request.user.is_staff or est_referent(request.user, structure)):
        raise PermissionDenied
    form = AdresseForm(request.POST)
    if form.is_valid():
        actions.renouveler_adresse_de_structure(structure, ancien=form.cleaned_data["ancien"])
        messages.success(request, "Copiez cette adresse dans votre agenda. Toute adresse précédente ne répond plus.")
    return redirect("ressources:planning", structure.slug)
