"""Events of the actors: their page, posting, editing, cancelling; what else happens that day."""

from datetime import datetime, time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from reunions.actions import TransitionInterdite
from reunions.actions import evenements as actes
from reunions.calendrier import proches
from reunions.forms.evenement import EvenementForm, MotifEvenementForm, ProchesForm
from reunions.forms.reunion import SansChampForm
from reunions.models import Evenement
from reunions.permissions import structures_pour_proposer
from reunions.views._fil import fil
from reunions.views.reunions import fichier_ics

methodes = require_http_methods(["GET", "HEAD", "POST"])
PROPOSITIONS = {"maximum": 60, "secondes": 86400}
ACTES = {
    "soumettre": {
        "titre": "Envoyer l'événement",
        "explication": "L'équipe du pôle le relit, puis il paraît dans l'agenda. Un message vous le dira.",
        "bouton": "Envoyer l'événement",
        "form": SansChampForm,
    },
    "annuler": {
        "titre": "Annuler l'événement",
        "explication": "Il reste dans l'agenda, marqué « annulé », avec votre raison : les gens doivent l'apprendre.",
        "bouton": "Annuler l'événement",
        "form": MotifEvenementForm,
        "danger": True,
    },
    "archiver": {
        "titre": "Retirer l'événement",
        "explication": "Il disparaît de l'agenda. S'il n'a pas lieu, annulez-le plutôt : les gens l'apprendront.",
        "bouton": "Retirer l'événement",
        "form": SansChampForm,
        "danger": True,
    },
}


def _etapes(*suite):
    return [*fil(), *suite]


@require_safe
def evenement_detail(request, pk):
    """What it is, when, where; its référents see its state and what they may do."""
    evenements = Evenement.objects.visibles_par(request.user).select_related("structure__commune", "commune")
    evenement = get_object_or_404(evenements, pk=pk)
    gere = Evenement.objects.gerables_par(request.user).filter(pk=pk).exists()
    contexte = {
        "evenement": evenement,
        "gere": gere,
        "actes": [(nom, ACTES[nom]) for nom in actes.actes_possibles(evenement) if nom in ACTES] if gere else [],
        "modifiable": gere and evenement.etat not in ("annule", "refuse", "archive"),
        "public": evenement.etat in ("publie", "annule"),
        "etapes": _etapes(),
    }
    return render(request, "reunions/evenement_detail.html", contexte)


@require_safe
@conditional_page
def evenement_ics(request, pk):
    """One event for a calendar; the same UID as in the feeds."""
    evenement = get_object_or_404(Evenement.objects.publies().select_related("commune", "structure"), pk=pk)
    return fichier_ics(evenement)


@never_cache
@require_safe
@login_required
def mes_evenements(request):
    """Those that this person manages, the latest dates first."""
    siens = Evenement.objects.gerables_par(request.user).exclude(etat="archive").select_related("structure", "commune")
    if request.user.is_staff:
        siens = siens.filter(auteur=request.user)
    contexte = {
        "evenements": siens.order_by("-debut", "-pk")[:100],
        "structures": structures_pour_proposer(request.user).exists(),
        "etapes": _etapes(),
    }
    return render(request, "reunions/mes_evenements.html", contexte)


@never_cache
@methodes
@login_required
def evenement_creer(request):
    """A référent posts an event: it shows at once or waits for the staff. « Brouillon » keeps it for later."""
    structures = structures_pour_proposer(request.user)
    initial = {nom: request.GET[nom] for nom in ("structure", "genre") if request.GET.get(nom)}
    form = EvenementForm(request.POST if request.method == "POST" else None, structures=structures, initial=initial)
    limite, autres = None, []
    if form.is_valid():
        autres = _autres(form)
        if _a_prevenir(request, form, autres):
            return _page(request, form, proches=autres, alerte=True, structures=structures)
        try:
            compter(f"evenement:{request.user.pk}", **PROPOSITIONS)
            evenement = actes.creer(valeurs=form.valeurs(), par=request.user, cle=form.cleaned_data["cle"])
        except LimiteDepassee as depassee:
            limite = depassee
        except actes.CleDejaPrise:
            form.renouveler_cle()
            form.add_error(None, "Ce formulaire a déjà servi : envoyez-le de nouveau.")
        else:
            return _apres(request, evenement, brouillon=request.POST.get("geste") == "brouillon")
    elif "cle" in form.errors:
        form.renouveler_cle()
    return _page(request, form, proches=autres, limite=limite, structures=structures)


