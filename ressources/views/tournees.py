"""Artists' tours: the list, opening one, and its page where structures wish and the artist decides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, tournees
from ressources.forms.tournee import ChoixForm, GesteTourneeForm, RechercheTourneeForm, SouhaitForm, TourneeForm
from ressources.models import Tournee
from ressources.permissions import peut_gerer, structures_pour_repondre
from ressources.presentation_lot import point
from ressources.presentation_tournee import ce_qui_manque, distances_a, voisines
from ressources.views._acces import avec_annonce_gerable

methodes = require_http_methods(["GET", "HEAD", "POST"])
SOUHAITS = {"maximum": 40, "secondes": 86400}
OUVERTURES = {"maximum": 20, "secondes": 86400}
PAR_PAGE = 20
LISTE = [("Offres et besoins", reverse_lazy("ressources:annonce_liste"))]


@require_safe
def liste(request):
    """Tours to come, soonest first, around a commune."""
    form = RechercheTourneeForm(request.GET if request.GET else None)
    criteres = form.cleaned_data if form.is_bound and form.is_valid() else {}
    commune, km = criteres.get("commune"), criteres.get("km")
    a_venir = Tournee.objects.visibles_par(request.user).a_venir().pour_listes()
    if commune and commune.latitude is not None:
        a_venir = a_venir.autour(commune.latitude, commune.longitude, km=km)
    page = Paginator(a_venir.order_by("debut", "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"form": form, "page": page, "commune": commune, "km": km, "etapes": LISTE}
    return render(request, "ressources/tournee_liste.html", contexte)


@never_cache
@methodes
@avec_annonce_gerable
def creer(request, annonce):
    """The artist's référent opens a tour."""
    if not annonce.est_offre or annonce.nature != "artiste":
        raise Http404
    form = TourneeForm(request.POST if request.method == "POST" else None)
    limite = None
    if request.method == "POST" and form.is_valid():
        valeurs = dict(form.cleaned_data)
        try:
            compter(f"tournee:{request.user.pk}", **OUVERTURES)
            nouvelle = tournees.ouvrir(annonce, par=request.user, cle=valeurs.pop("cle"), valeurs=valeurs)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, tournees.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La tournée est ouverte : les structures proches peuvent choisir leurs jours.")
            return redirect(nouvelle)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "annonce": annonce,
        "form": form,
        "periodes": annonce.periodes.all(),
        "besoins": tournees.besoins_proches(annonce, km=30)[:10],
        "etapes": [*LISTE, (str(annonce), annonce.get_absolute_url())],
    }
    return rendre(request, "ressources/tournee_form.html", contexte, limite=limite)


@never_cache
@methodes
def tournee(request, tournee):
    """What the tour is; wishes for structures; the plan and its decisions for the artist."""
    visibles = Tournee.objects.visibles_par(request.user).select_related("annonce__structure__commune")
    la_tournee = get_object_or_404(visibles, pk=tournee)
    if request.method == "POST":
        return _agir(request, la_tournee)
    return _page(request, la_tournee)


@login_required
def _agir(request, la_tournee):
    form = GesteTourneeForm(request.POST)
    gere = peut_gerer(request.user, la_tournee.annonce)
    structures = structures_pour_repondre(request.user, la_tournee.annonce)
    geste = form.data.get("geste")
    if geste in ("retenir", "decliner", "annuler") and not gere:
        raise PermissionDenied
    if geste == "souhaiter" and not structures.exists():
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, la_tournee, geste=form)
    if geste == "souhaiter":
        return _souhaiter(request, la_tournee, structures)
    if geste == "retenir":
        return _retenir(request, la_tournee)
    try:
        message = _faire(request.user, la_tournee, form.cleaned_data, gere=gere)
    except TransitionInterdite as refus:
        form.add_error(None, str(refus))
        return _page(request, la_tournee, geste=form)
    messages.success(request, message)
    return redirect(la_tournee)


def _faire(utilisateur, la_tournee, donnees, *, gere) -> str:
    if donnees["geste"] == "annuler":
        tournees.annuler(la_tournee, par=utilisateur, motif=donnees["motif"])
        return "La tournée est annulée. Les structures reçoivent votre raison par e-mail."
    toutes = la_tournee.etapes.all()
    siennes = toutes if gere and donnees["geste"] == "decliner" else _siennes(toutes, utilisateur)
    etape = get_object_or_404(siennes.select_related("structure", "tournee"), pk=donnees["etape"])
    if donnees["geste"] == "decliner":
        tournees.decliner(etape, par=utilisateur, motif=donnees["motif"])
        return f"{etape.structure.nom} reçoit votre raison par e-mail."
    tournees.retirer_souhait(etape, par=utilisateur, motif=donnees["motif"])
    return "C'est retiré. Merci de l'avoir dit : l'artiste en est averti."


