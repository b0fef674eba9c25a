"""The facilitator's pages: console, settings, paper notes, and the room's projector."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reunions.actions import TransitionInterdite, postits
from reunions.actions import atelier as actes
from reunions.forms.atelier_equipe import MinutesForm, PapierForm, PhaseForm, ReglagesForm
from reunions.models import Atelier, Reunion
from reunions.permissions import animateurs_seulement
from reunions.presentation_atelier import lien_direct
from reunions.views._fil import fil
from reunions.views.atelier_direct import contexte_direct

methodes = require_http_methods(["GET", "HEAD", "POST"])
BOUTONS = {
    ("preparation", "ecriture"): "Ouvrir l'écriture",
    ("ecriture", "preparation"): "Revenir à la préparation",
    ("ecriture", "regroupement"): "Finir l'écriture et montrer les post-it",
    ("regroupement", "ecriture"): "Rouvrir l'écriture",
    ("regroupement", "restitution"): "Passer à la restitution",
    ("restitution", "regroupement"): "Revenir au regroupement",
    ("restitution", "clos"): "Clore l'atelier",
    ("clos", "restitution"): "Rouvrir la restitution",
}


def atelier_ou_404(pk) -> Atelier:
    return get_object_or_404(Atelier.objects.select_related("reunion"), reunion=pk)


def etapes(reunion, *, console=False):
    """Breadcrumb; with `console`, from a page below the console."""
    suite = [("Atelier", reverse("reunions:atelier", args=[reunion.pk]))] if console else []
    return [*fil(reunion, prepare=True), *suite]


@never_cache
@methodes
@animateurs_seulement
def console(request, pk):
    """Phases, writing time, counts, and the way to every other tool. A meeting without workshop: make one."""
    reunion = get_object_or_404(Reunion, pk=pk)
    atelier = Atelier.objects.filter(reunion=reunion).first()
    if atelier is None:
        if request.method == "POST":
            raise Http404
        return redirect("reunions:atelier_reglages", pk=pk)
    form = MinutesForm(request.POST if request.method == "POST" else None)
    refus = ""
    if request.method == "POST":
        try:
            if message := _agir(request, atelier, form):
                messages.success(request, message)
                return redirect("reunions:atelier", pk=pk)
        except TransitionInterdite as erreur:
            refus = str(erreur)
        atelier.refresh_from_db()
    contexte = {
        **contexte_direct(atelier, "console"),
        "reunion": reunion,
        "form": form,
        "refus": refus,
        "boutons": [
            (phase, BOUTONS[atelier.phase, phase], actes.ORDRE.index(phase) > actes.ORDRE.index(atelier.phase))
            for phase in reversed(actes.voisines(atelier.phase))
        ],
        "fin_vue": atelier.fin_ecriture.strftime("%Y-%m-%dT%H:%M:%S.%f%z") if atelier.fin_ecriture else "",
        "adresse": lien_direct(atelier, "console"),
        "etapes": etapes(reunion),
    }
    return render(request, "reunions/atelier_console.html", contexte)


def _agir(request, atelier, form) -> str:
    """What was done, in words; empty when the form is to be shown again."""
    if not form.is_valid():
        return ""
    phase = PhaseForm(request.POST)
    if "vers" in form.data:
        if not phase.is_valid():
            raise TransitionInterdite("Ce bouton n'a pas été compris : recommencez.")
        fait = actes.changer_phase(atelier, **phase.cleaned_data, minutes=form.cleaned_data["minutes"])
        return f"L'atelier est en phase « {fait.get_phase_display()} »."
    if not form.cleaned_data["minutes"]:
        form.add_error("minutes", "Dites de combien de minutes prolonger.")
        return ""
    actes.prolonger(atelier, minutes=form.cleaned_data["minutes"], fin_vue=form.cleaned_data["fin_vue"])
    return "Le temps d'écriture est prolongé : tous les écrans le disent."


@never_cache
@methodes
@animateurs_seulement
def reglages(request, pk):
    """Make the workshop, or change its settings and axes while it is not closed."""
    reunion = get_object_or_404(Reunion, pk=pk)
    atelier = Atelier.objects.filter(reunion=reunion).first()
    form = ReglagesForm(request.POST if request.method == "POST" else None, atelier=atelier)
    if request.method == "POST" and form.is_valid():
        nouveaux = form.cleaned_data["nouveaux"]
        try:
            if atelier is None:
                actes.creer(reunion, valeurs=form.valeurs(), axes=nouveaux)
            else:
                actes.regler(atelier, valeurs=form.valeurs(), axes=form.axes(), nouveaux=nouveaux)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Les réglages de l'atelier sont enregistrés.")
            return redirect("reunions:atelier", pk=pk)
    contexte = {
        "reunion": reunion,
        "atelier": atelier,
        "form": form,
        "axes": [(form[f"axe_{axe.pk}"], form[f"description_{axe.pk}"]) for axe in form.axes_connus],
        "etapes": etapes(reunion, console=atelier is not None),
    }
    return render(request, "reunions/atelier_reglages.html", contexte)


@never_cache
@methodes
@animateurs_seulement
def papier(request, pk):
    """Type paper notes in bulk, for somebody or nobody."""
    atelier = atelier_ou_404(pk)
    form = PapierForm(request.POST if request.method == "POST" else None, atelier=atelier)
    if request.method == "POST" and form.is_valid():
        try:
            faits = postits.saisir_papier(atelier, **form.valeurs())
        except TransitionInterdite as refus:
            if isinstance(refus, actes.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            nombre = len(faits)
            messages.success(request, f"{nombre} post-it {'est ajouté' if nombre == 1 else 'sont ajoutés'}.")
            return redirect("reunions:atelier_papier", pk=pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "reunion": atelier.reunion,
        "atelier": atelier,
        "form": form,
        "ouvert": atelier.phase in postits.PAPIER,
        "etapes": etapes(atelier.reunion, console=True),
    }
    return render(request, "reunions/atelier_papier.html", contexte)


@never_cache
@require_safe
@animateurs_seulement
def projecteur(request, pk):
    """The room's screen: the code and counts while people write, then the boards, then the results. `?axe=`: one."""
    atelier = atelier_ou_404(pk)
    brut = request.GET.get("axe", "")
    choisi = next((axe.pk for axe in atelier.axes.all() if str(axe.pk) == brut), 0)
    contexte = {
        **contexte_direct(atelier, "projecteur", axe=choisi),
        "reunion": atelier.reunion,
        "adresse": lien_direct(atelier, "projecteur", axe=choisi),
    }
    return render(request, "reunions/projecteur.html", contexte)
