"""Looking at an issue before it leaves: wide, on a phone, dark, as text, as one subscriber; and in a mailbox."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from newsletter import rendu
from newsletter.actions import apercus
from newsletter.forms.redaction import ApercuForm, EssaiForm
from newsletter.views._redaction import avec_numero, contexte_de
from pole_ess.socle.cadre import cadre_de_lettre, reponse_de_courriel
from pole_ess.socle.limites import compter

SOMBRE = "@media (prefers-color-scheme: dark)", "@media all"
"""A frame follows the reader's own theme: the other one is forced by its rules themselves."""
ESSAIS_PAR_JOUR = 50


@never_cache
@require_safe
@avec_numero
def apercu(request, numero):
    vue, abonne, inconnue = ApercuForm(request.GET).choix()
    contexte = contexte_de(
        numero,
        "Aperçu",
        vue=vue,
        vues=list(ApercuForm.VUES.items()),
        comme=request.GET.get("comme", ""),
        inconnue=inconnue,
        abonne=abonne,
        rien=abonne is not None and not apercus.parties(numero, abonne),
        texte=apercus.voir(numero, abonne).texte if vue == "texte" else "",
        essai=EssaiForm(initial={"a": request.user.pk}, auto_id="essai_%s"),
    )
    return render(request, "newsletter/redaction_apercu.html", contexte)


@cadre_de_lettre
@never_cache
@require_safe
@avec_numero
def apercu_cadre(request, numero):
    """The mail itself, for the frame: what is frozen for an issue that left, what it says now for a draft."""
    vue, abonne, _ = ApercuForm(request.GET).choix()
    if numero.modifiable or abonne is not None:
        html = apercus.voir(numero, abonne).html
    else:
        html = numero.rendus.filter(complet=True).values_list("html", flat=True).first()
        if html is None:  # cancelled before it started
            html = apercus.voir(numero).html
        html = rendu.neutraliser(html)
    return reponse_de_courriel(html.replace(*SOMBRE) if vue == "sombre" else html)


@never_cache
@require_POST
@avec_numero
def essai(request, numero):
    form = EssaiForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(erreur for erreurs in form.errors.values() for erreur in erreurs))
        return redirect("newsletter:apercu", numero.pk)
    compter(f"lettre-essai:{request.user.pk}", maximum=ESSAIS_PAR_JOUR, secondes=86400)
    personne = form.cleaned_data["a"]
    apercus.essayer(numero, a=personne.email, par=request.user, cle=form.cleaned_data["cle"])
    messages.success(request, f"L'essai part à {personne.email} : il arrive dans la minute.")
    return redirect("newsletter:apercu", numero.pk)
