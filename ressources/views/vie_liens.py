"""What is done without an account: « toujours valable ? » by a mailed link, and reporting an announcement."""

from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, adresse_reseau
from ressources.actions import TransitionInterdite, annonces_rappels, cloture, signalements
from ressources.forms.vie import SignalementForm
from ressources.models import Annonce, SignalementAnnonce
from ressources.views.vie import formulaire_pourvue

methodes = require_http_methods(["GET", "HEAD", "POST"])
REPONSES = ("prolonger", "pourvue", "retirer")


@never_cache
@methodes
def annonce_lien(request, jeton):
    """Still valid, met, or taken off: GET shows the three answers, POST acts, once for each last day."""
    try:
        annonce = annonces_rappels.lire_lien(jeton)
        suites = cloture.consequences(annonce)
        reponse = request.POST.get("reponse", "") if request.method == "POST" else request.GET.get("reponse", "")
        contexte = {"annonce": annonce, "suites": suites, "form": None}
        if reponse == "pourvue":
            contexte["form"] = formulaire_pourvue(annonce, suites, request.POST if request.method == "POST" else None)
        if request.method == "POST" and reponse in REPONSES and _repondre(annonce, jeton, reponse, contexte["form"]):
            return render(request, "ressources/annonce_lien_merci.html", {"annonce": annonce, "reponse": reponse})
    except TransitionInterdite as erreur:  # somebody else has just closed it
        return page_du_lien(request, liens.LienDejaUtilise(erreur), objet="annonce")
    except (liens.LienInvalide, Annonce.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="annonce")
    return render(request, "ressources/annonce_lien.html", contexte)


@transaction.atomic
def _repondre(annonce, jeton, reponse, form) -> bool:
    """Do it, the token used in the same transaction; False when the form has something to correct."""
    if form is not None and not form.is_valid():
        return False
    liens.consommer(jeton, jours=annonces_rappels.JOURS_LIEN)
    if reponse == "prolonger":
        cloture.confirmer_valable(annonce)
    elif reponse == "retirer":
        cloture.fermer(annonce, "retirer", par=None)
    else:
        cloture.pourvoir(annonce, par=None, **form.valeurs())
    return True


@methodes
def signaler(request, pk):
    """Anybody may say that an announcement is misleading, out of place, gone."""
    recu = _recu(pk, request) if request.method != "POST" else None
    if recu is not None:
        return render(request, "ressources/signaler_merci.html", _contexte(recu.annonce, recu=recu))
    annonce = get_object_or_404(Annonce.objects.publiques().select_related("structure"), pk=pk)
    connecte = request.user.is_authenticated
    form = SignalementForm(request.POST if request.method == "POST" else None, connecte=connecte)
    limite = None
    if request.method == "POST" and form.is_valid():
        try:
            return _enregistrer(request, annonce, form)
        except LimiteDepassee as depassee:
            limite = depassee
        except signalements.CleDejaUtilisee as refus:
            form.renouveler_cle()
            form.add_error(None, str(refus))
    elif "cle" in form.errors:
        form.renouveler_cle()
    return rendre(request, "ressources/signaler.html", _contexte(annonce, form=form), limite=limite)


def _contexte(annonce, **reste):
    etapes = [("Offres et besoins", "/offres-et-besoins/"), (str(annonce), annonce.get_absolute_url())]
    return {"annonce": annonce, "etapes": etapes, **reste}


def _enregistrer(request, annonce, form):
    auteur = request.user if request.user.is_authenticated else None
    valeurs = form.valeurs()
    recu = signalements.deja_recu(annonce, valeurs["cle"])
    if recu is None:
        signalements.compter_envoi(
            annonce, reseau=adresse_reseau(request), utilisateur=auteur, courriel=valeurs.get("courriel", "")
        )
        recu = signalements.signaler(annonce, auteur=auteur, **valeurs)
    jeton = liens.signer("signalement-annonce.recu", {"id": recu.pk})
    return HttpResponseRedirect(f"{request.path}?recu={jeton}")


def _recu(pk, request):
    """The report that this page has just received; the signed token says so for a day.

    The announcement may have left the public eye with that very report: thanks are said all the same.
    """
    try:
        charge = liens.lire("signalement-annonce.recu", request.GET.get("recu", ""), jours=1)
    except liens.LienInvalide:
        return None
    recus = SignalementAnnonce.objects.select_related("annonce__structure", "auteur")
    return recus.filter(pk=charge["id"], annonce=pk).first()
