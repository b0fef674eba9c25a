"""The two links at the foot of every sheet: report an error, have one's data removed."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from annuaire.actions import signalement
from annuaire.forms.signalement import ErreurForm, RetraitForm
from annuaire.models import Structure
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau


@require_http_methods(["GET", "HEAD", "POST"])
def signaler(request, slug):
    return _formulaire(request, slug, ErreurForm, "annuaire/signaler.html")


@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request, slug):
    return _formulaire(request, slug, RetraitForm, "annuaire/retirer.html")


def _formulaire(request, slug, classe, gabarit):
    structure = get_object_or_404(Structure.objects.publiees().select_related("commune"), slug=slug)
    contexte = {
        "structure": structure,
        "etapes": [("Annuaire", reverse("annuaire:structure_liste")), (structure.nom, structure.get_absolute_url())],
        "form": None,
        "recu": _recu(structure, classe, request),
    }
    if request.method == "POST":
        form = contexte["form"] = classe(request.POST)
        if form.is_valid():
            try:
                return _enregistrer(request, structure, form)
            except LimiteDepassee as limite:
                return rendre(request, gabarit, contexte, limite=limite)
    elif not contexte["recu"]:
        contexte["form"] = classe(initial=_connu(request.user))
    return rendre(request, gabarit, contexte)


def _enregistrer(request, structure, form):
    demande = {cle: form.cleaned_data[cle] for cle in ("nom", "courriel", "texte")}
    recu = signalement.deja_recu(structure, genre=form.genre, **demande)
    if recu is None:
        signalement.compter_envoi(structure, genre=form.genre, reseau=adresse_reseau(request))
        recu = signalement.signaler(structure, genre=form.genre, **demande)
    jeton = liens.signer("signalement.recu", {"id": recu.pk})
    return HttpResponseRedirect(f"{request.path}?recu={jeton}")


def _recu(structure, classe, request):
    """The report that this page has just received; the signed token says so for a day."""
    try:
        charge = liens.lire("signalement.recu", request.GET.get("recu", ""), jours=1)
    except liens.LienInvalide:
        return None
    return structure.signalements.filter(pk=charge["id"], genre=classe.genre).first()


def _connu(utilisateur) -> dict:
    return {"nom": utilisateur.nom, "courriel": utilisateur.email} if utilisateur.is_authenticated else {}
