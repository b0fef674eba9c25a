"""« Proposer une brève » before a letter: staff have it sent, référents refuse it or take it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from newsletter import liens
from newsletter.actions import rappels
from newsletter.views._redaction import INCONNU, avec_numero, contexte_de
from pole_ess.socle.liens import LienExpire, LienInvalide
from pole_ess.socle.templatetags.francais import pluriel
from reunions.forms.lignes import GesteForm

methodes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@methodes
@avec_numero
def prevenir(request, numero):
    """How many référents a mail would go to, the button that sends it, and when it was done: once for a letter."""
    if not numero.modifiable:
        return redirect("newsletter:suivi", numero.pk)
    if request.method == "POST":
        _prevenir(request, numero)
        return redirect("newsletter:prevenir", numero.pk)
    contexte = contexte_de(
        numero, "Prévenir les structures", faits=rappels.deja_prevenus(numero), combien=len(rappels.a_prevenir(numero))
    )
    return render(request, "newsletter/redaction_prevenir.html", contexte)


def _prevenir(request, numero) -> None:
    nombre = rappels.rappeler(numero)
    if nombre:
        personnes = pluriel(nombre, "personne est prévenue,personnes sont prévenues")
        messages.success(request, f"{nombre} {personnes} : le message part dans la minute.")
    elif rappels.deja_prevenus(numero).combien:
        messages.info(request, "Les structures ont déjà été prévenues de cette lettre : rien n'est parti de plus.")
    else:
        messages.info(request, "Il n'y a personne à prévenir : rien n'est parti.")


@never_cache
@methodes
def rappel(request, jeton):
    """From the mail, without logging in: the page shows, its button acts."""
    try:
        personne = liens.lire_rappel(jeton)
    except LienInvalide as erreur:
        cas, status = ("passe", 410) if isinstance(erreur, LienExpire) else ("casse", 404)
        return render(request, "newsletter/rappel_arreter.html", {"cas": cas}, status=status)
    if request.method == "POST":
        rappels.regler(personne, recevoir=False)
    contexte = {"cas": "", "personne": personne, "recoit": rappels.recoit_le_rappel(personne)}
    return render(request, "newsletter/rappel_arreter.html", contexte)


@never_cache
@require_POST
@login_required
def mon_rappel(request):
    """The same choice from « Mes brèves », both ways."""
    geste = GesteForm(request.POST, gestes=("arreter", "reprendre"))
    if not geste.is_valid():
        messages.error(request, INCONNU)
    elif geste.cleaned_data["geste"] == "reprendre":
        rappels.regler(request.user, recevoir=True)
        messages.success(request, "Avant une lettre, un message vous proposera de nouveau d'écrire une brève.")
    else:
        rappels.regler(request.user, recevoir=False)
        messages.success(request, "Vous ne recevrez plus ce rappel.")
    return redirect("newsletter:mes_breves")
