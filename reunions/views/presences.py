"""Checking people in on a phone, and the sheet to print or to download."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pole_ess.socle.documents import pdf, reponse_pdf
from pole_ess.socle.models import ReglagesPole
from reunions import feuille_de_presence
from reunions import invitations_figures as figures
from reunions.actions import TransitionInterdite
from reunions.actions import presences as actions
from reunions.forms.invitations import AccueilForm, PresenceForm
from reunions.models import Participation, Reunion
from reunions.permissions import animateurs_seulement

from ._fil import fil

RECHERCHE_MAX = 100


def _reunion(pk):
    return get_object_or_404(Reunion.objects.select_related("commune"), pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@animateurs_seulement
def presences(request, pk):
    """One tap a line. With htmx the line alone comes back, and says when somebody else noted it meanwhile."""
    reunion = _reunion(pk)
    q = " ".join(request.GET.get("q", "")[:RECHERCHE_MAX].split())
    accueil = AccueilForm(request.POST if "nom" in request.POST else None)
    if request.method == "POST" and "nom" not in request.POST:
        return _noter(request, reunion, q)
    if request.method == "POST" and accueil.is_valid():
        try:
            venue = actions.accueillir(reunion, **accueil.cleaned_data)
        except TransitionInterdite as refus:
            accueil.add_error(None, str(refus))
        else:
            messages.success(request, f"{venue} est noté présent.")
            return redirect("reunions:presences", reunion.pk)
    elif "cle" in accueil.errors:
        accueil.renouveler_cle()
    lignes = reunion.participations.pour_listes().par_nom()
    contexte = {
        "reunion": reunion,
        "lignes": lignes.chercher(q) if q else lignes,
        "q": q,
        "form": accueil,
        "comptes": figures.compter_presences(reunion),
        "possible": reunion.etat in (Reunion.Etat.ANNONCEE, Reunion.Etat.TENUE),
        "etapes": fil(reunion, prepare=True),
    }
    return render(request, "reunions/presences.html", contexte)


def _noter(request, reunion, q):
    form = PresenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Ce bouton était incomplet : rien n'a changé. Recommencez.")
        return redirect("reunions:presences", reunion.pk)
    pk, mot = form.cleaned_data["pk"], ""
    try:
        actions.noter(reunion, **form.cleaned_data)
    except Participation.DoesNotExist as inconnue:
        raise Http404 from inconnue
    except TransitionInterdite as refus:
        mot = str(refus)
    if request.htmx:
        ligne = reunion.participations.pour_listes().get(pk=pk)
        contexte = {"p": ligne, "mot": mot, "q": q, "possible": True, "reunion": reunion}
        return render(request, "reunions/_presence_ligne.html", contexte)
    if mot:
        messages.error(request, mot)
    suite = f"?{urlencode({'q': q})}" if q else ""
    return redirect(f"{reverse('reunions:presences', args=[reunion.pk])}{suite}#ligne-{pk}")


@never_cache
@require_safe
@animateurs_seulement
def feuille(request, pk):
    """To print: name, in whose name, answer, signature; large type, empty lines at the end."""
    reunion = _reunion(pk)
    contexte = {
        "reunion": reunion,
        "lignes": reunion.participations.pour_listes().par_nom(),
        "libres": range(feuille_de_presence.LIGNES_LIBRES),
        "etapes": [
            *fil(reunion, prepare=True),
            ("Présences", reverse("reunions:presences", args=[reunion.pk])),
        ],
    }
    return render(request, "reunions/feuille.html", contexte)


@require_safe
@animateurs_seulement
def feuille_pdf(request, pk):
    """The same lines, to send to the host structure or to read with a screen reader (PDF/UA-1)."""
    reunion = _reunion(pk)
    lignes = reunion.participations.pour_listes().par_nom()
    donnees = feuille_de_presence.donnees(reunion, lignes, pole=ReglagesPole.actuels().nom)
    return reponse_pdf(pdf("feuille_de_presence", donnees), f"feuille-de-presence-{reunion.titre}")
