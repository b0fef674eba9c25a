"""« Je peux », « je ne peux pas », by the link of the mail, without an account. GET shows, POST acts."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annuaire.views._liens import page_du_lien
from annuaire.views._limites import rendre
from pole_ess.socle import liens
from pole_ess.socle.limites import LimiteDepassee, compter
from ressources.actions import TransitionInterdite, urgences_preferences, urgences_reponses
from ressources.forms.urgence import GesteReponseForm, ReponseUrgenceForm
from ressources.models import Appel

REPONSES_PAR_JOUR = 30
DEMANDES = ("oui", "non", "jamais")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reponse(request, jeton):
    """One page for one call, whatever it has become."""
    try:
        appel = urgences_reponses.lire_lien(jeton)
    except (liens.LienInvalide, Appel.DoesNotExist) as erreur:
        return page_du_lien(request, erreur, objet="urgence")
    connu = urgences_preferences.preference_de(appel.utilisateur).telephone
    envoi = request.POST if request.method == "POST" else None
    geste = GesteReponseForm(envoi)
    form = ReponseUrgenceForm(None, personne=appel.utilisateur, connu=connu)
    limite, fait = None, False
    if envoi is not None and geste.is_valid():
        if geste.cleaned_data["geste"] == "oui":
            form = ReponseUrgenceForm(envoi, personne=appel.utilisateur, connu=connu)
        try:
            compter(f"appel-urgent:{appel.pk}", maximum=REPONSES_PAR_JOUR, secondes=86400)
            fait = _repondre(appel, geste.cleaned_data["geste"], form)
        except LimiteDepassee as depassee:
            limite = depassee
        except TransitionInterdite as refus:
            messages.error(request, str(refus))
            fait = True
    elif envoi is not None:
        messages.error(request, "Ce bouton n'a pas été compris : recommencez.")
    if fait:
        return redirect(request.path)
    return rendre(request, "ressources/urgences/reponse.html", _contexte(request, appel, form, connu), limite=limite)


def _repondre(appel, geste, form) -> bool:
    """Do it; False when the form has something to correct."""
    if geste == "oui":
        if not form.is_valid():
            return False
        urgences_reponses.accepter(appel, **form.cleaned_data)
    elif geste == "non":
        urgences_reponses.decliner(appel)
    elif geste == "desister":
        urgences_reponses.se_desister(appel)
    else:
        urgences_preferences.ne_plus_appeler(appel.utilisateur)
    return True


def _contexte(request, appel, form, connu) -> dict:
    urgence = appel.urgence
    finie = urgence.est_passee or urgence.etat in ("annulee", "expiree")
    demande = request.GET.get("reponse")
    return {
        "appel": appel,
        "urgence": urgence,
        "form": form,
        "connu": connu,
        "demande": "oui" if form.is_bound else demande if demande in DEMANDES else "",
        "finie": finie,
        "peut_dire_oui": not finie and not urgence.autrement and appel.etat not in ("oui", "reserve"),
        "appele": urgences_preferences.preference_de(appel.utilisateur).accepte != "jamais",
    }
