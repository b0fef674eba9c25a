"""Confirming or contesting hours by a mailed link, without signing in. GET shows, POST acts."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.models import Utilisateur
from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite
from ressources.actions import heures as actes
from ressources.actions.heures_courriels import JOURS_LIEN, OBJECTIF, autre_cote
from ressources.forms.heures import GesteForm
from ressources.models import OperationHeures
from ressources.views.heures_operations import FAIT, agir

REPONSES = ("confirmer", "contester")


def _lire(jeton):
    """(operation, side, account or None). Raises LienInvalide, OperationHeures.DoesNotExist."""
    charge = liens.lire(OBJECTIF, jeton, jours=JOURS_LIEN)
    operation = OperationHeures.objects.pour_pages().select_related("corrige").get(pk=charge["o"])
    par = None
    if charge["u"] is not None:
        par = Utilisateur.objects.filter(pk=charge["u"], is_active=True).first()
        if par is None or charge["c"] not in actes.cotes_de(operation, par):
            raise liens.LienExpire  # who no longer answers for the account no longer acts for it
    return operation, charge["c"], par


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def par_lien(request, jeton):
    """The same page until it is decided; then what was decided."""
    try:
        operation, cote, par = _lire(jeton)
    except (liens.LienInvalide, OperationHeures.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="heures")
    form = GesteForm(request.POST if request.method == "POST" else None)
    limite = None
    if request.method == "POST" and form.is_valid():
        geste = form.cleaned_data["geste"]
        try:
            compter(f"lien-heures:{operation.pk}", maximum=30, secondes=86400)
            if geste not in REPONSES or cote != operation.cote_qui_decide:
                raise TransitionInterdite("Ce lien sert à confirmer, ou à dire que ce n'est pas juste.")
            agir(operation, form.cleaned_data, par=par, cotes=[cote])
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            form.add_error(None, str(refus))
            operation = OperationHeures.objects.pour_pages().get(pk=operation.pk)
        else:
            return render(request, "ressources/heures/merci.html", {"operation": operation, "phrase": FAIT[geste]})
    contexte = {
        "operation": operation,
        "form": form,
        "actes": [acte for acte in actes.actes_possibles(operation, [cote]) if acte in REPONSES],
        "aidant": operation.nom_du_cote("aidant"),
        "aide": operation.nom_du_cote("aide"),
        "autre": operation.nom_du_cote(autre_cote(cote)),
    }
    return rendre(request, "ressources/heures/lien.html", contexte, limite=limite)
