"""« Mes messages »: what one is told and when, from the account, from a mail without signing in, in one click."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from annuaire.forms.notifications import NotificationsForm
from annuaire.models import Utilisateur
from annuaire.notifications import liens, reglages, suite
from annuaire.views._liens import page_du_lien
from pole_ess.socle.liens import LienInvalide

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
@login_required
def mes_notifications(request):
    return _page(request, request.user, "compte_notifications")


@never_cache
@methodes
def par_lien(request, jeton):
    """The same choices from the foot of a mail. Nothing of the account is shown but these choices."""
    try:
        lien = liens.lire(jeton)
    except (LienInvalide, Utilisateur.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="notifications")
    return _page(request, lien.utilisateur, "compte_notifications_lien", jeton=jeton, visees=lien.sortes)


def _page(request, utilisateur, adresse, *, jeton="", visees=()):
    ici = [adresse, jeton] if jeton else [adresse]
    sortes, pause = reglages.pour(utilisateur), reglages.pause_de(utilisateur)
    envoye = request.POST if request.method == "POST" else None
    form = NotificationsForm(envoye, sortes=sortes, rythmes=reglages.rythmes_de(utilisateur), pause=pause)
    if form.is_valid():
        reglages.choisir(utilisateur, form.rythmes(), pause=form.cleaned_data["pause_jusqu_au"])
        messages.success(request, f"C'est enregistré. {suite.phrase(utilisateur)}")
        return redirect(*ici)
    contexte = {
        "form": form,
        "jeton": jeton,
        "visees": visees,
        "pause": pause,
        "suite": suite.lire(utilisateur, sortes, pause),
        "ailleurs": [] if jeton else suite.ailleurs(utilisateur),
        "toujours": suite.TOUJOURS,
    }
    return render(request, "annuaire/compte_notifications.html", contexte)


@csrf_exempt
@never_cache
@methodes
def arret(request, jeton):
    """« Jamais » for the kinds of one mail (RFC 8058): a mail program posts here without cookie nor token, and gets a
    200, never a redirect. The signature of the link proves that the request comes from the reader's mailbox."""
    try:
        lien = liens.lire(jeton)
    except (LienInvalide, Utilisateur.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="notifications")
    fait = request.method == "POST"
    if fait:
        reglages.arreter(lien.utilisateur, lien.sortes)
    contexte = {"visees": lien.sortes, "fait": fait, "jeton": jeton}
    return render(request, "annuaire/notifications_arret.html", contexte)