def _siennes(etapes, utilisateur):
    return etapes if utilisateur.is_staff else etapes.de_mes_structures(utilisateur)


def _souhaiter(request, la_tournee, structures):
    form = SouhaitForm(request.POST, structures=structures, jours=tournees.jours_ouverts(la_tournee))
    if form.is_valid():
        try:
            compter(f"souhait:{request.user.pk}", **SOUHAITS)
            tournees.souhaiter(la_tournee, par=request.user, **form.cleaned_data)
        except LimiteDepassee as limite:
            return _page(request, la_tournee, souhait=form, limite=limite)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Votre souhait est noté. Un message vous dira ce que décide l'artiste.")
            return redirect(la_tournee)
    return _page(request, la_tournee, souhait=form)


def _retenir(request, la_tournee):
    etapes = list(la_tournee.etapes.vivantes().pour_pages())
    possibles = [(etape, jour.jour) for etape in etapes if etape.etat == "souhaitee" for jour in etape.jours.all()]
    form = ChoixForm(request.POST, possibles=possibles)
    if form.is_valid():
        try:
            tournees.retenir(la_tournee, par=request.user, choix=form.cleaned_data["choix"])
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            suite = "La tournée est confirmée." if la_tournee.etat == "confirmee" else "Il en faut encore d'autres."
            messages.success(request, f"C'est retenu, chaque structure en est avertie. {suite}")
            return redirect(la_tournee)
    return _page(request, la_tournee, choix=form)


def _page(request, la_tournee, *, souhait=None, geste=None, choix=None, limite=None):
    annonce = la_tournee.annonce
    gere = peut_gerer(request.user, annonce)
    structures = list(structures_pour_repondre(request.user, annonce).select_related("commune"))
    toutes = list(la_tournee.etapes.pour_pages()) if request.user.is_authenticated else []
    vivantes = [etape for etape in toutes if etape.etat in tournees.VIVANTES]
    siennes = {structure.pk: structure for structure in structures}
    miennes = [etape for etape in toutes if etape.structure_id in siennes]
    ouverts = tournees.jours_ouverts(la_tournee) if la_tournee.est_vivante else []
    plan = tournees.proposer_plan(la_tournee, toutes)
    if souhait is None and ouverts and structures and la_tournee.est_vivante:
        souhait = _souhait_vierge(request.user, la_tournee, miennes, ouverts)
    ici = point(structures[0]) if structures else None
    for etape in miennes:
        etape.voisines = voisines(etape, vivantes, la_tournee.rayon)
    contexte = {
        "tournee": la_tournee,
        "annonce": annonce,
        "gere": gere,
        "vivantes": vivantes,
        "closes": [etape for etape in toutes if etape.etat not in tournees.VIVANTES],
        "miennes": miennes,
        "retenues": sorted((e for e in vivantes if e.etat == "retenue"), key=lambda etape: etape.jour),
        "nombre": la_tournee.etapes.vivantes().count(),
        "proches": [] if any(e.etat in tournees.VIVANTES for e in miennes) or gere else
        distances_a(ici, vivantes, la_tournee.rayon),
        "ouverts": ouverts,
        "plan": plan,
        "manque": ce_qui_manque(la_tournee, plan, gere=gere) if request.user.is_authenticated else "",
        "souhait": souhait if la_tournee.est_vivante else None,
        "geste": geste,
        "erreurs": next((form for form in (souhait, geste, choix) if form is not None and form.errors), None),
        "besoins": _besoins(la_tournee, vivantes) if gere else [],
        "etapes": [*LISTE, ("Tournées", reverse("ressources:tournees"))],
    }  # fmt: skip
    return rendre(request, "ressources/tournee.html", contexte, limite=limite)


def _souhait_vierge(utilisateur, la_tournee, miennes, ouverts):
    """The form, with the days already wished ticked."""
    mien = next((etape for etape in miennes if etape.etat == "souhaitee"), None)
    retenues = [etape.structure_id for etape in miennes if etape.etat == "retenue"]
    structures = structures_pour_repondre(utilisateur, la_tournee.annonce).exclude(pk__in=retenues)
    initial = {}
    if mien:
        jours = [jour.jour.isoformat() for jour in mien.jours.all()]
        initial = {"structure": mien.structure_id, "message": mien.message, "jours": jours}
    form = SouhaitForm(initial=initial, structures=structures, jours=ouverts)
    return form if structures.exists() else None


def _besoins(la_tournee, vivantes):
    """Needs near the artist or one of the stages, of structures that have not wished yet."""
    points = [lieu for etape in vivantes if (lieu := point(etape.structure))][:12]
    proches = tournees.besoins_proches(la_tournee.annonce, km=la_tournee.rayon, points=points)
    return proches.exclude(structure__in=[etape.structure_id for etape in vivantes])[:10]
