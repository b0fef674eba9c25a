"""The gate, the departure, and the sending as it goes: paused, resumed, cancelled, what is uncertain decided."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from newsletter import bilan, controle
from newsletter.actions import TransitionInterdite, envois, numeros
from newsletter.forms.redaction import DepartForm
from newsletter.models import Abonne, Numero
from newsletter.views._redaction import INCONNU, avec_numero, contexte_de
from pole_ess.socle.templatetags.francais import moment, pluriel
from reunions.forms.lignes import GesteForm

methodes = require_http_methods(["GET", "HEAD", "POST"])
LISTE_MAX = 100
"""Uncertain or refused recipients shown at once; the others follow once these are decided."""
GESTES = ("deprogrammer", "suspendre", "reprendre", "annuler", "renvoyer_incertains", "renvoyer_echecs")


@never_cache
@methodes
@avec_numero
def envoyer(request, numero):
    """What the gate finds, then when it leaves: on its day, or now, once what that does has been read and confirmed."""
    if not numero.modifiable:
        return redirect("newsletter:suivi", numero.pk)
    form = DepartForm(request.POST) if request.method == "POST" else _depart(numero)
    if form.is_valid() and (suite := _faire_partir(request, numero, form)):
        return suite
    constats = controle.verifier(numero)
    bloquants = [constat for constat in constats if constat.bloquant]
    demande = None if bloquants or form.is_bound else _demande(request, numero)
    contexte = contexte_de(
        numero,
        "Vérifier et envoyer",
        form=demande or form,
        bloquants=bloquants,
        remarques=[constat for constat in constats if not constat.bloquant],
        abonnes=Abonne.objects.confirmes().count(),
    )
    page = "newsletter/redaction_partir.html" if demande else "newsletter/redaction_envoyer.html"
    return render(request, page, contexte)


def _depart(numero):
    return DepartForm(initial={"version": numero.version, "debit": numero.debit})


def _faire_partir(request, numero, form):
    """Where to go next; None when it cannot leave, and the form says why."""
    lu = form.cleaned_data
    if lu["geste"] == "maintenant":
        return redirect(f"{request.path}?{urlencode({nom: lu[nom] or '' for nom in ('geste', 'version', 'debit')})}")
    try:
        fait = numeros.programmer(numero, par=request.user, **form.valeurs())
    except numeros.LettreRetenue:
        form.add_error(None, "La lettre n'est pas partie : corrigez d'abord ce qui la retient.")
    except TransitionInterdite as refus:
        form.add_error(None, str(refus))
    else:
        if lu["geste"] == "partir":
            messages.success(request, "L'envoi commence dans quelques secondes.")
        else:
            messages.success(request, f"La lettre partira {moment(fait.programme_le)}.")
        return redirect("newsletter:suivi", numero.pk)
    return None


def _demande(request, numero):
    """« Envoyer maintenant », asked for by this address and not yet confirmed; None when it was not, or is too old."""
    if request.GET.get("geste") != "maintenant":
        return None
    form = DepartForm(request.GET)
    if not form.is_valid():
        messages.error(request, INCONNU)
        return None
    if form.cleaned_data["version"] != numero.version:
        messages.error(request, numeros.CHANGEE)
        return None
    return form


@never_cache
@vary_on_headers("HX-Request")
@methodes
@avec_numero
def suivi(request, numero):
    """Where the sending is; the part that changes comes again by itself (htmx), or with the page."""
    if numero.etat == Numero.Etat.BROUILLON:
        return redirect("newsletter:rediger", numero.pk)
    if request.method == "POST":
        _agir(request, numero)
        return redirect("newsletter:suivi", numero.pk)
    gabarit = "newsletter/_suivi.html" if request.htmx else "newsletter/redaction_suivi.html"
    return render(request, gabarit, contexte_de(numero, "Envoi", **_etat(numero)))


def _etat(numero) -> dict:
    connexions, gestes = bilan.connexions(numero)
    return {
        "bilan": bilan.du(numero),
        "incertains": list(numero.envois.a_decider().avec_abonne()[:LISTE_MAX]),
        "rejetes": list(numero.envois.rejetes().avec_abonne()[:LISTE_MAX]),
        "connexions": connexions,
        "gestes": gestes,
        "vivant": numero.etat in (Numero.Etat.EN_COURS, Numero.Etat.PROGRAMME),
        "actes": _actes(numero),
    }


def _actes(numero) -> list[tuple[str, str, bool]]:
    """(act, words of its button, whether it takes something away), of what the state allows."""
    E = Numero.Etat
    possibles = {
        E.PROGRAMME: [("deprogrammer", "Revenir au brouillon", False)],
        E.EN_COURS: [("suspendre", "Suspendre l'envoi", False)],
        E.SUSPENDU: [("reprendre", "Reprendre l'envoi", False), ("annuler", "Annuler la suite de l'envoi", True)],
    }
    return possibles.get(numero.etat, [])


def _agir(request, numero) -> None:
    geste = GesteForm(request.POST, gestes=GESTES)
    if not geste.is_valid():
        messages.error(request, INCONNU)
        return
    try:
        messages.success(request, _FAIRE[geste.cleaned_data["geste"]](numero, request.user))
    except TransitionInterdite as refus:
        messages.error(request, str(refus))


def _deprogrammer(numero, par) -> str:
    numeros.deprogrammer(numero)
    return "La lettre n'est plus programmée : elle est redevenue un brouillon."


def _suspendre(numero, par) -> str:
    envois.suspendre(numero)
    return "L'envoi est suspendu : plus rien ne part, sauf un message déjà en route."


def _reprendre(numero, par) -> str:
    envois.reprendre(numero)
    return "L'envoi reprend où il s'était arrêté."


def _annuler(numero, par) -> str:
    nombre = envois.annuler(numero)
    return (
        f"L'envoi est annulé : {nombre} {pluriel(nombre, 'personne ne recevra,personnes ne recevront')} pas la lettre."
    )


def _renvoyer_incertains(numero, par) -> str:
    nombre = envois.renvoyer_incertains(numero, par=par)
    return f"{nombre} {pluriel(nombre, 'message repart,messages repartent')}."


def _renvoyer_echecs(numero, par) -> str:
    nombre = envois.renvoyer_echecs(numero, par=par)
    return f"{nombre} {pluriel(nombre, 'message repart,messages repartent')}, à ceux-là seulement."


_FAIRE = {
    "deprogrammer": _deprogrammer,
    "suspendre": _suspendre,
    "reprendre": _reprendre,
    "annuler": _annuler,
    "renvoyer_incertains": _renvoyer_incertains,
    "renvoyer_echecs": _renvoyer_echecs,
}


@never_cache
@require_POST
@avec_numero
def envoi(request, numero, envoi):
    """One uncertain message: sent again, or left as it is."""
    trouve = get_object_or_404(numero.envois.select_related("numero", "abonne"), pk=envoi)
    geste = GesteForm(request.POST, gestes=("renvoyer", "laisser"))
    if not geste.is_valid():
        messages.error(request, INCONNU)
        return redirect("newsletter:suivi", numero.pk)
    acte = envois.renvoyer if geste.cleaned_data["geste"] == "renvoyer" else envois.laisser
    try:
        if not acte(trouve, par=request.user):
            messages.info(request, "Cette décision était déjà prise.")
        elif acte is envois.renvoyer:
            messages.success(request, f"Le message repart à {trouve.abonne}.")
        else:
            messages.success(request, "C'est noté : ce message ne sera pas renvoyé.")
    except TransitionInterdite as refus:
        messages.error(request, str(refus))
    return redirect("newsletter:suivi", numero.pk)
