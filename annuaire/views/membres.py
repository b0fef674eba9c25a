"""The people of a structure: its list, invitations, leaving, claiming."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.actions import rattachements
from annuaire.forms.membre import DemandeForm, GesteForm, InvitationForm
from annuaire.models import Rattachement, Structure
from annuaire.permissions import est_rattache, est_referent, peut_modifier
from annuaire.views._acces import avec_structure_modifiable
from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, compter

methodes = require_http_methods(["GET", "HEAD", "POST"])
INVITATIONS = {"maximum": 20, "secondes": 86400}
RENVOIS = {"maximum": 3, "secondes": 86400}
REVENDICATIONS = {"maximum": 3, "secondes": 86400}


@never_cache
@methodes
@login_required
def membres(request, slug):
    """Members see the list; référents and the hub's staff also invite."""
    structure = get_object_or_404(Structure.objects.visibles_par(request.user), slug=slug)
    gere = peut_modifier(request.user, structure)
    if not (gere or est_rattache(request.user, structure)) or (request.method == "POST" and not gere):
        raise PermissionDenied
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"invitation:{structure.pk}", **INVITATIONS)
            rattachements.inviter(structure, par=request.user, **form.cleaned_data)
        except LimiteDepassee as limite:
            return _liste(request, structure, form, gere, limite=limite)
        except rattachements.DejaMembre:
            form.add_error("courriel", "Cette personne est déjà membre : changez son rôle dans la liste.")
        else:
            jours, courriel = rattachements.JOURS_INVITATION, form.cleaned_data["courriel"]
            messages.success(request, f"Invitation envoyée à {courriel} : elle est valable {jours} jours.")
            return redirect("annuaire:membres", structure.slug)
    return _liste(request, structure, form, gere)


def _liste(request, structure, form, gere, *, limite=None):
    siens = structure.rattachements.select_related("utilisateur", "invite_par")
    contexte = {
        "structure": structure,
        "form": form,
        "gere": gere,
        "actifs": siens.filter(etat="actif").order_by("-role", "cree_le", "pk"),
        "invites": siens.filter(etat="invite") if gere else [],
        "demandes": siens.filter(etat="demande") if gere else [],
        "mien": siens.filter(utilisateur=request.user, etat="actif").first(),
    }
    return rendre(request, "annuaire/membres.html", contexte, limite=limite)


@never_cache
@methodes
@avec_structure_modifiable
def membre_modifier(request, structure, pk):
    """Role, removal, or an invitation sent again or cancelled; a GET explains what each does."""
    lien = get_object_or_404(structure.rattachements.select_related("utilisateur", "structure"), pk=pk)
    if lien.etat == Rattachement.Etat.DEMANDE and not request.user.is_staff:
        raise PermissionDenied
    contexte = {"structure": structure, "lien": lien, "dernier": False, "geste": ""}
    form = GesteForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "annuaire/membre_form.html", contexte)
    geste, signaler = form.cleaned_data["geste"], form.cleaned_data["signaler"]
    try:
        message = _agir(request.user, lien, geste, signaler)
    except rattachements.DernierReferent:
        return render(request, "annuaire/membre_form.html", contexte | {"dernier": True, "geste": geste})
    except LimiteDepassee:
        messages.error(request, "Cette invitation est déjà partie trois fois aujourd'hui : attendez demain.")
        return redirect("annuaire:membres", structure.slug)
    messages.success(request, message)
    if est_rattache(request.user, structure) or request.user.is_staff:
        return redirect("annuaire:membres", structure.slug)
    return redirect("mon_compte")


def _agir(utilisateur, lien, geste, signaler) -> str:
    """Do what the button says and tell what it did. A button that does not fit the line does nothing."""
    invite = lien.etat == Rattachement.Etat.INVITE
    if geste == "renvoyer" and invite:
        compter(f"invitation-renvoi:{lien.pk}", **RENVOIS)
        rattachements.envoyer_invitation(lien)
        return f"Invitation renvoyée à {lien.courriel}."
    if geste == "annuler" and invite:
        rattachements.annuler_invitation(lien, par=utilisateur)
        return "Invitation annulée : son lien ne marche plus."
    if geste == "retirer" and not invite:
        rattachements.retirer(lien, par=utilisateur, signaler=signaler)
        return f"{lien.utilisateur.get_full_name()} n'est plus membre ; un message le lui dit."
    if geste in ("referent", "membre") and not invite:
        rattachements.changer_role(lien, role=geste, par=utilisateur, signaler=signaler)
        return f"{lien.utilisateur.get_full_name()} est maintenant {'référent' if geste == 'referent' else 'membre'}."
    return "Rien n'a changé."


