"""« Mon compte » → the letter: a member subscribes, chooses and leaves without any mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from newsletter.actions import abonnements as actes
from newsletter.forms.abonnement import MonAbonnementForm, PreferencesForm
from newsletter.models import Abonne


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mon_abonnement(request):
    """Subscribed: choices, and the button to leave. Not yet: the same choices, with the words to agree to."""
    abonne = Abonne.objects.de_compte(request.user).first()
    recoit = abonne is not None and abonne.etat == Abonne.Etat.CONFIRME
    if request.method == "POST" and request.POST.get("geste") == "desabonner":
        if abonne is not None:
            actes.desabonner(abonne, voie="compte")
        messages.success(request, "Vous ne recevez plus la lettre, et votre adresse n'est plus dans sa liste.")
        return redirect("newsletter:mon_abonnement")
    genre = PreferencesForm if recoit else MonAbonnementForm
    form = genre(request.POST if request.method == "POST" else None, initial=genre.initiales(abonne))
    if request.method == "POST" and form.is_valid() and _enregistrer(request, abonne if recoit else None, form):
        return redirect("newsletter:mon_abonnement")
    contexte = {
        "form": form,
        "abonne": abonne,
        "recoit": recoit,
        "etapes": [("Mon compte", reverse("mon_compte"))],
    }
    return render(request, "newsletter/mon_abonnement.html", contexte)


def _enregistrer(request, abonne, form) -> bool:
    choix = {"interets": form.interets(), "frequence": form.cleaned_data["frequence"]}
    if abonne is not None:
        actes.regler(abonne, **choix)
        messages.success(request, "C'est enregistré : la prochaine lettre suivra vos choix.")
        return True
    try:
        actes.abonner_compte(request.user, **choix)
    except actes.AdresseNonVerifiee:
        form.add_error(None, "L'adresse de votre compte n'est pas encore vérifiée : suivez d'abord le lien reçu.")
        return False
    messages.success(request, "Vous êtes abonné : la prochaine lettre arrivera à l'adresse de votre compte.")
    return True
