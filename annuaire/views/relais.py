"""Writing to a structure without seeing its address."""

import uuid

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from annuaire import fiche
from annuaire.actions import relais
from annuaire.forms.relais import EcrireForm
from annuaire.models import Structure
from annuaire.views._limites import rendre
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau


@require_http_methods(["GET", "HEAD", "POST"])
def ecrire(request, slug):
    structure = get_object_or_404(Structure.objects.publiees().select_related("commune"), slug=slug)
    if request.method == "POST":
        return _envoyer(request, structure)
    envoye = _message_envoye(structure, request.GET.get("envoye", ""))
    form = None if envoye else EcrireForm.vierge(request.user)
    return _page(request, structure, form, envoye=envoye)


def _envoyer(request, structure):
    form = EcrireForm(request.POST)
    if not form.is_valid():
        if "cle" in form.errors:
            form.renouveler_cle()
        return _page(request, structure, form)
    envoi = {cle: form.cleaned_data[cle] for cle in ("courriel", "texte", "cle")}
    try:
        message = relais.deja_relaye(structure, **envoi)
        if message is None:
            relais.compter_envoi(structure, reseau=adresse_reseau(request), courriel=envoi["courriel"])
            message = relais.relayer(structure, nom=form.cleaned_data["nom"], **envoi)
    except relais.CleDejaUtilisee:
        form.renouveler_cle()
        form.add_error(None, "Votre premier message est déjà parti. Pour envoyer aussi celui-ci, validez de nouveau.")
        return _page(request, structure, form)
    except LimiteDepassee as limite:
        return _page(request, structure, form, limite=limite)
    return HttpResponseRedirect(f"{reverse('annuaire:ecrire', args=[structure.slug])}?envoye={message.cle}")


def _message_envoye(structure, cle: str):
    """The message that this page has just sent: only its sender knows the key."""
    try:
        return structure.messages_relayes.filter(cle=uuid.UUID(cle)).first()
    except ValueError:
        return None


def _page(request, structure, form, *, envoye=None, limite=None):
    contexte = {
        "structure": structure,
        "etapes": [("Annuaire", reverse("annuaire:structure_liste")), (structure.nom, structure.get_absolute_url())],
        "form": form,
        "envoye": envoye,
        "joignable": bool(relais.destinataires(structure)),
        "lecture": fiche.lire(structure, request.user),
    }
    return rendre(request, "annuaire/ecrire.html", contexte, limite=limite)