def _apres(request, evenement, *, brouillon):
    if not brouillon and evenement.etat in (Evenement.Etat.BROUILLON, Evenement.Etat.A_CORRIGER):
        actes.soumettre(evenement, par=request.user)
    mots = {
        Evenement.Etat.PUBLIE: "L'événement est publié : il paraît dans l'agenda.",
        Evenement.Etat.A_VALIDER: "Merci ! L'équipe du pôle le relit, puis il paraît ; un message vous le dira.",
    }
    messages.success(request, mots.get(evenement.etat, "Le brouillon est enregistré : vous seul le voyez."))
    return redirect(evenement)


def _autres(form) -> list:
    donnees = form.cleaned_data
    return proches.du_meme_jour(
        debut=donnees["debut"], fin=donnees["fin"], commune=donnees["commune"], sauf=form.evenement
    )


def _a_prevenir(request, form, autres) -> bool:
    """Something happens that day nearby that the form has not shown yet. A draft needs no warning."""
    nouveaux = {entree.cle for entree in autres} - form.deja_vus()
    return bool(nouveaux) and request.POST.get("geste") != "brouillon"


def _page(request, form, *, proches=(), alerte=False, limite=None, structures=None, evenement=None):
    contexte = {
        "form": form,
        "evenement": evenement,
        "proches": proches,
        "alerte": alerte,
        "possible": evenement is not None or structures.exists(),
        "etapes": _etapes(("Mes événements", reverse("reunions:mes_evenements"))),
    }
    return rendre(request, "reunions/evenement_form.html", contexte, limite=limite)


@never_cache
@methodes
@login_required
def evenement_modifier(request, pk):
    """Its référents and the staff change it; published, the change shows at once."""
    evenement = _gerable(request, pk)
    initial = EvenementForm.initiales(evenement)
    donnees = request.POST if request.method == "POST" else None
    form = EvenementForm(donnees, structures=None, evenement=evenement, initial=initial)
    autres = []
    if form.is_valid():
        autres = _autres(form)
        if _a_prevenir(request, form, autres):
            return _page(request, form, proches=autres, alerte=True, evenement=evenement)
        try:
            actes.modifier(evenement, par=request.user, valeurs=form.valeurs())
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            if request.POST.get("geste") == "envoyer":
                return _apres(request, evenement, brouillon=False)
            messages.success(request, "Enregistré.")
            return redirect(evenement)
    return _page(request, form, proches=autres, evenement=evenement)


def _gerable(request, pk) -> Evenement:
    """404 for what this person may not see, 403 for what they may see but not manage."""
    evenements = Evenement.objects.visibles_par(request.user).select_related("structure", "commune", "auteur")
    evenement = get_object_or_404(evenements, pk=pk)
    if not Evenement.objects.gerables_par(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return evenement


@never_cache
@methodes
@login_required
def evenement_acte(request, pk, acte):
    """Send, cancel with a reason, take away: a page each."""
    evenement = _gerable(request, pk)
    if acte not in ACTES:
        raise Http404
    form = ACTES[acte]["form"](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            getattr(actes, acte)(evenement, par=request.user, **form.cleaned_data)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"C'est fait : « {evenement} » est {evenement.get_etat_display()}.")
            return redirect("reunions:mes_evenements" if acte == "archiver" else evenement)
    contexte = {
        "form": form,
        "page": ACTES[acte],
        "objet": evenement,
        "retour": evenement.get_absolute_url(),
        "possible": acte in actes.actes_possibles(evenement),
        "etapes": _etapes((evenement.titre, evenement.get_absolute_url())),
    }
    return render(request, "reunions/acte.html", contexte)


@never_cache
@require_safe
@login_required
def evenements_proches(request):
    """What else happens on the day and around the commune being typed: htmx puts it in the form."""
    form = ProchesForm(request.GET)
    autres = []
    if form.is_valid():
        debut, fin = (
            datetime.combine(jour, time(12), timezone.get_default_timezone()) if jour else None
            for jour in (form.cleaned_data["jour"], form.cleaned_data["jour_fin"])
        )
        fin = fin if fin and fin > debut else None
        autres = proches.du_meme_jour(debut=debut, fin=fin, commune=form.cleaned_data["commune"], sauf=_sauf(request))
    return render(request, "reunions/_evenement_proches.html", {"proches": autres})


def _sauf(request) -> Evenement | None:
    texte = request.GET.get("sauf", "")
    if not (texte.isascii() and texte.isdigit() and len(texte) < 10):
        return None
    return Evenement.objects.gerables_par(request.user).filter(pk=int(texte)).first()
