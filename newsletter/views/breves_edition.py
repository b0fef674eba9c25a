"""Writing short news: a référent's own, posting, changing, sending, taking back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from newsletter.actions import TransitionInterdite, rappels
from newsletter.actions import breves as actes
from newsletter.forms.breve import BreveForm, SansChampForm
from newsletter.models import Breve
from newsletter.models.breve import TEXTE_MAX
from newsletter.permissions import structures_pour_ecrire
from pole_ess.socle.limites import LimiteDepassee, compter

from ._actes import ACTES
from ._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
PROPOSITIONS = {"maximum": 30, "secondes": 86400}
MES_BREVES_MAX = 100


def _lourds(request):
    """Names of the files that were dropped while they streamed."""
    return getattr(request, "fichiers_trop_lourds", set()) if request.POST or request.FILES else set()


def _mes_breves():
    return fil(("Mes brèves", reverse("newsletter:mes_breves")))


@never_cache
@require_safe
@login_required
def miennes(request):
    """Those that this person manages; of staff, those they wrote."""
    siennes = Breve.objects.gerables_par(request.user).exclude(etat="archivee").select_related("structure")
    if request.user.is_staff:
        siennes = siennes.filter(auteur=request.user)
    contexte = {
        "breves": siennes.order_by("-cree_le", "-pk")[:MES_BREVES_MAX],
        "structures": structures_pour_ecrire(request.user).exists(),
        "recoit_le_rappel": rappels.recoit_le_rappel(request.user),
        "etapes": fil(),
    }
    return render(request, "newsletter/mes_breves.html", contexte)


@never_cache
@methodes
@login_required
def creer(request):
    """It shows at once or waits for the staff; « brouillon » keeps it for later, « aperçu » writes nothing."""
    structures = structures_pour_ecrire(request.user)
    initial = {"structure": request.GET["structure"]} if request.GET.get("structure", "").isdecimal() else {}
    form, limite = _form(request, structures=structures, initial=initial), None
    valide = form.is_valid()
    if valide and request.POST.get("geste") != "apercu":
        lu = form.cleaned_data
        try:
            compter(f"breve:{request.user.pk}", **PROPOSITIONS)
            breve = actes.creer(valeurs=form.valeurs(), structure=lu["structure"], par=request.user, cle=lu["cle"])
        except LimiteDepassee as depassee:
            limite = depassee
        except actes.CleDejaPrise:
            form.renouveler_cle()
            form.add_error(None, "Ce formulaire a déjà servi : envoyez-le de nouveau.")
        else:
            return _apres(request, breve, envoyer=request.POST.get("geste") != "brouillon")
    elif "cle" in form.errors:
        form.renouveler_cle()
    return _page(request, form, limite=limite, possible=structures.exists(), apercu=valide)


def _form(request, **options):
    if request.method != "POST":
        return BreveForm(**options)
    return BreveForm(request.POST, request.FILES, fichiers_trop_lourds=_lourds(request), **options)


def _apres(request, breve, *, envoyer):
    if envoyer and breve.etat in (Breve.Etat.BROUILLON, Breve.Etat.A_CORRIGER):
        breve = actes.soumettre(breve, par=request.user)
    mots = {
        Breve.Etat.PUBLIEE: "La brève est publiée : elle est sur votre fiche, et sera proposée à la prochaine lettre.",
        Breve.Etat.A_VALIDER: "Merci ! L'équipe du pôle la relit, puis elle paraît ; un message vous le dira.",
    }
    messages.success(request, mots.get(breve.etat, "Le brouillon est enregistré : vous seul le voyez."))
    return redirect(breve)


def _page(request, form, *, breve=None, limite=None, possible=True, apercu=False):
    contexte = {
        "form": form,
        "breve": breve,
        "possible": possible,
        "apercu": apercu and request.POST.get("geste") == "apercu",
        "longueur": form.longueur(),
        "maximum": TEXTE_MAX,
        "etapes": _mes_breves(),
    }
    return rendre(request, "newsletter/breve_form.html", contexte, limite=limite)


def _gerable(request, pk) -> Breve:
    """404 for what this person may not see, 403 for what they may see but not manage."""
    breve = get_object_or_404(Breve.objects.visibles_par(request.user).select_related("structure", "auteur"), pk=pk)
    if not Breve.objects.gerables_par(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return breve


@never_cache
@methodes
@login_required
def modifier(request, pk):
    """Its référents and the staff change it; published, the change shows at once and is read again."""
    breve = _gerable(request, pk)
    form = _form(request, breve=breve, initial=BreveForm.initiales(breve))
    valide = form.is_valid()
    if valide and request.POST.get("geste") != "apercu":
        try:
            modifiee = actes.modifier(breve, valeurs=form.valeurs(), par=request.user)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            if request.POST.get("geste") == "envoyer":
                return _apres(request, modifiee, envoyer=True)
            messages.success(request, "Enregistré.")
            return redirect(modifiee)
    return _page(request, form, breve=breve, possible=breve.modifiable, apercu=valide)


@never_cache
@methodes
@login_required
def acte(request, pk, acte):
    """Send, take back: a page each."""
    breve = _gerable(request, pk)
    if acte not in ACTES:
        raise Http404
    form = SansChampForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            faite = getattr(actes, acte)(breve, par=request.user)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"C'est fait : « {faite} » est {faite.get_etat_display()}.")
            return redirect(faite)
    contexte = {
        "form": form,
        "page": ACTES[acte],
        "breve": breve,
        "possible": acte in actes.actes_possibles(breve),
        "etapes": _mes_breves(),
    }
    return render(request, "newsletter/breve_acte.html", contexte)
