"""Opening a shared purchase or post: by a structure, from an unmet need, from a category of post-its; its settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, mises_en_commun
from ressources.actions.annonces import CleDejaPrise
from ressources.forms.mise_en_commun import (
    AchatForm,
    DepartForm,
    PosteForm,
    ReglagesAchatForm,
    ReglagesPosteForm,
)
from ressources.models import Annonce, MiseEnCommun
from ressources.permissions import peut_gerer, structures_pour_publier

methodes = require_http_methods(["GET", "HEAD", "POST"])
OUVERTURES = {"maximum": 20, "secondes": 86400}
ENSEMBLE = [
    ("Offres et besoins", reverse_lazy("ressources:annonce_liste")),
    ("Faire ensemble", reverse_lazy("ressources:ensemble")),
]
FORMS = {"achat": (AchatForm, ReglagesAchatForm), "poste": (PosteForm, ReglagesPosteForm)}


@never_cache
@methodes
@login_required
def achat(request):
    return _creer(request, "achat")


@never_cache
@methodes
@login_required
def poste(request):
    return _creer(request, "poste")


def _depart(request, genre):
    """(need of one's own that can bear it, or None; what the form starts with; where it comes from)."""
    lu = DepartForm(request.GET).lu()
    visibles = Annonce.objects.visibles_par(request.user).select_related("structure", "commune")
    besoin = visibles.filter(pk=lu["annonce"]).first() if lu.get("annonce") else None
    initial, origine = {"titre": lu.get("titre", "")}, lu.get("origine", "")
    if besoin is None or besoin.est_offre:
        return None, initial, origine
    if peut_gerer(request.user, besoin) and mises_en_commun.peut_porter(besoin, genre):
        return besoin, initial, origine
    initial |= {"titre": besoin.titre, "description": besoin.description, "commune": besoin.commune}
    return None, initial, origine or besoin.get_absolute_url()[:200]


def _creer(request, genre):
    if not structures_pour_publier(request.user).exists():
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "ressources/annonce_sans_structure.html")
    portee, initial, origine = _depart(request, genre)
    if portee is not None and (deja := MiseEnCommun.objects.filter(annonce=portee).first()):
        return redirect(deja)
    envoi = request.POST if request.method == "POST" else None
    form = FORMS[genre][0](envoi, initial=initial, utilisateur=request.user, portee=portee)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"mise:{request.user.pk}", **OUVERTURES)
            ouverte = _ouvrir(request.user, form, genre, portee, origine)
        except LimiteDepassee as depassee:
            limite = depassee
        except CleDejaPrise:
            form.renouveler_cle()
            form.add_error(None, "Ce formulaire a déjà servi : relisez-le et envoyez-le de nouveau.")
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, _dire_ouverte(ouverte))
            return redirect("ressources:mise_piloter", ouverte.pk)
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {"form": form, "genre": genre, "portee": portee, "origine": origine, "etapes": ENSEMBLE}
    return rendre(request, "ressources/ensemble/creer.html", contexte, limite=limite)


def _ouvrir(utilisateur, form, genre, portee, origine):
    structure = form.cleaned_data["structure"] if portee is None else portee.structure
    return mises_en_commun.ouvrir(
        genre=genre,
        structure=structure,
        par=utilisateur,
        cle=form.cleaned_data["cle"],
        texte={} if portee else form.texte(),
        valeurs=form.reglages() | {"origine": origine},
        paliers=form.paliers,
        part=form.part(),
        annonce=portee,
    )


def _dire_ouverte(mise) -> str:
    quoi = "L'achat groupé est ouvert" if mise.est_achat else "Le poste partagé est ouvert"
    if mise.annonce.etat == "publiee":
        return f"{quoi} : les autres structures peuvent rejoindre. Donnez-leur l'adresse de la page."
    return (
        f"{quoi}. L'équipe du pôle lit l'annonce avant de la publier ; on pourra rejoindre dès qu'elle sera en ligne."
    )


@never_cache
@methodes
@login_required
def reglages(request, pk):
    """The pilot changes the settings while nothing is ordered."""
    visibles = MiseEnCommun.objects.visibles_par(request.user).pour_page()
    mise = get_object_or_404(visibles, pk=pk)
    if not peut_gerer(request.user, mise.annonce):
        raise PermissionDenied
    if not mise.est_modifiable:
        raise Http404
    classe = FORMS[mise.genre][1]
    fixes = mise.parts.actives().exists()
    form = classe(request.POST if request.method == "POST" else None, initial=classe.depart(mise), fixes=fixes)
    if request.method == "POST" and form.is_valid():
        try:
            mises_en_commun.regler(mise, par=request.user, valeurs=form.reglages(), paliers=form.paliers)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Les réglages sont enregistrés.")
            return redirect("ressources:mise_piloter", mise.pk)
    etapes = [
        *ENSEMBLE,
        (str(mise), mise.get_absolute_url()),
        ("Piloter", reverse("ressources:mise_piloter", args=[pk])),
    ]
    contexte = {"form": form, "mise": mise, "genre": mise.genre, "fixes": fixes, "etapes": etapes}
    return render(request, "ressources/ensemble/reglages.html", contexte)
