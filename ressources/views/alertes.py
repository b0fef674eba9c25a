"""Saved alerts: made from a search, listed, changed, stopped from a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pole_ess.socle import liens
from ressources.actions import alertes as actions
from ressources.forms.alerte import AlerteForm, AlerteModifierForm
from ressources.models import Alerte
from ressources.recherche import chercher
from ressources.recherche.presentation import en_clair

methodes = require_http_methods(["GET", "HEAD", "POST"])
CRITERES_MAX = Alerte._meta.get_field("criteres").max_length
NOM_MAX = Alerte._meta.get_field("nom").max_length
FIL = [("Offres et besoins", reverse_lazy("ressources:annonce_liste"))]
MES_ALERTES = [("Mes alertes", reverse_lazy("ressources:alertes"))]


@login_required
@never_cache
@require_safe
def alertes(request):
    siennes = Alerte.objects.filter(utilisateur=request.user)
    return render(request, "ressources/alertes.html", {"alertes": siennes, "liste": _liste(), "etapes": FIL})


@login_required
@never_cache
@methodes
def alerte_creer(request):
    """The search comes in the query string, as on the list."""
    resultat = chercher(request.GET, request.user)
    criteres = resultat.criteres.recherche
    quoi = en_clair(resultat)
    depart = {"nom": (quoi[:1].upper() + quoi[1:])[:NOM_MAX] or "Toutes les annonces", "frequence": "hebdomadaire"}
    form = AlerteForm(request.POST if request.method == "POST" else None, initial=depart)
    trop_longue = len(criteres) > CRITERES_MAX
    if request.method == "POST" and form.is_valid():
        if trop_longue:
            form.add_error(None, "Cette recherche est trop longue pour une alerte : raccourcissez-la.")
        else:
            try:
                alerte, nouvelle = actions.creer(utilisateur=request.user, criteres=criteres, **form.cleaned_data)
            except actions.TropDAlertes:
                trop = f"Vous avez déjà {actions.ALERTES_MAX} alertes : supprimez-en une d'abord."
                form.add_error(None, trop)
            else:
                quand = alerte.get_frequence_display()
                dit = "est enregistrée" if nouvelle else "existait déjà : elle est à jour"
                messages.success(
                    request, f"L'alerte « {alerte.nom} » {dit}. Nous vous écrivons {quand} s'il y a du neuf."
                )
                return redirect("ressources:alertes")
    contexte = {
        "form": form,
        "quoi": quoi,
        "total": resultat.comptes.total,
        "liste": _liste(),
        "criteres": criteres,
        "alerte": None,
        "etapes": FIL + MES_ALERTES,
    }
    return render(request, "ressources/alerte_form.html", contexte)


@login_required
@never_cache
@methodes
def alerte_modifier(request, pk):
    alerte = get_object_or_404(Alerte.objects.filter(utilisateur=request.user), pk=pk)
    depart = {"nom": alerte.nom, "frequence": alerte.frequence, "active": alerte.active}
    form = AlerteModifierForm(request.POST if request.method == "POST" else None, initial=depart)
    if request.method == "POST":
        if "supprimer" in request.POST:
            actions.supprimer(alerte)
            messages.success(request, f"L'alerte « {alerte.nom} » est supprimée.")
            return redirect("ressources:alertes")
        if form.is_valid():
            alerte = actions.modifier(alerte, **form.cleaned_data)
            suite = "" if alerte.active else " Elle est en pause : rien n'est envoyé."
            messages.success(request, f"L'alerte « {alerte.nom} » est à jour.{suite}")
            return redirect("ressources:alertes")
    quoi = en_clair(chercher(QueryDict(alerte.criteres), request.user))
    contexte = {"form": form, "alerte": alerte, "quoi": quoi, "liste": _liste(), "etapes": FIL + MES_ALERTES}
    return render(request, "ressources/alerte_form.html", contexte)


@never_cache
@methodes
def alerte_arreter(request, jeton):
    """From a mail, without logging in: the page shows, its button acts."""
    try:
        charge = liens.lire("alerte", jeton, jours=actions.JOURS_LIEN)
        alerte = Alerte.objects.get(pk=charge["a"])
    except (liens.LienInvalide, Alerte.DoesNotExist) as erreur:
        cas = "expire" if isinstance(erreur, liens.LienExpire) else "disparue"
        cas = "casse" if type(erreur) is liens.LienInvalide else cas
        contexte = {"cas": cas, "liste": _liste()}
        return render(request, "ressources/alerte_arreter.html", contexte, status=404 if cas == "casse" else 410)
    if request.method == "POST":
        actions.arreter(alerte)
        alerte.active = False
    return render(request, "ressources/alerte_arreter.html", {"alerte": alerte, "cas": "", "liste": _liste()})


def _liste() -> str:
    return reverse("ressources:annonce_liste")
