"""Proposing a structure, in one page; duplicates shown while typing and again on submit."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire import doublons
from annuaire.actions import proposition
from annuaire.actions import registres_invitations as invitations
from annuaire.forms.proposition import PropositionForm
from annuaire.models import InvitationRegistre, Structure
from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau, compter

PAR_RESEAU = {"maximum": 5, "secondes": 3600}
PAR_ADRESSE = {"maximum": 5, "secondes": 86400}
SUGGESTIONS = {"maximum": 600, "secondes": 3600}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposer(request):
    """The form; once sent, the same URL says what happens next. `?invitation=`: filled with what a register says."""
    try:
        invitation = _invitation(request)
    except (liens.LienInvalide, InvitationRegistre.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="registre")
    compte = request.user if proposition.compte_confirme(request.user) else None
    if request.method != "POST":
        if request.GET.get("envoyee") in ("a_confirmer", "a_valider"):
            return render(request, "annuaire/proposition_recue.html", {"suite": request.GET["envoyee"]})
        return _page(request, PropositionForm(initial=_initial(request, invitation), compte=compte))
    form = PropositionForm(request.POST, compte=compte)
    if not form.is_valid():
        return _page(request, form)
    deja = proposition.deja_proposee(form.cleaned_data["cle"])
    if deja:
        return _recue("a_confirmer" if deja.etat == Structure.Etat.BROUILLON else "a_valider")
    ressemblances = _ressemblances(form.cleaned_data, request.user)
    if ressemblances and not _assume(form, request.user):
        return _page(request, form, ressemblances=ressemblances)
    adresse = compte.email if compte else form.cleaned_data["courriel_proposition"]
    try:
        if not request.user.is_staff:
            compter(f"proposer:reseau:{adresse_reseau(request)}", **PAR_RESEAU)
            compter(f"proposer:adresse:{adresse.lower()}", **PAR_ADRESSE)
    except LimiteDepassee as limite:
        return _page(request, form, limite=limite)
    donnees = {
        "valeurs": form.valeurs(),
        "cle": form.cleaned_data["cle"],
        "courriel": adresse,
        "utilisateur": compte,
        "activite": form.cleaned_data["activite"],
        "fait_partie": form.cleaned_data["fait_partie"],
        "ressemblances": ressemblances,
        "motif": form.cleaned_data["motif_doublon"] if request.user.is_staff else "",
    }
    try:
        invitations.proposer(invitation, **donnees) if invitation else proposition.proposer(**donnees)
    except invitations.InvitationPassee:
        return page_du_lien(request, liens.LienDejaUtilise(), objet="registre")
    return _recue("a_valider" if compte else "a_confirmer")


def _invitation(request) -> InvitationRegistre | None:
    """The invitation that led here. Raises LienInvalide, also when it has served, and DoesNotExist."""
    jeton = request.GET.get("invitation", "")
    if not jeton:
        return None
    invitation = invitations.lire(jeton)
    if request.method != "POST" and not invitations.ouverte(invitation):
        raise liens.LienDejaUtilise  # a form sent twice is told from its key
    return invitation


def _initial(request, invitation) -> dict:
    if invitation is None:
        return {"nom": request.GET.get("nom", "")[:160], "commune": request.GET.get("commune", "")[:120]}
    entree = invitation.entree
    return {
        "nom": entree.nom[:160],
        "commune": entree.commune,
        "adresse": entree.adresse,
        "activite": entree.activite_id,
        "presentation": entree.objet,
        "site": entree.site,
        "siret": entree.siret,
        "rna": entree.rna,
    }


def _recue(suite):
    return redirect(f"{reverse('annuaire:proposer')}?envoyee={suite}")


def _page(request, form, *, ressemblances=(), limite=None):
    contexte = {"form": form, "ressemblances": ressemblances, "compte": proposition.compte_confirme(request.user)}
    return rendre(request, "annuaire/proposition_form.html", contexte, limite=limite)


def _assume(form, utilisateur) -> bool:
    """A visitor ticks « c'est une autre structure »; staff also give the reason."""
    if utilisateur.is_staff and not form.cleaned_data["motif_doublon"]:
        form.add_error("motif_doublon", "Dites pourquoi l'ajouter malgré ces fiches.")
        return False
    return utilisateur.is_staff or form.cleaned_data["autre_structure"]


def _ressemblances(valeurs, utilisateur):
    """Candidates that this person may see. A visitor must not learn whose a hidden phone or address is."""
    identite = {champ: valeurs[champ] for champ in ("nom", "commune", "siret", "rna")}
    visibles = Structure.objects.visibles_par(utilisateur)
    if utilisateur.is_authenticated:
        return doublons.candidats(
            **identite, courriel=valeurs["courriel"], telephone=valeurs["telephone"], parmi=visibles
        )
    par_nom = doublons.candidats(**identite, parmi=visibles)
    vus = {doublon.structure.pk for doublon in par_nom}
    for champ in ("courriel", "telephone"):
        publics = visibles.filter(**{f"{champ}_public": True})
        for doublon in doublons.candidats(nom="", **{champ: valeurs[champ]}, parmi=publics) if valeurs[champ] else ():
            if doublon.structure.pk not in vus:
                vus.add(doublon.structure.pk)
                par_nom.append(doublon)
    return par_nom


@require_safe
def doublons_suggestions(request):
    """The partial shown while the name is typed: by name, commune, SIRET and RNA only (they travel in the URL)."""
    nom = request.GET.get("nom", "").strip()[:160]
    form = PropositionForm({champ: request.GET.get(champ, "")[:160] for champ in ("nom", "commune", "siret", "rna")})
    form.is_valid()
    lu = form.cleaned_data
    trouves = []
    identifie = lu.get("siret") or lu.get("rna")
    try:
        compter(f"doublons:reseau:{adresse_reseau(request)}", **SUGGESTIONS)
        if len(nom) >= 4 or identifie:
            trouves = doublons.candidats(
                nom=nom,
                commune=lu.get("commune"),
                siret=lu.get("siret") or "",
                rna=lu.get("rna") or "",
                parmi=Structure.objects.visibles_par(request.user),
            )
    except LimiteDepassee:
        trouves = []  # the same check comes again on submit
    reponse = render(request, "annuaire/proposition_form.html#ressemblances", {"ressemblances": trouves})
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposition_confirmer(request, jeton):
    """GET shows the proposal and a button; POST confirms the proposer's address."""
    try:
        if request.method == "POST":
            structure = proposition.confirmer(jeton)
            return render(request, "annuaire/proposition_recue.html", {"suite": "a_valider", "structure": structure})
        charge = liens.lire("proposition", jeton, jours=proposition.JOURS_CONFIRMER)
        if liens.deja_utilise(jeton):
            raise liens.LienDejaUtilise
        structure = Structure.objects.get(pk=charge["s"])
        if structure.etat != Structure.Etat.BROUILLON:
            raise proposition.PropositionTraitee
    except (liens.LienInvalide, Structure.DoesNotExist, proposition.PropositionTraitee) as erreur:
        return page_du_lien(request, erreur, objet="proposition")
    return render(request, "annuaire/proposition_confirmer.html", {"structure": structure})