@never_cache
@methodes
@login_required
def quitter(request, slug):
    """Leave; the last référent names another one or tells the hub's staff."""
    structure = get_object_or_404(Structure.objects.visibles_par(request.user), slug=slug)
    if not est_rattache(request.user, structure):
        raise PermissionDenied
    contexte = {"structure": structure, "dernier": False}
    if request.method == "POST":
        form = GesteForm({"geste": "retirer", "signaler": request.POST.get("signaler", "")})
        form.is_valid()
        try:
            rattachements.quitter(structure, utilisateur=request.user, signaler=form.cleaned_data["signaler"])
        except rattachements.DernierReferent:
            return render(request, "annuaire/quitter.html", contexte | {"dernier": True})
        messages.success(request, f"Vous avez quitté {structure.nom}. Votre compte reste ouvert.")
        return redirect("mon_compte")
    return render(request, "annuaire/quitter.html", contexte)


@never_cache
@methodes
@login_required
def revendiquer(request, slug):
    """Ask to become référent. The answer is the same whether or not the sheet has an address."""
    structure = get_object_or_404(Structure.objects.publiees(), slug=slug)
    if est_referent(request.user, structure):
        messages.info(request, "Vous êtes déjà référent de cette structure.")
        return redirect("annuaire:membres", structure.slug)
    form = DemandeForm(request.POST if request.method == "POST" else None)
    contexte = {"structure": structure, "form": form, "envoyee": False}
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"revendication:utilisateur:{request.user.pk}", **REVENDICATIONS)
            compter(f"revendication:structure:{structure.pk}", **REVENDICATIONS)
        except LimiteDepassee as limite:
            return rendre(request, "annuaire/revendiquer.html", contexte, limite=limite)
        rattachements.revendiquer(structure, utilisateur=request.user, message=form.cleaned_data["message"])
        contexte["envoyee"] = True
    return rendre(request, "annuaire/revendiquer.html", contexte)


@never_cache
@methodes
def revendiquer_confirmer(request, jeton):
    """GET shows who asks; POST, with the account that asked, makes it référent."""
    try:
        charge = rattachements.lire_revendication(jeton)
        structure = Structure.objects.publiees().get(pk=charge["s"])
    except (liens.LienInvalide, Structure.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="revendication")
    contexte = {
        "structure": structure,
        "bon_compte": request.user.is_authenticated and request.user.pk == charge["u"],
    }
    if request.method == "POST" and contexte["bon_compte"]:
        try:
            rattachements.confirmer_revendication(jeton, utilisateur=request.user)
        except liens.LienInvalide as erreur:
            return page_du_lien(request, erreur, objet="revendication")
        messages.success(request, "Vous êtes référent : la fiche vous est ouverte dès maintenant.")
        return redirect("annuaire:structure_modifier", structure.slug)
    return render(request, "annuaire/revendiquer_confirmer.html", contexte)


@never_cache
@methodes
def invitation(request, jeton):
    """GET shows the invitation; POST accepts, with an account that confirmed the invited address."""
    try:
        invitee = rattachements.lire_invitation(jeton)
    except liens.LienInvalide as erreur:
        return page_du_lien(request, erreur, objet="invitation")
    connecte = request.user.is_authenticated
    bonne_adresse = connecte and rattachements.a_un_compte(request.user, invitee.courriel)
    contexte = {"invitation": invitee, "structure": invitee.structure, "bonne_adresse": bonne_adresse}
    if request.method == "POST" and bonne_adresse:
        try:
            lien = rattachements.accepter(jeton, utilisateur=request.user)
        except liens.LienInvalide as erreur:
            return page_du_lien(request, erreur, objet="invitation")
        messages.success(request, f"Bienvenue : vous êtes {lien.get_role_display()} de {lien.structure.nom}.")
        if lien.role == Rattachement.Role.REFERENT:
            return redirect("annuaire:structure_modifier", lien.structure.slug)
        return redirect("annuaire:membres", lien.structure.slug)
    return render(request, "annuaire/invitation.html", contexte)
