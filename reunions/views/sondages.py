"""Date polls: asked by staff or a référent, answered by whoever has the link."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau, compter
from reunions.actions import TransitionInterdite
from reunions.actions import sondages as actes
from reunions.forms.sondage import GererForm, ReponseForm, SondageForm
from reunions.models import ReponseSondage, Reunion, Sondage
from reunions.permissions import est_animateur, peut_proposer
from reunions.views._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])
CREATIONS = {"maximum": 20, "secondes": 86400}
REPONSES = {"maximum": 40, "secondes": 3600}
MES_SONDAGES = 100


def secrete(vue):
    """The address is a secret: in no cache, no other site's referrer, no search engine."""

    @never_cache
    @methodes
    @wraps(vue)
    def gardee(request, *args, **kwargs):
        reponse = vue(request, *args, **kwargs)
        reponse["Referrer-Policy"] = "same-origin"  # no-referrer would post a null origin
        reponse["X-Robots-Tag"] = "noindex, nofollow"
        return reponse

    return gardee


def _etapes(*suite):
    return [*fil(), *suite]


def gere(utilisateur, sondage) -> bool:
    """Whoever asked, and the staff."""
    return utilisateur.is_authenticated and (est_animateur(utilisateur) or sondage.auteur_id == utilisateur.pk)


@never_cache
@require_safe
@login_required
def mes_sondages(request):
    """Those that this person may close; staff see all."""
    contexte = {
        "sondages": Sondage.objects.gerables_par(request.user).pour_listes()[:MES_SONDAGES],
        "peut_creer": peut_proposer(request.user),
        "etapes": _etapes(),
    }
    return render(request, "reunions/mes_sondages.html", contexte)


@never_cache
@methodes
@login_required
def sondage_creer(request):
    """`?rencontre=`: for a meeting that staff prepare; the date kept becomes its own."""
    if not peut_proposer(request.user):
        raise PermissionDenied
    reunion = _reunion(request)
    if reunion is not None and hasattr(reunion, "sondage"):
        return redirect(reunion.sondage)
    initial = {"titre": f"Quelle date pour : {reunion.titre}"[:160]} if reunion else {}
    form = SondageForm(request.POST if request.method == "POST" else None, initial=initial)
    limite = None
    if form.is_valid():
        lu = form.cleaned_data
        faits = {nom: lu[nom] for nom in ("titre", "precisions", "dates", "cle")}
        try:
            compter(f"sondage:{request.user.pk}", **CREATIONS)
        except LimiteDepassee as depassee:
            limite = depassee
        else:
            sondage = actes.creer(par=request.user, reunion=reunion, **faits)
            if not gere(request.user, sondage):
                raise PermissionDenied
            messages.success(request, "Le sondage est prêt : envoyez son lien à qui doit répondre.")
            return redirect("reunions:sondage_gerer", sondage.jeton)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {"form": form, "reunion": reunion, "etapes": _etapes(("Sondages", reverse("reunions:mes_sondages")))}
    return rendre(request, "reunions/sondage_form.html", contexte, limite=limite)


def _reunion(request) -> Reunion | None:
    texte = request.GET.get("rencontre", "")
    if not est_animateur(request.user) or not (texte.isascii() and texte.isdigit() and len(texte) < 10):
        return None
    return Reunion.objects.select_related("sondage").filter(pk=int(texte), etat="brouillon").first()


def _sondage(jeton) -> Sondage:
    return get_object_or_404(Sondage.objects.select_related("reunion__commune", "date_retenue"), jeton=jeton)


@secrete
def sondage(request, jeton):
    """Anybody with the link answers, without an account, and reads the answers."""
    le_sondage = _sondage(jeton)
    dates = list(le_sondage.dates.all())
    form, limite = ReponseForm(request.POST if request.method == "POST" else None, dates=dates), None
    if form.is_valid():
        try:
            compter(f"reponse-sondage:{adresse_reseau(request)}", **REPONSES)
            reponse = actes.repondre(
                le_sondage, nom=form.cleaned_data["nom"], choix=form.choix(), cle=form.cleaned_data["cle"]
            )
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Merci, c'est noté. Gardez l'adresse de cette page : elle permet de changer.")
            return redirect("reunions:sondage_reponse", le_sondage.jeton, reponse.jeton)
    elif "cle" in form.errors:
        form.renouveler_cle()
    return _page(request, le_sondage, form, limite=limite)


@secrete
def sondage_reponse(request, jeton, reponse):
    """One's own answer, by its own link: changed or taken back while the poll is open."""
    reponses = ReponseSondage.objects.select_related("sondage__reunion__commune", "sondage__date_retenue")
    la_reponse = get_object_or_404(reponses, jeton=reponse, sondage__jeton=jeton)
    le_sondage = la_reponse.sondage
    if request.method == "POST" and request.POST.get("geste") == "retirer":
        return _retirer(request, la_reponse)
    dates = list(le_sondage.dates.all())
    form = ReponseForm(request.POST if request.method == "POST" else None, dates=dates, reponse=la_reponse)
    if form.is_valid():
        try:
            actes.changer(la_reponse, nom=form.cleaned_data["nom"], choix=form.choix())
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Votre réponse est changée.")
            return redirect("reunions:sondage_reponse", jeton, reponse)
    return _page(request, le_sondage, form, reponse=la_reponse)


def _retirer(request, la_reponse):
    try:
        actes.retirer(la_reponse)
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Votre réponse est retirée.")
    return redirect(la_reponse.sondage)


def _page(request, le_sondage, form, *, reponse=None, limite=None):
    bilans, lignes = actes.resultats(le_sondage)
    contexte = {
        "sondage": le_sondage,
        "form": form,
        "bilans": bilans,
        "lignes": lignes,
        "reponse": reponse,
        "gere": gere(request.user, le_sondage),
        "etapes": _etapes(),
    }
    return rendre(request, "reunions/sondage.html", contexte, limite=limite)


@never_cache
@methodes
@login_required
def sondage_gerer(request, jeton):
    """The link to share, the answers, and the date to keep."""
    le_sondage = _sondage(jeton)
    if not gere(request.user, le_sondage):
        raise PermissionDenied
    bilans, lignes = actes.resultats(le_sondage)
    form = GererForm(request.POST if request.method == "POST" else None, dates=[bilan.date for bilan in bilans])
    if form.is_valid():
        try:
            message = _faire(request, le_sondage, form.cleaned_data)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, message)
            return redirect("reunions:sondage_gerer", jeton)
    contexte = {
        "sondage": le_sondage,
        "form": form,
        "bilans": bilans,
        "lignes": lignes,
        "adresse": f"{settings.PORTAIL_URL}{le_sondage.get_absolute_url()}",
        "etapes": _etapes(("Sondages", reverse("reunions:mes_sondages"))),
    }
    return render(request, "reunions/sondage_gerer.html", contexte)


def _faire(request, le_sondage, donnees) -> str:
    if donnees["geste"] == "rouvrir":
        actes.rouvrir(le_sondage, par=request.user)
        return "Le sondage est rouvert."
    actes.retenir(le_sondage, par=request.user, date=donnees["date"])
    return "La date est retenue : le sondage est clos" + (
        ", et la rencontre a sa date." if le_sondage.reunion_id else "."
    )
