"""What is done together: the list, and the page of one purchase or post where structures join, change and leave."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as rendre_page
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, mises_achat, mises_en_commun
from ressources.forms.mise_part import ChangerForm, GestePartForm, RechercheForm, RejoindreForm
from ressources.models import MiseEnCommun, PartEnCommun
from ressources.permissions import peut_gerer, structures_pour_participer, structures_pour_publier
from ressources.presentation_mises import en_unites, ou_en_est, resume
from ressources.views.mises_creation import ENSEMBLE

methodes = require_http_methods(["GET", "HEAD", "POST"])
PARTS = {"maximum": 40, "secondes": 86400}
PAR_PAGE = 20
FINIES = 10
"""Of those that are over, the last ones are shown below."""


@require_safe
def liste(request):
    """The section's home: what is open, those that close first before the others."""
    form = RechercheForm(request.GET if request.GET else None)
    criteres = form.cleaned_data if form.is_bound and form.is_valid() else {}
    commune, km, genre = criteres.get("commune"), criteres.get("km"), criteres.get("genre")
    mises = MiseEnCommun.objects.visibles_par(request.user).de_genre(genre)
    if commune and commune.latitude is not None:
        mises = mises.autour(commune.latitude, commune.longitude, km=km)
    page = Paginator(mises.en_cours().pour_listes().a_l_affiche(), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "form": form,
        "page": page,
        "finies": mises.finies().pour_listes().order_by("-close_le", "-pk")[:FINIES] if page.number == 1 else [],
        "commune": commune,
        "km": km,
        "genre": genre,
        "peut_ouvrir": structures_pour_publier(request.user).exists(),
        "etapes": ENSEMBLE[:1],
    }
    return rendre_page(request, "ressources/ensemble/liste.html", contexte)


@never_cache
@methodes
def mise(request, pk):
    """What it is, how far it is, who takes part; joining, changing, leaving."""
    la_mise = get_object_or_404(MiseEnCommun.objects.visibles_par(request.user).pour_page(), pk=pk)
    if request.method == "POST":
        return _agir(request, la_mise)
    return _page(request, la_mise)


@login_required
def _agir(request, la_mise):
    structures = structures_pour_participer(request.user)
    if not structures.exists() and not request.user.is_staff:
        raise PermissionDenied
    geste = GestePartForm(request.POST)
    if not geste.is_valid():
        return _page(request, la_mise, geste=geste)
    if geste.cleaned_data["geste"] == "rejoindre":
        return _rejoindre(request, la_mise, structures)
    siennes = PartEnCommun.objects.actives() if request.user.is_staff else _siennes(request.user)
    part = get_object_or_404(siennes.pour_pages(), pk=geste.cleaned_data["part"], mise=la_mise)
    part.mise = la_mise
    if geste.cleaned_data["geste"] == "changer":
        return _changer(request, la_mise, part)
    try:
        mises_en_commun.quitter(part, par=request.user)
    except TransitionInterdite as refus:
        geste.add_error(None, str(refus))
        return _page(request, la_mise, geste=geste)
    messages.success(request, f"{part.structure.nom} ne prend plus part. Merci de l'avoir dit.")
    return redirect(la_mise)


def _siennes(utilisateur):
    return PartEnCommun.objects.actives().de_mes_structures(utilisateur)


def _rejoindre(request, la_mise, structures):
    prises = la_mise.parts.actives().values("structure")
    form = RejoindreForm(request.POST, mise=la_mise, structures=structures.exclude(pk__in=prises))
    form.fields["structure"].queryset = structures  # one that takes part already is told so by the act
    if form.is_valid():
        try:
            compter(f"mise_part:{request.user.pk}", **PARTS)
            part = mises_en_commun.rejoindre(la_mise, par=request.user, **form.valeurs())
        except LimiteDepassee as limite:
            return _page(request, la_mise, rejoindre=form, limite=limite)
        except TransitionInterdite as refus:
            if isinstance(refus, mises_en_commun.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"{part.structure.nom} prend part : {en_unites(part.quantite, la_mise)}.")
            return redirect(la_mise)
    elif "cle" in form.errors:
        form.renouveler_cle()
    return _page(request, la_mise, rejoindre=form)


def _changer(request, la_mise, part):
    form = ChangerForm(request.POST, mise=la_mise, auto_id=f"id_{part.pk}_%s")
    if form.is_valid():
        try:
            part = mises_en_commun.changer(part, par=request.user, **form.valeurs())
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"C'est changé : {en_unites(part.quantite, la_mise)} pour {part.structure.nom}.")
            return redirect(la_mise)
    return _page(request, la_mise, changer=(part.pk, form))


def _page(request, la_mise, *, rejoindre=None, changer=None, geste=None, limite=None):
    la_mise.refresh_from_db(fields=["total", "etat", "cloture_le"])
    utilisateur = request.user
    parts = list(la_mise.parts.actives().pour_pages())
    structures = list(structures_pour_participer(utilisateur))
    siennes = {structure.pk for structure in structures}
    miennes = [part for part in parts if part.structure_id in siennes]
    for part in miennes:
        part.mise = la_mise
        part.form = _form_de(part, la_mise, changer)
    dedans = {part.structure_id for part in miennes}
    libres = [structure for structure in structures if structure.pk not in dedans]
    if rejoindre is None and libres and la_mise.est_ouverte:
        choix = structures_pour_participer(utilisateur).exclude(pk__in=dedans)
        rejoindre = RejoindreForm(mise=la_mise, structures=choix)
    erreurs = [form for form in (rejoindre, geste, changer and changer[1]) if form is not None and form.errors]
    contexte = {
        "mise": la_mise,
        "annonce": la_mise.annonce,
        "parts": parts if utilisateur.is_authenticated else [],
        "nombre": len(parts),
        "resume": resume(la_mise, parts),
        "ou_en_est": ou_en_est(la_mise),
        "miennes": miennes,
        "rejoindre": rejoindre if la_mise.est_ouverte else None,
        "erreurs": erreurs[0] if erreurs else None,
        "gere": peut_gerer(utilisateur, la_mise.annonce),
        "fichiers": la_mise.annonce.fichiers.all() if utilisateur.is_authenticated else [],
        "apercu": mises_achat.apercu(la_mise, parts) if la_mise.est_achat and la_mise.est_modifiable else None,
        "etapes": ENSEMBLE,
    }
    return rendre(request, "ressources/ensemble/mise.html", contexte, limite=limite)


def _form_de(part, la_mise, changer):
    """The form that changes a part: the one just sent, or a new one with what it is."""
    if not la_mise.est_ouverte:
        return None
    if changer and changer[0] == part.pk:
        return changer[1]
    initial = {"quantite": part.quantite, "tolerance": part.tolerance or None, "note": part.note}
    return ChangerForm(initial=initial, mise=la_mise, auto_id=f"id_{part.pk}_%s")
