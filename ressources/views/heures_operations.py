"""Noting help, and answering what the other side has noted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite
from ressources.actions import heures as actes
from ressources.forms.heures import GesteForm, ProposerForm
from ressources.models import CompteHeures, MiseEnRelation, OperationHeures
from ressources.views.heures import compte_ou_404, etapes

methodes = require_http_methods(["GET", "HEAD", "POST"])
PROPOSITIONS = {"maximum": 60, "secondes": 86400}
RECHERCHES = {"maximum": 15, "secondes": 86400}
"""Persons looked for by their address: enough for who helps, too few for who guesses."""
FAIT = {
    "confirmer": "C'est écrit sur les deux comptes. Merci !",
    "contester": "C'est noté : l'autre reçoit votre raison, et rien n'est écrit sur les comptes.",
    "annuler": "C'est annulé : rien n'est écrit sur les comptes.",
    "corriger": "La correction est proposée : elle sera écrite quand l'autre l'aura confirmée.",
}


@never_cache
@methodes
@login_required
def proposer(request, pk):
    """« J'ai aidé », « on m'a aidé »; `?conversation=` fills in the other side of a concluded conversation."""
    compte = compte_ou_404(request, pk)
    relation = _relation(request, compte)
    form = ProposerForm(
        request.POST if request.method == "POST" else None,
        compte=compte,
        comptes=CompteHeures.objects.de_structures_sauf(compte),
        initial=_rempli(compte, relation),
    )
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            compter(f"heures:{request.user.pk}", **PROPOSITIONS)
            if autre := _autre(request, form):
                actes.proposer(compte, autre=autre, par=request.user, mise_en_relation=relation, **form.valeurs())
                messages.success(request, "C'est noté. L'autre reçoit un e-mail : les comptes bougeront à son accord.")
                return redirect(compte)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            if isinstance(refus, actes.CleDejaUtilisee):
                form.renouveler_cle()
            form.add_error(None, str(refus))
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte = {
        "compte": compte,
        "form": form,
        "choix": CompteHeures.objects.de_structures_sauf(compte).en_choix(),
        "choisie": str(form["structure"].value() or ""),
        "relation": relation,
        "etapes": etapes((compte.nom, compte.get_absolute_url())),
    }
    return rendre(request, "ressources/heures/proposer.html", contexte, limite=limite)


def _autre(request, form) -> CompteHeures | None:
    """The other account; None with an error when nobody may be found at the address."""
    if form.cleaned_data["structure"]:
        return form.cleaned_data["structure"]
    compter(f"heures-personne:{request.user.pk}", **RECHERCHES)
    trouve = CompteHeures.objects.trouvables(form.cleaned_data["courriel"]).exclude(pk=form.compte.pk).first()
    if trouve is None:
        form.add_error("courriel", ProposerForm.INTROUVABLE)
    return trouve


def _relation(request, compte) -> MiseEnRelation | None:
    """The concluded conversation of this account's structure that `?conversation=` names, if any."""
    cle = request.GET.get("conversation", "")
    if not cle.isascii() or not cle.isdigit() or len(cle) > 15 or not compte.structure_id:
        return None
    return MiseEnRelation.objects.conclues_de(compte.structure).filter(pk=cle).first()


def _rempli(compte, relation) -> dict:
    if relation is None:
        return {}
    autre = relation.structure_id if relation.annonceur_id == compte.structure_id else relation.annonceur_id
    donne = relation.annonce.est_offre == (relation.annonceur_id == compte.structure_id)
    bilan = relation.bilans.filter(heures__gt=0).order_by("-declare_le", "-pk").first()
    return {
        "sens": "aidant" if donne else "aide",
        "structure": CompteHeures.objects.ouverts().filter(structure=autre).values_list("pk", flat=True).first(),
        "objet": relation.annonce.titre,
        **({"heures": bilan.heures} if bilan else {}),
    }


@never_cache
@require_safe
@login_required
def noter(request, conversation):
    """From a concluded conversation to the form of one's own side; to the home of the hours without an account."""
    relation = get_object_or_404(MiseEnRelation.objects.de(request.user).filter(etat="conclue"), pk=conversation)
    comptes = CompteHeures.objects.geres_par(request.user).ouverts()
    compte = comptes.filter(structure__in=[relation.annonceur_id, relation.structure_id]).order_by("pk").first()
    if compte is None:
        return redirect("ressources:heures")
    return redirect(f"{reverse('ressources:heures_proposer', args=[compte.pk])}?conversation={relation.pk}")


@never_cache
@methodes
@login_required
def operation(request, pk):
    """One operation: read by its two sides, answered by the one, taken back or corrected by the other."""
    visibles = OperationHeures.objects.visibles_par(request.user).pour_pages()
    ligne = get_object_or_404(visibles.select_related("corrige"), pk=pk)
    cotes = actes.cotes_de(ligne, request.user)
    form = GesteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        geste = form.cleaned_data["geste"]
        if not _peut(geste, ligne, cotes):
            raise PermissionDenied
        try:
            agir(ligne, form.cleaned_data, par=request.user, cotes=cotes)
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
            ligne = get_object_or_404(visibles.select_related("corrige"), pk=pk)
        else:
            messages.success(request, FAIT[geste])
            return redirect(ligne)
    return render(request, "ressources/heures/operation.html", _contexte(ligne, form, cotes))


def _contexte(ligne, form, cotes):
    return {
        "operation": ligne,
        "form": form,
        "actes": actes.actes_possibles(ligne, cotes),
        "aidant": ligne.nom_du_cote("aidant"),
        "aide": ligne.nom_du_cote("aide"),
        "corrections": ligne.corrections.exclude(etat="annulee").order_by("pk"),
        "etapes": etapes(),
    }


def _peut(geste, ligne, cotes) -> bool:
    """Whose act it is, whatever the state: the state is said in words."""
    if geste in ("confirmer", "contester"):
        return ligne.cote_qui_decide in cotes
    if geste == "annuler":
        return ligne.propose_par_cote in cotes
    return bool(cotes)


def agir(ligne, donnees, *, par, cotes) -> None:
    geste = donnees["geste"]
    if geste == "confirmer":
        actes.confirmer(ligne, par=par, cote=ligne.cote_qui_decide)
    elif geste == "contester":
        actes.contester(ligne, par=par, cote=ligne.cote_qui_decide, motif=donnees["motif"])
    elif geste == "annuler":
        actes.annuler(ligne, par=par, cote=ligne.propose_par_cote, motif=donnees["motif"])
    else:
        actes.corriger(ligne, par=par, cote=cotes[0], objet=donnees["objet"], cle=donnees["cle"])
