"""Subscribing, confirming, choosing, leaving: by anybody, without an account. A GET shows, a POST acts."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from annuaire.views._limites import rendre
from newsletter import liens
from newsletter.actions import abonnements as actes
from newsletter.forms.abonnement import AbonnementForm, PreferencesForm
from pole_ess.socle.liens import LienExpire, LienInvalide
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau

from ._fil import fil

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
def abonnement(request):
    """The public form. Its answer is the same whatever the address is to us."""
    form, limite = AbonnementForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        lu = form.cleaned_data
        try:
            actes.compter_demande(adresse_reseau(request))
            actes.demander(
                courriel=lu["courriel"], interets=form.interets(), frequence=lu["frequence"], cle=str(lu["cle"])
            )
        except LimiteDepassee as depassee:
            limite = depassee
        else:
            return redirect(f"{reverse('newsletter:abonnement')}?envoyee=1")
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "form": form,
        "envoyee": request.GET.get("envoyee") == "1" and request.method != "POST",
        "jours": liens.JOURS_CONFIRMER,
        "etapes": fil(),
    }
    return rendre(request, "newsletter/abonnement.html", contexte, limite=limite)


def _page_du_lien(request, erreur):
    """404 for a broken link, 410 for one that has passed."""
    passe = isinstance(erreur, LienExpire)
    return render(request, "newsletter/lien_invalide.html", {"passe": passe}, status=410 if passe else 404)


@never_cache
@methodes
def confirmer(request, jeton):
    """The second step of the opt-in. Mail scanners open this page: only its button subscribes."""
    try:
        abonne = liens.lire_confirmation(jeton)
    except LienInvalide as erreur:
        return _page_du_lien(request, erreur)
    fait = request.method == "POST"
    if fait:
        abonne = actes.confirmer(abonne)
    contexte = {
        "abonne": abonne,
        "fait": fait,
        "suite": _preferences(abonne) if fait else "",
    }
    return render(request, "newsletter/confirmer.html", contexte)


def _preferences(abonne) -> str:
    return reverse("newsletter:preferences", args=[liens.jeton_d_abonne(abonne.pk, abonne.jeton)])


@never_cache
@methodes
def preferences(request, jeton):
    """What to read, how often; and the way out."""
    try:
        abonne, _ = liens.lire_abonne(jeton)
    except LienInvalide as erreur:
        return _page_du_lien(request, erreur)
    if abonne is None:
        return render(request, "newsletter/desabonne.html", {"deja": True}, status=410)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, initial=PreferencesForm.initiales(abonne)
    )
    if request.method == "POST" and form.is_valid():
        actes.regler(abonne, interets=form.interets(), frequence=form.cleaned_data["frequence"])
        messages.success(request, "C'est enregistré : la prochaine lettre suivra vos choix.")
        return redirect("newsletter:preferences", jeton)
    contexte = {"form": form, "abonne": abonne, "sortie": reverse("newsletter:desabonner", args=[jeton])}
    return render(request, "newsletter/preferences.html", contexte)


@csrf_exempt
@never_cache
@methodes
def desabonner(request, jeton):
    """One click (RFC 8058): a mail program posts here without cookie nor token, and gets a 200, never a redirect.

    The signature of the link is what proves that the request comes from the subscriber's mailbox.
    """
    try:
        abonne, numero = liens.lire_abonne(jeton)
    except LienInvalide as erreur:
        return _page_du_lien(request, erreur)
    if request.method == "POST":
        if abonne is not None:
            un_clic = request.POST.get("List-Unsubscribe") == "One-Click"
            actes.desabonner(abonne, voie="un_clic" if un_clic else "lien", numero=numero)
        return render(request, "newsletter/desabonne.html", {"deja": abonne is None})
    if abonne is None:
        return render(request, "newsletter/desabonne.html", {"deja": True})
    contexte = {"abonne": abonne, "choix": reverse("newsletter:preferences", args=[jeton])}
    return render(request, "newsletter/desabonner.html", contexte)
