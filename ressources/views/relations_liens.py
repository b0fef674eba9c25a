"""Conversations by mailed link: a structure without an account answers; either side says what it came to.

GET shows, POST acts.
"""

from django.db import transaction
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, relations
from ressources.actions.relations_courriels import JOURS_LIEN, REPONSE, SUITES, autre_cote, structure_du_cote
from ressources.forms.relation import ParLienForm, SuitesForm
from ressources.models import MiseEnRelation


def _lire(jeton):
    """(purpose, conversation, side). Raises LienInvalide, MiseEnRelation.DoesNotExist."""
    for objectif in (REPONSE, SUITES):
        try:
            charge = liens.lire(objectif, jeton, jours=JOURS_LIEN)
        except liens.LienExpire:
            raise
        except liens.LienInvalide:
            continue
        toutes = MiseEnRelation.objects.select_related(
            "annonce__structure", "annonce__auteur", "annonceur", "structure", "par"
        )
        return objectif, toutes.get(pk=charge["r"], anonymisee_le=None), charge["c"]
    raise liens.LienInvalide


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def par_lien(request, jeton):
    """One address for both purposes; the token says which."""
    try:
        objectif, relation, cote = _lire(jeton)
        if liens.deja_utilise(jeton):
            raise liens.LienDejaUtilise
    except (liens.LienInvalide, MiseEnRelation.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="conversation")
    contexte = {
        "relation": relation,
        "annonce": relation.annonce,
        "cote": cote,
        "actes": relations.actes_possibles(relation, cote),
        "la_mienne": structure_du_cote(relation, cote),
        "autre": structure_du_cote(relation, autre_cote(cote)),
        "limite": None,
    }
    if objectif == REPONSE:
        return _repondre(request, relation, cote, contexte)
    return _suites(request, relation, cote, jeton, contexte)


def _merci(request, contexte, phrase):
    return render(request, "ressources/relation_merci.html", {**contexte, "phrase": phrase})


def _repondre(request, relation, cote, contexte):
    form = ParLienForm(request.POST if request.method == "POST" else None)
    limite = None
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            compter(f"lien-conversation:{relation.pk}:{cote}", maximum=20, secondes=86400)
            if donnees["acte"] not in contexte["actes"]:
                raise TransitionInterdite(f"Cette conversation est {relation.get_etat_display()} : rien n'a changé.")
            if donnees["acte"] == "decliner":
                relations.decliner(relation, par=None, motif=form.motif())
            else:
                relations.ecrire(relation, par=None, cote=cote, texte=donnees["texte"], cle=donnees["cle"])
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
        else:
            return _merci(request, contexte, f"Votre réponse est partie à {contexte['autre'].nom}.")
    elif "cle" in form.errors:
        form.renouveler_cle()
    contexte |= {"form": form, "fil_messages": relation.messages.order_by("cree_le", "pk")}
    return rendre(request, "ressources/relation_lien.html", contexte, limite=limite)


def _suites(request, relation, cote, jeton, contexte):
    form = SuitesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _merci(request, contexte, _dire_les_suites(form, relation, cote, jeton))
        except liens.LienDejaUtilise as erreur:
            return page_du_lien(request, erreur, objet="conversation")
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
    contexte |= {"form": form, "possible": bool({"conclure", "bilan"} & set(contexte["actes"]))}
    return render(request, "ressources/relation_suites.html", contexte)


@transaction.atomic
def _dire_les_suites(form, relation, cote, jeton) -> str:
    suite = form.cleaned_data["suite"]
    if suite == "encore":
        return "C'est noté : la conversation reste ouverte."
    liens.consommer(jeton, jours=JOURS_LIEN)
    if suite == "non":
        relations.sans_suite(relation, par=None, cote=cote)
        return "C'est noté : la conversation est close, l'autre structure est prévenue."
    if "bilan" in relations.actes_possibles(relation, cote):
        relations.donner_bilan(relation, par=None, cote=cote, **form.chiffres())
    else:
        relations.conclure(relation, par=None, cote=cote, **form.chiffres())
    return "Merci ! Ces chiffres montrent ce que l'entraide apporte au territoire."
