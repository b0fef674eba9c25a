"""What a registered structure does of its invitation, without an account: see, propose its sheet, or say no."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.actions import registres_invitations as invitations
from annuaire.forms.registres import INTROUVABLE, CodeForm
from annuaire.models import InvitationRegistre
from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau, compter

ESSAIS = {"maximum": 20, "secondes": 3600}
ERREURS = (liens.LienInvalide, InvitationRegistre.DoesNotExist)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_code(request):
    """The short address of a letter: its code leads to the same page as its QR code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"invitation-code:{adresse_reseau(request)}", **ESSAIS)
        except LimiteDepassee as limite:
            return rendre(request, "annuaire/invitation_code.html", {"form": form}, limite=limite)
        invitation = invitations.par_code(form.cleaned_data["code"])
        if invitation is not None:
            return redirect(invitations.lien(invitation))
        form.add_error("code", INTROUVABLE)
    return rendre(request, "annuaire/invitation_code.html", {"form": form})


@never_cache
@require_safe
def enregistree(request, jeton):
    """What the register says, why this message, and the two ways on."""
    try:
        invitation = invitations.lire(jeton, jours=invitations.JOURS_OPPOSITION)
    except ERREURS as erreur:
        return page_du_lien(request, erreur, objet="registre")
    contexte = {
        "invitation": invitation,
        "entree": invitation.entree,
        "jeton": jeton,
        "ouverte": invitations.ouverte(invitation),
    }
    return render(request, "annuaire/enregistree.html", contexte)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ne_pas_figurer(request, jeton):
    """GET shows what will be erased; POST erases it, for good."""
    try:
        invitation = invitations.lire(jeton, jours=invitations.JOURS_OPPOSITION)
    except ERREURS as erreur:
        return page_du_lien(request, erreur, objet="registre")
    if request.method == "POST":
        invitations.s_opposer(invitation.entree, motif="par le lien de son invitation")
        return render(request, "annuaire/ne_pas_figurer.html", {"fait": True})
    contexte = {"fait": False, "entree": invitation.entree, "jeton": jeton}
    return render(request, "annuaire/ne_pas_figurer.html", contexte)
